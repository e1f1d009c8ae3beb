//! Names from outside mean nothing to any format.

use centurion_report::files;

use crate::canned;

#[test]
fn a_hostile_name_never_becomes_a_tag() {
    for (path, text) in files(&canned::hostile(), None) {
        let shown = ["index.html", "README.md", "summary.md"].contains(&path.as_str());
        if shown || path.starts_with("charts/") {
            assert!(!text.contains("<script>alert"), "{path}");
        }
    }
}

#[test]
fn a_hostile_name_opens_no_column_link_or_mention_in_markdown() {
    let files = files(&canned::hostile(), None);
    for path in ["README.md", "summary.md"] {
        let unescaped = files[path].replace("\\]", "").replace("\\`", "");
        for active in ["](http", "http://evil", " @all", "`x"] {
            assert!(!unescaped.contains(active), "{path} has {active:?}");
        }
    }
    let tables = files["README.md"].lines().filter(|line| line.starts_with("| ") && line.contains("&lt;"));
    let columns: Vec<_> = tables.map(|line| line.replace("\\|", "").matches('|').count()).collect();
    assert!(!columns.is_empty() && columns.iter().all(|count| [3, 4, 5, 7].contains(count)), "{columns:?}");
}

#[test]
fn a_hostile_name_is_no_formula_in_a_spreadsheet() {
    let files = files(&canned::hostile(), None);
    let mut reader = csv::Reader::from_reader(files["results.csv"].as_bytes());
    let rows: Vec<_> = reader.records().map(|row| row.expect("it is well-formed")).collect();
    assert_eq!(rows[0][0], format!("'{}", canned::HOSTILE));
    for field in rows.iter().flatten() {
        assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field:?}");
    }
}

#[test]
fn no_character_steers_the_text_around_a_name() {
    for (path, text) in files(&canned::hostile(), None) {
        let data = path.starts_with("results.") || ["environment.json", "executions.json"].contains(&&*path);
        assert!(data || !text.contains('\u{202e}'), "{path}");
    }
}

#[test]
fn data_keeps_names_as_they_are() {
    let files = files(&canned::hostile(), None);
    let data = centurion_record::Record::parse(&files["results.json"], "results.json").expect("it is valid");
    assert_eq!(data.workloads[0].name, canned::HOSTILE);
}
