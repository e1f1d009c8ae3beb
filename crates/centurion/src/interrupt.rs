//! Ctrl-C, termination and a closing terminal: the first asks the run to stop, the second ends the process.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::output::note;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Exit code of a run that was stopped, as shells count: 128 + SIGINT.
pub const EXIT_CODE: u8 = 130;

/// Watches for signals from now on; the run looks whether it was asked to stop.
pub fn watch() {
    watch_and(|| note("\nstopping after this cell; press Ctrl-C again to stop at once"));
}

/// Watches for signals from now on; the first one calls `stop` on a thread of its own. What the process was
/// started to ignore, as under `nohup`, it goes on ignoring.
pub fn watch_and(stop: impl Fn() + Send + 'static) {
    on_signal(move || {
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

#[cfg(unix)]
fn on_signal(react: impl Fn() + Send + 'static) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored(&crate::files::read("/proc/self/status".as_ref()).unwrap_or_default());
    let watched = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
    let Ok(mut signals) = signal_hook::iterator::Signals::new(watched) else { return };
    let each = move || signals.forever().for_each(|_| react());
    // Without a thread to spare the signals end the process as they do by themselves.
    let _ = std::thread::Builder::new().name("signals".into()).spawn(each);
}

#[cfg(not(unix))]
fn on_signal(react: impl Fn() + Send + 'static) {
    // A second handler can't be set; the first then does what this one would.
    let _ = ctrlc::set_handler(react);
}

/// The signals that a process ignores, a bit each from SIGHUP = 1 on, as Linux tells of it in
/// `/proc/<pid>/status`. None where that is not to be had.
#[cfg(unix)]
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(all(test, unix))]
mod tests {
    use super::ignored;

    #[test]
    fn ignored_signals_are_read_from_what_linux_tells() {
        let status = "Name:\tcenturion\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n";
        assert_eq!(ignored(status), 0x1001, "SIGHUP and SIGPIPE");
        assert_eq!((ignored(""), ignored("SigIgn:\tnone\n")), (0, 0));
    }
}
