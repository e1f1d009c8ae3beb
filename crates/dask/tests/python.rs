//! The driver in Python, as this program uses it. Left out, with a line, where the Python side is not set up;
//! what may go wrong on a cluster is tested in `python/tests/driver`.

use centurion_agents::{Deciding, Grain, Thinking, Workload};
use centurion_dask::{Answer, ClusterEvent, Definition, Driver, Scheduler, Submission, Target};

/// The driver, or `None` where the Python side is not set up for these sources; then that is said.
fn driver() -> Option<Driver> {
    Driver::launch().inspect_err(|error| eprintln!("left out: failed to {error}")).ok()
}

fn described(workload: &dyn Workload) -> Definition {
    Definition::new(workload).expect("it can be described")
}

#[test]
fn every_scheduler_gives_the_answers_of_every_workload() {
    let Some(driver) = driver() else { return };
    let workloads: [&dyn Workload; 3] = [
        &Thinking::new(6, 42, 0.001).expect("the scale is in range"),
        &Deciding::bundled(6),
        &Grain::new(6, 64, u64::MAX),
    ];
    for scheduler in Scheduler::ALL {
        let peer = driver.start(scheduler, 2, &[]).expect("it starts");
        for workload in workloads {
            let sample = peer.sample(&described(workload), 3).expect("it samples");
            let expected: Vec<u64> = (0..6).map(|agent| workload.expected(agent).wrapping_mul(3)).collect();
            assert_eq!(sample.sums, expected, "{scheduler}, {}", workload.name());
            assert_eq!(sample.answers, 18);
            assert!(sample.first_call.is_some(), "it is a workload that Python has not seen yet");
            assert!(peer.sample(&described(workload), 1).expect("it samples").first_call.is_none());
        }
    }
}

#[test]
fn agents_on_a_cluster_answer_in_order() {
    let Some(driver) = driver() else { return };
    let cluster = driver.connect(&Target::Local { workers: 2 }).expect("it starts");
    let deciding = Deciding::bundled(20);
    let mut answers = Vec::new();
    let ended = cluster.run(&Submission::Workload(described(&deciding)), None, |event| {
        if let ClusterEvent::Outcome(outcome) = event {
            answers.push(outcome.result);
        }
    });
    let expected: Vec<_> = (0..20).map(|agent| Ok(Answer::Number(deciding.expected(agent)))).collect();
    assert_eq!(answers, expected);
    assert!(!ended.expect("it finishes").cancelled);
}

#[test]
fn a_run_that_is_cancelled_returns_with_what_was_finished() {
    let Some(driver) = driver() else { return };
    let cluster = driver.connect(&Target::Local { workers: 1 }).expect("it starts");
    let script = "[ $CENTURION_AGENT = 0 ] || sleep 600";
    let command = ["sh", "-c", script].map(str::to_owned).to_vec();
    let (mut outcomes, stop) = (Vec::new(), driver.canceller());
    let ended = cluster.run(&Submission::Command { command, agents: 3 }, Some(1), |event| {
        if let ClusterEvent::Outcome(outcome) = event {
            stop.cancel();
            outcomes.push(outcome.result);
        }
    });
    assert!(ended.expect("it ends").cancelled);
    let cancelled = Err("cancelled".to_owned());
    assert_eq!(outcomes, [Ok(Answer::Text(String::new())), cancelled.clone(), cancelled]);
}
