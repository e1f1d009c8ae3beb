//! What can be known of a task without knowing its type.

use std::fmt;
use std::num::NonZero;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What a task took, and what planning notes of it.
#[derive(Default)]
pub(crate) struct Metadata {
    /// Written and read by whoever holds the planning lock, zero otherwise.
    pub(crate) mark: AtomicU32,
    /// Bits of a floating-point number, which is zero until the task has run: seven digits in half the space.
    nanoseconds: AtomicU32,
}

impl Metadata {
    pub(crate) fn duration(&self) -> Option<Duration> {
        self.nanoseconds().map(|nanoseconds| Duration::from_nanos(nanoseconds.get()))
    }

    pub(crate) fn nanoseconds(&self) -> Option<NonZero<u64>> {
        NonZero::new(f32::from_bits(self.nanoseconds.load(Ordering::Relaxed)) as u64)
    }

    pub(crate) fn took(&self, duration: Duration) {
        let nanoseconds = (duration.as_nanos() as f32).max(1.0);
        self.nanoseconds.store(nanoseconds.to_bits(), Ordering::Relaxed);
    }
}

/// The name a task was given, else where it was written.
#[derive(Debug, Clone)]
pub(crate) enum TaskName {
    Given(Arc<str>),
    Written(&'static Location<'static>),
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(name) => f.write_str(name),
            Self::Written(place) => {
                let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
                write!(f, "{file}:{}", place.line())
            }
        }
    }
}
