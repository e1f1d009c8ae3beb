//! Tables and links that are true.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::{code, files, paths, read, root, rows, section};

#[test]
fn every_crate_has_a_row_in_the_table_of_rooms() {
    let architecture = read("ARCHITECTURE.md");
    let rooms: BTreeSet<&str> =
        rows(section(&architecture, "## Rooms")).iter().flat_map(|row| code(row[0])).collect();
    let crates: Vec<String> = paths(&["Cargo.toml"])
        .iter()
        .filter_map(|path| path.strip_suffix("/Cargo.toml"))
        .filter(|path| path.starts_with("crates/"))
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = crates.iter().filter(|path| !rooms.contains(path.as_str())).collect();
    let gone: Vec<_> = rooms.iter().filter(|room| !root().join(room).is_dir()).collect();
    assert!(missing.is_empty() && gone.is_empty(), "without a row: {missing:?}; without a folder: {gone:?}");
}

#[test]
fn every_dependency_has_a_row_that_says_where_it_is_used() {
    let architecture = read("ARCHITECTURE.md");
    let rows = rows(section(&architecture, "## Dependencies, and why each is here"));
    let uses = uses();
    for (dependency, rooms) in &uses {
        let row = rows.iter().find(|row| row[0].split(", ").any(|name| name == dependency));
        let row = row.unwrap_or_else(|| panic!("{dependency} has no row"));
        let named: Vec<&str> = row[1].split(|c: char| !c.is_alphanumeric()).collect();
        let missing: Vec<_> = rooms.iter().filter(|room| !named.contains(&room.as_str())).collect();
        assert!(missing.is_empty(), "{dependency}: {missing:?} stand not in {:?}", row[1]);
    }
    let names = rows.iter().skip(1).filter(|row| row[1] != "python").flat_map(|row| row[0].split(", "));
    let gone: Vec<&str> = names.filter(|name| !uses.contains_key(*name)).collect();
    assert!(gone.is_empty(), "nobody needs {gone:?}");
}

/// Rooms that each dependency is used in; where only tests use it, none.
fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files(&["Cargo.toml"]).into_iter().filter(|file| !file.path.starts_with("examples/")) {
        let room = file.path.trim_start_matches("crates/").split('/').next().expect("a path has a start");
        for (header, keys) in tables(&file.text).filter(|(header, _)| header.ends_with("dependencies")) {
            let builds = room != "Cargo.toml" && !header.ends_with("dev-dependencies");
            for key in keys.filter(|key| !key.starts_with("centurion")) {
                uses.entry(key.to_owned()).or_default().extend(builds.then(|| room.to_owned()));
            }
        }
    }
    uses
}

/// Tables of a TOML file and the keys in each.
fn tables(text: &str) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
    text.split("\n[").filter_map(|table| table.split_once("]\n")).map(|(header, body)| {
        let keys = body.lines().filter_map(|line| line.split([' ', '.']).next());
        (header, keys.filter(|key| !key.is_empty() && !key.starts_with('#')))
    })
}

#[test]
fn every_path_that_a_document_names_is_there() {
    const MADE_BY_SETUP: &str = "python/.venv";
    let tops = ["benches/", "crates/", "docs/", "examples/", "python/", "src/", "tests/"];
    let mut named = 0;
    for file in files(&[".md"]).iter().filter(|file| !file.path.starts_with("reports/")) {
        let beside = root().join(&file.path).parent().expect("a file has a folder").to_path_buf();
        let is_path = |word: &&&str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
            tops.iter().any(|top| word.starts_with(top)) && word.chars().all(plain)
        };
        for path in code(&file.text).iter().filter(is_path).filter(|path| **path != MADE_BY_SETUP) {
            named += 1;
            assert!(root().join(path).exists() || beside.join(path).exists(), "{}: {path}", file.path);
        }
    }
    assert!(named > 20, "only {named} paths were found");
}

#[test]
fn every_link_leads_somewhere() {
    for file in files(&[".md"]) {
        let folder = root().join(&file.path).parent().expect("a file stands in a folder").to_owned();
        for target in links(&file.text) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let linked = if path.is_empty() { root().join(&file.path) } else { folder.join(path) };
            assert!(linked.exists(), "{}: {target}", file.path);
            assert!(
                anchor.is_empty() || anchors(&linked.to_string_lossy()).contains(anchor),
                "{}: {target}",
                file.path
            );
        }
    }
}

/// Targets of the links of a Markdown text that stay in the repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
}

/// What GitHub calls the headings of a Markdown file.
fn anchors(path: &str) -> BTreeSet<String> {
    let slug = |heading: &str| {
        heading
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() })
            .collect()
    };
    let headings = |line: &str| line.starts_with('#').then(|| slug(line.trim_start_matches('#').trim()));
    read(path).lines().filter_map(headings).collect()
}

#[test]
fn the_matrix_of_the_readme_is_that_of_the_report() {
    let (readme, report) = (read("README.md"), read("reports/intel-xeon-2-cpus/README.md"));
    let quoted = section(&readme, "## The answer").lines().filter(|line| line.starts_with('|'));
    let quoted: Vec<&str> = quoted.collect();
    assert!(quoted.len() > 2, "README.md shows the matrix");
    let report: BTreeSet<&str> =
        section(&report, "## Which executor should run your agents?").lines().collect();
    let stale: Vec<_> = quoted.iter().filter(|row| !report.contains(*row)).collect();
    assert!(
        stale.is_empty(),
        "copy the matrix of reports/intel-xeon-2-cpus/README.md into README.md: {stale:#?}"
    );
}
