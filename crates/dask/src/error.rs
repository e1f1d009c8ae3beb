//! What may go wrong between this program and Python.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why Python, or what it drives, can't be used.
///
/// Messages are fragments that follow "failed to" and end with what to do next.
#[derive(Debug, Error)]
pub enum DaskError {
    /// There is no Python to start.
    #[error(
        "find {}, the project's Python environment; make it with `just python`, \
         or name another Python with CENTURION_PYTHON", path.display()
    )]
    NoPython {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// It can't be started.
    #[error("start {}: {error}; make the environment anew with `just python`", path.display())]
    NotStarted {
        /// What was to be started.
        path: PathBuf,
        /// Why it was not.
        error: io::Error,
    },
    /// The driver ended before it answered.
    #[error(
        "{what}: the driver in Python ended before it answered; what it said stands above. \
         If it did not begin at all, run `just python`"
    )]
    Ended {
        /// What it was asked for.
        what: &'static str,
    },
    /// It answered what can't be understood.
    #[error("{what}: the driver in Python answered {line:?}; it is of another version, run `just python`")]
    Garbled {
        /// What it was asked for.
        what: &'static str,
        /// The line.
        line: String,
    },
    /// It refused, for a reason of its own.
    #[error("{reason}")]
    Refused {
        /// What failed, why, and what to do next.
        reason: String,
    },
    /// A workload that Python can't be told of.
    #[error("send the workload {workload} to Python: {why}")]
    NotSent {
        /// Name of the workload.
        workload: String,
        /// Why not, and what to do next.
        why: &'static str,
    },
}
