//! The file format of a measured run.
//!
//! A [`Record`] holds the raw integer nanoseconds of every sample with the round it was taken in, and the
//! machine it was taken on. Nothing in it is averaged or judged: every later figure is a pure function of
//! this file. See `README.md` beside the crate for the format's rules.

mod check;
mod condense;
mod difference;
mod error;
mod format;
mod id;
mod limits;
mod line;
mod model;

use std::ops::RangeInclusive;

pub use difference::Difference;
pub use error::RecordError;
pub use id::{CellId, CellIdError};
pub use model::*;

/// Version of the format this crate writes. It changes when a reader of the older version would misread a file; adding
/// an optional field does not change it.
pub const SCHEMA: u32 = 3;

/// Versions this crate reads. In schema 2 nothing was left out that follows from the rest.
pub const SCHEMAS: RangeInclusive<u64> = 2..=SCHEMA as u64;

/// The format as JSON Schema 2020-12, for readers in other languages. It says of each field what it says
/// alone; what fields say of each other, such as series of equal length, only [`Record::parse`] checks.
pub const JSON_SCHEMA: &str = include_str!("../schema.json");

/// The schema that the text of a record says it has; `None` for what is no record.
///
/// ```
/// assert_eq!(centurion_record::schema(r#"{"schema": 1, "samples": []}"#), Some(1));
/// ```
pub fn schema(text: &str) -> Option<u64> {
    format::schema(text)
}

impl Record {
    /// Reads a record from the text of a file. `origin` is the file's name, used in errors only.
    ///
    /// # Errors
    /// [`RecordError`] names the file, the line where reading stopped, and what to do: for text that is
    /// not JSON, is cut short, is not a record, has a schema this version does not know, or whose series
    /// contradict each other.
    pub fn parse(text: &str, origin: &str) -> Result<Self, RecordError> {
        format::parse(text, origin)
    }

    /// Writes the record in its canonical form: sorted cells, one series per line, a final newline. The
    /// same record gives the same bytes whatever order its cells are in.
    pub fn to_text(&self) -> String {
        format::write(self)
    }

    /// The same as two files: what was measured in rounds, which is a record by itself, and the timelines and footprints
    /// that were taken after them, if there are any.
    pub fn to_texts(&self) -> (String, Option<String>) {
        format::write_apart(self)
    }

    /// The record with what its second file holds.
    ///
    /// # Errors
    /// As [`Record::parse`], and where the file is of another run.
    pub fn with_executions(self, text: &str, origin: &str) -> Result<Self, RecordError> {
        format::join(self, text, origin)
    }

    /// The same record in its canonical order: cells by workload and executor, timelines as their cells,
    /// rounds ascending.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut record = self.clone();
        format::sort(&mut record);
        record
    }

    /// Whether the run was asked for less than everything: it is not the machine's full run then, whatever its mode.
    pub fn is_narrowed(&self) -> bool {
        !self.run.narrowed_to.is_empty()
    }

    /// The workload a cell belongs to.
    pub fn workload(&self, name: &str) -> Option<&WorkloadEntry> {
        self.workloads.iter().find(|workload| workload.name == name)
    }

    /// The graph that says which agents of a workload need which others' answers, if they need any.
    pub fn graph(&self, workload: &WorkloadEntry) -> Option<&GraphEntry> {
        let name = workload.graph.as_ref()?;
        self.graphs.iter().find(|graph| &graph.name == name)
    }
}
