//! Two executors side by side, end to end. No time is judged: what is asked for is either shown by any machine or by none.

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, starts_with};
use serde_json::Value;

fn centurion(arguments: &str) -> assert_cmd::assert::Assert {
    Command::cargo_bin("centurion").expect("it is built").args(arguments.split_whitespace()).assert()
}

#[test]
fn a_pair_is_measured_and_told() {
    centurion("pair std-counter rayon --workload grain-64 --agents 4 --workers 2 --seconds 0.05")
        .success()
        .stdout(contains("on grain-64, rayon").and(contains("\n  pairs  ")))
        .stderr(contains("built without optimisation").count(usize::from(cfg!(debug_assertions))));
}

#[test]
fn the_same_twice_has_two_names() {
    let output =
        centurion("pair rayon rayon --workload grain-64 --agents 4 --seconds 0.05 --format json").success();
    let json: Value = serde_json::from_slice(&output.get_output().stdout).expect("it is JSON");
    assert_eq!((&json["base"]["name"], &json["now"]["name"]), (&"rayon".into(), &"rayon-again".into()));
    assert_eq!((&json["margin"], &json["of"]), (&0.01.into(), &"grain-64".into()));
    assert!(json["pairs"].as_u64() > Some(0), "{json:#}");
}

#[test]
fn a_gate_is_not_passed_by_what_was_not_shown() {
    let short = "pair rayon rayon --workload grain-64 --agents 4 --seconds 0.01 --margin 1%";
    centurion(short).success().stdout(starts_with("inconclusive: "));
    centurion(&format!("{short} --fail-on-regression"))
        .code(3)
        .stderr(contains("error: --fail-on-regression is not passed: inconclusive: give more --seconds"));
}

#[test]
fn what_is_not_there_or_means_nothing_is_named() {
    centurion("pair rayon raion").code(2).stderr(contains("did you mean rayon?"));
    centurion("pair rayon rayon --workload grian").code(2).stderr(contains("failed to find the workload"));
    centurion("pair rayon rayon --workload thinking-3").code(1).stderr(contains("thinking has no sizes"));
    centurion("pair rayon rayon --margin 0").code(2).stderr(contains("give a number from 0.01 to 100"));
    centurion("pair rayon").code(2).stderr(contains("<NEW>"));
}

#[test]
fn the_help_shows_what_to_type() {
    centurion("pair --help")
        .success()
        .stdout(contains("pair std-counter rayon --workload grain-64 --workers 2"));
}
