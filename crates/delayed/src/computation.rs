//! Running tasks beside whoever else runs some of them.

use std::mem;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, OnceLock};

use centurion_wait::{Blocking, Wait, block_on};

use crate::lock::lock;
use crate::panics::note_places;
use crate::planned::PlannedWork;
use crate::progress::{Listener, ToldProgress};
use crate::task::{AnyTask, Attempt, RestOfTask, Task, TaskState};
use crate::{Limits, Why};

/// One computation. Two that share tasks may run at the same time: a task belongs to whoever begins it first.
///
/// A worker never waits for a task that was begun elsewhere: it leaves alone what needs it and goes on, for
/// what it would wait for might lie beneath it on its own stack. Only the thread that computes waits, while it
/// runs nothing, and then makes another pass.
pub(crate) struct Computation<'env> {
    work: Arc<PlannedWork<'env>>,
    limits: Limits,
    progress: ToldProgress<'env>,
    stopped: OnceLock<Why>,
    elsewhere: Mutex<Vec<usize>>,
}

impl<'env> Computation<'env> {
    pub(crate) fn new(
        work: &Arc<PlannedWork<'env>>,
        limits: &Limits,
        listener: Option<Listener<'env>>,
    ) -> Self {
        note_places();
        let (work, limits, progress) = (Arc::clone(work), limits.clone(), ToldProgress::new(listener));
        Self { work, limits, progress, stopped: OnceLock::new(), elsewhere: Mutex::default() }
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
            let ended = |task: &&usize| self.wait(**task);
            if elsewhere.iter().filter(ended).count() == 0 {
                return Some(Why::Deadlock);
            }
        }
    }

    /// Waits until a task that was begun elsewhere has ended or a limit is reached. Returns false at once if it will not
    /// end.
    fn wait(&self, task: usize) -> bool {
        self.work.tasks[task].held().is_none_or(|task| self.limits.wait(&*task))
    }

    /// Runs the tasks of a step as far as they can be run, on this thread.
    pub(crate) fn step(&self, step: usize) {
        for number in self.work.steps.tasks(step) {
            let Some(task) = self.work.tasks[number].held() else { continue };
            match self.attempt(number, &*task, &Blocking) {
                ControlFlow::Break(()) => return,
                ControlFlow::Continue(rest) => rest.into_iter().for_each(block_on),
            }
            self.end(number, task);
        }
    }

    /// The same as a future, which gives its thread back while tasks wait.
    pub(crate) async fn waiting_step(&self, step: usize, wait: &'static dyn Wait) {
        for number in self.work.steps.tasks(step) {
            let Some(task) = self.work.tasks[number].held() else { continue };
            match self.attempt(number, &*task, wait) {
                ControlFlow::Break(()) => return,
                ControlFlow::Continue(None) => {}
                ControlFlow::Continue(Some(rest)) => rest.await,
            }
            self.end(number, task);
        }
    }

    /// Runs a task, unless a limit is reached, it has begun elsewhere or an input is missing. What it still has to do is
    /// under way.
    fn attempt<'a>(
        &self,
        number: usize,
        task: &'a (dyn Task + 'env),
        wait: &'static dyn Wait,
    ) -> ControlFlow<(), Option<RestOfTask<'a>>> {
        if self.is_stopped() {
            return ControlFlow::Break(());
        }
        match task.run(wait) {
            Attempt::Ended => return ControlFlow::Continue(None),
            Attempt::UnderWay(rest) => return ControlFlow::Continue(Some(rest)),
            Attempt::Pending => {}
            Attempt::Elsewhere => lock(&self.elsewhere).push(number),
        }
        ControlFlow::Break(())
    }

    fn is_stopped(&self) -> bool {
        if self.stopped.get().is_none()
            && let Some(why) = self.limits.reached()
        {
            self.stopped.get_or_init(|| why);
        }
        self.stopped.get().is_some()
    }

    /// Sees to what follows from the end of a task, and lets go of it.
    fn end(&self, number: usize, task: AnyTask<'env>) {
        if self.limits.at_first_failure
            && task.state() == TaskState::Failed
            && let Some(failure) = task.failure()
        {
            self.stopped.get_or_init(|| Why::Stopped(failure.root().clone()));
        }
        self.progress.tell(&*task, self.work.tasks.len());
        self.work.tasks[number].let_go(task);
    }
}
