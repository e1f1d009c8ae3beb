//! What stops a computation early.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::Why;
use crate::clock::now;
use crate::task::{Task, TaskState};

/// A token that cancels computations from anywhere: another thread, a signal handler, a task. Clones are
/// the same token.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A token that nobody has pulled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops every computation that has this token among its limits, for good.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What stops a computation early. A limit keeps tasks from starting; what runs already runs to its end,
/// and its result is kept. [`Plan::compute_in_time`](crate::Plan::compute_in_time) and [`Plan::run`](crate::Plan::run) do not
/// wait for that.
///
/// ```
/// use std::time::Duration;
/// use centurion_delayed::{Cancel, Limits, Plan, Why, delayed};
///
/// let answer = delayed(|| 42).named("answer");
/// let cancel = Cancel::new();
/// cancel.cancel();
/// let plan = Plan::new([&answer]).within(Limits::none().cancelled_by(&cancel));
/// let failure = plan.compute_scoped(2).unwrap_err();
/// assert_eq!(failure.to_string(), "answer was not started: cancelled");
///
/// // Nothing is lost: what was not started can still be computed.
/// assert_eq!(answer.compute_scoped(2).unwrap(), &42);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Limits {
    cancel: Option<Cancel>,
    deadline: Option<Instant>,
    pub(crate) at_first_failure: bool,
}

/// How often somebody who waits looks whether a limit is reached.
pub(crate) const LOOK: Duration = Duration::from_millis(2);

impl Limits {
    /// No limits.
    pub fn none() -> Self {
        Self::default()
    }

    /// Starts nothing once `cancel` is cancelled.
    #[must_use]
    pub fn cancelled_by(self, cancel: &Cancel) -> Self {
        Self { cancel: Some(cancel.clone()), ..self }
    }

    /// Starts nothing once `time` has passed from now, from this call that is, however often and whenever
    /// plans within these limits are computed.
    #[must_use]
    pub fn deadline_in(self, time: Duration) -> Self {
        Self { deadline: now().checked_add(time), ..self }
    }

    /// Starts nothing once a task has failed. What was not started then says which task that was.
    ///
    /// ```
    /// use centurion_delayed::{Limits, Plan, all, delayed, try_delayed};
    ///
    /// let first = try_delayed(|| Err::<i32, _>("out of paper")).named("printer");
    /// let second = delayed(|| 2).named("binder");
    /// let plan = Plan::new([&first, &second]).within(Limits::none().until_a_failure());
    /// assert_eq!(plan.compute_scoped(1).unwrap_err().to_string(), "printer failed: out of paper");
    /// assert_eq!(second.outcome(), None);
    /// ```
    #[must_use]
    pub fn until_a_failure(self) -> Self {
        Self { at_first_failure: true, ..self }
    }

    /// Waits until a task that was begun elsewhere has ended or one of these is reached. Returns false at once if it will
    /// not end.
    pub(crate) fn wait(&self, task: &dyn Task) -> bool {
        if !self.may_be_reached() {
            return task.wait();
        }
        while task.is_under_way_elsewhere() {
            if self.reached().is_some() {
                return true;
            }
            thread::sleep(LOOK);
        }
        task.state() != TaskState::Pending
    }

    /// Whether time or a token may stop a computation.
    pub(crate) fn may_be_reached(&self) -> bool {
        self.cancel.is_some() || self.deadline.is_some()
    }

    /// The limit that is reached, if any.
    pub(crate) fn reached(&self) -> Option<Why> {
        if self.cancel.as_ref().is_some_and(Cancel::is_cancelled) {
            return Some(Why::Cancelled);
        }
        self.deadline.is_some_and(|deadline| now() >= deadline).then_some(Why::DeadlineExceeded)
    }
}
