//! A task of the graph: what it needs and does until it has begun, and what came of it.

use std::future::{Future, poll_fn};
use std::mem::{self, needs_drop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;
use std::time::Instant;

use centurion_executors::Panic;
use centurion_wait::Wait;

use crate::action::{Action, Begun};
use crate::clock::now;
use crate::inputs::Inputs;
use crate::lock::lock;
use crate::metadata::{Metadata, TaskName};
use crate::nesting::{current_thread, nested};
use crate::task::{AnyTask, Attempt, Task, TaskState, TypedTask};
use crate::{Failure, Why};

/// No thread has this number.
const NOBODY: usize = 0;

/// A task with inputs `I` that does `F`.
pub(crate) struct Node<T: Send + Sync, I: Inputs, F: Send> {
    metadata: Metadata,
    outcome: OnceLock<Result<T, Failure>>,
    progress: Mutex<TaskProgress<I, F>>,
}

enum TaskProgress<I, F> {
    Waiting(I, F),
    /// On the thread of this number, or on none while it waits.
    Begun(usize),
}

impl<T, I, F> Node<T, I, F>
where
    T: Send + Sync,
    I: Inputs,
    F: Action<I, T>,
{
    pub(crate) fn new(name: TaskName, inputs: I, task: F) -> Self {
        let progress = Mutex::new(TaskProgress::Waiting(inputs, task));
        Self { metadata: Metadata::new(name, F::WAITS), outcome: OnceLock::new(), progress }
    }

    /// Does what the task does, unless an input failed. Never unwinds, for who waits for this task would wait forever.
    fn call(&self, inputs: &I, task: F, wait: &'static dyn Wait) -> Attempt<'_> {
        if let TaskState::Failed(cause) = inputs.state() {
            drop_quietly(task);
            self.set(Err(Why::Needs(cause.clone())));
            return Attempt::Ended;
        }
        let begun = now();
        match catch(|| task.begin(inputs, wait)) {
            Ok(Begun::UnderWay(rest)) => return Attempt::UnderWay(Box::pin(self.finish(begun, rest))),
            Ok(Begun::Ended(result)) => self.end(begun, result.map_err(Why::Failed)),
            Err(why) => self.end(begun, Err(why)),
        }
        Attempt::Ended
    }

    /// Does the rest, beside which its thread does something else.
    async fn finish(&self, begun: Instant, rest: F::Rest) {
        let mut rest = pin!(Some(rest));
        let outcome = poll_fn(|context| {
            let Some(rest) = rest.as_mut().as_pin_mut() else {
                unreachable!("it is there until it has ended")
            };
            *lock(&self.progress) = TaskProgress::Begun(current_thread());
            let polled = catch(|| rest.poll(context));
            *lock(&self.progress) = TaskProgress::Begun(NOBODY);
            match polled {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(result)) => Poll::Ready(result.map_err(Why::Failed)),
                Err(why) => Poll::Ready(Err(why)),
            }
        })
        .await;
        let _nobody_s = catch(|| rest.set(None));
        self.end(begun, outcome);
    }

    fn end(&self, begun: Instant, outcome: Result<T, Why>) {
        self.metadata.took(now().duration_since(begun));
        self.set(outcome);
    }

    fn set(&self, outcome: Result<T, Why>) {
        let outcome = outcome.map_err(|why| Failure::new(self.metadata.name(), why));
        assert!(self.outcome.set(outcome).is_ok(), "a task begins once");
    }

    /// Takes what is to be done, which only the first to ask gets, once all inputs have ended.
    fn begin(&self) -> Result<(I, F), Attempt<'static>> {
        let mut progress = lock(&self.progress);
        match mem::replace(&mut *progress, TaskProgress::Begun(current_thread())) {
            TaskProgress::Waiting(inputs, task) if inputs.state().is_pending() => {
                *progress = TaskProgress::Waiting(inputs, task);
                Err(Attempt::Pending)
            }
            TaskProgress::Waiting(inputs, task) => Ok((inputs, task)),
            begun @ TaskProgress::Begun(_) => {
                *progress = begun;
                Err(if self.outcome.get().is_some() { Attempt::Ended } else { Attempt::Elsewhere })
            }
        }
    }
}

impl<T, I, F> TypedTask<T> for Node<T, I, F>
where
    T: Send + Sync,
    I: Inputs,
    F: Action<I, T>,
{
    fn outcome(&self) -> Option<&Result<T, Failure>> {
        self.outcome.get()
    }
}

impl<T, I, F> Task for Node<T, I, F>
where
    T: Send + Sync,
    I: Inputs,
    F: Action<I, T>,
{
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn state(&self) -> TaskState<'_> {
        match self.outcome.get() {
            None => TaskState::Pending,
            Some(Err(failure)) => TaskState::Failed(failure),
            Some(Ok(_)) => TaskState::Done,
        }
    }

    fn inputs<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        if let TaskProgress::Waiting(inputs, _) = &*lock(&self.progress) {
            inputs.tasks(into);
        }
    }

    fn run(&self, wait: &'static dyn Wait) -> Attempt<'_> {
        if self.outcome.get().is_some() {
            return Attempt::Ended;
        }
        match self.begin() {
            Ok((inputs, task)) => self.call(&inputs, task, wait),
            Err(attempt) => attempt,
        }
    }

    fn wait(&self) -> bool {
        let begun = match &*lock(&self.progress) {
            TaskProgress::Waiting(..) => false,
            TaskProgress::Begun(thread) => *thread != current_thread() || self.outcome.get().is_some(),
        };
        if begun {
            self.outcome.wait();
        }
        begun
    }

    fn dismantle<'e>(&mut self, inputs: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        self.take_apart(inputs);
    }
}

impl<T: Send + Sync, I: Inputs, F: Send> Node<T, I, F> {
    fn take_apart<'e>(&mut self, inputs: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        let progress = self.progress.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let TaskProgress::Waiting(needed, task) = mem::replace(progress, TaskProgress::Begun(NOBODY)) {
            needed.tasks(inputs);
            drop_quietly(task);
        }
        drop_quietly(self.outcome.take());
    }
}

/// What never ran needs what never ran, and so on for as long as the graph is deep: dropped one after another.
/// Only handles that a task's closure or result holds nest, which has an end as well. Never unwinds: the last handle
/// of a task may be an input's, dropped by a worker in the midst of another task.
impl<T: Send + Sync, I: Inputs, F: Send> Drop for Node<T, I, F> {
    fn drop(&mut self) {
        let progress = self.progress.get_mut().unwrap_or_else(PoisonError::into_inner);
        if matches!(progress, TaskProgress::Begun(_)) && !needs_drop::<T>() {
            return;
        }
        nested(|| {
            let mut tasks = Vec::new();
            self.take_apart(&mut tasks);
            while let Some(mut task) = tasks.pop() {
                if let Some(task) = Arc::get_mut(&mut task) {
                    task.dismantle(&mut tasks);
                }
            }
        });
    }
}

fn catch<T>(task: impl FnOnce() -> T) -> Result<T, Why> {
    catch_unwind(AssertUnwindSafe(task))
        .map_err(|payload| Why::Panicked(Panic::from_payload(payload).message))
}

/// Drops what is somebody else's. Which task would have to answer for a panic depends on who held the last handle, so
/// none does.
fn drop_quietly<T>(value: T) {
    let _nobody_s = catch(|| drop(value));
}
