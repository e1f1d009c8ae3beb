//! What a computation tells while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::panics::catch;
use crate::task::{Task, TaskState};

/// A task of a plan has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanProgress {
    /// Tasks of this computation that have ended by now.
    pub ended: usize,
    /// Tasks of the plan.
    pub tasks: usize,
    /// Name of the task.
    pub task: String,
    /// What it took. `None` if it did not run, for an input had failed.
    pub took: Option<Duration>,
    /// Whether it failed.
    pub failed: bool,
}

/// Who is told.
pub(crate) type Listener<'env> = Arc<dyn Fn(&PlanProgress) + Send + Sync + 'env>;

/// Tells a listener of the tasks of one computation, if there is one.
pub(crate) struct ToldProgress<'env> {
    listener: Option<Listener<'env>>,
    ended: AtomicUsize,
}

impl<'env> ToldProgress<'env> {
    pub(crate) fn new(listener: Option<Listener<'env>>) -> Self {
        Self { listener, ended: AtomicUsize::new(0) }
    }

    /// Tells of a task that has ended.
    pub(crate) fn tell(&self, task: &dyn Task, tasks: usize) {
        let Some(listener) = &self.listener else { return };
        let progress = PlanProgress {
            ended: self.ended.fetch_add(1, Ordering::AcqRel) + 1,
            tasks,
            task: task.name().to_string(),
            took: task.metadata().duration(),
            failed: task.state() == TaskState::Failed,
        };
        let _nobody_s = catch(|| listener(&progress));
    }
}
