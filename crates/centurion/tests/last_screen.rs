//! What a run ends with, before the next command, fits a small screen, and keeps what matters most.

use std::path::Path;

use centurion::last_screen::last_screen;
use centurion::store;

#[test]
fn what_is_not_ranked_says_so_in_whole_words_and_no_column_touches_the_next() {
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/intel-xeon-2-cpus/results.json");
    let mut record = store::read_record(&report).expect("a report is committed");
    for cell in record.cells.iter_mut().filter(|cell| cell.id.to_string().starts_with("deciding/serial-")) {
        cell.wall_ns.iter_mut().for_each(|wall| *wall *= 2);
    }
    for width in [60, 80, 120] {
        let text = last_screen(&record, Some(width), &["Next: cargo centurion show".to_owned()]);
        assert!(text.contains("computing        not ranked: too noisy"), "{width}\n{text}");
        assert!(text.contains("\nasking a server  "), "{width}\n{text}");
        assert!(!text.contains('…') && text.lines().all(|line| line.chars().count() <= width), "{text}");
        assert!(text.lines().count() <= 13, "{text}");
    }
}

#[test]
fn the_last_screen_is_twelve_lines_and_the_next_command_with_an_answer_for_each_kind_of_agents() {
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/intel-xeon-2-cpus/results.json");
    let record = store::read_record(&report).expect("a report is committed");
    let ends = ["Next: cargo centurion show".to_owned()];
    for width in [60, 80, 120] {
        let text = last_screen(&record, Some(width), &ends);
        assert!(text.lines().count() <= 12 + ends.len(), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        println!("{text}\n");
        for title in ["waiting ", "asking a server ", "computing ", "tiny "] {
            assert!(text.lines().any(|line| line.starts_with(title)), "{width}: {title}\n{text}");
        }
        assert!(
            text.lines().any(|line| line.starts_with("computing ") && line.contains("std-chunks")),
            "{text}"
        );
        assert!(
            text.contains("many bags") && text.contains("For one bag avoid rayon and rayon-each too"),
            "{text}"
        );
        assert!(text.ends_with("\nNext: cargo centurion show"), "{text}");
    }
}
