//! The time, for deadlines and for what agents take.

use std::time::Instant;

#[expect(
    clippy::disallowed_methods,
    reason = "a process is timed where it is born and reaped, without a harness"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}
