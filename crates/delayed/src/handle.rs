//! The handle of a task that runs later, if at all.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Failure;
use crate::metadata::TaskName;
use crate::task::{AnyTask, TypedTask};

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
/// What a task is lent it can't change; `then_owned` gives it the result to keep:
///
/// ```compile_fail,E0596
/// # use centurion_delayed::delayed;
/// delayed(|| vec![1]).then(|list| list.push(2)); // cannot borrow `*list` as mutable
/// ```
///
/// A result that others may hold as well has to be `Clone` to be kept; in an `Arc` anything is:
///
/// ```compile_fail,E0277
/// # use centurion_delayed::delayed;
/// # struct Answer;
/// delayed(|| Answer).then_owned(|answer| answer); // `Clone` is not implemented for `Answer`
/// ```
///
/// A handle is not its result:
///
/// ```compile_fail,E0369
/// # use centurion_delayed::delayed;
/// let sum = delayed(|| 1) + delayed(|| 2); // cannot add: `a.with(&b, |a, b| a + b)` can
/// ```
///
/// Nor is it one result after another, or yes or no, before it is computed:
///
/// ```compile_fail,E0277
/// # use centurion_delayed::delayed;
/// for number in delayed(|| [1, 2]) {} // is not an iterator
/// ```
///
/// ```compile_fail,E0308
/// # use centurion_delayed::delayed;
/// if delayed(|| true) {} // expected `bool`, found `Delayed<'_, bool>`
/// ```
///
/// Results of several types are asked for as `handle.any()`, and needed together by [`join!`](crate::join):
///
/// ```compile_fail,E0308
/// # use centurion_delayed::{Plan, delayed};
/// Plan::new([&delayed(|| 1), &delayed(|| "one")]); // mismatched types: `.any()` each
/// ```
///
/// ```compile_fail,E0308
/// # use centurion_delayed::{all, delayed};
/// all([&delayed(|| 1), &delayed(|| "one")]); // mismatched types: `join!`
/// ```
///
/// `?` needs to be told what errors become:
///
/// ```compile_fail,E0283
/// # use centurion_delayed::try_delayed;
/// try_delayed(|| Ok("4".parse::<i32>()? + 1)); // type annotations needed: `Ok::<_, TaskError>(…)`
/// ```
///
/// An error is an error or a text:
///
/// ```compile_fail,E0277
/// # use centurion_delayed::try_delayed;
/// try_delayed(|| Err::<(), _>(404)); // the trait `Error` is not implemented for an integer
/// ```
///
/// An executor is started, not counted:
///
/// ```compile_fail,E0308
/// # use centurion_delayed::delayed;
/// delayed(|| 1).compute(2); // expected `&dyn Executor`: `compute_scoped(2)`, or `run()`
/// ```
///
/// An async closure is a call that waits, for [`delayed_async`](crate::delayed_async). [`delayed`](crate::delayed) would take
/// the future for its result, which nobody polls: stable Rust can't refuse it where it is written, but no task that needs
/// the result gets by.
///
/// ```compile_fail,E0369
/// # use centurion_delayed::delayed;
/// delayed(async || 1).then(|one| one + 1); // cannot add to a future
/// ```
///
/// ```
/// # use centurion_delayed::delayed_async;
/// let two = delayed_async(async |_| 1).then(|one| one + 1);
/// assert_eq!(two.compute_scoped(1)?, &2);
/// # Ok::<(), centurion_delayed::Failure>(())
/// ```
///
/// A task cannot need itself:
///
/// ```compile_fail,E0425
/// # use centurion_delayed::delayed;
/// let snake = delayed(|| 1).with(&snake, |one, tail| one + tail); // there is no `snake` yet
/// ```
pub struct Delayed<'env, T> {
    pub(crate) task: Arc<dyn TypedTask<T> + 'env>,
}

/// A handle that has forgotten the type of its result, to ask for results of several types at once.
#[derive(Clone)]
pub struct AnyDelayed<'env>(pub(crate) AnyTask<'env>);

impl<'env, T> Delayed<'env, T> {
    /// Names the task, for failures and drawings; otherwise it is called after the file and line that wrote it.
    /// The name is the task's, whichever of its handles is asked.
    #[must_use]
    pub fn named(self, name: impl Into<Arc<str>>) -> Self {
        self.task.rename(TaskName::Given(name.into()));
        self
    }

    /// The task's result or failure, if it has ended.
    pub fn outcome(&self) -> Option<Result<&T, &Failure>> {
        self.task.outcome().map(Result::as_ref)
    }

    /// How long the task itself took, without what it needs and without waiting: to seven digits, and at least
    /// a nanosecond. `None` if it has not run.
    pub fn duration(&self) -> Option<Duration> {
        self.task.metadata().duration()
    }

    /// The same task without its type.
    pub fn any(&self) -> AnyDelayed<'env>
    where
        T: 'env,
    {
        AnyDelayed(self.task.clone())
    }

    /// What came of the task, to keep: the result itself where this is its last handle, else a clone. `None` if it has
    /// not ended.
    ///
    /// ```
    /// use centurion_delayed::delayed;
    ///
    /// let words = delayed(|| vec!["no", "copy"]);
    /// words.compute_scoped(1)?;
    /// let words: Vec<&str> = words.into_result().unwrap()?;
    /// # Ok::<(), centurion_delayed::Failure>(())
    /// ```
    pub fn into_result(mut self) -> Option<Result<T, Failure>>
    where
        T: Clone,
    {
        let taken = Arc::get_mut(&mut self.task).and_then(TypedTask::take_outcome);
        taken.or_else(|| self.task.outcome().cloned())
    }

    /// The result of a task that has one, as [`into_result`](Self::into_result) gives it.
    pub(crate) fn into_value(self) -> T
    where
        T: Clone,
    {
        let outcome = self.into_result().expect("inputs have ended before a task begins");
        outcome.expect("a task with a failed input does not run")
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
        let name = self.task.name().to_string();
        f.debug_struct("Delayed").field("name", &name).field("outcome", &self.outcome()).finish()
    }
}

impl<'env, T: 'env> From<&Delayed<'env, T>> for AnyDelayed<'env> {
    fn from(handle: &Delayed<'env, T>) -> Self {
        handle.any()
    }
}
