//! Being asked to stop in the middle of a sample that would take half an hour.
#![cfg(unix)]

mod heeding;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

#[test]
fn a_run_asked_to_stop_drops_what_it_was_doing() {
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("record.json");
    let mut run = heeding::heeding(env!("CARGO_BIN_EXE_centurion"))
        .args(["bench", "--workloads", "thinking", "--agents", "200000", "--executors", "rayon"])
        .args(["--workers", "4", "--rounds", "1", "--record"])
        .arg(&record)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(run.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("finding how often")), "it never began");
    let id = run.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill is there").success());
    let rest: Vec<String> = lines.collect();
    assert!(rest.iter().any(|line| line.contains("nothing was kept")), "{rest:?}");
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    assert!(!record.exists(), "there was nothing to keep");
}
