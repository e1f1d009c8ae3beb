//! Running tasks beside whoever else runs some of them.

use std::mem;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, OnceLock};

use centurion_wait::{Blocking, Wait, block_on};

use crate::lock::lock;
use crate::steps::Steps;
use crate::task::{AnyTask, Attempt, RestOfTask};
use crate::{Limits, Why};

/// What is to be run.
pub(crate) struct PlannedWork<'env> {
    pub(crate) tasks: Vec<AnyTask<'env>>,
    pub(crate) steps: Steps,
    /// Whether any of the tasks waits.
    pub(crate) waits: bool,
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

    /// Runs the tasks of a step as far as they can be run, on this thread.
    pub(crate) fn step(&self, step: usize) {
        for task in self.work.steps.tasks(step) {
            match self.attempt(task, &Blocking) {
                ControlFlow::Break(()) => return,
                ControlFlow::Continue(rest) => rest.into_iter().for_each(block_on),
            }
        }
    }

    /// The same as a future, which gives its thread back while tasks wait.
    pub(crate) async fn waiting_step(&self, step: usize, wait: &'static dyn Wait) {
        for task in self.work.steps.tasks(step) {
            match self.attempt(task, wait) {
                ControlFlow::Break(()) => return,
                ControlFlow::Continue(None) => {}
                ControlFlow::Continue(Some(rest)) => rest.await,
            }
        }
    }

    /// Runs a task, unless a limit is reached, it has begun elsewhere or an input is missing. What it still has to do is
    /// under way.
    fn attempt(&self, task: usize, wait: &'static dyn Wait) -> ControlFlow<(), Option<RestOfTask<'_>>> {
        if let Some(why) = self.limits.reached() {
            self.stopped.get_or_init(|| why);
            return ControlFlow::Break(());
        }
        match self.work.tasks[task].run(wait) {
            Attempt::Ended => return ControlFlow::Continue(None),
            Attempt::UnderWay(rest) => return ControlFlow::Continue(Some(rest)),
            Attempt::Pending => {}
            Attempt::Elsewhere => lock(&self.elsewhere).push(task),
        }
        ControlFlow::Break(())
    }
}
