//! Computations that share tasks, at the same time and inside each other.
#![expect(clippy::disallowed_methods, reason = "the tests need several callers")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use centurion_delayed::{Delayed, all, compute_all, delayed, tree};
use centurion_executors::{Executor, Start, Workers, find};

fn executors(workers: usize) -> impl Iterator<Item = Arc<dyn Executor>> {
    centurion_executors::all().into_iter().map(move |factory| {
        let workers = if factory.workers == Workers::One { 1 } else { workers };
        factory.start(&Start::workers(workers)).expect("it starts").into()
    })
}

/// Layers of tasks that need three of the layer before each, and count their runs.
fn layers(runs: &Arc<AtomicUsize>) -> Vec<Delayed<'static, usize>> {
    const WIDTH: usize = 20;
    let count = |value| {
        let runs = Arc::clone(runs);
        move || {
            runs.fetch_add(1, Ordering::Relaxed);
            value
        }
    };
    let mut handles: Vec<_> = (0..WIDTH).map(|column| delayed(count(column))).collect();
    for task in WIDTH..10 * WIDTH {
        let run = count(0);
        let inputs = [task - WIDTH, task - WIDTH + 1, task - WIDTH / 2].map(|input| &handles[input]);
        let sum = all(inputs).then(move |inputs| run() + inputs.iter().copied().sum::<usize>() % 1_000);
        handles.push(sum);
    }
    handles
}

#[test]
fn callers_that_ask_for_overlapping_parts_at_once_get_the_same_and_run_each_task_once() {
    let expected: Vec<usize> = {
        let handles = layers(&Arc::default());
        handles.iter().map(|handle| *handle.compute_scoped(1).unwrap()).collect()
    };
    for executor in executors(2) {
        for _ in 0..20 {
            let runs = Arc::new(AtomicUsize::new(0));
            let (handles, start) = (layers(&runs), Barrier::new(4));
            thread::scope(|scope| {
                for caller in 0..4 {
                    let (handles, expected, executor, start) = (&handles, &expected, &executor, &start);
                    scope.spawn(move || {
                        start.wait();
                        for task in (caller..handles.len()).step_by(37) {
                            assert_eq!(handles[task].compute(&**executor), Ok(&expected[task]));
                        }
                        let all = compute_all(handles, &**executor);
                        assert!(all.into_iter().eq(expected.iter().map(Ok)));
                    });
                }
            });
            assert_eq!(runs.load(Ordering::Relaxed), handles.len());
        }
    }
}

#[test]
fn a_caller_waits_for_a_task_that_another_has_begun() {
    let (begun, go_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let slow = {
        let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
        delayed(move || {
            begun.wait();
            go_on.wait();
            20
        })
    };
    let (one, two) = (slow.then(|twenty| twenty + 1), slow.then(|twenty| twenty + 2));
    let quick = delayed(move || go_on.wait().is_leader());
    let both = two.with(&quick, |sum, _| *sum);
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(one.compute_scoped(1), Ok(&21)));
        begun.wait();
        // Its only worker finds `slow` begun and goes on to `quick`, without which `slow` would not end.
        assert_eq!(both.compute_scoped(1), Ok(&22));
    });
}

#[test]
fn tasks_compute_other_graphs_inside_on_the_same_executor() {
    for workers in [1, 3] {
        for executor in executors(workers) {
            let squares = |n: usize| {
                let inner = Arc::clone(&executor);
                delayed(move || {
                    let sum = tree((0..n).map(|i| delayed(move || i * i)), |a, b| a + b);
                    sum.map_or(0, |sum| *sum.compute(&*inner).unwrap())
                })
            };
            let sums: Vec<_> = (0..10).map(squares).collect();
            let total = all(&sums).then(|sums| sums.iter().copied().sum::<usize>());
            assert_eq!(
                total.compute(&*executor),
                Ok(&(0..10).flat_map(|n| (0..n).map(|i| i * i)).sum::<usize>())
            );
        }
    }
}

#[test]
fn tasks_compute_shared_handles_inside() {
    for executor in executors(3) {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let shared = delayed(move || counted.fetch_add(1, Ordering::Relaxed) + 1);
        let ask = |n: usize| {
            let (shared, inner) = (shared.clone(), Arc::clone(&executor));
            delayed(move || n + *shared.compute(&*inner).unwrap())
        };
        let asked: Vec<_> = (0..50).map(ask).collect();
        let results = compute_all(&asked, &*executor);
        assert!(results.into_iter().eq((1..=50).collect::<Vec<_>>().iter().map(Ok)));
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn a_task_may_make_and_return_a_graph() {
    let serial = find("serial").unwrap().start(&Start::workers(1)).unwrap();
    let outer = delayed(|| (0..10).map(|n| delayed(move || n)).collect::<Vec<_>>());
    let inner = outer.compute(&*serial).unwrap();
    assert_eq!(compute_all(inner, &*serial).len(), 10);
}
