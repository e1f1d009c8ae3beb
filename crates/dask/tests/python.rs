//! The driver in Python, as this program uses it. Left out, with a line, where the Python side is not set up;
//! what may go wrong on a cluster is tested in `python/tests/driver`.

use std::process::Command;
use std::sync::Arc;

use centurion_agents::{Deciding, Parameter, Parameters, Thinking, Workload, WorkloadFamily, definition};
use centurion_dask::{AgentFailure, ClusterEvent, Definition, Driver, Python, Scheduler, Target};

/// The driver, or `None` where the Python side is not set up for these sources; then that is said.
fn driver() -> Option<Driver> {
    Driver::launch().inspect_err(|error| eprintln!("left out: failed to {error}")).ok()
}

fn described(workload: &dyn Workload) -> Definition {
    Definition::new(workload).expect("it can be described")
}

/// A light workload of every family of the registry that runs in Python: of all but those that ask a server.
fn every_family() -> Vec<Arc<dyn Workload>> {
    let light = Parameters { agents: Some(6), scale: Some(1e-5), iterations: 64, ..Parameters::default() };
    let made = |family: WorkloadFamily| family.make(&light).expect("it can be made");
    let mut families = WorkloadFamily::all();
    families.retain(|family| !family.parameters.contains(&Parameter::Server));
    families.into_iter().map(made).collect()
}

/// Makes a light workload of every family, runs all its agents with the answers that they need, and prints its name,
/// its definition and whether all answers were right.
const RUN_EVERY_FAMILY: &str = r#"
from centurion_agents import FAMILIES, Workload

light = {"agents": 6, "scale": 1e-5, "iterations": 64}
for family, arguments in FAMILIES.items():
    workload = Workload(family, **{name: light[name] for name in arguments if name in light})
    expected = [workload.expected(agent) for agent in range(workload.agents)]
    answers = [
        workload.run_after(agent, [expected[needed] for needed in workload.inputs(agent)])
        for agent in range(workload.agents)
    ]
    print(workload.name, workload.definition, answers == expected)
"#;

#[test]
fn every_workload_of_the_registry_is_the_same_and_runs_in_python() {
    if driver().is_none() {
        return;
    }
    let python = Python::find().expect("it has just been used");
    let output = Command::new(python.path()).args(["-c", RUN_EVERY_FAMILY]).output().expect("it starts");
    let line =
        |workload: &Arc<dyn Workload>| format!("{} {} True\n", workload.name(), definition(&**workload));
    let expected: String = every_family().iter().map(line).collect();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        expected,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn every_scheduler_gives_the_answers_of_every_workload() {
    let Some(driver) = driver() else { return };
    let mut workloads = every_family();
    workloads.retain(|workload| workload.graph().is_none());
    for scheduler in Scheduler::ALL {
        let peer = driver.start(scheduler, 2, &[]).expect("it starts");
        for workload in &workloads {
            let sample = peer.sample(&described(&**workload), 3).expect("it samples");
            let expected: Vec<u64> =
                (0..workload.agents()).map(|agent| workload.expected(agent).wrapping_mul(3)).collect();
            assert_eq!(sample.sums, expected, "{scheduler}, {}", workload.name());
            assert_eq!(sample.answers, 3 * workload.agents() as u64);
            assert!(sample.first_call.is_some(), "it is a workload that Python has not seen yet");
            assert!(peer.sample(&described(&**workload), 1).expect("it samples").first_call.is_none());
        }
    }
}

#[test]
fn agents_on_a_cluster_answer_in_order() {
    let Some(driver) = driver() else { return };
    let cluster = driver.connect(&Target::Local { workers: 2 }).expect("it starts");
    let deciding = Deciding::bundled(20);
    let mut answers = Vec::new();
    let ended = cluster.run(&described(&deciding), None, |event| {
        if let ClusterEvent::Outcome(outcome) = event {
            answers.push(outcome.result);
        }
    });
    let expected: Vec<_> = (0..20).map(|agent| Ok(deciding.expected(agent))).collect();
    assert_eq!(answers, expected);
    assert!(!ended.expect("it finishes").cancelled);
}

#[test]
fn a_run_that_is_cancelled_returns_with_what_was_finished() {
    let Some(driver) = driver() else { return };
    let cluster = driver.connect(&Target::Local { workers: 1 }).expect("it starts");
    let thinking = Thinking::new(50, 42, 0.1).expect("the scale is in range");
    let (mut outcomes, stop) = (Vec::new(), driver.canceller());
    let ended = cluster.run(&described(&thinking), Some(1), |event| {
        if let ClusterEvent::Outcome(outcome) = event {
            stop.cancel();
            outcomes.push(outcome.result);
        }
    });
    assert!(ended.expect("it ends").cancelled);
    assert_eq!((outcomes.len(), &outcomes[0]), (50, &Ok(thinking.expected(0))));
    assert_eq!(outcomes[49], Err(AgentFailure::Cancelled));
}
