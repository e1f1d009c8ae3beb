//! The time, for deadlines and for what tasks take.

use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "deadlines, and durations that are known without a harness")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
