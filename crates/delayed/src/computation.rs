//! Running tasks beside whoever else runs some of them.

use std::mem;
use std::sync::{Arc, Mutex, OnceLock};

use crate::lock::lock;
use crate::steps::Steps;
use crate::task::{AnyTask, Attempt};
use crate::{Limits, Why};

/// What is to be run.
pub(crate) struct PlannedWork<'env> {
    pub(crate) tasks: Vec<AnyTask<'env>>,
    pub(crate) steps: Steps,
}

/// One computation. Two that share tasks may run at the same time: a task belongs to whoever begins it first.
///
/// A worker never waits for a task that was begun elsewhere: it leaves alone what needs it and goes on, for
/// what it would wait for might lie beneath it on its own stack. Only the thread that computes waits, while it
/// runs nothing, and then makes another pass.
pub(crate) struct Computation<'env> {
    work: Arc<PlannedWork<'env>>,
    limits: Limits,
    stopped: OnceLock<Why>,
    elsewhere: Mutex<Vec<usize>>,
}

impl<'env> Computation<'env> {
    pub(crate) fn new(work: &Arc<PlannedWork<'env>>, limits: &Limits) -> Self {
        let (work, limits) = (Arc::clone(work), limits.clone());
        Self { work, limits, stopped: OnceLock::new(), elsewhere: Mutex::default() }
    }

    /// Makes passes until nothing is left to run, and says why something is left all the same. `pass` calls
    /// [`step`](Self::step) with every step.
    pub(crate) fn passes(&self, pass: impl Fn()) -> Option<Why> {
        loop {
            pass();
            let elsewhere = mem::take(&mut *lock(&self.elsewhere));
            if self.stopped.get().is_some() || elsewhere.is_empty() {
                return self.stopped.get().cloned();
            }
            let waited = elsewhere.iter().filter(|&&task| self.work.tasks[task].wait());
            if waited.count() == 0 {
                return Some(Why::Deadlock);
            }
        }
    }

    /// Runs the tasks of a step as far as they can be run.
    pub(crate) fn step(&self, step: usize) {
        for task in self.work.steps.tasks(step) {
            if let Some(why) = self.limits.reached() {
                self.stopped.get_or_init(|| why);
                return;
            }
            match self.work.tasks[task].run() {
                Attempt::Ended => {}
                Attempt::Pending => return,
                Attempt::Elsewhere => return lock(&self.elsewhere).push(task),
            }
        }
    }
}
