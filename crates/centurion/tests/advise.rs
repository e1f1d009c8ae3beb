//! `centurion advise -- COMMAND`, end to end. What it advises depends on how busy the machine is, so it is tested on
//! invented costs beside it; here is what holds on any machine.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the tests read what agents wrote")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::str::{contains, starts_with};

fn centurion(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::cargo_bin("centurion").expect("it is built");
    command.args(words).current_dir(folder);
    command
}

fn starts(folder: &Path) -> usize {
    fs::read_to_string(folder.join("starts")).unwrap_or_default().lines().count()
}

const AGENT: [&str; 5] = ["sh", "-c", "echo $1 >> starts; echo $1", "sh", "{}"];

#[test]
fn only_a_sample_is_run_and_a_run_goes_on_from_there() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    let advise = ["advise", "--agents", "12", "--sample", "5", "--journal", "j", "--"];
    let output = centurion(path, &[&advise[..], &AGENT].concat()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.starts_with("5 of 12 agents were run once, "), "{said}");
    assert_eq!(starts(path), 5);
    let run = ["run", "--agents", "12", "--journal", "j", "--resume", "--"];
    centurion(path, &[&run[..], &AGENT].concat())
        .assert()
        .success()
        .stderr(contains("12 of 12 agents answered, 5 of them in an earlier run."));
    assert_eq!(starts(path), 12);
}

#[test]
fn a_journal_is_advised_on_without_running_anything() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    let run = ["run", "--agents", "9", "--journal", "j", "--"];
    centurion(path, &[&run[..], &AGENT].concat()).assert().success();
    let advise = ["advise", "--agents", "9", "--sample", "9", "--journal", "j", "--resume", "--"];
    centurion(path, &[&advise[..], &AGENT].concat())
        .assert()
        .success()
        .stdout(starts_with("0 of 9 agents were run once"))
        .stdout(contains("90 % of what any number gives, which is 9 agents in"));
    assert_eq!(starts(path), 9);
}

#[test]
fn what_can_not_be_advised_on_is_said_before_anything_runs() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    for (options, reason) in [
        (&["--persistent"][..], "nobody counts what CPU time"),
        (&["--results", "out"], "which are for `run`"),
        (&["--input", "-"], "standard input can be read only once"),
    ] {
        let words = [&["advise"], options, &["--", "sh", "-c", "echo >> starts; echo 1"]].concat();
        centurion(path, &words).assert().code(1).stderr(contains(reason));
    }
    assert_eq!(starts(path), 0);
}
