//! Ctrl-C, termination and a closing terminal: the first asks the run to stop, the second ends the process.

#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use centurion_harness::Stop;

use crate::output::{after_ctrl_c, note, note_to_paste};
use crate::unfinished;

static STOP: LazyLock<Stop> = LazyLock::new(Stop::default);

/// What is lost where nobody says otherwise.
pub(crate) const IN_THE_MIDDLE: &str = "stopped in the middle: what was under way is lost";

/// What is said in the end by a run that goes on all the same; `None` while it must not be cut off.
static LAST_WORDS: LazyLock<Mutex<Option<String>>> = LazyLock::new(|| Mutex::new(Some(IN_THE_MIDDLE.into())));

/// Time a run has to stop by itself.
const GRACE: Duration = Duration::from_millis(1_500);

/// Exit code of a run that was stopped, as shells count: 128 + SIGINT.
pub const EXIT_CODE: u8 = 130;

/// Watches for signals from now on; the run looks whether it was asked to stop.
pub fn watch() {
    watch_for(|| ());
}

/// The same where there is something to end at the first signal already.
pub(crate) fn watch_for(end: impl Fn() + Send + 'static) {
    watch_and(move || {
        note(&after_ctrl_c("stopping; press Ctrl-C again to stop at once"));
        end();
        end_if_late();
    });
}

/// Watches for signals from now on; the first one calls `stop` on a thread of its own. What the process was
/// started to ignore, as under `nohup`, it goes on ignoring.
pub fn watch_and(stop: impl Fn() + Send + 'static) {
    on_signal(move || {
        if STOP.is_asked() {
            unfinished::exit(EXIT_CODE);
        }
        STOP.ask();
        stop();
    });
}

/// Watches for signals from now on; the first one calls `soon`, the second `now`, each on a thread of its own. The
/// third, or being late after the second, ends the process.
#[cfg(unix)]
pub(crate) fn watch_twice(soon: impl Fn() + Send + 'static, now: impl Fn() + Send + 'static) {
    let again = AtomicBool::new(false);
    on_signal(move || {
        if !STOP.is_asked() {
            STOP.ask();
            soon();
        } else if again.swap(true, Ordering::Relaxed) {
            unfinished::exit(EXIT_CODE);
        } else {
            now();
            set_last_words(Some(String::new()));
            end_if_late();
        }
    });
}

/// Ends the process when a single agent, or a process outside, keeps the run from looking whether it was asked to stop.
fn end_if_late() {
    let wait = || loop {
        std::thread::sleep(GRACE);
        if let Some(words) = &*LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) {
            note_to_paste(words);
            unfinished::exit(EXIT_CODE);
        }
    };
    // Without the thread, stopping takes as long as the agent does.
    let _ = std::thread::Builder::new().spawn(wait);
}

/// Lets a stop that comes too late for the run end the process with these words; with `None`, wait for it.
pub(crate) fn set_last_words(words: Option<String>) {
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = words;
}

/// What a run that ends now has to say.
#[cfg(unix)]
pub(crate) fn last_words() -> Option<String> {
    LAST_WORDS.try_lock().ok()?.clone()
}

/// The wish to stop, for those who look for it.
pub(crate) fn stop() -> Stop {
    STOP.clone()
}

/// Whether the run was asked to stop.
pub fn asked() -> bool {
    STOP.is_asked()
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

/// A write beyond the limit of a file's size (`ulimit -f`) fails from now on, as on a full disk, and does not end the process
/// without a word. Programs that are started have the signal as it was.
pub(crate) fn outlive_file_limits() {
    #[cfg(unix)]
    {
        use signal_hook::consts::SIGXFSZ;
        let status = crate::files::read("/proc/self/status".as_ref()).unwrap_or_default();
        if ignored(&status) & (1 << (SIGXFSZ - 1)) == 0 {
            // Where it can't be caught it ends the process, as it did.
            let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default());
        }
    }
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
