//! Counting the inputs that tasks still wait for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use centurion_graph::Graph;

/// How many inputs each task still waits for, in one execution of a graph.
pub struct Countdown {
    graph: Arc<Graph>,
    missing: Box<[AtomicU32]>,
}

impl Countdown {
    /// Every task waits for all its inputs.
    pub fn new(graph: &Arc<Graph>) -> Self {
        let missing = graph.tasks().map(|task| AtomicU32::new(graph.inputs(task).len() as u32));
        Self { missing: missing.collect(), graph: Arc::clone(graph) }
    }

    /// Notes that a task has ended, and returns the dependents that waited for nothing else. To be called once
    /// for every task, and iterated to the end. What happened before the inputs of a task ended, on any thread,
    /// happened before the task is returned here.
    pub fn end(&self, task: usize) -> impl Iterator<Item = usize> {
        let last = |&&dependent: &&u32| self.missing[dependent as usize].fetch_sub(1, Ordering::AcqRel) == 1;
        self.graph.dependents(task).iter().filter(last).map(|&dependent| dependent as usize)
    }
}
