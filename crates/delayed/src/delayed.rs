//! The handle of a task that runs later, if at all.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use centurion_executors::Executor;

use crate::card::Name;
use crate::inputs::Inputs;
use crate::node::{AnyTask, Node, Typed};
use crate::{Failure, Plan};

/// A handle of a task that runs when its result is asked for, and once at most. Cheap to clone; clones are
/// handles of the same task.
///
/// The handle is all there is: a task holds the handles of its inputs, so what nobody holds is gone, a task can
/// only need tasks that were there before it, and graphs that share tasks need no bookkeeping.
///
/// A task that borrows, for `'env`, is computed by [`compute_scoped`](Self::compute_scoped). One that does not
/// is computed on any executor.
///
/// A task needs what outlives it:
///
/// ```compile_fail,E0597
/// # use centurion_delayed::delayed;
/// let length = {
///     let words = vec!["a", "word"];
///     delayed(|| words.len()) // `words` does not live long enough
/// };
/// length.compute_scoped(2);
/// ```
///
/// Only a task that borrows nothing runs on an executor, for a pool's threads may outlive the caller:
///
/// ```compile_fail,E0373
/// # use centurion_delayed::delayed;
/// # use centurion_executors::{Start, find};
/// # let executor = find("rayon").unwrap().start(&Start::workers(2)).unwrap();
/// let words = vec!["a", "word"];
/// delayed(|| words.len()).compute(&*executor); // the closure may outlive `words`
/// ```
///
/// A result belongs to its task, whose handle must outlive it:
///
/// ```compile_fail,E0716
/// # use centurion_delayed::delayed;
/// let answer = delayed(|| 42).compute_scoped(2); // a temporary value is dropped while borrowed
/// println!("{answer:?}");
/// ```
///
/// Inputs have types, and what tasks share can be shared by threads:
///
/// ```compile_fail,E0631
/// # use centurion_delayed::delayed;
/// delayed(|| 42).then(|text: &String| text.len()); // expected `&i32`
/// ```
///
/// ```compile_fail,E0277
/// # use centurion_delayed::delayed;
/// delayed(|| std::rc::Rc::new(42)); // `Rc` cannot be shared between threads
/// ```
///
/// A task cannot need itself:
///
/// ```compile_fail,E0425
/// # use centurion_delayed::delayed;
/// let snake = delayed(|| 1).with(&snake, |one, tail| one + tail); // there is no `snake` yet
/// ```
pub struct Delayed<'env, T> {
    pub(crate) task: Arc<dyn Typed<T> + 'env>,
}

/// A handle that has forgotten the type of its result, to ask for results of several types at once.
#[derive(Clone)]
pub struct AnyDelayed<'env>(pub(crate) AnyTask<'env>);

/// A task that calls `task` when it is asked for.
///
/// ```
/// use centurion_delayed::delayed;
///
/// let answer = delayed(|| 6 * 7); // nothing has run yet
/// assert_eq!(answer.compute_scoped(1).unwrap(), &42);
/// ```
#[track_caller]
pub fn delayed<'env, T>(task: impl FnOnce() -> T + Send + 'env) -> Delayed<'env, T>
where
    T: Send + Sync + 'env,
{
    Delayed::new(Location::caller(), (), move |()| Ok(task()))
}

/// A task that may fail: an error fails this task and those that need it, and is kept as it displays.
///
/// ```
/// use centurion_delayed::try_delayed;
///
/// let number = try_delayed(|| "4x2".parse::<i32>()).named("number");
/// let double = number.then(|number| number * 2).named("double");
/// let failure = double.compute_scoped(1).unwrap_err();
/// assert_eq!(failure.to_string(), "double needs number, which failed: invalid digit found in string");
/// ```
#[track_caller]
pub fn try_delayed<'env, T, E>(task: impl FnOnce() -> Result<T, E> + Send + 'env) -> Delayed<'env, T>
where
    T: Send + Sync + 'env,
    E: fmt::Display,
{
    Delayed::new(Location::caller(), (), move |()| task().map_err(text))
}

pub(crate) fn text(error: impl fmt::Display) -> String {
    error.to_string()
}

impl<'env, T: Send + Sync + 'env> Delayed<'env, T> {
    pub(crate) fn new<I: Inputs + 'env>(
        written: &'static Location<'static>,
        inputs: I,
        task: impl FnOnce(&I) -> Result<T, String> + Send + 'env,
    ) -> Self {
        Self { task: Arc::new(Node::new(Name::Written(written), inputs, task)) }
    }

    /// A task that calls `task` with this one's result.
    #[track_caller]
    pub fn then<U>(&self, task: impl FnOnce(&T) -> U + Send + 'env) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
    {
        Delayed::new(Location::caller(), self.clone(), move |input| Ok(task(input.value())))
    }

    /// The same for a `task` that may fail, as in [`try_delayed`].
    #[track_caller]
    pub fn try_then<U, E>(&self, task: impl FnOnce(&T) -> Result<U, E> + Send + 'env) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        E: fmt::Display,
    {
        Delayed::new(Location::caller(), self.clone(), move |input| task(input.value()).map_err(text))
    }

    /// A task that calls `task` with this one's result and that of another, of any type.
    #[track_caller]
    pub fn with<B, U>(
        &self,
        other: &Delayed<'env, B>,
        task: impl FnOnce(&T, &B) -> U + Send + 'env,
    ) -> Delayed<'env, U>
    where
        B: Send + Sync + 'env,
        U: Send + Sync + 'env,
    {
        let inputs = (self.clone(), other.clone());
        Delayed::new(Location::caller(), inputs, move |(a, b)| Ok(task(a.value(), b.value())))
    }

    /// The same for a `task` that may fail, as in [`try_delayed`].
    #[track_caller]
    pub fn try_with<B, U, E>(
        &self,
        other: &Delayed<'env, B>,
        task: impl FnOnce(&T, &B) -> Result<U, E> + Send + 'env,
    ) -> Delayed<'env, U>
    where
        B: Send + Sync + 'env,
        U: Send + Sync + 'env,
        E: fmt::Display,
    {
        let inputs = (self.clone(), other.clone());
        Delayed::new(Location::caller(), inputs, move |(a, b)| task(a.value(), b.value()).map_err(text))
    }

    /// Runs this task and whatever it needs that has not run, on scoped threads of its own, and returns its
    /// result. Tasks may borrow what outlives them:
    ///
    /// ```
    /// use centurion_delayed::{all, delayed};
    ///
    /// let words = vec!["lazy".to_owned(), "task".to_owned(), "graphs".to_owned()];
    /// let lengths = words.iter().map(|word| delayed(|| word.len()));
    /// let longest = all(lengths).then(|lengths| lengths.iter().copied().max().copied());
    /// assert_eq!(longest.compute_scoped(2).unwrap(), &Some(6));
    /// ```
    ///
    /// # Errors
    /// When this task has failed, now or before.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn compute_scoped(&self, workers: usize) -> Result<&T, Failure> {
        Plan::of([self]).compute_scoped(workers).map(|()| self.value())
    }
}

impl<T: Send + Sync + 'static> Delayed<'static, T> {
    /// Runs this task and whatever it needs that has not run, on the executor, and returns its result.
    ///
    /// ```
    /// use centurion_delayed::{delayed, tree};
    /// use centurion_executors::{Start, find};
    ///
    /// let executor = find("rayon").unwrap().start(&Start::workers(2))?;
    /// let squares = (1..=100).map(|n| delayed(move || n * n));
    /// let sum = tree(squares, |a, b| a + b).unwrap();
    /// assert_eq!(sum.compute(&*executor)?, &338_350);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When this task has failed, now or before.
    ///
    /// # Panics
    /// When the executor breaks its promise and skips a task.
    pub fn compute(&self, executor: &dyn Executor) -> Result<&T, Failure> {
        Plan::of([self]).compute(executor).map(|()| self.value())
    }
}

impl<'env, T> Delayed<'env, T> {
    /// Names the task, for failures and drawings; otherwise it is called after the file and line that wrote it.
    /// The name is the task's, whichever of its handles is asked.
    #[must_use]
    pub fn named(self, name: impl Into<Arc<str>>) -> Self {
        self.task.card().rename(Name::Given(name.into()));
        self
    }

    /// The task's result or failure, if it has ended.
    pub fn outcome(&self) -> Option<Result<&T, &Failure>> {
        self.task.outcome().map(Result::as_ref)
    }

    /// How long the task itself took, without what it needs and without waiting; at least a nanosecond. `None`
    /// if it has not run.
    pub fn duration(&self) -> Option<Duration> {
        self.task.card().duration()
    }

    /// The same task without its type.
    pub fn any(&self) -> AnyDelayed<'env>
    where
        T: 'env,
    {
        AnyDelayed(self.task.clone())
    }

    /// The result of a task that has one.
    pub(crate) fn value(&self) -> &T {
        let outcome = self.task.outcome().expect("inputs have ended before a task begins");
        outcome.as_ref().expect("a task with a failed input does not run")
    }
}

impl<T> Clone for Delayed<'_, T> {
    fn clone(&self) -> Self {
        Self { task: self.task.clone() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Delayed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.task.card().name().to_string();
        f.debug_struct("Delayed").field("name", &name).field("outcome", &self.outcome()).finish()
    }
}

impl<'env, T: 'env> From<&Delayed<'env, T>> for AnyDelayed<'env> {
    fn from(handle: &Delayed<'env, T>) -> Self {
        handle.any()
    }
}
