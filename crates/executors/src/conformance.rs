//! What every executor must do. Run it on your own with [`check`].

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ThreadId;

mod flows;

use crate::{Bag, Executor, Factory, Start, Workers, map};

/// Checks an executor that `start` starts with a given number of workers. `any_workers` says whether it
/// takes every number; otherwise it is only started with one.
///
/// # Panics
/// With a sentence that names the broken promise.
///
/// ```
/// use centurion_executors::{VirtualTime, conformance};
/// conformance::check(true, |workers| Box::new(VirtualTime::new(workers, vec![3, 1, 2])));
/// ```
pub fn check(any_workers: bool, start: impl Fn(usize) -> Box<dyn Executor>) {
    let counts: &[usize] = if any_workers { &[1, 2, 3, 8] } else { &[1] };
    for &workers in counts {
        let executor = start(workers);
        for len in [0, 1, 2, 7, 100, 1_000] {
            runs_every_task_exactly_once(&*executor, len);
        }
        keeps_results_in_order(&*executor);
        has_no_more_workers_than_it_says(&*executor);
        survives_panicking_tasks(&*executor);
        runs_every_task_exactly_once(&*executor, 100); // reuse after panics
        serves_two_callers_at_once(&*executor);
        works_side_by_side(&*executor, &*start(workers));
        flows::check(&*executor, &*start(workers));
        works_inside_its_own_task(start(workers));
    }
    flows::goes_deep(&*start(counts[counts.len() / 2]));
}

/// [`check`] for an executor of the workspace's list.
///
/// # Panics
/// With a sentence that names the broken promise, or when the executor does not start.
pub fn check_factory(factory: &Factory) {
    check(factory.workers == Workers::Any, |workers| {
        factory.start(&Start::workers(workers)).expect("the executor starts")
    });
}

fn runs_every_task_exactly_once(executor: &dyn Executor, len: usize) {
    let runs: Arc<[AtomicUsize]> = (0..len).map(|_| AtomicUsize::new(0)).collect();
    let counted = Arc::clone(&runs);
    executor.execute(&Bag::new(len, move |index| {
        counted[index].fetch_add(1, Ordering::Relaxed);
    }));
    for (index, runs) in runs.iter().enumerate() {
        let runs = runs.load(Ordering::Relaxed);
        assert_eq!(runs, 1, "task {index} of {len} ran {runs} times by the time execute returned");
    }
}

fn keeps_results_in_order(executor: &dyn Executor) {
    let results = map(executor, 100, |index| index * 3);
    let expected: Vec<_> = (0..100).map(|index| Ok(index * 3)).collect();
    assert_eq!(results, expected, "results are not in input order");
}

fn has_no_more_workers_than_it_says(executor: &dyn Executor) {
    let threads: HashSet<ThreadId> =
        map(executor, 200, |_| std::thread::current().id()).into_iter().flatten().collect();
    let (threads, workers) = (threads.len(), executor.workers());
    assert!(threads <= workers, "{threads} threads ran tasks, but it says it has {workers} workers");
}

fn survives_panicking_tasks(executor: &dyn Executor) {
    let results = map(executor, 100, |index| {
        // `resume_unwind` panics without the hook's message on standard error.
        if index % 10 == 3 {
            std::panic::resume_unwind(Box::new(format!("agent {index} gave up")));
        }
        index
    });
    for (index, result) in results.into_iter().enumerate() {
        match result {
            Ok(value) => assert!(value == index && index % 10 != 3, "task {index} has the result of {value}"),
            Err(panic) => assert_eq!(panic.message, format!("agent {index} gave up")),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the suite needs two callers")]
fn serves_two_callers_at_once(executor: &dyn Executor) {
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| runs_every_task_exactly_once(executor, 100));
        }
    });
}

fn works_side_by_side(one: &dyn Executor, other: &dyn Executor) {
    runs_every_task_exactly_once(one, 50);
    runs_every_task_exactly_once(other, 50);
    runs_every_task_exactly_once(one, 50);
}

fn works_inside_its_own_task(executor: Box<dyn Executor>) {
    let executor: Arc<dyn Executor> = executor.into();
    let inner = Arc::clone(&executor);
    let sums = map(&*executor, 4, move |outer| {
        map(&*inner, 10, move |index| outer * index)
            .into_iter()
            .map(|result| result.unwrap_or(0))
            .sum::<usize>()
    });
    assert_eq!(sums, [Ok(0), Ok(45), Ok(90), Ok(135)], "a bag run from inside a task gave wrong results");
    flows::works_inside_its_own_task(&executor);
}
