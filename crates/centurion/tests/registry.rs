//! Whatever workload is in the registry can be named to every command that names workloads.

use std::process::{Command, Output};

use centurion_agents::WorkloadFamily;

fn centurion(arguments: &str) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("centurion"));
    command.args(arguments.split_whitespace()).output().expect("it runs")
}

/// What a command prints about a workload that it knows.
fn printed(arguments: &str) -> String {
    let output = centurion(arguments);
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn names() -> Vec<&'static str> {
    WorkloadFamily::all().iter().map(|family| family.name).collect()
}

#[test]
fn every_workload_can_be_listed_with_its_cells() {
    let overview = printed("list");
    for name in names() {
        assert!(overview.lines().any(|line| line.trim_start().starts_with(name)), "{name}: {overview}");
        let cells = printed(&format!("list --cells --quick --workloads {name} --executors rayon"));
        assert!(cells.lines().all(|cell| cell.starts_with(&format!("{name}/"))), "{cells}");
    }
}

#[test]
fn every_workload_can_be_run() {
    for name in names() {
        let text = printed(&format!("run {name} --agents 4 --scale 0.001 --iterations 8"));
        assert!(text.contains("answers are right"), "{name}: {text}");
    }
}

#[test]
fn every_workload_can_be_verified_and_measured() {
    let which =
        format!("--quick --agents 4 --executors std-counter --cores 1 --workloads {}", names().join(","));
    let verified = printed(&format!("verify {which}"));
    let record = tempfile::NamedTempFile::new().expect("there is room");
    let measured =
        centurion(&format!("bench {which} --rounds 1 --bare --record {}", record.path().display()));
    assert!(measured.status.success(), "{}", String::from_utf8_lossy(&measured.stderr));
    for name in names() {
        assert!(verified.contains(&format!("ok      {name}/std-counter")), "{name}: {verified}");
    }
}

#[test]
fn a_workload_that_nobody_knows_is_refused_by_each_of_them_with_all_that_there_are() {
    for command in
        ["list --workloads", "verify --workloads", "bench --workloads", "run", "duel HEAD --workloads"]
    {
        let output = centurion(&format!("{command} no-such-workload"));
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{command}: {message}");
        assert!(message.contains(&names().join(", ")), "{command}: {message}");
    }
}
