//! What a report says of a base.

use std::collections::BTreeMap;

use centurion_record::Record;
use centurion_report::files;

use crate::canned::{self, FULL, HOSTILE, RecordPlan, SMALL};

/// The report of the canned pair.
fn report() -> BTreeMap<String, String> {
    let [base, now] = canned::changed();
    files(&now, Some(&base))
}

/// From a line that holds `from` up to one that holds `to`.
fn lines(text: &str, from: &str, to: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.contains(from)).take_while(|line| !line.contains(to));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_changes_look_as_they_did() {
    let files = report();
    insta::assert_snapshot!(
        "changes_page",
        lines(&files["index.html"], "<section id=\"changes\"", "</section>")
    );
    insta::assert_snapshot!("changes_readme", lines(&files["README.md"], "## Changes", "!["));
    insta::assert_snapshot!("changes_summary", lines(&files["summary.md"], "###", "<details>"));
}

#[test]
fn the_verdict_begins_with_the_headline() {
    let files = report();
    let headline = "Against the base of 2026-01-01: eager −20 % on deciding";
    for (path, heading) in
        [("index.html", "<section id=\"verdict\""), ("README.md", "## Which executor"), ("summary.md", "###")]
    {
        let (_, verdict) = files[path].split_once(heading).unwrap_or_else(|| panic!("{path}: {heading}"));
        let (before, _) = verdict.split_once(headline).unwrap_or_else(|| panic!("{path}: {verdict}"));
        assert!(!before.contains("agents:"), "{path}");
    }
}

#[test]
fn speedups_of_what_can_be_compared_are_drawn_thin() {
    let files = report();
    let ghosts = |path: &str| files[path].matches("class=\"cc-ghost\"").count();
    assert_eq!(ghosts("charts/deciding-speedup.svg"), 3, "the newcomer has no ghost");
    assert_eq!(ghosts("index.html"), 3);
    assert!(files["charts/deciding-speedup.svg"].contains("Thin lines: the base."));
}

#[test]
fn nothing_is_drawn_of_the_base_of_another_machine_and_the_reason_is_given_once() {
    let [mut base, now] = canned::changed();
    base.environment.logical_cpus = 64;
    let files = files(&now, Some(&base));
    let page = &files["index.html"];
    assert!(!page.contains("class=\"cc-ghost\"") && page.contains("Judged 0 of 7 cells"));
    for path in ["index.html", "README.md", "summary.md"] {
        assert_eq!(files[path].matches("another machine").count(), 1, "{path}");
    }
}

#[test]
fn without_a_base_nothing_is_said_of_one() {
    let files = files(&SMALL.record(), None);
    for path in ["index.html", "README.md", "summary.md"] {
        let text = &files[path];
        assert!(!text.contains("gainst the base") && !text.contains("base.json"), "{path}");
    }
}

#[test]
fn the_files_hold_what_they_are_rendered_from() {
    let rendered = report();
    let [mut base, mut now] = canned::changed();
    let read = Record::parse(&rendered["results.json"], "results.json").expect("it is a record");
    assert_eq!(files(&read, Some(&base)), rendered);
    base.cells.reverse();
    now.cells.rotate_left(3);
    assert_eq!(files(&now, Some(&base)), rendered);
}

#[test]
fn a_hostile_name_means_nothing_among_the_changes() {
    let [mut base, now] = canned::changed();
    base.run.started = HOSTILE.into();
    base.workloads[0].definition = HOSTILE.into();
    for (path, text) in report().into_iter().chain(files(&now, Some(&base))) {
        let markdown = ["README.md", "summary.md"].contains(&path.as_str());
        if markdown || path == "index.html" || path.starts_with("charts/") {
            assert!(!text.contains("<script>alert") && !text.contains('\u{202e}'), "{path}");
        }
        if markdown {
            let unescaped = text.replace("\\]", "").replace("\\`", "");
            let active = ["](http", "http://evil", " @all", "`x"];
            assert!(active.iter().all(|active| !unescaped.contains(active)), "{path}");
        }
    }
}

#[test]
fn a_summary_has_at_most_ten_findings_whatever_changed() {
    let crowded = (0..15).fold(FULL.synthetic(), |synthetic, place| {
        synthetic.failed("deciding", &format!("broken-{place}"), (2, 2), &format!("reason {place}"))
    });
    let now = crowded.record();
    let files = files(&now, Some(&canned::slower_base(&now)));
    let (open, folded) = files["summary.md"].split_once("<details>").expect("something is folded");
    let findings = |text: &str| {
        text.lines().filter(|line| line.starts_with("- ") || line.ends_with("improvement |")).count()
    };
    assert_eq!(findings(open), 10);
    assert!(folded.contains("more changes") && folded.contains("more findings"));
    let readme = files["README.md"].lines().filter(|line| line.ends_with("improvement |")).count();
    assert_eq!(readme, 10);
}

#[test]
fn a_base_keeps_every_file_as_small_as_it_must_be() {
    let crowded = RecordPlan { cores: 64, executors: 14, rounds: 12, sizes: 16, ..FULL };
    let dependent = RecordPlan { executors: 9, ..crowded };
    for (name, now) in [
        ("crowded", crowded.record()),
        ("a thousand cells", canned::thousand_cells()),
        ("dependent agents", RecordPlan { sizes: 6, ..dependent }.dependent().record()),
    ] {
        for (path, text) in files(&now, Some(&canned::slower_base(&now))) {
            let most = match path.as_str() {
                "index.html" => 500_000,
                "README.md" => 20_000,
                chart if chart.starts_with("charts/") => 20_000,
                _ => usize::MAX,
            };
            assert!(text.len() <= most, "{name}: {path} has {} bytes", text.len());
        }
    }
}
