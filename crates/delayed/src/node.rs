//! A task of the graph: what it needs and does until it has begun, and what came of it.

use std::future::{Future, poll_fn};
use std::mem::{self, needs_drop};
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;
use std::time::Instant;

use centurion_wait::Wait;

use crate::action::{Action, Begun, TaskError};
use crate::clock::now;
use crate::inputs::Inputs;
use crate::lock::lock;
use crate::metadata::{Metadata, TaskName};
use crate::nesting::{current_thread, nested};
use crate::panics::{catch, drop_quietly};
use crate::task::{AnyTask, Attempt, Task, TaskState, TypedTask};
use crate::{Failure, Why};

/// No thread has this number.
const NOBODY: usize = 0;

/// A task with inputs `I` that does `F`.
pub(crate) struct Node<T: Send + Sync, I: Inputs, F: Send> {
    metadata: Metadata,
    outcome: OnceLock<Result<T, Failure>>,
    own: Mutex<Own<I, F>>,
}

/// What changes under a task's lock.
struct Own<I, F> {
    name: TaskName,
    progress: TaskProgress<I, F>,
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
        let own = Mutex::new(Own { name, progress: TaskProgress::Waiting(inputs, task) });
        Self { metadata: Metadata::default(), outcome: OnceLock::new(), own }
    }

    /// Does what the task does, unless an input failed. Never unwinds, for who waits for this task would wait forever.
    fn call(&self, inputs: I, task: F, wait: &'static dyn Wait) -> Attempt<'_> {
        if inputs.state() == TaskState::Failed {
            drop_quietly(task);
            let mut causes = Vec::new();
            inputs.failures(&mut causes);
            self.set(Err(Why::Needs(causes)));
            return Attempt::Ended;
        }
        let begun = now();
        match catch(|| task.begin(inputs, wait)) {
            Ok(Begun::UnderWay(rest)) => return Attempt::UnderWay(Box::pin(self.finish(begun, rest))),
            Ok(Begun::Ended(result)) => self.end(begun, result.map_err(failed)),
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
            lock(&self.own).progress = TaskProgress::Begun(current_thread());
            let polled = catch(|| rest.poll(context));
            lock(&self.own).progress = TaskProgress::Begun(NOBODY);
            match polled {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(result)) => Poll::Ready(result.map_err(failed)),
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
        let outcome = outcome.map_err(|why| Failure::new(self.name(), why));
        assert!(self.outcome.set(outcome).is_ok(), "a task begins once");
    }

    /// Takes what is to be done, which only the first to ask gets, once all inputs have ended.
    fn begin(&self) -> Result<(I, F), Attempt<'static>> {
        let progress = &mut lock(&self.own).progress;
        match mem::replace(progress, TaskProgress::Begun(current_thread())) {
            TaskProgress::Waiting(inputs, task) if inputs.state() == TaskState::Pending => {
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

    fn take_outcome(&mut self) -> Option<Result<T, Failure>> {
        self.outcome.take()
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

    fn name(&self) -> TaskName {
        lock(&self.own).name.clone()
    }

    fn rename(&self, name: TaskName) {
        lock(&self.own).name = name;
    }

    fn waits(&self) -> bool {
        F::WAITS
    }

    fn state(&self) -> TaskState {
        match self.outcome.get() {
            None => TaskState::Pending,
            Some(Err(_)) => TaskState::Failed,
            Some(Ok(_)) => TaskState::Done,
        }
    }

    fn failure(&self) -> Option<&Failure> {
        self.outcome.get().and_then(|outcome| outcome.as_ref().err())
    }

    fn inputs<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        if let TaskProgress::Waiting(inputs, _) = &lock(&self.own).progress {
            inputs.tasks(into);
        }
    }

    fn run(&self, wait: &'static dyn Wait) -> Attempt<'_> {
        if self.outcome.get().is_some() {
            return Attempt::Ended;
        }
        match self.begin() {
            Ok((inputs, task)) => self.call(inputs, task, wait),
            Err(attempt) => attempt,
        }
    }

    fn is_under_way_elsewhere(&self) -> bool {
        match &lock(&self.own).progress {
            TaskProgress::Waiting(..) => false,
            TaskProgress::Begun(thread) => *thread != current_thread() && self.outcome.get().is_none(),
        }
    }

    fn wait(&self) -> bool {
        if self.is_under_way_elsewhere() {
            self.outcome.wait();
        }
        self.outcome.get().is_some()
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
        let progress = &mut self.own.get_mut().unwrap_or_else(PoisonError::into_inner).progress;
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
        let progress = &mut self.own.get_mut().unwrap_or_else(PoisonError::into_inner).progress;
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

fn failed(error: TaskError) -> Why {
    Why::Failed(error.into())
}
