//! Waiting for what may never happen, on a machine that may be busy.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const TICK: Duration = Duration::from_millis(1);

/// Ticks in which what must happen does.
pub(super) const LONG: usize = 1_000;

/// Ticks in which what must not happen would, mostly.
pub(super) const SHORT: usize = 10;

/// Waits until something is so, for so many ticks at most. Whether it is.
pub(super) fn until(ticks: usize, is_so: impl Fn() -> bool) -> bool {
    (0..ticks).any(|_| {
        is_so() || {
            pause();
            false
        }
    }) || is_so()
}

/// Lets a tick pass.
pub(super) fn pause() {
    thread::sleep(TICK);
}

/// Tasks that wait for each other.
#[derive(Default)]
pub(super) struct Meeting {
    present: AtomicUsize,
    most: AtomicUsize,
    given_up: AtomicBool,
}

impl Meeting {
    /// Comes, and waits until so many are here at once, for so many ticks at most. Once one has given up, nobody
    /// waits.
    pub(super) fn attend(&self, needed: usize, ticks: usize) {
        let present = self.present.fetch_add(1, Ordering::AcqRel) + 1;
        self.most.fetch_max(present, Ordering::AcqRel);
        if !until(ticks, || self.most() >= needed || self.given_up.load(Ordering::Relaxed)) {
            self.given_up.store(true, Ordering::Relaxed);
        }
        self.present.fetch_sub(1, Ordering::AcqRel);
    }

    /// The most that were here at once.
    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::Acquire)
    }
}
