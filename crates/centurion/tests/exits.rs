//! Agents that end the whole program: what they leave is known as unfinished, and is no success.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use assert_cmd::assert::OutputAssertExt as _;
use centurion::command::CommandLine;
use centurion::session::Session;
use centurion::store;
use centurion_agents::{Decorated, Grain, Workload};
use centurion_executors::find;
use centurion_harness::{PlannedCell, Sweep, cells};
use predicates::str::contains;

/// The variable that tells a child of these tests where its record is to be.
const CHILD: &str = "RECORD_OF_A_RUN_THAT_ENDS";

/// Runs a test again, as the process that an agent ends.
fn child(test: &str, record: &Path) -> String {
    let ended: Output = Command::new(std::env::current_exe().expect("it runs"))
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, record)
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("an agent or a library ended the whole program"), "{said}");
    said
}

/// In the child, the record it is to make.
fn asked() -> Option<PathBuf> {
    std::env::var_os(CHILD).map(PathBuf::from)
}

/// Cells whose agents call `exit(0)` from the moment on that they are told to.
fn cells_that_exit(is_time: impl Fn() -> bool + Send + Sync + 'static) -> Vec<PlannedCell> {
    let begin = move |_| {
        if is_time() {
            std::process::exit(0);
        }
    };
    let grain = Arc::new(Grain::new(2, 8, 1));
    let workload: Arc<dyn Workload> = Arc::new(Decorated::new(grain, begin, |_, (), _| ()));
    let sweep = Sweep::new(vec![1], vec![2]);
    cells(&[workload], &[find("std-counter").expect("it is there")], &sweep)
}

fn run_until_exit(cells: Vec<PlannedCell>, record: PathBuf) -> ! {
    let session = Session::with_cells(cells, 3, 1, record).expect("it is planned");
    let finished = session.run(&CommandLine::new("cargo bench", Vec::new()));
    panic!("an agent was to end it, and it gave {:?}", finished.map(|finished| finished.map(|it| it.path)));
}

#[test]
fn a_run_that_an_agent_ends_at_once_fails_and_leaves_nothing() {
    if let Some(record) = asked() {
        run_until_exit(cells_that_exit(|| true), record);
    }
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("record.json");
    let said = child("a_run_that_an_agent_ends_at_once_fails_and_leaves_nothing", &record);
    assert!(said.contains("nothing was kept") && !record.exists(), "{said}");
}

#[test]
fn a_run_that_an_agent_ends_later_fails_and_its_record_is_known_as_unfinished() {
    if let Some(record) = asked() {
        let watched = record.clone();
        run_until_exit(cells_that_exit(move || watched.exists()), record);
    }
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("record.json");
    let said = child("a_run_that_an_agent_ends_later_fails_and_its_record_is_known_as_unfinished", &record);
    assert!(said.contains("stopped; begin this run again"), "{said}");
    let left = store::read_record(&record).expect("the first round is there, whole");
    assert!(!left.run.complete && left.rounds.len() == 1);
    for command in [&["show"][..], &["compare", record.to_str().expect("it is UTF-8")]] {
        Command::new(env!("CARGO_BIN_EXE_centurion"))
            .args(command)
            .arg(&record)
            .assert()
            .success()
            .stdout(contains("stopped after 1 round"));
    }
}

#[test]
fn a_check_that_an_agent_ends_fails() {
    if asked().is_some() {
        let cells = cells_that_exit(|| true);
        let session = Session::with_cells(cells.clone(), 1, 1, PathBuf::new()).expect("it is planned");
        panic!("an agent was to end it, and it gave {:?}", session.try_cell(&cells[0]));
    }
    child("a_check_that_an_agent_ends_fails", Path::new("none"));
}
