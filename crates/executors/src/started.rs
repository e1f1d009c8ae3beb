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

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::panic::resume_unwind;
    use std::sync::{Arc, Mutex};

    use centurion_wait::block_on;
    use futures_lite::future::poll_once;

    use super::*;

    /// A future that panics when it is dropped.
    struct PanicsInItsDrop<F>(F);

    impl<F: Future<Output = ()> + Unpin> Future for PanicsInItsDrop<F> {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            Pin::new(&mut self.0).poll(context)
        }
    }

    impl<F> Drop for PanicsInItsDrop<F> {
        fn drop(&mut self) {
            resume_unwind(Box::new("not yet"));
        }
    }

    /// What is said by the panics of a task that is polled once, whether or not that is its end, and dropped.
    fn said<F: Future<Output = ()>>(begin: impl FnOnce() -> F) -> Vec<String> {
        let said = Arc::new(Mutex::new(Vec::new()));
        let keep = |panic: Panic| said.lock().unwrap().push(panic.message);
        block_on(poll_once(Box::pin(caught(begin, keep))));
        Arc::into_inner(said).unwrap().into_inner().unwrap()
    }

    #[test]
    fn a_task_that_panics_before_it_is_a_future_has_ended() {
        assert_eq!(
            said(|| -> PanicsInItsDrop<std::future::Ready<()>> { resume_unwind(Box::new("no")) }),
            ["no"]
        );
    }

    #[test]
    fn a_panic_in_the_drop_of_a_future_is_its_task_s() {
        assert_eq!(said(|| PanicsInItsDrop(ready(()))), ["not yet"]);
    }

    #[test]
    fn a_panic_in_the_drop_of_a_future_that_was_not_polled_to_its_end_unwinds_nowhere() {
        assert_eq!(said(|| PanicsInItsDrop(pending())), ["not yet"]);
    }

    #[test]
    fn a_future_that_panics_and_then_in_its_drop_unwinds_nowhere() {
        let polled = || PanicsInItsDrop(Box::pin(async { resume_unwind(Box::new("no")) }));
        assert_eq!(said(polled), ["no", "not yet"]);
    }
}
