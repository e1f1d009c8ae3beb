//! A task that was started as a future.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::Panic;

/// A task whose panics are caught, whichever poll they happen in, and also when it is dropped.
pub(crate) struct StartedTask<F, K: FnMut(Panic)> {
    /// `None` once it has ended.
    task: Option<Pin<Box<F>>>,
    keep: K,
}

impl<F: Future<Output = ()>, K: FnMut(Panic)> StartedTask<F, K> {
    /// A task, and who keeps its panic.
    pub(crate) fn new(task: F, keep: K) -> Self {
        Self { task: Some(Box::pin(task)), keep }
    }
}

impl<F, K: FnMut(Panic)> StartedTask<F, K> {
    fn end(&mut self) {
        let task = self.task.take();
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(task))) {
            (self.keep)(Panic::from_payload(payload));
        }
    }
}

impl<F: Future<Output = ()>, K: FnMut(Panic) + Unpin> Future for StartedTask<F, K> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(task) = &mut self.task else { return Poll::Ready(()) };
        match catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(context))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(())) => {}
            Err(payload) => (self.keep)(Panic::from_payload(payload)),
        }
        self.end();
        Poll::Ready(())
    }
}

impl<F, K: FnMut(Panic)> Drop for StartedTask<F, K> {
    fn drop(&mut self) {
        self.end();
    }
}
