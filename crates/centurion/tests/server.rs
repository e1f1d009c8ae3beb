//! The server of replying agents never outlives who started it, and leaves it to that one to heed signals.
#![cfg(target_os = "linux")]

mod heeding;

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A bench of replying agents whose baseline alone would take minutes, once it has begun, in a process group of its own.
fn bench(record: PathBuf) -> (Child, impl Iterator<Item = String>) {
    let mut run = heeding::heeding(env!("CARGO_BIN_EXE_centurion"))
        .args(["bench", "--workloads", "replying", "--agents", "50000", "--executors", "tokio"])
        .args(["--rounds", "1", "--record"])
        .arg(record)
        .process_group(0)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(run.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("finding how often")), "it never began");
    (run, lines)
}

#[expect(clippy::disallowed_methods, reason = "what the system knows of processes is in files")]
fn server_of(run: &Child) -> String {
    let id = run.id();
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).expect("it runs");
    let server = children.split_whitespace().next().expect("it has a server").to_owned();
    assert!(runs(&server));
    server
}

/// Whether a process is there that has not ended.
#[expect(clippy::disallowed_methods, reason = "what the system knows of processes is in files")]
fn runs(id: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

fn ends(id: &str) -> bool {
    (0..1_000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        !runs(id)
    })
}

fn send(signal: &str, whom: &str) {
    let sent = Command::new("kill").args([signal, "--", whom]).status().expect("kill is there");
    assert!(sent.success());
}

#[test]
fn whoever_is_killed_leaves_no_server_behind() {
    let folder = tempfile::tempdir().expect("there is room");
    let (mut run, _) = bench(folder.path().join("record.json"));
    let server = server_of(&run);
    send("-KILL", &run.id().to_string());
    run.wait().expect("it ends");
    assert!(ends(&server), "the server goes on");
}

#[test]
fn what_a_terminal_sends_to_both_stops_the_run_as_it_does_without_a_server() {
    let folder = tempfile::tempdir().expect("there is room");
    let (mut run, lines) = bench(folder.path().join("record.json"));
    let server = server_of(&run);
    send("-INT", &format!("-{}", run.id()));
    let rest: Vec<String> = lines.collect();
    assert!(rest.iter().any(|line| line.contains("nothing was kept")), "{rest:?}");
    assert!(!rest.iter().any(|line| line.contains("did not answer")), "{rest:?}");
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    assert!(ends(&server), "the server goes on");
}
