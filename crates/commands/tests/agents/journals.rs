//! Going on after a run that ended early.

use std::fs::File;
use std::path::Path;

use centurion_commands::{HaltRule, HaltShare, Journal, LedgerError};
use serde_json::json;

use crate::helper::{Came, Trial};

fn file(path: &Path) -> File {
    File::options().append(true).read(true).create(true).open(path).expect("there is room")
}

/// A run with a journal, which is gone on with if it is there.
fn run(mut trial: Trial, path: &Path, agents: usize) -> Came {
    let journal = Journal::with_earlier(file(path), &trial.invocation).expect("it is this command's");
    trial.journal = Some(journal);
    trial.run(agents)
}

#[test]
fn nothing_that_answered_is_run_twice_and_what_failed_is() {
    let folder = tempfile::tempdir().expect("there is room");
    let place = folder.path().display();
    let script = format!("echo x >> {place}/$1; [ $1 != 3 ] || [ -e {place}/mended ] && echo $1");
    let journal = folder.path().join("journal");
    let first = run(Trial::new(&script), &journal, 6);
    assert_eq!((first.totals.answered, first.totals.failed), (5, 1));
    file(&folder.path().join("mended"));
    let second = run(Trial::new(&script), &journal, 8);
    assert_eq!((second.totals.earlier, second.totals.answered, second.totals.failed), (5, 8, 0));
    assert_eq!(second.totals.costs_ns.len(), 3);
    let expected: Vec<_> = (0..8).map(|number| json!(number)).collect();
    assert_eq!(second.all("answer"), expected.iter().collect::<Vec<_>>());
    let times = |agent: usize| folder.path().join(agent.to_string()).metadata().expect("it ran").len() / 2;
    assert_eq!((0..8).map(times).collect::<Vec<_>>(), [1, 1, 1, 2, 1, 1, 1, 1]);
}

#[test]
fn an_answer_is_judged_anew_when_what_is_right_is_found_out_later() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("journal");
    let judged = |lines| {
        let mut trial = Trial::new("echo 42");
        trial.journal = Some(Journal::with_earlier(file(&path), &trial.invocation).expect("it is its own"));
        trial.run_lines(lines)
    };
    assert_eq!(judged("{\"expected\": 41}\n").all("right"), [false]);
    let again = judged("{\"expected\": 42}\n");
    assert_eq!((again.all("right"), again.totals.earlier), (vec![&json!(true)], 1));
    assert_eq!(judged("{}\n").all("right"), [&json!(null)]);
}

#[test]
fn a_halted_run_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("journal");
    let mut trial = Trial::new("[ $1 != 2 ] && echo $1");
    trial.halt = Some(HaltRule { now: true, at: HaltShare::Count(1) });
    trial.workers = 1;
    assert_eq!(run(trial, &path, 5).results.len(), 3);
    let came = run(Trial::new("[ $1 != 2 ] && echo $1"), &path, 5);
    assert_eq!((came.totals.earlier, came.totals.answered, came.totals.failed), (2, 4, 1));
}

#[test]
fn a_journal_that_can_not_be_written_ends_the_run_and_says_what_to_do() {
    let mut trial = Trial::new("echo 1");
    trial.workers = 1;
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("journal");
    drop(Journal::new(file(&path), &trial.invocation).expect("there is room"));
    // What was opened to be read only can't be written, as a full disk can't.
    let readable = File::options().read(true).open(&path).expect("it is there");
    let halves = Journal::with_earlier(readable, &trial.invocation);
    trial.journal = Some(halves.expect("there is nothing to cut off"));
    let came = trial.run(100);
    let trouble = came.trouble.expect("nothing can be written");
    assert!(matches!(trouble, LedgerError::Journal(_)), "{trouble}");
    assert!(trouble.to_string().contains("go on with --resume"), "{trouble}");
    assert_eq!(came.results.len(), 1, "what is known is told all the same");
}
