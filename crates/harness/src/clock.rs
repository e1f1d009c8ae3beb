//! The only clock.

use std::time::{Duration, Instant, SystemTime};

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Instant);

/// Reads the clock.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> Moment {
    Moment(Instant::now())
}

/// Date and time as the system says it, for naming what was measured and not for measuring it.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn calendar() -> SystemTime {
    SystemTime::now()
}

impl Moment {
    /// Time from this moment until now.
    pub fn elapsed(self) -> Duration {
        now().since(self)
    }

    /// Time from an earlier moment to this one; zero if it was not earlier.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }
}

/// Whole nanoseconds of a duration.
pub fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
