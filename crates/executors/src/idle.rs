//! Sleeping until there is something to do.

use std::sync::PoisonError;

use crate::sync::atomic::{AtomicUsize, Ordering, fence};
use crate::sync::{Condvar, Mutex, MutexGuard};

/// Where workers that find no task sleep, and how they learn that all have ended.
pub(crate) struct Idle {
    /// Tasks that have not ended, as far as workers have reported.
    left: AtomicUsize,
    sleepers: AtomicUsize,
    lock: Mutex<()>,
    bell: Condvar,
}

impl Idle {
    pub(crate) fn new(tasks: usize) -> Self {
        let (left, sleepers) = (AtomicUsize::new(tasks), AtomicUsize::new(0));
        Self { left, sleepers, lock: Mutex::new(()), bell: Condvar::new() }
    }

    /// Notes that so many tasks have ended.
    pub(crate) fn report(&self, ended: usize) {
        if ended > 0 && self.left.fetch_sub(ended, Ordering::AcqRel) == ended {
            drop(self.lock());
            self.bell.notify_all();
        }
    }

    /// Whether all tasks have been reported.
    pub(crate) fn all_ended(&self) -> bool {
        self.left.load(Ordering::Acquire) == 0
    }

    /// Sleeps until woken, unless something is queued or all have ended. It may also wake for no reason.
    pub(crate) fn sleep(&self, nothing_queued: impl Fn() -> bool) {
        let guard = self.lock();
        self.sleepers.fetch_add(1, Ordering::Relaxed);
        // Either this worker sees what another has queued, or the other sees this one among the sleepers.
        fence(Ordering::SeqCst);
        if nothing_queued() && !self.all_ended() {
            drop(self.bell.wait(guard).unwrap_or_else(PoisonError::into_inner));
        }
        self.sleepers.fetch_sub(1, Ordering::Relaxed);
    }

    /// Wakes a sleeper, if there is one, after a task was queued.
    pub(crate) fn wake(&self) {
        fence(Ordering::SeqCst);
        if self.sleepers.load(Ordering::Relaxed) > 0 {
            drop(self.lock());
            self.bell.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
