//! Why a record can't be read.

use thiserror::Error;

use crate::SCHEMAS;

/// Why the text of a file is not a record this version can use.
#[derive(Debug, Error)]
pub enum RecordError {
    /// Not JSON, cut short, or not of a record's form.
    #[error("read {origin}, line {line}: {reason}; make a new record with `cargo bench`")]
    Malformed {
        /// Name of the file.
        origin: String,
        /// Line where reading stopped, from 1.
        line: usize,
        /// What stands there.
        reason: String,
    },
    /// Nothing is in it.
    #[error("read {origin}: the file is empty; make a new record with `cargo bench`, or restore it from git")]
    Empty {
        /// Name of the file.
        origin: String,
    },
    /// A merge was left unfinished in it.
    #[error(
        "read {origin}, line {line}: git's conflict markers stand there; take one side with \
         `git checkout --ours {origin}` or `--theirs`"
    )]
    Conflict {
        /// Name of the file.
        origin: String,
        /// Line of the first marker, from 1.
        line: usize,
    },
    /// It begins with what some editors put before a text.
    #[error(
        "read {origin}: it begins with a byte-order mark; save it as UTF-8 without one, or restore it from git"
    )]
    ByteOrderMark {
        /// Name of the file.
        origin: String,
    },
    /// The record itself is still to be fetched.
    #[error(
        "read {origin}: it is a pointer of Git LFS and not the record itself; fetch that with `git lfs pull`"
    )]
    Pointer {
        /// Name of the file.
        origin: String,
    },
    /// A schema this version does not know.
    #[error(
        "read {origin}: it has schema {found}, this version reads schemas {} to {known}; {}",
        SCHEMAS.start(),
        if *found > u64::from(*known) {
            "update Centurion"
        } else {
            "make a new record with `cargo bench`, or read this one with the older Centurion that made it"
        }
    )]
    Schema {
        /// Name of the file.
        origin: String,
        /// Schema of the file.
        found: u64,
        /// The latest schema this version reads.
        known: u32,
    },
    /// The executions of another run.
    #[error(
        "read {origin}: it is of the run of {found}, and the results beside it of that of {wanted}; restore both from \
         git, or render the report again with `cargo centurion report`"
    )]
    OtherRun {
        /// Name of the file.
        origin: String,
        /// When its run was started.
        found: String,
        /// When that of the results was.
        wanted: String,
    },
    /// Well-formed, but it contradicts itself, or has a number or a name that can't be meant.
    #[error("read {origin}: {place} {contradiction}; the file was edited or damaged, restore it from git")]
    Inconsistent {
        /// Name of the file.
        origin: String,
        /// Which cell, workload, graph or timeline.
        place: String,
        /// What is wrong with it.
        contradiction: String,
    },
}
