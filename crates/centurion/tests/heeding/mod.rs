//! Programs that are to be sent signals, wherever the tests run: what a test was started to ignore, as in the background
//! of a script, its children would go on ignoring.

use std::ffi::OsStr;
use std::process::Command;

/// The program, which heeds signals as it does by itself.
pub(crate) fn heeding(program: impl AsRef<OsStr>) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    let mut command = Command::new("env");
    command.arg("--default-signal=HUP,INT,TERM").arg(program);
    command
}
