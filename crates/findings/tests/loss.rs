//! The parts of an execution add up.

use centurion_findings::loss::Loss;
use centurion_graph::Graph;
use centurion_record::{CellId, Timeline};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn timeline(makespan_ns: u64, agents: &[(u32, u64, u64)]) -> Timeline {
    Timeline {
        cell: CellId::new("deciding", "deciding", "some", (2, 2)),
        makespan_ns,
        start_ns: agents.iter().map(|agent| agent.1).collect(),
        end_ns: agents.iter().map(|agent| agent.2).collect(),
        worker: agents.iter().map(|agent| agent.0).collect(),
        answers: vec![String::new(); agents.len()],
    }
}

/// Useful work, inflation, scheduling, imbalance, start-up, waiting for answers.
fn in_order(loss: &Loss) -> [u64; 6] {
    let parts = loss.parts;
    [
        parts.useful_ns,
        parts.inflation_ns,
        parts.scheduling_ns,
        parts.imbalance_ns,
        parts.start_up_ns,
        parts.waiting_ns,
    ]
}

#[test]
fn each_part_is_what_it_says() {
    let recorded = timeline(100, &[(0, 10, 30), (1, 5, 95), (0, 40, 80)]);
    let loss = Loss::new(&recorded, &[20, 60, 30], None, 2);
    let (useful, inflation, scheduling, imbalance, start_up) = (20 + 60 + 30, 30 + 10, 10, 20 + 5, 10 + 5);
    assert_eq!(in_order(&loss), [useful, inflation, scheduling, imbalance, start_up, 0]);
}

#[test]
fn a_worker_without_agents_is_imbalance() {
    let loss = Loss::new(&timeline(50, &[(0, 0, 50)]), &[50], None, 3);
    assert_eq!(in_order(&loss), [50, 0, 0, 100, 0, 0]);
    assert!((loss.share(loss.parts.imbalance_ns) - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn without_costs_all_time_in_agents_is_useful() {
    let loss = Loss::new(&timeline(50, &[(0, 10, 50)]), &[], None, 1);
    assert_eq!(in_order(&loss), [40, 0, 0, 0, 10, 0]);
}

#[test]
fn more_threads_than_workers_are_lanes_too() {
    let loss = Loss::new(&timeline(50, &[(0, 0, 50), (7, 0, 50)]), &[], None, 1);
    assert_eq!((loss.workers, in_order(&loss)), (2, [100, 0, 0, 0, 0, 0]));
}

#[test]
fn a_gap_in_which_no_agent_has_its_answers_is_waiting_and_the_rest_of_it_is_scheduling() {
    // Agent 2 needs both others: ready at 60, it starts at 70 on the lane that was free from 20 on.
    let graph = Graph::new([vec![], vec![], vec![0, 1]]).expect("it is numbered along its edges");
    let recorded = timeline(100, &[(0, 0, 20), (1, 0, 60), (0, 70, 100)]);
    let parts = Loss::new(&recorded, &[], Some(&graph), 2).parts;
    assert_eq!((parts.scheduling_ns, parts.imbalance_ns, parts.waiting_ns), (10, 40, 40));
    assert_eq!(Loss::new(&recorded, &[], None, 2).parts.scheduling_ns, 50);
}

#[test]
fn overlapping_stamps_are_counted_once_and_cut_at_the_makespan() {
    let loss = Loss::new(&timeline(100, &[(0, 0, 60), (0, 40, 130)]), &[], None, 1);
    assert_eq!(in_order(&loss), [100, 0, 0, 0, 0, 0]);
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_add_up_to_workers_times_makespan(
        agents in prop::collection::vec((0u32..5, 0u64..1000, 0u64..1000), 0..40),
        costs in prop::collection::vec(0u64..1000, 0..40),
        makespan in 0u64..1500,
        workers in 1usize..8,
    ) {
        let agents: Vec<_> = agents.into_iter().map(|(lane, start, length)| (lane, start, start + length)).collect();
        let chain = Graph::new((0..agents.len()).map(|agent| agent.checked_sub(1))).expect("a chain is a graph");
        for graph in [None, Some(&chain)] {
            let loss = Loss::new(&timeline(makespan, &agents), &costs, graph, workers);
            prop_assert_eq!(loss.parts.total_ns(), loss.workers as u64 * makespan);
        }
    }
}
