//! Runs that are stopped, by failures or from outside.

use std::fs::File;

use centurion_commands::{HaltRule, HaltShare, LedgerError, Scenario};

use crate::helper::{Trial, is_alive};

fn halt(now: bool, at: HaltShare) -> HaltRule {
    HaltRule { now, at }
}

#[test]
fn after_so_many_failures_no_more_agents_are_started() {
    let mut trial = Trial::new("exit 1");
    (trial.halt, trial.workers) = (Some(halt(false, HaltShare::Count(3))), 1);
    assert_eq!(trial.run(100).totals.failed, 3);
}

#[test]
fn a_share_of_failures_halts_from_the_tenth_agent_on() {
    let mut trial = Trial::new("exit 1");
    (trial.halt, trial.workers) = (Some(halt(false, HaltShare::Share(0.1))), 1);
    assert_eq!(trial.run(100).totals.failed, 10);
}

#[test]
fn halting_now_kills_those_under_way_and_says_nothing_of_them() {
    let mut trial = Trial::new(r#"[ "$1" = 1 ] && exit 1; sleep 1000"#);
    trial.halt = Some(halt(true, HaltShare::Count(1)));
    let came = trial.run(100);
    assert_eq!((came.totals.failed, came.totals.answered), (1, 0));
    assert_eq!(came.all("id"), [1]);
}

#[test]
fn a_run_that_is_stopped_waits_for_those_under_way() {
    let trial = Trial::new(r#"read -r line; echo "$1""#);
    let brake = trial.brake.clone();
    let scenarios = (0..100).map(move |number| {
        if number == 4 {
            brake.soon();
        }
        Ok(Scenario::with_number(number))
    });
    let came = trial.run_of(scenarios);
    let ids: Vec<u64> = came.all("answer").into_iter().filter_map(serde_json::Value::as_u64).collect();
    assert_eq!(ids, (0..ids.len() as u64).collect::<Vec<_>>());
    assert_eq!(ids.len(), 4);
}

#[test]
fn a_run_that_is_stopped_at_once_leaves_no_process() {
    let folder = tempfile::tempdir().expect("there is room");
    let pids = folder.path().join("pids");
    let trial =
        Trial::new(&format!("trap '' TERM; sleep 1000 & echo $$ $! >> {}; wait; wait", pids.display()));
    let brake = trial.brake.clone();
    let waiting = pids.clone();
    #[expect(clippy::disallowed_methods, reason = "somebody has to stop the run")]
    let stopper = std::thread::spawn(move || {
        while read(&waiting).lines().count() < 2 {
            std::thread::yield_now();
        }
        brake.now();
    });
    let came = trial.run(10);
    stopper.join().expect("it does not panic");
    assert_eq!(came.results.len(), 0);
    for pid in read(&pids).split_whitespace() {
        assert!(!is_alive(pid), "{pid} is");
    }
}

#[expect(clippy::disallowed_methods, reason = "the test reads what agents wrote")]
fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn results_that_can_not_be_written_end_the_run_with_a_reason() {
    let mut trial = Trial::new("echo 1");
    trial.workers = 1;
    #[expect(clippy::disallowed_methods, reason = "a full disk is handed in")]
    let full = File::create("/dev/full").expect("it is there");
    let (totals, trouble) = trial.run_into((0..100).map(Scenario::with_number).map(Ok), Box::new(full));
    assert!(matches!(&trouble, Some(LedgerError::Results(_))), "{trouble:?}");
    assert_eq!(totals.answered, 1);
}

#[test]
fn a_line_that_is_no_scenario_ends_a_run_that_has_begun() {
    let mut trial = Trial::new("echo 1");
    trial.workers = 1;
    let came = trial.run_lines("{}\n{}\nbad\n{}\n");
    assert_eq!(came.totals.answered, 2);
    let trouble = came.trouble.expect("the third line is none").to_string();
    assert!(trouble.starts_with("use in.jsonl:3: it is not JSON"), "{trouble}");
}
