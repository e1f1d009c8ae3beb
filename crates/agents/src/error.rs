//! Why a workload can't be made.

use thiserror::Error;

/// Why a workload can't be made from what was asked for.
///
/// Messages are fragments that follow "failed to" and end with what to do next.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum WorkloadError {
    /// A scale that makes no sensible sleeps.
    #[error(
        "make the workload `thinking`: its scale is {found}, expected a number above 0 and up to 100; \
         1 is real time, try 0.01"
    )]
    Scale {
        /// The scale asked for.
        found: f64,
    },
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
