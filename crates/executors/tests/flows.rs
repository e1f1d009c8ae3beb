//! Flows of any shape under every executor.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use centurion_executors::{Executor, Flow, Panic, Start, VirtualTime, Workers, all, find, run_scoped};
use centurion_graph::{Bounds, Graph};
use proptest::prelude::*;

/// Graphs of up to 60 tasks with up to 5 inputs each, which may name an input twice.
fn graphs() -> impl Strategy<Value = Graph> {
    let task = prop::collection::vec(any::<prop::sample::Index>(), 0..=5);
    prop::collection::vec(task, 0..60).prop_map(|tasks| {
        let inputs = tasks.into_iter().enumerate().map(|(task, inputs)| {
            inputs.into_iter().take(task * 5).map(move |input| input.index(task)).collect::<Vec<_>>()
        });
        Graph::new(inputs).expect("inputs come first")
    })
}

/// Every executor of the list that can have that many workers, and virtual time.
fn executors(workers: usize) -> Vec<(&'static str, Box<dyn Executor>)> {
    let fits = |allowed| allowed != Workers::One || workers == 1;
    let mut executors: Vec<(_, Box<dyn Executor>)> = all()
        .into_iter()
        .filter(|factory| fits(factory.workers))
        .map(|factory| (factory.name, factory.start(&Start::workers(workers)).expect("it starts")))
        .collect();
    executors.push(("virtual time", Box::new(VirtualTime::new(workers, vec![3, 1, 4, 1, 5, 9, 2, 6]))));
    executors
}

/// Values that depend on every input, its place among the inputs, and how often its task ran.
struct Values(Vec<AtomicU64>);

impl Values {
    fn new(graph: &Graph) -> Self {
        Self(graph.tasks().map(|_| AtomicU64::new(0)).collect())
    }

    fn compute(&self, graph: &Graph, task: usize) {
        let mix = |mixed: u64, &input: &u32| {
            mixed.rotate_left(7).wrapping_mul(31).wrapping_add(self.0[input as usize].load(Ordering::Relaxed))
        };
        let value = graph.inputs(task).iter().fold(task as u64 + 1, mix);
        self.0[task].fetch_add(value, Ordering::Relaxed);
    }

    fn all(&self) -> Vec<u64> {
        self.0.iter().map(|value| value.load(Ordering::Relaxed)).collect()
    }

    fn one_by_one(graph: &Graph) -> Vec<u64> {
        let values = Self::new(graph);
        graph.tasks().for_each(|task| values.compute(graph, task));
        values.all()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_executor_computes_what_one_by_one_computes(graph in graphs(), workers in 1usize..5) {
        let (expected, graph) = (Values::one_by_one(&graph), Arc::new(graph));
        for (name, executor) in executors(workers) {
            let values = Arc::new(Values::new(&graph));
            let (within, filled) = (Arc::clone(&graph), Arc::clone(&values));
            let flow = Flow::new(Arc::clone(&graph), move |task| filled.compute(&within, task));
            executor.execute_flow(&flow);
            prop_assert_eq!(values.all(), &*expected, "{} on {} workers", name, workers);
        }
    }

    #[test]
    fn tasks_that_borrow_compute_it_too(graph in graphs(), workers in 1usize..5) {
        let (values, graph) = (Values::new(&graph), Arc::new(graph));
        let panics = run_scoped(&graph, workers, &|task| values.compute(&graph, task));
        prop_assert_eq!(values.all(), Values::one_by_one(&graph));
        prop_assert!(panics.is_empty());
    }

    #[test]
    fn virtual_time_keeps_to_grahams_bound(graph in graphs(), workers in 1usize..5) {
        let costs: Vec<u64> = graph.tasks().map(|task| task as u64 * 7919 % 100).collect();
        let executor = VirtualTime::new(workers, costs.clone());
        let graph = Arc::new(graph);
        executor.execute_flow(&Flow::new(Arc::clone(&graph), |_| ()));
        let (makespan, p) = (executor.makespan() as f64, workers as f64);
        let (work, path) = (costs.iter().sum::<u64>() as f64, graph.critical_path(&costs).cost as f64);
        prop_assert!(makespan >= Bounds::new(&costs, Some(&graph)).makespan(workers));
        prop_assert!(makespan <= work / p + (1.0 - 1.0 / p) * path + 1e-6);
    }
}

/// Runs a flow of this graph that counts its tasks.
fn count(executor: &dyn Executor, graph: Graph) -> usize {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    executor.execute_flow(&Flow::new(graph.into(), move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    }));
    count.load(Ordering::Relaxed)
}

/// A chain each of whose links has a second dependent, which comes first: what goes on is handed over.
fn comb(len: usize) -> Graph {
    Graph::new((0..len).map(|task| (task >= 2).then(|| (task - 2) / 2 * 2 + 1))).expect("inputs come first")
}

#[test]
fn a_deep_graph_that_changes_hands_at_every_step_does_not_overflow_the_stack() {
    for name in ["std-counter", "crossbeam-deque", "rayon", "rayon-each"] {
        let executor = find(name).expect("it is in the list").start(&Start::workers(2)).expect("it starts");
        assert_eq!(count(&*executor, comb(100_000)), 100_000, "{name}");
    }
}

#[test]
fn a_graph_of_a_million_tasks_runs() {
    let side = 1_000;
    let inputs = |task: usize| {
        let left = (!task.is_multiple_of(side)).then(|| task - 1);
        left.into_iter().chain(task.checked_sub(side))
    };
    let graph = Graph::new((0..side * side).map(inputs)).expect("inputs come first");
    let executor = find("rayon").expect("it is in the list").start(&Start::workers(2)).expect("it starts");
    assert_eq!(count(&*executor, graph), side * side);
}

#[test]
fn a_panic_of_a_task_that_borrows_is_kept_and_its_dependents_run() {
    let graph = Arc::new(Graph::new([vec![], vec![0], vec![1]]).expect("inputs come first"));
    let count = AtomicUsize::new(0);
    let panics = run_scoped(&graph, 8, &|task| {
        count.fetch_add(1, Ordering::Relaxed);
        if task == 1 {
            std::panic::resume_unwind(Box::new("gave up"));
        }
    });
    assert_eq!(panics, BTreeMap::from([(1, Panic { message: "gave up".into() })]));
    assert_eq!(count.into_inner(), 3);
}

#[test]
fn a_panic_with_something_that_panics_when_it_is_dropped_is_kept() {
    struct EndlessPayload;
    impl Drop for EndlessPayload {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new(Self));
        }
    }
    for (name, executor) in executors(2) {
        let flow = Flow::new(Graph::independent(100).into(), |task| {
            if task % 10 == 3 {
                std::panic::resume_unwind(Box::new(EndlessPayload));
            }
        });
        executor.execute_flow(&flow);
        assert_eq!(flow.panics().len(), 10, "{name}");
    }
}
