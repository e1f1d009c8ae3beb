//! Variables of the environment, as CI sets them and hooks leave them behind.

use crate::common::{BENCH, centurion, measure, read, word};
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;

const ALL: [&str; 13] = [
    "WORKLOADS",
    "EXECUTORS",
    "CORES",
    "WORKERS",
    "AGENTS",
    "POSITIONS",
    "SEED",
    "ROUNDS",
    "BUDGET",
    "QUICK",
    "BARE",
    "RESUME",
    "RECORD",
];

/// Ids of the cells that a run with these variables would have.
fn cells(variables: &[(&str, &str)]) -> String {
    let mut command = centurion(&["list", "--cells", "--cores", "1", "--workloads", "grain,tree"]);
    let output = command.envs(variables.iter().copied()).assert().success();
    String::from_utf8(output.get_output().stdout.clone()).expect("it prints UTF-8")
}

#[test]
fn a_variable_set_to_nothing_is_not_set() {
    let names: Vec<String> = ALL.iter().map(|name| format!("CENTURION_{name}")).collect();
    let empty: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(cells(&empty), cells(&[]));
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let mut command = centurion(&[&BENCH[..], &["--rounds", "1", "--record", word(&path)]].concat());
    command.envs(empty.iter().copied()).assert().success();
    assert_eq!(read(&path).rounds.len(), 1);
}

#[test]
fn a_variable_that_can_not_be_understood_is_named_and_a_flag_beats_it() {
    for (flag, value, meant) in [
        ("--rounds", "-1", "give a number from 1"),
        ("--agents", "nan", "give a number from 1"),
        ("--cores", "1,,2", "give a number from 1"),
        ("--seed", "1e400", "give a number from 0"),
        ("--workloads", ",", "give names"),
        ("--quick", "perhaps", "invalid value 'perhaps'"),
    ] {
        let name = format!("CENTURION_{}", flag[2..].to_uppercase());
        let tip = format!("tip: the variable {name} says so");
        let mut command = centurion(&["bench"]);
        command.env(&name, value).assert().code(2).stderr(contains(meant).and(contains(&tip)));
        if flag != "--quick" {
            let mut command = centurion(&["bench", flag, value]);
            command.env(&name, "1");
            command.assert().code(2).stderr(contains(meant).and(contains("the variable").not()));
        }
    }
}

#[test]
fn yes_and_no_are_said_in_every_way_that_is_usual() {
    let (full, quick) = (cells(&[]), cells(&[("CENTURION_QUICK", "true")]));
    assert!(quick.lines().count() < full.lines().count());
    for yes in ["1", "yes", "on", "y", "TRUE"] {
        assert_eq!(cells(&[("CENTURION_QUICK", yes)]), quick, "{yes}");
    }
    for no in ["0", "no", "off", "n", "false"] {
        assert_eq!(cells(&[("CENTURION_QUICK", no)]), full, "{no}");
    }
    let mut command = centurion(&["list"]);
    command.env("CENTURION_QUICK", "perhaps").assert().code(2).stderr(contains("CENTURION_QUICK"));
}

#[test]
fn a_flag_beats_a_variable_and_two_that_contradict_are_refused() {
    let folder = tempfile::tempdir().expect("there is room");
    let (keep, fresh) = (folder.path().join("keep.json"), folder.path().join("fresh.json"));
    let kept = measure(&keep, "1");
    let mut command = centurion(&[&BENCH[..], &["--rounds", "2", "--record", word(&fresh)]].concat());
    command.env("CENTURION_RESUME", &keep).env("CENTURION_BUDGET", "1").env("CENTURION_WORKLOADS", "tree");
    command.assert().success();
    assert_eq!((read(&keep) == kept, read(&fresh).rounds.len()), (true, 2));
    centurion(&["bench", "--record", "a.json", "--resume", "b.json"])
        .assert()
        .code(2)
        .stderr(contains("cannot be used with"));
    let mut command = centurion(&["bench"]);
    command.env("CENTURION_RESUME", &keep).env("CENTURION_RECORD", &fresh);
    command.assert().code(2).stderr(contains("cannot be used with"));
    centurion(&["bench", "--rounds", "3", "--budget", "9"])
        .assert()
        .code(2)
        .stderr(contains("cannot be used with"));
    centurion(&["list", "grain", "--workloads", "tree"])
        .assert()
        .code(2)
        .stderr(contains("cannot be used with"));
}

#[test]
fn what_git_was_told_elsewhere_plays_no_part() {
    let folder = tempfile::tempdir().expect("there is room");
    let elsewhere = folder.path().join("elsewhere");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"];
        let mut command = std::process::Command::new("git");
        assert!(command.args(identity).args(arguments).status().expect("git is there").success());
    };
    git(&["init", "--quiet", word(&elsewhere)]);
    git(&["-C", word(&elsewhere), "commit", "--quiet", "--allow-empty", "--message", "elsewhere"]);
    let (plain, hooked) = (folder.path().join("plain.json"), folder.path().join("hooked.json"));
    let here = measure(&plain, "1").environment.commit;
    let mut command = centurion(&[&BENCH[..], &["--rounds", "1", "--record", word(&hooked)]].concat());
    command.env("GIT_DIR", elsewhere.join(".git")).env("GIT_WORK_TREE", &elsewhere);
    command.assert().success();
    assert_eq!(read(&hooked).environment.commit, here);
}

#[test]
fn a_variable_that_is_none_is_told_with_the_one_that_was_perhaps_meant() {
    let mut command = centurion(&["list", "--cells", "grain"]);
    command
        .env("CENTURION_EXECUTOR", "rayon")
        .assert()
        .success()
        .stderr(contains("did you mean CENTURION_EXECUTORS?"));
}

/// Criterion is run by a cargo of its own, which is to measure what it says and not what this process was told.
#[test]
#[cfg(unix)]
fn the_benches_that_a_proof_starts_are_not_told_what_it_was_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("there is room");
    for run in ["run-1.json", "run-2.json"] {
        measure(&folder.path().join(run), "2");
    }
    let (cargo, told) = (folder.path().join("cargo"), folder.path().join("told"));
    let script = format!("#!/bin/sh\nenv | grep -E '^(CENTURION_|GIT_DIR=)' | sort >> {}\n", word(&told));
    centurion::files::write(&cargo, &script).expect("it is written");
    std::fs::set_permissions(&cargo, PermissionsExt::from_mode(0o755)).expect("it can be changed");
    let shape = ["prove", "--runs", "2", "--sequential", "0", "--criterion", "1", "--folder"];
    centurion(&[&shape[..], &[word(folder.path())]].concat())
        .env("CARGO", &cargo)
        .envs([("CENTURION_ROUNDS", "3"), ("CENTURION_RESUME", "kept.json"), ("GIT_DIR", "/nowhere")])
        .assert()
        .success();
    let told = centurion::files::read(&told).expect("it was started");
    assert_eq!(
        told,
        "CENTURION_SEQUENTIAL=1\n".repeat(2),
        "once to save a baseline, once to compare with it"
    );
}
