//! What a run ends with fits a small screen, and keeps what matters most.

use std::path::Path;

use centurion::last_screen::last_screen;
use centurion::store;

#[test]
fn the_last_screen_is_twelve_lines_with_an_answer_for_each_kind_of_agents() {
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/intel-xeon-2-cpus/results.json");
    let record = store::read_record(&report).expect("a report is committed");
    let ends = ["Criterion's pages: target/criterion/report/index.html", "Next: cargo centurion show"]
        .map(String::from);
    for width in [60, 80] {
        let text = last_screen(&record, Some(width), &ends);
        assert!(text.lines().count() <= 12, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        for audience in ["Waiting agents: ", "Computing agents: ", "Tiny agents: "] {
            assert!(text.lines().any(|line| line.starts_with(audience)), "{width}: {audience}\n{text}");
        }
        assert!(text.ends_with("Next: cargo centurion show"), "{text}");
        assert!(text.contains("Avoid std-chunks:"), "{text}");
    }
}
