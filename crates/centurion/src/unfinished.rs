//! What must come to its end: an agent, or a library under test, that calls `std::process::exit` makes no success of it.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether something runs that the process must not end in.
static UNFINISHED: AtomicBool = AtomicBool::new(false);

/// While it lives, a process that is ended from within fails and says so, with whatever code it was to end.
pub(crate) struct Unfinished(());

impl Unfinished {
    pub(crate) fn new() -> Self {
        static WATCHED: Once = Once::new();
        WATCHED.call_once(watch);
        UNFINISHED.store(true, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED.store(false, Ordering::SeqCst);
    }
}

/// Ends the process because this program says so.
pub(crate) fn exit(code: u8) -> ! {
    UNFINISHED.store(false, Ordering::SeqCst);
    std::process::exit(i32::from(code))
}

#[cfg(unix)]
fn watch() {
    // Where the system has no room for one more function to call, an early end goes unnoticed.
    let _ = shutdown_hooks::add_shutdown_hook(fail_if_unfinished);
}

/// Called by the system as the process ends, on the thread that ended it.
#[cfg(unix)]
extern "C" fn fail_if_unfinished() {
    if UNFINISHED.load(Ordering::SeqCst) {
        crate::output::note(
            "\nerror: failed to finish: an agent or a library ended the whole program by calling `exit`; see which with \
             `cargo centurion verify`, one executor at a time",
        );
        if let Some(words) = crate::interrupt::last_words() {
            crate::output::note_to_paste(&words);
        }
        signal_hook::low_level::exit(1);
    }
}

#[cfg(not(unix))]
fn watch() {}
