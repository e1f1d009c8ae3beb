//! The flow of tasks an executor is handed when they need each other.

use std::collections::BTreeMap;
use std::future::Future;
use std::ops::Range;
use std::sync::Arc;

use centurion_graph::Graph;
use centurion_wait::{Running, Wait};

use crate::{Bag, Countdown, Panic, Refusal};

/// Tasks that need each other: a [`Bag`] with a [`Graph`] that says which task comes after which others. Cheap
/// to clone, `'static`, and may be executed any number of times, also at the same time.
///
/// Running a task never unwinds: a panic is caught and kept, and the tasks that depend on it run all the same,
/// for only the caller knows what a failure means to them.
#[derive(Clone)]
pub struct Flow {
    graph: Arc<Graph>,
    tasks: Bag,
}

impl Flow {
    /// A flow over the tasks of a graph; task `i` calls `task(i)`.
    pub fn new(graph: Arc<Graph>, task: impl Fn(usize) + Send + Sync + 'static) -> Self {
        Self { tasks: Bag::new(graph.len(), task), graph }
    }

    /// A flow of tasks that wait; task `i` is the future `start(i, wait)`, as in [`Bag::waiting`].
    pub fn waiting<F: Future<Output = ()> + Send + 'static>(
        graph: Arc<Graph>,
        start: impl Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
    ) -> Self {
        Self { tasks: Bag::waiting(graph.len(), start), graph }
    }

    /// Who needs whom.
    pub fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }

    /// Its tasks, as a bag: whoever runs them sees to the order.
    pub(crate) fn bag(&self) -> &Bag {
        &self.tasks
    }

    /// Number of tasks.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Runs one task on this thread, its inputs having ended. Never unwinds.
    pub fn run(&self, task: usize) {
        self.tasks.run(task);
    }

    /// One task as a future, its inputs having ended. Neither polling nor dropping it unwinds.
    pub fn start(&self, task: usize, wait: &'static dyn Wait) -> Running<()> {
        self.tasks.start(task, wait)
    }

    /// Runs the tasks of a range in order on this thread; their inputs outside it have ended. The whole range is
    /// an order in which a flow can run. Never unwinds.
    pub fn run_range(&self, tasks: Range<usize>) {
        self.tasks.run_range(tasks);
    }

    /// Runs a task and then, one after another, the first dependent each has made ready; hands every other
    /// dependent made ready to `share`, before it runs on. Returns how many tasks it ran. Never unwinds, unless
    /// `share` does.
    pub fn follow(&self, countdown: &Countdown, task: usize, mut share: impl FnMut(usize)) -> usize {
        let (mut next, mut ended) = (Some(task), 0);
        while let Some(task) = next {
            self.run(task);
            ended += 1;
            let mut ready = countdown.end(task);
            next = ready.next();
            ready.for_each(&mut share);
        }
        ended
    }

    /// Notes that threads were refused, as [`Bag::refuse`] does.
    pub fn refuse(&self, refusal: impl Into<Refusal>) {
        self.tasks.refuse(refusal);
    }

    /// The threads refused since this was last asked, as [`Bag::take_refusal`] says.
    pub fn take_refusal(&self) -> Option<Refusal> {
        self.tasks.take_refusal()
    }

    /// The panics caught so far, by task.
    pub fn panics(&self) -> BTreeMap<usize, Panic> {
        self.tasks.panics()
    }
}
