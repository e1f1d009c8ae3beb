//! Processes that this program starts beside itself: the same program again, told by a variable what it is to be.

use std::io::{self, Read as _};
use std::process::{Command, ExitCode, Stdio};

use crate::{footprint_child, server};

/// Says what a child is to be.
const VARIABLE: &str = "CENTURION_CHILD";

/// Does what this process was started for, if this program started it. To be asked before anything else.
pub fn run_if_asked() -> Option<ExitCode> {
    match std::env::var(VARIABLE).ok()?.as_str() {
        footprint_child::ROLE => Some(footprint_child::take()),
        server::ROLE => Some(server::serve()),
        _ => None,
    }
}

/// This program once more, in that role. It is spoken with over its standard input, whose end tells it that nobody needs
/// it any more, and its standard output.
///
/// # Errors
/// When the system does not say what program this is.
pub(crate) fn command(role: &str) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env(VARIABLE, role).stdin(Stdio::piped()).stdout(Stdio::piped());
    Ok(command)
}

/// Ends this process when the one that started it is gone, however that ended. Until then it is for that one to heed
/// signals, which a terminal sends to both.
pub(crate) fn end_with_parent() -> io::Result<()> {
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::flag::register(signal, std::sync::Arc::default())?;
    }
    let wait = || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    };
    std::thread::Builder::new().name("parent".into()).spawn(wait).map(drop)
}
