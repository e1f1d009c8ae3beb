//! Being asked to stop in the middle of a sample that would take half an hour, and of what comes after the samples.
#![cfg(unix)]

mod heeding;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
#[cfg(target_os = "linux")]
fn a_pair_asked_to_stop_does_not_wait_for_an_agent_that_takes_half_an_hour() {
    let mut run = heeding::heeding(env!("CARGO_BIN_EXE_centurion"))
        .args(["pair", "rayon", "serial", "--workload", "grain-1000000000000", "--agents", "2"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let threads = format!("/proc/{}/task", run.id());
    // One thread heeds signals.
    while std::fs::read_dir(&threads).expect("it runs").count() < 2 {
        std::thread::yield_now();
    }
    let id = run.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill is there").success());
    let said: Vec<String> =
        BufReader::new(run.stderr.take().expect("it is piped")).lines().map_while(Result::ok).collect();
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    assert!(said.iter().any(|line| line.starts_with("stopped in the middle")), "{said:?}");
}

/// Starts a bench, asks it to stop when it says `when`, and returns what it says from then on.
fn stopped(arguments: &str, record: &Path, when: &str) -> Vec<String> {
    let mut run = heeding::heeding(env!("CARGO_BIN_EXE_centurion"))
        .arg("bench")
        .args(arguments.split(' '))
        .arg("--record")
        .arg(record)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(run.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains(when)), "it never began");
    let id = run.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill is there").success());
    let rest: Vec<String> = lines.collect();
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    rest
}

#[test]
fn a_run_asked_to_stop_drops_what_it_was_doing() {
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("record.json");
    let bench = "thinking --agents 200000 --executors rayon --workers 4 --rounds 1";
    let rest = stopped(bench, &record, "finding how often");
    assert!(rest.iter().any(|line| line.contains("nothing was kept")), "{rest:?}");
    assert!(!record.exists(), "there was nothing to keep");
}

#[test]
fn a_run_asked_to_stop_while_footprints_are_taken_keeps_its_rounds_and_ends_their_process() {
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("record.json");
    let bench = "thinking --agents 2 --executors tokio,smol --rounds 1";
    let rest = stopped(bench, &record, "footprints, each in a process of its own");
    assert!(rest.iter().any(|line| line.contains("1 finished round is kept")), "{rest:?}");
    let kept = centurion::store::read_record(&record).expect("it is a record");
    assert_eq!((kept.rounds.len(), kept.run.complete, kept.footprints.len()), (1, false, 0));
}
