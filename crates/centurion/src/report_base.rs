//! The run that a report is compared with: another committed report, which is named and not copied.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use centurion_record::Record;
use serde::{Deserialize, Serialize};

use crate::command::quoted;
use crate::error::failed_to;
use crate::files;
use crate::git;
use crate::store::{self, BaseSource};

/// What names the base of a report, in the report's folder.
pub(crate) const BASE: &str = "base.json";

/// The base of a report.
pub(crate) struct ReportBase {
    /// What was measured.
    pub(crate) record: Record,
    /// Where that is committed.
    pub(crate) pointer: BasePointer,
}

/// What [`BASE`] says. The record is found by its blob, which stays the same when commits are rebased.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BasePointer {
    commit: String,
    path: String,
    blob: String,
}

impl ReportBase {
    /// The report of the machine of `new` in the revision of a name.
    ///
    /// # Errors
    /// When it is no revision, or has no such report.
    pub(crate) fn find(name: &str, new: &Record) -> Result<Self> {
        let BaseSource::Revision(name, commit) = BaseSource::find(name)? else {
            bail!(
                "failed to render the changes against {name}: a report names its base and does not copy it; give \
                 --against a git revision with a report of this machine, or see `cargo centurion compare {}`",
                quoted(name)
            );
        };
        let path = store::committed_path(new);
        let record = BaseSource::Revision(name, commit.clone()).read(new)?;
        let blob = git::blob(&commit, &path)?;
        Ok(Self { record, pointer: BasePointer { commit, path, blob } })
    }

    /// The base that the report in a folder names, if it has one.
    ///
    /// # Errors
    /// When it names none, or what it names is not in this repository.
    pub(crate) fn of_report(folder: &Path) -> Result<Option<Self>> {
        let Some(pointer) = BasePointer::of_report(folder)? else { return Ok(None) };
        let BasePointer { commit, path, blob } = &pointer;
        let text = git::show_blob(blob).with_context(|| {
            format!(
                "failed to find {path} of commit {commit}, which {} names; get it with `git fetch --unshallow`, or \
                 render the report again without --against",
                folder.join(BASE).display()
            )
        })?;
        let record = Record::parse(&text, &format!("{commit}:{path}")).map_err(failed_to)?;
        Ok(Some(Self { record, pointer }))
    }
}

impl BasePointer {
    /// What the report in a folder names, if it has a base.
    ///
    /// # Errors
    /// When its file can't be read.
    pub(crate) fn of_report(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(BASE);
        let Some(text) = files::read_if_there(&path)? else { return Ok(None) };
        let pointer = serde_json::from_str(&text).with_context(|| {
            format!(
                "failed to read {}: it does not name a committed report; render the report again, with --against and a \
                 git revision",
                path.display()
            )
        })?;
        Ok(Some(pointer))
    }

    /// The text of [`BASE`].
    pub(crate) fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings can be written") + "\n"
    }

    /// What `--against` is given to name the same base.
    pub(crate) fn revision(&self) -> &str {
        &self.commit
    }
}
