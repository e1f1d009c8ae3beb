//! Ctrl-C: the first one asks the run to stop, the second ends the process.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::output::note;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Exit code of a run that was stopped, as shells count: 128 + SIGINT.
pub const EXIT_CODE: u8 = 130;

/// Catches Ctrl-C and termination from now on; the run looks whether it was asked to stop.
pub fn watch() {
    watch_and(|| note("\nstopping after this cell; press Ctrl-C again to stop at once"));
}

/// Catches Ctrl-C and termination from now on; the first one calls `stop` on a thread of its own.
pub fn watch_and(stop: impl Fn() + Send + 'static) {
    // A second handler can't be set; the first then does what this one would.
    let _ = ctrlc::set_handler(move || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(EXIT_CODE));
        }
        stop();
    });
}

/// Whether the run was asked to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
