//! What a run ends with fits a small screen, and keeps what matters most.

use std::path::Path;

use centurion::last_screen::last_screen;
use centurion::store;
use centurion_record::{Record, Role};

/// A record of everything, under twice as many executors: each has a copy.
fn record() -> Record {
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/intel-xeon-2-cpus/results.json");
    let mut record = store::read_record(&reports).expect("a report is committed");
    let copies = record.cells.iter().filter(|cell| cell.role == Role::Executor).cloned().map(|mut cell| {
        let name = format!("{}-copy", cell.executor);
        let id = cell.id.to_string().replacen(&cell.executor, &name, 1);
        (cell.executor, cell.id) = (name, id.parse().expect("it is an id"));
        cell
    });
    let copies: Vec<_> = copies.collect();
    record.cells.extend(copies);
    record
}

#[test]
fn the_last_screen_is_twelve_lines_with_an_answer_for_each_kind_of_agents() {
    let record = record();
    let ends = ["Criterion's pages: target/criterion/report/index.html", "Next: cargo centurion show"]
        .map(String::from);
    for width in [60, 80, 120] {
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
