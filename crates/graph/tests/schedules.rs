//! Schedules and bounds, against the best of all schedules and against a clock that ticks.

use centurion_graph::{Bounds, Graph, Schedule, Slot};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The same cases in every run. Under Miri, which takes a thousand times as long, only the first.
fn fixed(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases: if cfg!(miri) { 1 } else { cases },
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(100),
        ..ProptestConfig::default()
    }
}

/// A graph of so many tasks, each of which needs up to 3 before it.
fn graphs(tasks: usize) -> impl Strategy<Value = Graph> {
    let task = prop::collection::vec(any::<prop::sample::Index>(), 0..=3);
    prop::collection::vec(task, tasks).prop_map(|tasks| {
        let inputs = tasks.into_iter().enumerate().map(|(task, inputs)| {
            inputs.into_iter().take(task * 3).map(move |input| input.index(task)).collect::<Vec<_>>()
        });
        Graph::new(inputs).expect("inputs come first")
    })
}

/// Tasks with what each costs; every other time they need nothing of each other.
fn instances(most: usize, costs: std::ops::Range<u64>) -> impl Strategy<Value = (Vec<u64>, Option<Graph>)> {
    prop::collection::vec(costs, 0..=most)
        .prop_flat_map(|costs| (Just(costs.clone()), prop::option::of(graphs(costs.len()))))
}

/// The shortest makespan of all schedules: every order of starts, every worker.
struct ScheduleSearch<'a> {
    costs: &'a [u64],
    graph: &'a Graph,
    best: u64,
}

impl ScheduleSearch<'_> {
    fn best(costs: &[u64], graph: &Graph, workers: usize) -> u64 {
        let mut search = ScheduleSearch { costs, graph, best: costs.iter().sum() };
        search.go_on(&mut vec![None; costs.len()], &mut vec![0; workers], 0);
        search.best
    }

    /// Tries every task that may be the next to start, after `last`, on every worker.
    fn go_on(&mut self, ends: &mut Vec<Option<u64>>, free: &mut Vec<u64>, last: u64) {
        if ends.iter().all(Option::is_some) {
            self.best = self.best.min(free.iter().copied().max().unwrap_or(0));
        }
        for task in self.graph.tasks().filter(|&task| ends[task].is_none()).collect::<Vec<_>>() {
            let inputs = self.graph.inputs(task).iter().map(|&input| ends[input as usize]);
            let Some(ready) = inputs.collect::<Option<Vec<_>>>() else { continue };
            let ready = ready.into_iter().max().unwrap_or(0);
            for worker in 0..free.len() {
                let (before, start) = (free[worker], free[worker].max(ready));
                let end = start + self.costs[task];
                let known = free[..worker].contains(&before);
                if known || start < last || end > self.best {
                    continue;
                }
                (ends[task], free[worker]) = (Some(end), end);
                self.go_on(ends, free, start);
                (ends[task], free[worker]) = (None, before);
            }
        }
    }
}

/// The list schedule, tick by tick: what has ended makes way and lets others become ready, then free workers start.
fn ticking(costs: &[u64], graph: &Graph, workers: usize) -> Vec<Slot> {
    let mut slots: Vec<Option<Slot>> = vec![None; costs.len()];
    for now in 0..=costs.iter().sum() {
        let ended = |slot: Option<Slot>| slot.is_some_and(|slot| slot.end <= now);
        for worker in 0..workers {
            let busy = slots.iter().flatten().any(|slot| slot.worker == worker && slot.end > now);
            let ready = |&task: &usize| {
                slots[task].is_none() && graph.inputs(task).iter().all(|&input| ended(slots[input as usize]))
            };
            if let Some(task) = graph.tasks().find(ready).filter(|_| !busy) {
                slots[task] = Some(Slot { worker, start: now, end: now + costs[task] });
            }
        }
    }
    slots.into_iter().map(|slot| slot.expect("one of them runs at any time")).collect()
}

proptest! {
    #![proptest_config(fixed(600))]

    #[test]
    fn the_best_schedule_lies_between_the_bounds_and_the_list(
        (costs, graph) in instances(if cfg!(miri) { 3 } else { 6 }, 0..10),
        workers in 1..=3usize,
    ) {
        let all = graph.clone().unwrap_or_else(|| Graph::independent(costs.len()));
        let best = ScheduleSearch::best(&costs, &all, workers);
        let bounds = Bounds::new(&costs, graph.as_ref());
        let list = Schedule::new(&costs, graph.as_ref(), workers).makespan();
        prop_assert!(bounds.makespan(workers) <= best as f64, "{bounds:?} and a schedule of {best}");
        prop_assert!(best <= list && list * workers as u64 <= best * (2 * workers as u64 - 1));
        prop_assert!(bounds.path_decides(workers) == (best > 0 && bounds.makespan(workers) <= bounds.critical_path() as f64));
    }

    #[test]
    fn a_list_schedule_is_what_a_ticking_clock_makes_of_it(
        (costs, graph) in instances(12, 1..6),
        workers in 1..=4usize,
    ) {
        let all = graph.clone().unwrap_or_else(|| Graph::independent(costs.len()));
        let schedule = Schedule::new(&costs, graph.as_ref(), workers);
        prop_assert_eq!(schedule.slots(), ticking(&costs, &all, workers));
    }

    #[test]
    fn in_the_order_of_a_schedule_every_task_comes_after_its_inputs(
        (costs, graph) in instances(12, 0..3),
        workers in 1..=4usize,
    ) {
        let order = Schedule::new(&costs, graph.as_ref(), workers).order();
        let place = |task: usize| order.iter().position(|&other| other == task).expect("every task is in it");
        prop_assert_eq!(order.len(), costs.len());
        for (graph, task) in graph.iter().flat_map(|graph| graph.tasks().map(move |task| (graph, task))) {
            prop_assert!(graph.inputs(task).iter().all(|&input| place(input as usize) < place(task)));
        }
    }
}

#[test]
fn a_hundred_equal_tasks_reach_the_published_ceilings() {
    let bounds = Bounds::new(&[7; 100], None);
    for (workers, expected) in [(8, 100.0 / 13.0), (16, 100.0 / 7.0), (32, 25.0), (64, 50.0)] {
        assert!((bounds.ceiling(workers) - expected).abs() < 1e-9, "{workers} workers");
    }
}

#[test]
fn a_long_bag_stays_within_grahams_bounds() {
    let costs: Vec<u64> = (0..100u64).map(|task| 1 + (task * 7919) % 1000).collect();
    let (work, longest) = (costs.iter().sum::<u64>() as f64, *costs.iter().max().unwrap() as f64);
    let bounds = Bounds::new(&costs, None);
    for workers in (1..=128).step_by(if cfg!(miri) { 40 } else { 1 }) {
        let p = workers as f64;
        let makespan = Schedule::new(&costs, None, workers).makespan() as f64;
        assert!(makespan >= bounds.makespan(workers), "{workers} workers beat the bound");
        assert!(makespan <= work / p + (1.0 - 1.0 / p) * longest, "{workers} workers exceed the bound");
    }
}

#[test]
fn one_worker_takes_the_sum_and_tasks_keep_their_order() {
    let schedule = Schedule::new(&[5, 1, 3], None, 1);
    let times: Vec<_> = schedule.slots().iter().map(|slot| (slot.start, slot.end)).collect();
    assert_eq!(times, [(0, 5), (5, 6), (6, 9)]);
    assert!((Bounds::new(&[5, 1, 3], None).ceiling(1) - 1.0).abs() < 1e-12);
}

#[test]
fn more_workers_than_tasks_take_as_long_as_the_longest_task() {
    assert_eq!(Schedule::new(&[5, 1, 3], None, 10).makespan(), 5);
    let bounds = Bounds::new(&[5, 1, 3], None);
    assert!((bounds.makespan(10) - 5.0).abs() < 1e-12 && bounds.path_decides(10) && !bounds.path_decides(1));
}

#[test]
fn nothing_takes_no_time() {
    assert_eq!(Schedule::new(&[], None, 3).makespan(), 0);
    assert_eq!(Schedule::new(&[], Some(&Graph::independent(0)), 3).order(), [0; 0]);
    let bounds = Bounds::new(&[], None);
    assert!((bounds.ceiling(3) - 1.0).abs() < 1e-12 && !bounds.path_decides(3));
}

#[test]
fn long_tasks_that_must_share_a_worker_raise_the_bound_also_where_there_is_a_graph() {
    assert!((Bounds::new(&[10, 10, 10, 1], None).makespan(2) - 20.0).abs() < 1e-12);
    let three_and_their_sum = Graph::new([vec![], vec![], vec![], vec![0, 1, 2]]).expect("inputs come first");
    assert!((Bounds::new(&[10, 10, 10, 0], Some(&three_and_their_sum)).ceiling(2) - 1.5).abs() < 1e-12);
}

#[test]
fn tasks_that_end_at_one_moment_make_way_together() {
    // 0 and 1 end at once. Taken one by one, the end of 0 would start 4, though that of 1 makes 2 and 3 ready.
    let graph = Graph::new([vec![], vec![], vec![1], vec![1], vec![], vec![3]]).expect("inputs come first");
    let schedule = Schedule::new(&[1, 1, 1, 1, 1, 3], Some(&graph), 2);
    let starts: Vec<u64> = schedule.slots().iter().map(|slot| slot.start).collect();
    assert_eq!((starts, schedule.makespan()), (vec![0, 0, 1, 1, 2, 2], 5));
}

#[test]
fn costs_beyond_64_bits_stay_at_the_longest_time_there_is() {
    let costs = [u64::MAX, u64::MAX, 1];
    let chain = Graph::new([vec![], vec![0], vec![1]]).expect("inputs come first");
    assert_eq!(Schedule::new(&costs, Some(&chain), 2).makespan(), u64::MAX);
    let bounds = Bounds::new(&costs, Some(&chain));
    assert_eq!((bounds.work(), bounds.critical_path()), (u64::MAX, u64::MAX));
    assert!(bounds.ceiling(2) >= 1.0);
}

#[test]
fn a_hundred_thousand_tasks_on_one_worker_are_bounded_at_once() {
    let costs: Vec<u64> = (0..if cfg!(miri) { 100 } else { 100_000 }).collect();
    let bounds = Bounds::new(&costs, None);
    assert!((bounds.makespan(1) - costs.iter().sum::<u64>() as f64).abs() < 1.0);
}
