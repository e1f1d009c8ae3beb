//! Threads that tokio asks the system for, and those that it got.
//!
//! Where it is refused a thread and has another, tokio goes on and says nothing: what the thread was for waits.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Builder;

use crate::Refusal;

/// After this long, a thread that is not born was refused.
const LONGEST_BIRTH: Duration = Duration::from_secs(1);

/// The threads of one runtime. Clones are the same threads.
#[derive(Clone, Default)]
pub(super) struct Births(Arc<(Mutex<ThreadCounts>, Condvar)>);

#[derive(Default)]
struct ThreadCounts {
    asked: usize,
    born: usize,
    died: usize,
}

impl Births {
    /// Has a runtime count its threads.
    pub(super) fn count(&self, builder: &mut Builder) {
        let (asked, born, died) = (self.clone(), self.clone(), self.clone());
        builder.thread_name_fn(move || {
            asked.lock().asked += 1; // right before it asks
            "tokio-rt-worker".into()
        });
        builder.on_thread_start(move || {
            born.lock().born += 1;
            born.0.1.notify_all();
        });
        builder.on_thread_stop(move || died.lock().died += 1);
    }

    /// How many of `wanted` threads are not there because they were refused since this was last asked.
    pub(super) fn missing(&self, wanted: usize) -> Option<Refusal> {
        let unborn = |counts: &mut ThreadCounts| counts.born < counts.asked;
        let looked = self.0.1.wait_timeout_while(self.lock(), LONGEST_BIRTH, unborn);
        let (mut counts, looked) = looked.unwrap_or_else(PoisonError::into_inner);
        counts.asked = counts.born;
        let threads = wanted.saturating_sub(counts.born - counts.died).max(1);
        looked.timed_out().then(|| Refusal { threads, reason: "tokio got no more".into() })
    }

    fn lock(&self) -> MutexGuard<'_, ThreadCounts> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
