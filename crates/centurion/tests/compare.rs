//! Comparing runs, end to end.

use std::path::Path;

use assert_cmd::Command;
use centurion::{files, store};
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, starts_with};
use serde_json::Value;

fn centurion(arguments: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("centurion").expect("it is built").args(arguments).assert()
}

/// A short real run, whose times are then made steady: what is tested is the comparison, not the machine.
fn measured(path: &Path) -> String {
    let name = path.to_str().expect("it is UTF-8").to_owned();
    let shape =
        "bench --workloads grain --quick --rounds 6 --agents 10 --executors std-counter --bare --record";
    let arguments: Vec<&str> = shape.split_whitespace().chain([name.as_str()]).collect();
    centurion(&arguments).success();
    let mut record = store::read_record(path).expect("it is a record");
    for wall in record.cells.iter_mut().flat_map(|cell| cell.wall_ns.iter_mut().enumerate()) {
        *wall.1 = 1_000_000 + 500 * wall.0 as u64;
    }
    files::write(path, &record.to_text()).expect("it is written");
    name
}

/// The same run with every sample of one executor and size made slower.
fn slowed(path: &str, into: &Path, executor: &str) -> String {
    let mut record = store::read_record(Path::new(path)).expect("it is a record");
    let name = into.to_str().expect("it is UTF-8").to_owned();
    for cell in record.cells.iter_mut().filter(|cell| cell.executor == executor) {
        cell.wall_ns.iter_mut().for_each(|wall| *wall *= 3);
    }
    files::write(into, &record.to_text()).expect("it is written");
    name
}

#[test]
fn a_slowed_executor_is_found_and_fails_only_on_request() {
    let folder = tempfile::tempdir().expect("there is room");
    let base = measured(&folder.path().join("base.json"));
    let now = slowed(&base, &folder.path().join("now.json"), "std-counter");
    let output = centurion(&["compare", &base, &now, "--format", "json"]).success();
    let json: Value = serde_json::from_slice(&output.get_output().stdout).expect("it is JSON");
    let verdict = |executor: &str| {
        let changes = json["changes"].as_array().expect("there are changes").iter();
        let found: Vec<&str> = changes
            .filter(|change| change["executor"] == executor)
            .filter_map(|change| change["verdict"].as_str())
            .collect();
        assert!(!found.is_empty());
        found.iter().all(|verdict| *verdict == "regression")
    };
    assert!(verdict("std-counter") && !verdict("serial"), "{json:#}");
    centurion(&["compare", &base, &now, "--fail-on-regression"])
        .code(1)
        .stdout(contains("std-counter +200 % on grain\n"));
    centurion(&["compare", &base, &base, "--fail-on-regression"])
        .code(0)
        .stdout(contains("no cell slower or faster\n"));
    centurion(&["compare", &base, &now, "--format", "markdown"]).success().stdout(contains("| regression |"));
}

#[test]
fn a_base_that_is_not_there_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().expect("there is room");
    let now = measured(&folder.path().join("now.json"));
    centurion(&["compare", "no-such-thing", &now])
        .code(1)
        .stderr(contains("no-such-thing").and(contains("no such file")));
    centurion(&["duel", "no-such-revision"])
        .code(1)
        .stderr(contains("no-such-revision").and(contains("git log")));
    centurion(&["duel", "HEAD", "--workloads", "grain,nonsense"])
        .code(2)
        .stderr(contains("nonsense").and(contains("building").not()));
    centurion(&["duel", "HEAD", "--rounds", "3"]).code(2).stderr(contains("--rounds"));
}

#[test]
fn another_schema_is_not_comparable_and_fails_a_gate_only() {
    let folder = tempfile::tempdir().expect("there is room");
    let now = measured(&folder.path().join("now.json"));
    let old = folder.path().join("old.json");
    let text = "{\"schema\": 1, \"run\": {\"started\": \"2025-01-02T03:04:05Z\"}, \"cells\": []}\n";
    files::write(&old, text).expect("it is written");
    let old = old.to_str().expect("it is UTF-8");
    centurion(&["compare", old, &now]).code(0).stdout(
        contains(
            "not comparable: the base of 2025-01-02 03:04:05Z, commit unknown has schema 1, this run of 20",
        )
        .and(contains("measure the base again")),
    );
    centurion(&["compare", old, &now, "--fail-on-regression"]).code(4);
    let json = centurion(&["compare", old, &now, "--format", "json"]).success();
    let json: Value = serde_json::from_slice(&json.get_output().stdout).expect("it is JSON");
    assert_eq!(json["changes"], Value::Array(Vec::new()));
}

#[test]
fn another_machine_is_not_comparable() {
    let folder = tempfile::tempdir().expect("there is room");
    let base = measured(&folder.path().join("base.json"));
    let other = folder.path().join("other.json");
    let mut record = store::read_record(Path::new(&base)).expect("it is a record");
    record.environment.cpu_model = "Another <b>CPU</b>".into();
    files::write(&other, &record.to_text()).expect("it is written");
    let compare = ["compare", &base, other.to_str().expect("it is UTF-8")];
    centurion(&compare).success().stdout(
        starts_with("not comparable: another machine, ")
            .and(contains("\nBase: 6 rounds on 20"))
            .and(contains("Judged 0 of")),
    );
    for gate in [&["--fail-on-regression"][..], &["--fail-on-regression", "--allow-unjudged"]] {
        centurion(&[&compare, gate].concat())
            .code(4)
            .stderr(contains("not passed: not comparable: another machine, "));
    }
}
