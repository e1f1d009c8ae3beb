//! Why a workload can't be made.

use thiserror::Error;

use crate::WorkloadFamily;

/// Why a workload can't be made from what was asked for.
///
/// Messages are fragments that follow "failed to" and end with what to do next.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum WorkloadError {
    /// A name that no family of workloads has.
    #[error("find the workload {name:?}; there are {}{}", names.join(", "), suggested(*nearest))]
    Unknown {
        /// The name asked for.
        name: String,
        /// Those that there are.
        names: Vec<&'static str>,
        /// The one that was perhaps meant.
        nearest: Option<&'static str>,
    },
    /// A scale that makes no sensible sleeps.
    #[error(
        "make the workload `{workload}`: its scale is {found}, expected a number above 0 and up to 100; \
         1 is real time, try 0.01"
    )]
    Scale {
        /// Name of its family.
        workload: &'static str,
        /// The scale asked for.
        found: f64,
    },
    /// Agents that ask a server, and none to ask.
    #[error(
        "make the workload `replying`: it has no server to ask; `cargo centurion run`, `bench` and `verify`, and \
         `cargo bench` start one"
    )]
    NoServer,
    /// More agents that decide than a council can speak of.
    #[error(
        "make the workload `council`: {found} agents are to decide, expected at most {most}; \
         give it fewer agents"
    )]
    TooManyDeciders {
        /// How many were asked for.
        found: usize,
        /// How many there can be.
        most: usize,
    },
    /// A line of a table of positions that can't be used.
    #[error(
        "read {origin}, line {line}: {what} is {found:?}, expected {expected}; correct the line and try again"
    )]
    Malformed {
        /// Name of the file.
        origin: String,
        /// Number of the line, from 1.
        line: usize,
        /// The column, or the property of the line, that is wrong.
        what: &'static str,
        /// What stands there, shortened when it is long.
        found: String,
        /// What should.
        expected: String,
    },
    /// A table of positions without a row.
    #[error(
        "read {origin}: it has no positions; add a line for each move to value, under the header `{header}`"
    )]
    NoPositions {
        /// Name of the file.
        origin: String,
        /// The header line, with tabs between the columns.
        header: String,
    },
}

/// The longest scale: beyond it the quickest thought takes nearly a minute.
const MAX_SCALE: f64 = 100.0;

/// The scale of a workload's waiting, if agents can wait so long.
pub(crate) fn scale_in_range(workload: &'static str, scale: f64) -> Result<f64, WorkloadError> {
    if scale > 0.0 && scale <= MAX_SCALE {
        Ok(scale)
    } else {
        Err(WorkloadError::Scale { workload, found: scale })
    }
}

/// How alike two names must be for one to be a slip of the other; it is what the command line's own names are held to.
const ALIKE: f64 = 0.7;

impl WorkloadError {
    /// That there is no family of that name.
    pub(crate) fn unknown(name: &str) -> Self {
        let names: Vec<&str> = WorkloadFamily::all().iter().map(|family| family.name).collect();
        let alike = names.iter().map(|&known| (strsim::jaro(name, known), known));
        let nearest =
            alike.filter(|(alike, _)| *alike > ALIKE).max_by(|one, other| one.0.total_cmp(&other.0));
        Self::Unknown { name: name.into(), nearest: nearest.map(|(_, known)| known), names }
    }
}

fn suggested(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean {nearest}?"))
}
