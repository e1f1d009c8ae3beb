//! Steps that may hang or panic, and who watches them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

use super::tally::Finding;
use crate::Panic;

/// How often in a row the watch looks and sees no progress before it gives up.
const PATIENCE: usize = 200;
const LOOK: Duration = Duration::from_millis(10);

/// Watches over the steps of one examination.
#[derive(Clone)]
pub(super) struct Watchdog {
    /// Who is examined.
    label: Arc<str>,
    /// Raised by every task that has ended.
    pub(super) progress: Arc<AtomicUsize>,
}

impl Watchdog {
    pub(super) fn new(label: &str) -> Self {
        Self { label: label.into(), progress: Arc::default() }
    }

    /// Does a step on a thread of its own, which is left to itself if it hangs.
    ///
    /// # Panics
    /// With what is wrong.
    pub(super) fn step(&self, when: &str, check: impl FnOnce() -> Finding + Send + 'static) {
        let (send, receive) = channel();
        let step = move || drop(send.send(caught(check)));
        let thread = Builder::new().name(step_name()).spawn(step).expect("a thread for a step");
        let result = self.look(&receive);
        if result.is_some() {
            thread.join().expect("a step catches panics");
        }
        let wrong = match result {
            Some(Ok(())) => return,
            Some(Err(wrong)) => wrong,
            None => "it hangs: it has not returned, and no task ends any more".into(),
        };
        panic!("{}, {when}: {wrong}", self.label);
    }

    /// What a step has to say. `None` if it hangs.
    fn look(&self, receive: &Receiver<Finding>) -> Option<Finding> {
        let (mut seen, mut silent) = (0, 0);
        while silent < PATIENCE {
            match receive.recv_timeout(LOOK) {
                Ok(ended) => return Some(ended),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
            let progress = self.progress.load(Ordering::Relaxed);
            silent = if progress == seen { silent + 1 } else { 0 };
            seen = progress;
        }
        None
    }
}

/// A check whose panic is a finding as well.
pub(super) fn caught(check: impl FnOnce() -> Finding) -> Finding {
    catch_unwind(AssertUnwindSafe(check))
        .unwrap_or_else(|payload| Err(format!("it {}", Panic::from_payload(payload))))
}

/// The name of the next step's thread. Threads born on it have it too, unless somebody names them.
fn step_name() -> String {
    static STEPS: AtomicUsize = AtomicUsize::new(0);
    format!("step {}", STEPS.fetch_add(1, Ordering::Relaxed))
}
