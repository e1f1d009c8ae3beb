//! A task that was started as a future.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use crate::Panic;

/// Begins a task when it is first polled, and hands its panics to `keep`, whichever poll they happen in, and also
/// those of its drop, at its end or before.
pub(crate) async fn caught<F: Future<Output = ()>>(begin: impl FnOnce() -> F, keep: impl Fn(Panic)) {
    let mut task = CaughtTask { task: pin!(None), keep };
    task.catch(|task| task.set(Some(begin())));
    poll_fn(|context| task.poll(context)).await;
}

/// A task in its place, which is `None` before it begins and once it has ended.
struct CaughtTask<'a, F, K: Fn(Panic)> {
    task: Pin<&'a mut Option<F>>,
    keep: K,
}

impl<F, K: Fn(Panic)> CaughtTask<'_, F, K> {
    /// Does something to the task. `None` if it panics.
    fn catch<T>(&mut self, act: impl FnOnce(&mut Pin<&mut Option<F>>) -> T) -> Option<T> {
        let acted = catch_unwind(AssertUnwindSafe(|| act(&mut self.task)));
        acted.map_err(|payload| (self.keep)(Panic::from_payload(payload))).ok()
    }

    fn end(&mut self) {
        self.catch(|task| task.set(None));
    }
}

impl<F: Future<Output = ()>, K: Fn(Panic)> CaughtTask<'_, F, K> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let polled = self.catch(|task| match task.as_mut().as_pin_mut() {
            Some(task) => task.poll(context),
            None => Poll::Ready(()), // it panicked before it was there
        });
        if polled == Some(Poll::Pending) {
            return Poll::Pending;
        }
        self.end();
        Poll::Ready(())
    }
}

impl<F, K: Fn(Panic)> Drop for CaughtTask<'_, F, K> {
    fn drop(&mut self) {
        self.end();
    }
}
