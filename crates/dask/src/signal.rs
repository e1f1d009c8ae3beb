//! Stopping and continuing the process group of a child.

use std::process::Child;

#[cfg(unix)]
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

/// Stops the group where it stands. Returns whether it did.
pub(crate) fn stop(leader: &Child) -> bool {
    #[cfg(unix)]
    return send(leader, Signal::SIGSTOP);
    #[cfg(not(unix))]
    return {
        let _ = leader;
        false
    };
}

/// Has the group go on. One that its parent leaves behind is continued, and hung up on, by the system.
pub(crate) fn go_on(leader: &Child) {
    #[cfg(unix)]
    send(leader, Signal::SIGCONT);
    #[cfg(not(unix))]
    let _ = leader;
}

#[cfg(unix)]
fn send(leader: &Child, signal: Signal) -> bool {
    i32::try_from(leader.id()).is_ok_and(|id| killpg(Pid::from_raw(id), signal).is_ok())
}
