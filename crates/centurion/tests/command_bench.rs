//! `centurion bench -- COMMAND`, end to end, with real processes. Nothing here judges a time.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the tests write scenarios and read what agents wrote")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room")
}

fn centurion(folder: &Path, words: &[&[&str]]) -> Command {
    let mut command = Command::cargo_bin("centurion").expect("it is built");
    command.args(words.concat()).current_dir(folder);
    command
}

/// Every start of an agent, by its id.
fn starts(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("starts")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn record(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("r.json")).expect("there is a record");
    serde_json::from_str(&text).expect("it is JSON")
}

const BENCH: [&str; 8] =
    ["bench", "--agents", "3", "--rounds", "1", "--executors", "std-counter", "--waiting"];
const INTO: [&str; 3] = ["--yes", "--record", "r.json"];
const AGENT: [&str; 6] = ["--", "sh", "-c", "echo $1 >> starts; echo $1", "sh", "{}"];

#[test]
fn nothing_is_run_before_somebody_agrees_to_how_often() {
    let folder = folder();
    centurion(folder.path(), &[&BENCH, &AGENT])
        .assert()
        .code(1)
        .stderr(contains("sh: each of 3 agents will be run "))
        .stderr(contains("nobody agreed to that; give --yes"));
    let for_seconds = ["bench", "--agents", "3", "--budget", "5", "--executors", "std-counter", "--waiting"];
    centurion(folder.path(), &[&for_seconds, &AGENT]).assert().code(1).stderr(contains(
        "times in each round, and rounds go on for 5 s, 2 times before anything is measured. It ends at",
    ));
    assert!(starts(folder.path()).is_empty());
}

#[test]
fn every_agent_is_run_as_often_as_was_said_and_the_record_is_like_any_other() {
    let folder = folder();
    let path = folder.path();
    let output = centurion(path, &[&BENCH, &INTO, &AGENT]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let (_, rest) = said.split_once("will be run ").expect("it is said");
    let most: usize = rest.split(' ').next().and_then(|most| most.parse().ok()).expect("it is a number");
    let starts = starts(path);
    for (agent, tries) in [("0", 1), ("1", 0), ("2", 0)] {
        assert_eq!(starts.iter().filter(|start| *start == agent).count(), most + tries, "{starts:?}");
    }
    let record = record(path);
    assert_eq!(record["workloads"][0]["name"], "sh");
    assert_eq!(record["workloads"][0]["agent_names"], serde_json::json!(["0", "1", "2"]));
    assert_eq!(record["workloads"][0]["costs_ns"].as_array().map(Vec::len), Some(3));
    assert!(!record["timelines"].as_array().expect("there are some").is_empty());
    assert!(
        record["cells"].as_array().expect("there are some").iter().all(|cell| cell["batch"].is_null()),
        "they are run once"
    );
    centurion(path, &[&["show", "r.json"]]).assert().success().stdout(contains("std-counter"));
    centurion(path, &[&["report", "r.json", "--into", "reports"]]).assert().success();
    centurion(path, &[&["compare", "r.json", "r.json"]]).assert().success();
}

#[test]
fn persistent_workers_are_started_anew_for_every_execution_and_end_with_it() {
    let folder = folder();
    let script = "echo start >> starts; while read line; do n=${line##*:}; n=${n%\\}}; echo \"{\\\"id\\\": $n, \\\"answer\\\": $n}\"; done";
    let command = ["--persistent", "--workers", "2", "--", "sh", "-c", script];
    centurion(folder.path(), &[&BENCH, &INTO, &command]).assert().success();
    let starts = starts(folder.path()).len();
    let executions: usize = 2 + 3 + 3; // rehearsals, cells and a copy, costs and a timeline
    assert!(starts >= executions && starts <= 3 * executions, "{starts}");
}

/// Ids of the cells of the record, without copies.
fn cells(folder: &Path) -> Vec<String> {
    let record = record(folder);
    let cells = record["cells"].as_array().expect("there are some").iter();
    let ids = cells.map(|cell| cell["id"].as_str().unwrap_or_default().to_owned());
    ids.filter(|id| !id.contains("-again")).collect()
}

#[test]
fn of_workers_only_those_are_measured_that_were_asked_for() {
    let folder = folder();
    let path = folder.path();
    let bench = ["bench", "--agents", "5", "--rounds", "1", "--waiting", "--unchecked", "--bare"];
    // As it is installed, and not started by cargo.
    centurion(path, &[&bench, &INTO, &["--workers", "1,3"], &AGENT])
        .env_remove("CARGO_PKG_NAME")
        .assert()
        .success()
        .stdout(contains("Next: centurion show "));
    let cells = cells(path);
    let measured: Vec<&str> = cells.iter().map(|id| id.rsplit('-').next().unwrap_or_default()).collect();
    assert_eq!(measured, ["1w", "1w", "3w", "1w", "3w"], "of serial, std-counter and rayon: {cells:?}");
    let per_agent = ["--workers", "3", "--executors", "std-thread-per-agent"];
    let (asked, before) = (centurion(path, &[&bench, &INTO, &per_agent, &AGENT]), starts(path).len());
    { asked }.assert().code(1).stderr(contains("those named have one for each agent; leave out --workers"));
    assert_eq!(starts(path).len(), before);
}

#[test]
fn how_long_a_rehearsal_takes_is_said_when_half_of_it_is_done() {
    let folder = folder();
    let bench = ["bench", "--agents", "2", "--rounds", "1", "--executors", "std-counter", "--waiting"];
    centurion(
        folder.path(),
        &[&bench, &INTO, &["--bare", "--workers", "2", "--", "sh", "-c", "sleep 0.6; echo 1"]],
    )
    .assert()
    .success()
    .stderr(contains("sh: rehearsing 2 agents, one after another, twice"))
    .stderr(contains(", and so will the second time"))
    .stderr(contains("a round of "));
}

#[test]
fn an_agent_that_fails_later_fails_its_cell_with_its_reason() {
    let folder = folder();
    let script = "echo $1 >> starts; [ $(wc -l < starts) -lt 8 ] || { echo lost >&2; exit 3; }; echo $1";
    centurion(folder.path(), &[&BENCH, &INTO, &["--unchecked", "--", "sh", "-c", script, "sh", "{}"]])
        .assert()
        .code(1)
        .stdout(contains("failed: ended with exit code 3 (lost)"))
        .stdout(contains("leave out those that failed by"));
}

#[test]
fn wrong_answers_are_no_less_than_failures_unless_any_is_right() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("in.jsonl"), "{\"id\": \"a\", \"expected\": 1}\n{\"id\": \"b\"}\n")
        .expect("there is room");
    let bench = ["bench", "--input", "in.jsonl", "--rounds", "1", "--executors", "std-counter", "--waiting"];
    let command = ["--", "sh", "-c", "echo 2"];
    centurion(path, &[&bench, &INTO, &command])
        .assert()
        .code(1)
        .stderr(contains("failed to run agent a: it answered 2, not 1; nothing is measured"));
    assert!(!path.join("r.json").exists());
    centurion(path, &[&bench, &INTO, &["--unchecked"], &command]).assert().success();
}

#[test]
fn agents_that_failed_in_a_run_are_left_out_where_its_results_are_named() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("in.jsonl"), "{\"id\": \"a\"}\n{\"id\": \"b\"}\n{\"id\": \"c\", \"expected\": 1}\n")
        .expect("there is room");
    let command = ["--", "sh", "-c", "[ $1 != b ] && echo $1 >> starts && echo $1", "sh", "{}"];
    let run = ["run", "--input", "in.jsonl", "--results", "results", "--journal", "journal"];
    centurion(path, &[&run, &command]).assert().code(1);
    let bench = [
        "bench",
        "--input",
        "in.jsonl",
        "--rounds",
        "1",
        "--executors",
        "std-counter",
        "--waiting",
        "--bare",
    ];
    for file in ["results", "journal"] {
        centurion(path, &[&bench, &INTO, &["--answered-in", file], &command])
            .assert()
            .success()
            .stderr(contains("each of 1 agent will be run"));
        fs::remove_file(path.join("r.json")).expect("it is there");
    }
    centurion(path, &[&bench, &INTO, &["--answered-in", "starts"], &command])
        .assert()
        .code(1)
        .stderr(contains("failed to read starts: in its line 1 there is no JSON"));
}

#[test]
fn what_is_wrong_with_a_command_is_found_before_anything_is_waited_for() {
    let folder = folder();
    let wait = ["--wait-quiet", "60", "--unchecked"];
    for (command, reason) in [
        (&["--", "sh", "no-such.sh"][..], "failed to run agent 0: ended with exit code"),
        (&["--persistent", "--", "sh", "-c", "true"], "failed to run agent 0: ended before it answered"),
    ] {
        let output = centurion(folder.path(), &[&BENCH, &INTO, &wait, command]).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(reason) && !said.contains("calm down"), "{said}");
        assert!(said.contains("sh: trying agent 0\n"), "{said}");
    }
}

#[test]
fn a_file_that_holds_no_results_is_told_with_the_way_out_before_anybody_is_asked() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("empty"), "").expect("there is room");
    fs::write(path.join("csv"), "id,answer\n").expect("there is room");
    fs::write(path.join("others"), "{\"id\": \"zz\", \"answer\": 1}\n").expect("there is room");
    fs::write(path.join("utf-16"), b"\xff\xfe{\0").expect("there is room");
    for (file, reason) in [
        ("missing", "there is no such file; "),
        (".", "it is a folder; "),
        ("empty", "it is empty; "),
        ("csv", "in its line 1 there is no JSON; "),
        ("others", "failed to find an agent that answered in others; "),
        ("utf-16", "it is not text in UTF-8; "),
    ] {
        let way_out = format!("{reason}name the --results or the --journal of a run of these scenarios");
        let assert = centurion(path, &[&BENCH, &["--answered-in", file], &AGENT]).assert().code(1);
        assert.stderr(contains(way_out)).stderr(contains("will be run").not());
    }
    assert!(starts(path).is_empty());
}

#[test]
fn answers_that_differ_from_time_to_time_are_named_before_anything_is_measured() {
    let folder = folder();
    centurion(folder.path(), &[&BENCH, &INTO, &["--", "sh", "-c", "echo >> starts; wc -l < starts"]])
        .assert()
        .code(1)
        .stderr(contains("failed to have agents answer the same twice"))
        .stderr(contains("give --unchecked"));
}

#[test]
fn what_can_not_be_measured_is_said_before_anything_runs() {
    let folder = folder();
    let path = folder.path();
    for (options, code, reason) in [
        (&["thinking"][..], 1, "a command and workloads at once"),
        (&["in.jsonl"], 1, "scenarios are named by --input, as in `--input in.jsonl`"),
        (&["--name", "a/b"], 1, "failed to use the name \"a/b\" of the command"),
        (&["--executors", "tokio"], 2, "failed to find the executor \"tokio\""),
    ] {
        let words = [&BENCH[..5], options, &INTO, &AGENT].concat();
        centurion(path, &[&words]).assert().code(code).stderr(contains(reason));
    }
    centurion(path, &[&["bench", "--input", "-"], &INTO, &AGENT])
        .assert()
        .code(1)
        .stderr(contains("a pipe can be read only once; name a file"));
    centurion(path, &[&["bench", "--unchecked"]]).assert().code(2);
    assert!(starts(path).is_empty());
}

#[test]
fn rounds_of_one_command_are_not_gone_on_with_by_another() {
    let folder = folder();
    let path = folder.path();
    centurion(path, &[&BENCH, &INTO, &AGENT]).assert().success();
    let other = ["--yes", "--resume", "r.json", "--", "sh", "-c", "echo 1"];
    centurion(path, &[&BENCH, &other])
        .assert()
        .code(1)
        .stderr(contains("r.json: it is of another command line, `cargo centurion bench --agents 3 "));
}
