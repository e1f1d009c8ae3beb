//! Counting the inputs that tasks still wait for.

use std::sync::Arc;

use centurion_graph::Graph;

use crate::sync::atomic::{AtomicU32, Ordering};

/// How many inputs each task still waits for, in one execution of a graph: 4 bytes per task.
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

    /// Bytes it takes, beside the graph.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.missing)
    }

    /// Notes that a task has ended, and returns the dependents that waited for nothing else, in ascending
    /// order. To be called once for every task, and iterated to the end.
    ///
    /// Whatever came before the end of a task's inputs, on any thread, happened before the task is returned.
    pub fn end(&self, task: usize) -> impl Iterator<Item = usize> {
        let dependents = self.graph.dependents(task).iter().map(|&dependent| dependent as usize);
        dependents.filter(|&dependent| self.was_last(dependent))
    }

    /// Notes that one input of a task has ended. Whether it was the last.
    fn was_last(&self, task: usize) -> bool {
        let missing = &self.missing[task];
        // The last input finds 1 and needs no dearer operation, for nobody else will touch the counter.
        missing.load(Ordering::Acquire) == 1 || missing.fetch_sub(1, Ordering::AcqRel) == 1
    }
}
