//! Making tasks of closures.

use std::panic::Location;
use std::sync::Arc;

use crate::inputs::Inputs;
use crate::metadata::TaskName;
use crate::node::Node;
use crate::{Delayed, TaskError, TaskFault};

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

/// A task that may fail: an error fails this task and those that need it, and is kept. Whatever `?` takes is an error, and
/// so are texts.
///
/// ```
/// use centurion_delayed::{TaskError, try_delayed};
///
/// let number = try_delayed(|| "4x2".parse::<i32>()).named("number");
/// let double = number.then(|number| number * 2).named("double");
/// let failure = double.compute_scoped(1).unwrap_err();
/// assert_eq!(failure.to_string(), "double needs number, which failed: invalid digit found in string");
///
/// // `?` may stand for errors of several types, so the closure has to say which type it returns.
/// let sum = try_delayed(|| {
///     let (a, b) = ("4".parse::<i32>()?, String::from_utf8(vec![b'2'])?);
///     Ok::<_, TaskError>(a + b.parse::<i32>()?)
/// });
/// assert_eq!(sum.compute_scoped(1)?, &6);
/// # Ok::<(), centurion_delayed::Failure>(())
/// ```
#[track_caller]
pub fn try_delayed<'env, T, E>(task: impl FnOnce() -> Result<T, E> + Send + 'env) -> Delayed<'env, T>
where
    T: Send + Sync + 'env,
    E: TaskFault,
{
    Delayed::new(Location::caller(), (), move |()| task().map_err(Into::into))
}

impl<'env, T: Send + Sync + 'env> Delayed<'env, T> {
    pub(crate) fn new<I: Inputs + 'env>(
        written: &'static Location<'static>,
        inputs: I,
        task: impl FnOnce(I) -> Result<T, TaskError> + Send + 'env,
    ) -> Self {
        Self { task: Arc::new(Node::new(TaskName::Written(written), inputs, task)) }
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
        E: TaskFault,
    {
        Delayed::new(Location::caller(), self.clone(), move |input| task(input.value()).map_err(Into::into))
    }

    /// A task that is given this one's result to keep. Whoever needs a result last owns it; only what others still hold
    /// a handle of is cloned.
    ///
    /// ```
    /// use centurion_delayed::delayed;
    ///
    /// let sorted = delayed(|| vec![3, 1, 2]).then_owned(|mut numbers| {
    ///     numbers.sort(); // nobody else holds them: nothing was cloned
    ///     numbers
    /// });
    /// assert_eq!(sorted.compute_scoped(1)?, &[1, 2, 3]);
    /// # Ok::<(), centurion_delayed::Failure>(())
    /// ```
    #[track_caller]
    pub fn then_owned<U>(self, task: impl FnOnce(T) -> U + Send + 'env) -> Delayed<'env, U>
    where
        T: Clone,
        U: Send + Sync + 'env,
    {
        Delayed::new(Location::caller(), self, move |input| Ok(task(input.into_value())))
    }

    /// The same for a `task` that may fail, as in [`try_delayed`].
    #[track_caller]
    pub fn try_then_owned<U, E>(self, task: impl FnOnce(T) -> Result<U, E> + Send + 'env) -> Delayed<'env, U>
    where
        T: Clone,
        U: Send + Sync + 'env,
        E: TaskFault,
    {
        Delayed::new(Location::caller(), self, move |input| task(input.into_value()).map_err(Into::into))
    }

    /// A task that calls `task` with this one's result and that of another, of any type. For more than two, or to own
    /// them, there is [`join!`](crate::join).
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
        E: TaskFault,
    {
        let inputs = (self.clone(), other.clone());
        Delayed::new(Location::caller(), inputs, move |(a, b)| task(a.value(), b.value()).map_err(Into::into))
    }
}
