//! Making tasks of closures that wait.

use std::future::Future;
use std::ops::Deref;
use std::panic::Location;
use std::sync::Arc;

use centurion_wait::Wait;

use crate::action::Waits;
use crate::inputs::Inputs;
use crate::metadata::TaskName;
use crate::node::Node;
use crate::{All, Delayed, Failure, Settled, TaskError, TaskFault};

/// The result of a task that has one, for a future to keep while it waits.
pub struct Computed<'env, T>(pub(crate) Delayed<'env, T>);

impl<T: Clone> Computed<'_, T> {
    /// The result to keep, as by [`then_owned`](Delayed::then_owned).
    pub fn into_owned(self) -> T {
        self.0.into_value()
    }
}

impl<T> Deref for Computed<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.value()
    }
}

/// A task that waits: a future, begun when it is asked for. It waits with what it is handed, or for whatever the
/// executor's runtime can wait for. On an async runtime it gives its thread back meanwhile, on threads it keeps its own.
///
/// ```
/// use std::time::Duration;
/// use centurion_delayed::{all, delayed_async};
/// use centurion_executors::{Start, find};
///
/// let agents: Vec<_> = (0..100).map(|agent| delayed_async(move |wait| async move {
///     wait.sleep(Duration::from_millis(5)).await;
///     agent
/// })).collect();
/// let best = all(&agents).then_async(|answers, wait| async move {
///     wait.sleep(Duration::from_millis(5)).await;
///     answers.iter().map(|answer| **answer).max()
/// });
/// # #[cfg(feature = "runtimes")] {
/// let executor = find("tokio").unwrap().start(&Start::workers(100))?;
/// assert_eq!(best.compute(&*executor)?, &Some(99)); // a hundred wait at once, on as many threads as there are CPUs
/// # }
/// # assert_eq!(best.compute_scoped(100)?, &Some(99));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[track_caller]
pub fn delayed_async<'env, T, F>(task: impl FnOnce(&'static dyn Wait) -> F + Send + 'env) -> Delayed<'env, T>
where
    T: Send + Sync + 'env,
    F: Future<Output = T> + Send + 'env,
{
    Delayed::waiting(Location::caller(), (), move |(), wait| done(task(wait)))
}

/// A task that waits and may fail, as in [`try_delayed`](crate::try_delayed).
#[track_caller]
pub fn try_delayed_async<'env, T, E, F>(
    task: impl FnOnce(&'static dyn Wait) -> F + Send + 'env,
) -> Delayed<'env, T>
where
    T: Send + Sync + 'env,
    E: TaskFault + 'env,
    F: Future<Output = Result<T, E>> + Send + 'env,
{
    Delayed::waiting(Location::caller(), (), move |(), wait| tried(task(wait)))
}

pub(crate) async fn done<T>(task: impl Future<Output = T>) -> Result<T, TaskError> {
    Ok(task.await)
}

pub(crate) async fn tried<T, E: TaskFault>(task: impl Future<Output = Result<T, E>>) -> Result<T, TaskError> {
    task.await.map_err(Into::into)
}

impl<'env, T: Send + Sync + 'env> Delayed<'env, T> {
    pub(crate) fn waiting<I: Inputs + 'env, F: Future<Output = Result<T, TaskError>> + Send + 'env>(
        written: &'static Location<'static>,
        inputs: I,
        task: impl FnOnce(I, &'static dyn Wait) -> F + Send + 'env,
    ) -> Self {
        Self { task: Arc::new(Node::new(TaskName::Written(written), inputs, Waits(task))) }
    }

    /// A task that waits, with this one's result.
    #[track_caller]
    pub fn then_async<U, F>(
        &self,
        task: impl FnOnce(Computed<'env, T>, &'static dyn Wait) -> F + Send + 'env,
    ) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        F: Future<Output = U> + Send + 'env,
    {
        let begin = move |input, wait| done(task(Computed(input), wait));
        Delayed::waiting(Location::caller(), self.clone(), begin)
    }

    /// The same for a `task` that may fail, as in [`try_delayed_async`].
    #[track_caller]
    pub fn try_then_async<U, E, F>(
        &self,
        task: impl FnOnce(Computed<'env, T>, &'static dyn Wait) -> F + Send + 'env,
    ) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        E: TaskFault + 'env,
        F: Future<Output = Result<U, E>> + Send + 'env,
    {
        let begin = move |input, wait| tried(task(Computed(input), wait));
        Delayed::waiting(Location::caller(), self.clone(), begin)
    }

    /// A task that waits, with this one's result and that of another, of any type.
    #[track_caller]
    pub fn with_async<B, U, F>(
        &self,
        other: &Delayed<'env, B>,
        task: impl FnOnce(Computed<'env, T>, Computed<'env, B>, &'static dyn Wait) -> F + Send + 'env,
    ) -> Delayed<'env, U>
    where
        B: Send + Sync + 'env,
        U: Send + Sync + 'env,
        F: Future<Output = U> + Send + 'env,
    {
        let begin = move |(a, b), wait| done(task(Computed(a), Computed(b), wait));
        Delayed::waiting(Location::caller(), (self.clone(), other.clone()), begin)
    }

    /// The same for a `task` that may fail, as in [`try_delayed_async`].
    #[track_caller]
    pub fn try_with_async<B, U, E, F>(
        &self,
        other: &Delayed<'env, B>,
        task: impl FnOnce(Computed<'env, T>, Computed<'env, B>, &'static dyn Wait) -> F + Send + 'env,
    ) -> Delayed<'env, U>
    where
        B: Send + Sync + 'env,
        U: Send + Sync + 'env,
        E: TaskFault + 'env,
        F: Future<Output = Result<U, E>> + Send + 'env,
    {
        let begin = move |(a, b), wait| tried(task(Computed(a), Computed(b), wait));
        Delayed::waiting(Location::caller(), (self.clone(), other.clone()), begin)
    }
}

impl<'env, T: Send + Sync + 'env> All<'env, T> {
    /// A task that waits, with the results in the order of the handles.
    #[track_caller]
    pub fn then_async<U, F>(
        self,
        task: impl FnOnce(Vec<Computed<'env, T>>, &'static dyn Wait) -> F + Send + 'env,
    ) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        F: Future<Output = U> + Send + 'env,
    {
        Delayed::waiting(Location::caller(), self.0, move |inputs, wait| done(task(computed(inputs), wait)))
    }

    /// The same for a `task` that may fail, as in [`try_delayed_async`].
    #[track_caller]
    pub fn try_then_async<U, E, F>(
        self,
        task: impl FnOnce(Vec<Computed<'env, T>>, &'static dyn Wait) -> F + Send + 'env,
    ) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        E: TaskFault + 'env,
        F: Future<Output = Result<U, E>> + Send + 'env,
    {
        Delayed::waiting(Location::caller(), self.0, move |inputs, wait| tried(task(computed(inputs), wait)))
    }
}

fn computed<T>(inputs: Box<[Delayed<'_, T>]>) -> Vec<Computed<'_, T>> {
    inputs.into_iter().map(Computed).collect()
}

impl<'env, T: Send + Sync + 'env> Settled<'env, T> {
    /// A task that waits, with the results and failures in the order of the handles.
    #[track_caller]
    pub fn then_async<U, F>(
        self,
        task: impl FnOnce(Vec<Result<Computed<'env, T>, Failure>>, &'static dyn Wait) -> F + Send + 'env,
    ) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        F: Future<Output = U> + Send + 'env,
    {
        Delayed::waiting(Location::caller(), self, move |inputs, wait| done(task(inputs.computed(), wait)))
    }

    /// The same for a `task` that may fail, as in [`try_delayed_async`].
    #[track_caller]
    pub fn try_then_async<U, E, F>(
        self,
        task: impl FnOnce(Vec<Result<Computed<'env, T>, Failure>>, &'static dyn Wait) -> F + Send + 'env,
    ) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        E: TaskFault + 'env,
        F: Future<Output = Result<U, E>> + Send + 'env,
    {
        Delayed::waiting(Location::caller(), self, move |inputs, wait| tried(task(inputs.computed(), wait)))
    }

    fn computed(self) -> Vec<Result<Computed<'env, T>, Failure>> {
        let outcome = |input: Delayed<'env, T>| match input.task.failure() {
            Some(failure) => Err(failure.clone()),
            None => Ok(Computed(input)),
        };
        self.0.into_iter().map(outcome).collect()
    }
}
