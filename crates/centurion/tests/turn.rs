//! Runs on one machine take turns, and wait for it to calm down where that is asked for.
#![cfg(unix)]

mod heeding;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const OTHER: &str = "another run of Centurion measures on this machine";

/// Starts a short run that waits for others in that folder, with some flags more.
fn start(folder: &Path, record: &str, flags: &[&str]) -> Child {
    let mut run = heeding::heeding(env!("CARGO_BIN_EXE_centurion"));
    let shape = "bench --workloads thinking --quick --agents 4 --executors std-counter --workers 4 --cores 1";
    run.args(shape.split(' ')).arg("--record").arg(folder.join(record)).args(flags);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CENTURION_")) {
        run.env_remove(name);
    }
    run.env("TMPDIR", folder).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
}

fn lines(run: &mut Child) -> impl Iterator<Item = String> + use<> {
    BufReader::new(run.stderr.take().expect("it is piped")).lines().map_while(Result::ok)
}

/// Starts a run that goes on until it is killed, and waits until it measures.
fn endless(folder: &Path) -> Child {
    let mut first = start(folder, "first.json", &["--rounds", "1000000", "--wait-quiet", "0"]);
    let mut lines = lines(&mut first);
    assert!(lines.any(|line| line.starts_with("round 1 ")), "it never measured");
    std::mem::forget(lines); // a reader that leaves would be another test
    first
}

fn signal(run: &Child, signal: &str) {
    let id = run.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().expect("kill is there").success());
}

#[test]
fn a_run_waits_for_another_and_goes_on_when_that_is_killed() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut first = endless(folder.path());
    let mut second = start(folder.path(), "second.json", &["--rounds", "1", "--wait-quiet", "0"]);
    let mut said = lines(&mut second);
    assert!(said.any(|line| line.contains(OTHER)), "it did not wait");
    assert!(!folder.path().join("second.json").exists());
    signal(&first, "-KILL");
    first.wait().expect("it ends");
    assert!(said.any(|line| line.starts_with("round 1 ")), "it never measured");
    assert!(second.wait().expect("it ends").success());
}

#[test]
fn a_run_that_is_not_to_wait_does_not_and_one_that_waits_can_be_stopped() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut first = endless(folder.path());
    let mut at_once = start(folder.path(), "at-once.json", &["--rounds", "1", "--no-wait"]);
    assert!(!lines(&mut at_once).any(|line| line.contains(OTHER)));
    assert!(at_once.wait().expect("it ends").success());
    let mut stopped = start(folder.path(), "stopped.json", &["--rounds", "1", "--wait-quiet", "0"]);
    let mut said = lines(&mut stopped);
    let waits = said.find(|line| line.contains(OTHER)).expect("it did not wait");
    assert!(waits.ends_with("--no-wait begins at once"), "{waits}");
    signal(&stopped, "-TERM");
    assert!(said.any(|line| line.contains("nothing was kept")));
    assert_eq!(stopped.wait().expect("it ends").code(), Some(130));
    signal(&first, "-KILL");
    first.wait().expect("it ends");
}

#[test]
fn a_command_that_can_not_be_run_is_refused_without_waiting_for_a_turn() {
    let folder = tempfile::tempdir().expect("there is room");
    let mut first = endless(folder.path());
    for wrong in [&["--", "no-such-command"][..], &["--input", "gone.jsonl", "--", "true"]] {
        let mut bench = heeding::heeding(env!("CARGO_BIN_EXE_centurion"));
        bench.args(["bench", "--wait-quiet", "0", "--yes"]).args(wrong).env("TMPDIR", folder.path());
        let output = bench.output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && !said.contains(OTHER), "{said}");
    }
    signal(&first, "-KILL");
    first.wait().expect("it ends");
}

#[test]
fn a_folder_without_room_for_the_lock_ends_nothing() {
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("record.json");
    let record = record.to_str().expect("it is UTF-8");
    let mut run = start(&folder.path().join("missing"), record, &["--rounds", "1", "--wait-quiet", "0"]);
    assert!(lines(&mut run).any(|line| line.contains("are not waited for") && line.contains("TMPDIR")));
    assert!(run.wait().expect("it ends").success());
}

/// Keeps every CPU busy while another process waits for calm, which it says and then gives up.
#[test]
#[cfg(target_os = "linux")]
fn a_busy_machine_is_waited_for_and_then_measured_all_the_same() {
    let folder = tempfile::tempdir().expect("there is room");
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let mut busy: Vec<Child> = (0..cpus)
        .map(|_| Command::new("sh").args(["-c", "while :; do :; done"]).spawn().expect("it starts"))
        .collect();
    let mut run = start(folder.path(), "record.json", &["--rounds", "1", "--wait-quiet", "2"]);
    let said: Vec<String> = lines(&mut run).collect();
    for child in &mut busy {
        child.kill().expect("it runs");
        child.wait().expect("it ends");
    }
    assert!(
        said.iter().any(|line| line.contains("waiting up to 2 s for the machine to calm down")),
        "{said:?}"
    );
    assert!(said.iter().any(|line| line.contains("measuring all the same")), "{said:?}");
    assert!(run.wait().expect("it ends").success());
}
