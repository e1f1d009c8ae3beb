//! Ctrl-C: the first one asks the run to stop at the next cell, the second ends the process.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Exit code of a run that was stopped, as shells count: 128 + SIGINT.
pub const EXIT_CODE: u8 = 130;

/// Catches Ctrl-C and termination from now on.
pub fn watch() {
    // A second handler can't be set; the first then does what this one would.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(EXIT_CODE));
        }
        eprintln!("\nstopping after this cell; press Ctrl-C again to stop at once");
    });
}

/// Whether the run was asked to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
