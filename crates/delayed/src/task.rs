//! What is known of a task whatever its result, its inputs and what it does.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use centurion_wait::Wait;

use crate::Failure;
use crate::metadata::{Metadata, TaskName};

/// A task, whatever its result.
pub(crate) trait Task: Send + Sync {
    fn metadata(&self) -> &Metadata;

    fn name(&self) -> TaskName;

    fn rename(&self, name: TaskName);

    /// Whether it waits.
    fn waits(&self) -> bool;

    fn state(&self) -> TaskState;

    /// Why it has no result, if it has ended without one.
    fn failure(&self) -> Option<&Failure>;

    /// Whether it has begun and not ended, and not on this very thread.
    fn is_under_way_elsewhere(&self) -> bool;

    /// Appends the tasks it needs: none once it has begun.
    fn inputs<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e;

    /// Runs it on this thread, unless it has begun before or an input is missing. Never waits: what waits is under way
    /// then.
    fn run(&self, wait: &'static dyn Wait) -> Attempt<'_>;

    /// Waits until it has ended and returns true; returns false at once if it will not: because nobody has
    /// begun it, or this very thread has.
    fn wait(&self) -> bool;

    /// Drops what it does and what came of it, and appends what it needs.
    fn dismantle<'e>(&mut self, inputs: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e;
}

/// A task whose result is a `T`.
pub(crate) trait TypedTask<T>: Task {
    fn outcome(&self) -> Option<&Result<T, Failure>>;

    /// Takes what came of it from the last who can ask.
    fn take_outcome(&mut self) -> Option<Result<T, Failure>>;
}

/// A shared task. The trait has no lifetime of its own, so that a longer `'e` can stand for a shorter one.
pub(crate) type AnyTask<'e> = Arc<dyn Task + 'e>;

/// What has become of a task, or of several together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TaskState {
    Pending,
    Failed,
    Done,
}

impl TaskState {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed, _) | (_, Self::Failed) => Self::Failed,
            (Self::Pending, _) | (_, Self::Pending) => Self::Pending,
            (Self::Done, Self::Done) => Self::Done,
        }
    }
}

/// What a task that waits still has to do.
pub(crate) type RestOfTask<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// What came of an attempt to run a task.
pub(crate) enum Attempt<'a> {
    /// It has ended, now or before.
    Ended,
    /// It waits, and is to be polled to its end.
    UnderWay(RestOfTask<'a>),
    /// Another computation has begun it.
    Elsewhere,
    /// An input is missing.
    Pending,
}
