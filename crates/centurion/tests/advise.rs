//! `centurion advise -- COMMAND`, end to end. What it advises depends on how busy the machine is, so it is tested on
//! invented costs beside it; here is what holds on any machine.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the tests read what agents wrote")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, starts_with};

fn centurion(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::cargo_bin("centurion").expect("it is built");
    command.args(words).current_dir(folder).env("CARGO_TARGET_DIR", folder.join("target"));
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
    let advise = ["advise", "--agents", "12", "--sample", "5", "--journal", "j", "--waiting", "--"];
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
    let advise =
        ["advise", "--agents", "9", "--sample", "9", "--journal", "j", "--resume", "--waiting", "--"];
    centurion(path, &[&advise[..], &AGENT].concat())
        .assert()
        .success()
        .stdout(starts_with("0 of 9 agents were run once"))
        .stdout(contains("90 % of what any number gives, which is 9 agents in"));
    assert_eq!(starts(path), 9);
}

#[test]
fn all_of_a_journal_is_evidence_and_only_what_the_sample_lacks_is_run() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    let script = "echo $1 >> starts; [ $1 != 3 ] || sleep 1000; [ $1 != 4 ] || exit 1; echo $1";
    let command = ["--", "sh", "-c", script, "sh", "{}"];
    let run = ["run", "--agents", "9", "--timeout", "1s", "--journal", "j"];
    centurion(path, &[&run[..], &command].concat()).assert().code(1);
    let advise = |sample| {
        let files = ["--agents", "12", "--sample", sample, "--journal", "j", "--resume", "--waiting"];
        centurion(path, &[&["advise"], &files[..], &command].concat()).assert().success()
    };
    advise("5")
        .stdout(starts_with("0 of 12 agents were run once"))
        .stdout(contains("9 more were run earlier.\n2 of these failed, and count as long as they took:\n"))
        .stdout(contains(
            "\nFAILED 1 × ended with exit code 1: 4\nFAILED 1 × took longer than the time limit: 3\n\n",
        ))
        .stdout(contains("Not known: what 1 agent would have taken that was ended at the time limit."));
    assert_eq!(starts(path), 9);
    advise("11").stdout(starts_with("2 of 12 agents were run once"));
    assert_eq!(starts(path), 11);
}

#[test]
fn the_journal_of_a_run_that_was_stopped_is_no_random_sample_and_gives_no_intervals() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    let run = ["run", "--agents", "9", "--journal", "j", "--"];
    centurion(path, &[&run[..], &AGENT].concat()).assert().success();
    let advise = |sample| {
        let files = ["--agents", "20", "--sample", sample, "--journal", "j", "--resume", "--waiting", "--"];
        centurion(path, &[&["advise"], &files[..], &AGENT].concat()).assert().success()
    };
    advise("9")
        .stdout(starts_with("0 of 20 agents were run once"))
        .stdout(contains("No random sample: the 9 agents that ended are those that were begun first"))
        .stdout(contains("[").not())
        .stdout(contains("with a chance of").not());
    advise("12").stdout(contains("No random sample: the 12 agents")).stdout(contains("[").not());
    advise("20")
        .stdout(contains("No random sample").not())
        .stdout(contains(" workers [").or(contains(" worker [")));
    assert_eq!(starts(path), 20);
}

#[test]
fn a_sample_that_was_drawn_earlier_is_a_random_one_still() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    for (sample, resume) in [("5", &[][..]), ("5", &["--resume"][..]), ("8", &["--resume"][..])] {
        let files = ["--agents", "20", "--sample", sample, "--journal", "j", "--waiting"];
        centurion(path, &[&["advise"], &files[..], resume, &["--"], &AGENT].concat())
            .assert()
            .success()
            .stdout(contains("No random sample").not())
            .stdout(contains("["));
    }
    assert_eq!(starts(path), 8);
}

#[test]
fn agents_that_all_failed_are_no_evidence() {
    let folder = tempfile::tempdir().expect("there is room");
    let advise = [
        "advise",
        "--agents",
        "5",
        "--journal",
        "j",
        "--waiting",
        "--",
        "sh",
        "-c",
        "echo no key >&2; exit 2",
    ];
    centurion(folder.path(), &advise)
        .assert()
        .code(1)
        .stdout(
            contains("5 of these failed, and count")
                .and(contains("FAILED 5 × ended with exit code 2 (no key): ")),
        )
        .stderr(contains("no agent answered"));
}

/// Runs advice in which nobody named a journal, and returns the one that it says it kept.
fn kept_journal(folder: &Path, words: &[&str]) -> String {
    fs::create_dir(folder.join("target")).expect("there is room");
    fs::write(folder.join("target/CACHEDIR.TAG"), "").expect("there is room");
    let output = centurion(folder, words).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, rest) = said.split_once("go on from there with --journal ").expect("it says what it kept");
    rest.split_once(" --resume.").expect("and how to go on").0.to_owned()
}

#[test]
fn what_was_run_is_kept_where_nobody_said_where_and_a_busy_machine_is_settled_without_running_it_again() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    let journal =
        kept_journal(path, &[&["advise", "--agents", "9", "--sample", "9", "--"][..], &AGENT].concat());
    assert_eq!(starts(path), 9);
    let text = fs::read_to_string(&journal).expect("it is there");
    fs::write(&journal, text.replace("queued_ns", "untold_ns")).expect("there is room");
    let again = ["advise", "--agents", "9", "--sample", "9", "--journal", &journal, "--resume"];
    // Nobody knows any more how busy the machine was, and of no agent it is told how long it stood in line.
    centurion(path, &[&again[..], &["--"], &AGENT].concat())
        .assert()
        .code(1)
        .stderr(contains("failed to tell agents that wait from agents that are kept waiting"))
        .stderr(contains("with --waiting or --computing"));
    centurion(path, &[&again[..], &["--computing", "--"], &AGENT].concat())
        .assert()
        .success()
        .stdout(contains("Agents compute, as you say: more workers than CPUs bring nothing."));
    assert_eq!(starts(path), 9);
}

#[test]
fn where_nothing_was_run_no_journal_is_left() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    fs::create_dir(path.join("target")).expect("there is room");
    fs::write(path.join("target/CACHEDIR.TAG"), "").expect("there is room");
    let words = ["advise", "--input", "in.jsonl", "--", "sh", "-c", "echo 1"];
    centurion(path, &words).assert().code(1).stderr(contains("in.jsonl"));
    let kept = fs::read_dir(path.join("target/centurion")).map_or(0, Iterator::count);
    assert_eq!(kept, 0);
}

#[test]
fn persistent_workers_are_advised_on_with_what_starting_them_takes() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    let script = r#"while read -r line; do n=${line##*:}; n=${n%\}}; sleep 0.02; echo "{\"id\": $n, \"answer\": 1}"; done"#;
    let advise =
        ["advise", "--agents", "30", "--sample", "6", "--journal", "j", "--persistent", "--waiting", "--"];
    let told = centurion(path, &[&advise[..], &["sh", "-c", script]].concat()).assert().success();
    #[cfg(target_os = "linux")]
    let told = told.stdout(contains("Every worker starts once, which takes "));
    told.stdout(contains("30 agents in"));
}

#[test]
fn advice_is_broken_to_fit_the_terminal() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    let advise = ["advise", "--agents", "9", "--sample", "5", "--journal", "j", "--waiting", "--"];
    let mut command = centurion(path, &[&advise[..], &AGENT].concat());
    let output = command.env("COLUMNS", "60").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.lines().all(|line| line.chars().count() <= 60), "{said}");
}

#[test]
fn what_can_not_be_advised_on_is_said_before_anything_runs() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    for (options, reason) in [
        (&["--results", "out"][..], "which are for `run`"),
        (&["--input", "-"], "standard input can be read only once"),
    ] {
        let words = [&["advise"], options, &["--", "sh", "-c", "echo >> starts; echo 1"]].concat();
        centurion(path, &words).assert().code(1).stderr(contains(reason));
    }
    assert_eq!(starts(path), 0);
}
