//! What a task does: something at once, or something that waits.

use std::error::Error;
use std::future::{Future, Pending};

use centurion_wait::Wait;

/// An error of any type, as [`try_delayed`](crate::try_delayed) and its like take them. Inside a closure it is the type
/// that `?` turns errors into: `Ok::<_, TaskError>(…)`.
pub type TaskError = Box<dyn Error + Send + Sync>;

/// What a task may fail with: errors and texts, as all that turns into a [`TaskError`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error that a task can fail with",
    note = "what a task returns as an error is a `std::error::Error`, or a text such as `format!(\"{{error:?}}\")`"
)]
pub trait TaskFault: Into<TaskError> {}

#[diagnostic::do_not_recommend]
impl<E: Into<TaskError>> TaskFault for E {}

/// What a task with inputs `I` does to get a `T`.
pub(crate) trait Action<I, T>: Send {
    /// Whether it waits.
    const WAITS: bool;
    /// What is left to be done when it has begun.
    type Rest: Future<Output = Result<T, TaskError>> + Send;

    /// Begins. The inputs are there, and are let go of when they are no longer needed.
    fn begin(self, inputs: I, wait: &'static dyn Wait) -> Begun<T, Self::Rest>;
}

/// What has begun.
pub(crate) enum Begun<T, R> {
    Ended(Result<T, TaskError>),
    UnderWay(R),
}

impl<I, T, F: FnOnce(I) -> Result<T, TaskError> + Send> Action<I, T> for F
where
    T: Send,
{
    const WAITS: bool = false;
    type Rest = Pending<Result<T, TaskError>>;

    fn begin(self, inputs: I, _: &'static dyn Wait) -> Begun<T, Self::Rest> {
        Begun::Ended(self(inputs))
    }
}

/// A closure that makes a future.
pub(crate) struct Waits<F>(pub(crate) F);

impl<I, T, R, F> Action<I, T> for Waits<F>
where
    R: Future<Output = Result<T, TaskError>> + Send,
    F: FnOnce(I, &'static dyn Wait) -> R + Send,
{
    const WAITS: bool = true;
    type Rest = R;

    fn begin(self, inputs: I, wait: &'static dyn Wait) -> Begun<T, R> {
        Begun::UnderWay((self.0)(inputs, wait))
    }
}
