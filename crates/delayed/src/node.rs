//! A task of the graph: what it needs and does until it has begun, and what came of it.

use std::mem::{self, needs_drop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use centurion_executors::Panic;

use crate::clock::now;
use crate::inputs::Inputs;
use crate::lock::lock;
use crate::metadata::{Metadata, TaskName};
use crate::nesting::{current_thread, nested};
use crate::task::{AnyTask, Attempt, Task, TaskState, TypedTask};
use crate::{Failure, Why};

/// A task with inputs `I` that does `F`.
pub(crate) struct Node<T: Send + Sync, I: Inputs, F: Send> {
    metadata: Metadata,
    outcome: OnceLock<Result<T, Failure>>,
    progress: Mutex<TaskProgress<I, F>>,
}

enum TaskProgress<I, F> {
    Waiting(I, F),
    /// On the thread of this number.
    Begun(usize),
}

impl<T, I, F> Node<T, I, F>
where
    T: Send + Sync,
    I: Inputs,
    F: FnOnce(&I) -> Result<T, String> + Send,
{
    pub(crate) fn new(name: TaskName, inputs: I, task: F) -> Self {
        let progress = Mutex::new(TaskProgress::Waiting(inputs, task));
        Self { metadata: Metadata::new(name), outcome: OnceLock::new(), progress }
    }

    /// Does what the task does, unless an input failed. Never unwinds, for who waits for this task would wait forever.
    fn call(&self, inputs: &I, task: F) -> Result<T, Why> {
        if let TaskState::Failed(cause) = inputs.state() {
            drop_quietly(task);
            return Err(Why::Needs(cause.clone()));
        }
        let begun = now();
        let result = catch(|| task(inputs));
        self.metadata.took(now().duration_since(begun));
        result
    }

    /// Takes what is to be done, which only the first to ask gets, once all inputs have ended.
    fn begin(&self) -> Result<(I, F), Attempt> {
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
    F: FnOnce(&I) -> Result<T, String> + Send,
{
    fn outcome(&self) -> Option<&Result<T, Failure>> {
        self.outcome.get()
    }
}

impl<T, I, F> Task for Node<T, I, F>
where
    T: Send + Sync,
    I: Inputs,
    F: FnOnce(&I) -> Result<T, String> + Send,
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

    fn run(&self) -> Attempt {
        if self.outcome.get().is_some() {
            return Attempt::Ended;
        }
        let (inputs, task) = match self.begin() {
            Ok(begun) => begun,
            Err(attempt) => return attempt,
        };
        let outcome = self.call(&inputs, task).map_err(|why| Failure::new(self.metadata.name(), why));
        assert!(self.outcome.set(outcome).is_ok(), "a task begins once");
        Attempt::Ended
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
        if let TaskProgress::Waiting(needed, task) = mem::replace(progress, TaskProgress::Begun(0)) {
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

fn catch<T>(task: impl FnOnce() -> Result<T, String>) -> Result<T, Why> {
    match catch_unwind(AssertUnwindSafe(task)) {
        Ok(result) => result.map_err(Why::Failed),
        Err(payload) => Err(Why::Panicked(Panic::from_payload(payload).message)),
    }
}

/// Drops what is somebody else's. Which task would have to answer for a panic depends on who held the last handle, so
/// none does.
fn drop_quietly<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        Panic::from_payload(payload);
    }
}
