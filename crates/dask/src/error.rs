//! What may go wrong between this program and Python.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why Python, or what it drives, can't be used.
///
/// Messages are fragments that follow "failed to" and end with what to do next.
#[derive(Debug, Error)]
pub enum DaskError {
    /// There is no environment to start Python from.
    #[error(
        "find python/.venv in a checkout of Centurion at or above {}; make it there with `just python` (or \
         python/setup), or name a Python that has it with CENTURION_PYTHON", working.display()
    )]
    NoPython {
        /// The working directory.
        working: PathBuf,
    },
    /// There is no Python where one was named.
    #[error(
        "find {}, which CENTURION_PYTHON names; correct it, or unset CENTURION_PYTHON and make the \
         environment of a checkout with `just python`", path.display()
    )]
    NoSuchPython {
        /// What was named.
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

/// Why an agent on a cluster has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AgentFailure {
    /// The run was cancelled before it had finished.
    #[error("{CANCELLED}")]
    Cancelled,
    /// It ended and answered nothing.
    #[error("it gave no answer")]
    Silent,
    /// It failed itself, its worker died with it once too often, or the scheduler is lost; in words.
    #[error("{reason}")]
    Failed {
        /// What the driver says of it.
        reason: String,
    },
}

/// What the driver says of an agent whose run was cancelled.
const CANCELLED: &str = "cancelled";

impl AgentFailure {
    pub(crate) fn from_reason(reason: String) -> Self {
        if reason == CANCELLED { Self::Cancelled } else { Self::Failed { reason } }
    }
}
