//! What a run is started under: ignored signals, a standard error that can't be written to, a reader that leaves.
#![cfg(unix)]

mod heeding;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const RUN: &str =
    "bench --workloads thinking --quick --agents 4 --executors std-counter --workers 4 --cores 1";

/// Rounds of a run that comes to its end.
const FEW: usize = 3;

/// Rounds of one that would take for ever.
const MANY: usize = 1_000_000;

/// A run under a shell that prepares what it inherits: `prepare` stands before the command, `after` behind it.
fn run(rounds: usize, prepare: &str, after: &str, record: &Path) -> Command {
    let script = format!("{prepare} exec \"$0\" {RUN} --rounds {rounds} --record \"$1\" {after}");
    let mut shell = heeding::heeding("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_centurion")]).arg(record).stdout(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CENTURION_")) {
        shell.env_remove(name);
    }
    shell
}

fn is_complete(record: &Path) -> bool {
    centurion::store::read_record(record)
        .is_ok_and(|record| record.run.complete && record.rounds.len() == FEW)
}

/// Sends a signal as soon as a round is finished, and waits for the end.
fn signalled(mut run: Child, signal: &str) -> Option<i32> {
    let mut lines = BufReader::new(run.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("round 1 ")), "it never finished a round");
    let id = run.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().expect("kill is there").success());
    lines.for_each(drop);
    run.wait().expect("it ends").code()
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let folder = tempfile::tempdir().expect("there is room");
    for signal in ["HUP", "INT", "TERM"] {
        let record = folder.path().join(signal);
        let child = run(FEW, &format!("trap '' {signal};"), "", &record).stderr(Stdio::piped()).spawn();
        assert_eq!(signalled(child.expect("it starts"), &format!("-{signal}")), Some(0), "{signal}");
        assert!(is_complete(&record), "{signal}");
    }
}

#[test]
fn a_terminal_that_closes_stops_a_run_which_does_not_ignore_it() {
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("closed");
    let child = run(MANY, "", "", &record).stderr(Stdio::piped()).spawn().expect("it starts");
    assert_eq!(signalled(child, "-HUP"), Some(130));
    assert!(!is_complete(&record));
}

#[test]
fn a_standard_error_that_is_closed_or_full_ends_nothing() {
    let folder = tempfile::tempdir().expect("there is room");
    for after in ["2>&-", "2>/dev/full"] {
        let record = folder.path().join("record");
        let status = run(FEW, "", after, &record).status().expect("it starts");
        assert!(status.success() && is_complete(&record), "{after}: {status}");
    }
}

#[test]
fn a_reader_of_standard_error_who_leaves_ends_nothing() {
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("record");
    let mut run = run(FEW, "", "", &record).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(run.stderr.take().expect("it is piped")).read_line(&mut line).expect("it says something");
    assert!(run.wait().expect("it ends").success() && is_complete(&record), "{line}");
}
