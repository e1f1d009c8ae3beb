//! What becomes of a bag when the system refuses threads.

use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};

/// Threads that an execution should have had and did not get. Every task has run all the same, on the threads that
/// were born or on the caller's: answers are right, but a time would be that of fewer workers than it is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Number of threads that were not born.
    pub threads: usize,
    /// Why the first of them was not.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { threads, reason } = self;
        let were = if *threads == 1 { "thread was" } else { "threads were" };
        write!(f, "{threads} {were} refused ({reason}); try fewer workers or agents")
    }
}

impl std::error::Error for Refusal {}

/// Refusals that nobody has asked about.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<Option<Refusal>>);

impl Refusals {
    #[cold]
    pub(crate) fn add(&self, refusal: Refusal) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *kept {
            Some(kept) => kept.threads += refusal.threads,
            none => *none = Some(refusal),
        }
    }

    pub(crate) fn take(&self) -> Option<Refusal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl From<&io::Error> for Refusal {
    fn from(error: &io::Error) -> Self {
        Self { threads: 1, reason: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_add_up_and_are_taken_once() {
        let refusals = Refusals::default();
        assert_eq!(refusals.take(), None);
        refusals.add((&io::Error::other("no more")).into());
        refusals.add(Refusal { threads: 2, reason: "later".into() });
        let taken = refusals.take().expect("two were added");
        assert_eq!(taken.to_string(), "3 threads were refused (no more); try fewer workers or agents");
        assert_eq!(refusals.take(), None);
    }
}
