//! No number turns a check off, and nothing judged or measured is no success.

use crate::common::{centurion, measure, word, write};
use centurion_record::Cell;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;

/// Nothing in it is of the machine that runs the tests, not even the pace of its CPUs.
fn steady(cell: &mut Cell) {
    cell.wall_ns = (0..6).map(|round| 1_000_000 + 500 * round).collect();
    cell.pace_ns.fill(1_000);
    cell.throughput_ns.fill(1_000);
}

#[test]
fn no_number_lets_a_regression_pass() {
    let folder = tempfile::tempdir().expect("there is room");
    let (base, slow) = (folder.path().join("base.json"), folder.path().join("slow.json"));
    let mut record = measure(&base, "6");
    record.cells.iter_mut().for_each(steady);
    write(&base, &record);
    for cell in record.cells.iter_mut().filter(|cell| cell.executor == "std-counter") {
        cell.wall_ns.iter_mut().for_each(|wall| *wall *= 3);
    }
    write(&slow, &record);
    let gate = ["compare", word(&base), word(&slow), "--fail-on-regression"];
    centurion(&gate).assert().code(1);
    for number in ["--least=nan", "--least=-5", "--least=inf", "--alarms=nan", "--alarms=0", "--least=1000"] {
        centurion(&[&gate[..], &[number]].concat()).assert().code(2).stderr(contains("give a number from 0"));
    }
    centurion(&[&gate[..], &["--least", "-5"]].concat()).assert().code(2).stderr(contains("from 0 to 100"));
}

#[test]
fn a_gate_that_has_nothing_to_judge_is_not_passed() {
    let folder = tempfile::tempdir().expect("there is room");
    let (base, other) = (folder.path().join("base.json"), folder.path().join("other.json"));
    let mut record = measure(&base, "2");
    record.environment.cpu_model = "Another CPU".into();
    write(&other, &record);
    let compare = ["compare", word(&base), word(&other)];
    centurion(&compare).assert().success().stdout(contains("Judged 0 of"));
    centurion(&[&compare[..], &["--fail-on-regression"]].concat())
        .assert()
        .code(4)
        .stderr(contains("--fail-on-regression is not passed: not comparable: another machine"));
}

#[test]
fn what_nobody_reads_has_its_exit_code_all_the_same() {
    let folder = tempfile::tempdir().expect("there is room");
    let (base, other) = (folder.path().join("base.json"), folder.path().join("other.json"));
    let mut record = measure(&base, "2");
    record.environment.cpu_model = "Another CPU".into();
    write(&other, &record);
    let code = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().expect("there is one");
        drop(reader);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_centurion"));
        command.args(arguments).stdout(writer).stderr(std::process::Stdio::null());
        command.status().expect("it starts").code()
    };
    let gate = "--fail-on-regression";
    assert_eq!(code(&["compare", word(&base), word(&other), gate]), Some(4));
    assert_eq!(code(&["show", word(&base)]), Some(0));
}

#[test]
fn a_gate_is_not_passed_by_leaving_cells_out() {
    let folder = tempfile::tempdir().expect("there is room");
    let (base, narrowed) = (folder.path().join("base.json"), folder.path().join("narrowed.json"));
    let mut record = measure(&base, "6");
    record.cells.iter_mut().for_each(steady);
    write(&base, &record);
    record.cells.retain(|cell| cell.executor != "std-counter");
    write(&narrowed, &record);
    let missing = contains("of the base could not be judged, such as deciding/std-counter/");
    let gate = ["compare", word(&base), word(&narrowed), "--fail-on-regression"];
    centurion(&gate[..3]).assert().success().stdout(missing.clone().and(contains(": not in this run.")));
    centurion(&gate)
        .assert()
        .code(4)
        .stdout(missing)
        .stderr(contains("let such cells pass with --allow-unjudged"));
    centurion(&[&gate[..], &["--allow-unjudged"]].concat()).assert().success();
    centurion(&[&gate[..3], &["--allow-unjudged"]].concat()).assert().code(2);
    let more = ["compare", word(&narrowed), word(&base), "--fail-on-regression"];
    centurion(&more).assert().success().stdout(contains("could not be judged").not());
}

#[test]
fn one_and_the_same_run_is_called_so() {
    let folder = tempfile::tempdir().expect("there is room");
    let base = folder.path().join("base.json");
    measure(&base, "2");
    centurion(&["compare", word(&base), word(&base)])
        .assert()
        .success()
        .stderr(contains("one and the same run"));
}

#[test]
fn no_agents_are_no_success() {
    for arguments in [&["run", "--agents", "0"][..], &["--agents", "0"], &["bench", "--agents", "0"]] {
        centurion(arguments)
            .assert()
            .code(2)
            .stdout(contains("answers are right").not())
            .stderr(contains("give a number from 1 to 1000000"));
    }
}

#[test]
fn there_is_one_limit_for_workers() {
    for arguments in [
        &["run", "--workers", "40000"][..],
        &["bench", "--workers", "2,40000"],
        &["verify", "--workers", "4294967296"],
        &["run", "--executor", "dask", "--workers", "1001"],
    ] {
        centurion(arguments).assert().code(2).stderr(contains("give a number from 1 to 1000"));
    }
}

#[test]
fn what_only_checked_answers_is_no_report() {
    let folder = tempfile::tempdir().expect("there is room");
    let (base, into) = (folder.path().join("base.json"), folder.path().join("reports"));
    let mut record = measure(&base, "1");
    record.run.mode = centurion_record::Mode::Verify;
    write(&base, &record);
    centurion(&["report", word(&base), "--into", word(&into)])
        .assert()
        .code(1)
        .stderr(contains("measures nothing; name a record that `cargo bench` made"));
    assert!(!into.exists());
}

#[test]
fn a_number_below_zero_is_called_one() {
    for (flag, kind) in
        [("--rounds", "1 to"), ("--budget", "1 to"), ("--agents", "1 to"), ("--workers", "1 to")]
    {
        let refusal = format!("give a number from {kind}");
        centurion(&["bench", flag, "-1"]).assert().code(2).stderr(contains(refusal));
    }
}
