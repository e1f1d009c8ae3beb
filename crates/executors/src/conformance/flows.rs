//! What every executor must do with a flow.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use centurion_graph::Graph;

use crate::{Bag, Executor, Flow};

/// Checks what an executor does with flows.
pub(super) fn check(executor: &dyn Executor, other: &dyn Executor) {
    for graph in graphs() {
        Checked::new(graph).run(executor, 1);
    }
    has_no_more_workers_than_it_says(executor);
    releases_what_depends_on_a_panicking_task(executor);
    let stencil = stencil(20, 20);
    Checked::new(stencil.clone()).run(executor, 3); // reuse, after panics too
    serves_two_callers_at_once(executor, &stencil);
    for executor in [executor, other, executor] {
        Checked::new(stencil.clone()).run(executor, 1);
    }
}

/// Checks flows and bags inside a task of a flow.
pub(super) fn works_inside_its_own_task(executor: &Arc<dyn Executor>) {
    let (inner, graph) = (Arc::clone(executor), stencil(4, 3));
    let outer = Flow::new(stencil(3, 3).into(), move |_| {
        Checked::new(graph.clone()).run(&*inner, 1);
        inner.execute(&Bag::new(3, |_| ()));
    });
    executor.execute_flow(&outer);
    let panics = outer.panics();
    assert!(panics.is_empty(), "a flow run from inside a task went wrong: {panics:?}");
}

/// Checks that a chain this long neither overflows the stack nor takes a thread per task.
pub(super) fn goes_deep(executor: &dyn Executor) {
    Checked::new(chain(100_000)).run(executor, 1);
}

/// A flow whose tasks check that their inputs ran before them.
struct Checked {
    flow: Flow,
    /// How often each task has ended.
    runs: Arc<[AtomicUsize]>,
    /// Tasks that began too early, and their inputs that had not ended.
    early: Arc<Mutex<Vec<(usize, u32)>>>,
}

impl Checked {
    fn new(graph: Graph) -> Self {
        let runs: Arc<[AtomicUsize]> = graph.tasks().map(|_| AtomicUsize::new(0)).collect();
        let (graph, early) = (Arc::new(graph), Arc::<Mutex<Vec<_>>>::default());
        let (inputs, counted, noted) = (Arc::clone(&graph), Arc::clone(&runs), Arc::clone(&early));
        let flow = Flow::new(graph, move |task| {
            // Every execution in which this task has ended also ended its inputs, and so did this one.
            let ended = counted[task].load(Ordering::Acquire);
            let behind = |&&input: &&u32| counted[input as usize].load(Ordering::Acquire) <= ended;
            if let Some(&input) = inputs.inputs(task).iter().find(behind) {
                noted.lock().unwrap_or_else(PoisonError::into_inner).push((task, input));
            }
            counted[task].fetch_add(1, Ordering::AcqRel);
        });
        Self { flow, runs, early }
    }

    fn run(&self, executor: &dyn Executor, times: usize) {
        for time in 1..=times {
            executor.execute_flow(&self.flow);
            self.check(time);
        }
    }

    /// Checks that every task has run so often, never before its inputs.
    fn check(&self, times: usize) {
        let early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((task, input)) = early.first() {
            panic!("task {task} of a flow began before its input {input} had ended");
        }
        for (task, runs) in self.runs.iter().enumerate() {
            let (runs, len) = (runs.load(Ordering::Relaxed), self.flow.len());
            assert_eq!(
                runs, times,
                "task {task} of a flow of {len} ran {runs} times by the time execute_flow returned"
            );
        }
    }
}

fn has_no_more_workers_than_it_says(executor: &dyn Executor) {
    let threads = Arc::<Mutex<HashSet<_>>>::default();
    let seen = Arc::clone(&threads);
    executor.execute_flow(&Flow::new(stencil(20, 10).into(), move |_| {
        seen.lock().unwrap_or_else(PoisonError::into_inner).insert(std::thread::current().id());
    }));
    let threads = threads.lock().unwrap_or_else(PoisonError::into_inner).len();
    let workers = executor.workers();
    assert!(threads <= workers, "{threads} threads ran a flow, but it says it has {workers} workers");
}

fn releases_what_depends_on_a_panicking_task(executor: &dyn Executor) {
    let runs: Arc<[AtomicUsize]> = (0..100).map(|_| AtomicUsize::new(0)).collect();
    let counted = Arc::clone(&runs);
    let flow = Flow::new(stencil(10, 10).into(), move |task| {
        counted[task].fetch_add(1, Ordering::Relaxed);
        if task % 10 == 3 {
            std::panic::resume_unwind(Box::new(format!("task {task} gave up")));
        }
    });
    executor.execute_flow(&flow);
    let missed = runs.iter().position(|runs| runs.load(Ordering::Relaxed) != 1);
    assert_eq!(missed, None, "a task did not run once after others panicked");
    let panics = flow.panics();
    assert!(panics.keys().copied().eq((3..100).step_by(10)), "these panics were kept: {panics:?}");
    assert!(panics.iter().all(|(task, panic)| panic.message == format!("task {task} gave up")));
}

#[expect(clippy::disallowed_methods, reason = "the suite needs two callers")]
fn serves_two_callers_at_once(executor: &dyn Executor, graph: &Graph) {
    let shared = Checked::new(graph.clone());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                executor.execute_flow(&shared.flow);
                Checked::new(graph.clone()).run(executor, 2);
            });
        }
    });
    shared.check(2);
}

fn graphs() -> Vec<Graph> {
    let tree =
        (0..127).map(|task| if task < 64 { vec![] } else { vec![2 * (task - 64), 2 * (task - 64) + 1] });
    let fans = (0..55usize).map(|task| match task % 11 {
        0 => (task.saturating_sub(10)..task).collect(),
        _ => vec![task - task % 11],
    });
    let named_twice = [vec![], vec![0, 0], vec![1, 0, 1]];
    let last_needs_all = (0..50).map(|task| if task == 49 { (0..49).collect() } else { vec![] });
    let known =
        [graph(tree), graph(fans), graph(named_twice), graph(last_needs_all), chain(7), stencil(8, 8)];
    [0, 1, 2, 100].map(Graph::independent).into_iter().chain(known).collect()
}

fn graph(inputs: impl IntoIterator<Item = Vec<usize>>) -> Graph {
    Graph::new(inputs).expect("inputs come first")
}

fn chain(len: usize) -> Graph {
    Graph::new((0..len).map(|task| task.checked_sub(1))).expect("inputs come first")
}

/// Every task needs the one above it and that one's neighbours.
fn stencil(width: usize, steps: usize) -> Graph {
    graph((0..width * steps).map(|task| match task.checked_sub(width) {
        None => vec![],
        Some(above) => {
            let row = above - above % width;
            (above.saturating_sub(1).max(row)..=(above + 1).min(row + width - 1)).collect()
        }
    }))
}
