//! The record of a run as it grows on disk.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use centurion_record::{Record, schema};

use crate::files;

/// A file that one run writes its record into, round after round.
pub(crate) struct RecordFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What was written last.
    text: Option<String>,
}

impl RecordFile {
    /// Looks at once whether the record can be written there.
    ///
    /// # Errors
    /// When it can't, or when what stands there is no record.
    pub(crate) fn new(path: PathBuf) -> Result<Self> {
        files::ensure_writable(&path)?;
        let text = files::read_if_there(&path)?;
        ensure!(
            text.as_ref().is_none_or(|text| text.trim().is_empty() || schema(text).is_some()),
            "failed to write {}: what stands there is no record; name another file with --record",
            path.display()
        );
        Ok(Self { path, text })
    }

    /// Writes the record as it is now.
    ///
    /// # Errors
    /// When it can't be written, or another run writes into the same file.
    pub(crate) fn write(&mut self, record: &Record) -> Result<()> {
        let found = files::read_if_there(&self.path)?;
        ensure!(
            found.is_none() || found == self.text,
            "failed to write {}: something else has written into it since; give each run a file of its own with --record",
            self.path.display()
        );
        let text = record.to_text();
        files::write(&self.path, &text)?;
        self.text = Some(text);
        Ok(())
    }

    /// Whether what was written last still stands there.
    pub(crate) fn stands(&self) -> bool {
        self.text.is_some() && files::read_if_there(&self.path).is_ok_and(|found| found == self.text)
    }
}
