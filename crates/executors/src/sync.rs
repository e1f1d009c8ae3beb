//! What the counter, the queue and the bell of flows are made of: the standard library's, or, under `cfg(loom)`,
//! loom's, whose model runs them in every order that the memory model allows:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test --release -p centurion-executors --no-default-features --lib model
//! ```

#[cfg(not(loom))]
pub(crate) use crossbeam::utils::Backoff;
#[cfg(loom)]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic};
#[cfg(not(loom))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, atomic};

/// In the model nobody waits awake: it would find nothing new, and take more orders to try.
#[cfg(loom)]
pub(crate) struct Backoff;

#[cfg(loom)]
#[expect(clippy::unused_self, reason = "it stands in for crossbeam's")]
impl Backoff {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn is_completed(&self) -> bool {
        true
    }

    pub(crate) fn snooze(&self) {
        loom::thread::yield_now();
    }
}
