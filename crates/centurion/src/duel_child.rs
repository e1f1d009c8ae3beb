//! The programs that a duel waits for: cargo, and those that take turns.

use std::io;
use std::process::{Command, Output, Stdio};
#[cfg(unix)]
use std::sync::{Mutex, PoisonError};

/// The process group of the one that is waited for.
#[cfg(unix)]
static UNDER_WAY: Mutex<Option<u32>> = Mutex::new(None);

/// Runs a program to its end, or until [`end`] ends it with all that it started.
#[cfg(unix)]
pub(crate) fn output(command: &mut Command) -> io::Result<Output> {
    std::os::unix::process::CommandExt::process_group(command, 0);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    set(Some(child.id()));
    if crate::interrupt::asked() {
        end(); // who asked may have come before there was anything to end
    }
    let output = child.wait_with_output();
    set(None);
    output
}

#[cfg(not(unix))]
pub(crate) fn output(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?.wait_with_output()
}

#[cfg(unix)]
fn set(group: Option<u32>) {
    *UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner) = group;
}

/// Ends the one that is waited for: a signal that is sent to this process alone reaches nobody else.
pub(crate) fn end() {
    #[cfg(unix)]
    if let Some(group) = *UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner) {
        use nix::sys::signal::{Signal, killpg};
        // It may just have ended.
        let _ = killpg(nix::unistd::Pid::from_raw(group.cast_signed()), Signal::SIGTERM);
    }
}
