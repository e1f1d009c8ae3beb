//! The parts of an execution add up.

use centurion_record::Timeline;
use centurion_report::loss::Loss;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn timeline(makespan_ns: u64, agents: &[(u32, u64, u64)]) -> Timeline {
    Timeline {
        cell: "cell".into(),
        makespan_ns,
        start_ns: agents.iter().map(|agent| agent.1).collect(),
        end_ns: agents.iter().map(|agent| agent.2).collect(),
        worker: agents.iter().map(|agent| agent.0).collect(),
        answers: vec![String::new(); agents.len()],
    }
}

#[test]
fn each_part_is_what_it_says() {
    let recorded = timeline(100, &[(0, 10, 30), (1, 5, 95), (0, 40, 80)]);
    let loss = Loss::of(&recorded, &[20, 60, 30], 2);
    let (useful, inflation, scheduling, imbalance, start_up) = (20 + 60 + 30, 30 + 10, 10, 20 + 5, 10 + 5);
    assert_eq!(loss.parts_ns, [useful, inflation, scheduling, imbalance, start_up]);
}

#[test]
fn a_worker_without_agents_is_imbalance() {
    let loss = Loss::of(&timeline(50, &[(0, 0, 50)]), &[50], 3);
    assert_eq!(loss.parts_ns, [50, 0, 0, 100, 0]);
    assert!((loss.share(3) - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn without_costs_all_time_in_agents_is_useful() {
    assert_eq!(Loss::of(&timeline(50, &[(0, 10, 50)]), &[], 1).parts_ns, [40, 0, 0, 0, 10]);
}

#[test]
fn more_threads_than_workers_are_lanes_too() {
    let loss = Loss::of(&timeline(50, &[(0, 0, 50), (7, 0, 50)]), &[], 1);
    assert_eq!((loss.workers, loss.parts_ns), (2, [100, 0, 0, 0, 0]));
}

#[test]
fn overlapping_stamps_are_counted_once_and_cut_at_the_makespan() {
    let loss = Loss::of(&timeline(100, &[(0, 0, 60), (0, 40, 130)]), &[], 1);
    assert_eq!(loss.parts_ns, [100, 0, 0, 0, 0]);
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
        let loss = Loss::of(&timeline(makespan, &agents), &costs, workers);
        prop_assert_eq!(loss.parts_ns.iter().sum::<u64>(), loss.workers as u64 * makespan);
    }
}
