//! Where records lie, which of them is meant, and reading them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use centurion_record::{Mode, Record};
use jiff::Timestamp;
use serde::Deserialize;

use crate::args::FULL_ROUNDS;
use crate::command::quoted;
use crate::error::{did_you_mean, failed_to};
use crate::files::{self, read};
use crate::git;

/// The canonical data of a report, which everything else in its folder is rendered from.
pub(crate) const DATA: &str = "results.json";

/// Reads a record; of the folder of a report, the one it was rendered from.
///
/// # Errors
/// Names the file and what is wrong with it.
pub fn read_record(path: &Path) -> Result<Record> {
    let data = path.join(DATA);
    let path = if data.is_file() { &data } else { path };
    let text = read(path).map_err(|error| {
        anyhow!("{error:#}; name a record, such as those in {}, or the folder of a report", shown(&records()))
    })?;
    Record::parse(&text, &path.display().to_string()).map_err(failed_to)
}

/// Cargo's target folder that this program was built into, or `target` in the current one.
pub fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    // Cargo marks the top of its target folder, whatever it is called, for backup programs.
    let marked = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    marked.unwrap_or(Path::new("target")).to_path_buf()
}

/// The folder of records.
pub fn records() -> PathBuf {
    target().join("centurion")
}

/// What is read of a record to find the latest.
#[derive(Deserialize)]
struct Summary {
    run: RunSummary,
}

#[derive(Deserialize)]
struct RunSummary {
    started: String,
}

/// Every record, oldest first, by the time that it says it started; of one second, by when it was written last.
fn all_records() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in files::entries(&records())? {
        if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
            let Some(started) = started(&path) else { continue };
            let written = path.metadata().and_then(|metadata| metadata.modified()).ok();
            found.push((started, written, path));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(.., path)| path).collect())
}

/// When a record says it was started; `None` for what is no record.
fn started(path: &Path) -> Option<Timestamp> {
    let summary: Summary = serde_json::from_str(&read(path).ok()?).ok()?;
    summary.run.started.parse().ok()
}

/// The latest record.
///
/// # Errors
/// When there is none yet.
pub fn latest_record() -> Result<PathBuf> {
    all_records()?.pop().ok_or_else(|| {
        anyhow!("failed to find a record in {}; make one with `cargo bench`", shown(&records()))
    })
}

/// The latest complete record of a full run of everything. Others are rendered and compared only when they are named.
pub(crate) fn latest_full_record() -> Result<PathBuf> {
    let fits = |path: &PathBuf| read_record(path).is_ok_and(|record| is_full(&record));
    all_records()?.into_iter().rev().find(fits).with_context(|| {
        format!(
            "failed to find a complete record of a full run of everything in {}; make one with `cargo bench`, or name a \
             record",
            shown(&records())
        )
    })
}

fn is_full(record: &Record) -> bool {
    let enough = record.rounds.len() >= FULL_ROUNDS as usize;
    record.run.complete && record.run.mode == Mode::Full && !record.is_narrowed() && enough
}

/// A path as a person would type it: relative to the folder they are in where it lies below that.
pub fn shown(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let current = std::env::current_dir().unwrap_or_default();
    // Cargo starts benches elsewhere than where it was started itself.
    let typed_in = std::env::var_os("PWD").map_or(current, PathBuf::from);
    path.strip_prefix(&typed_in).unwrap_or(&path).display().to_string()
}

/// What a run is compared with.
pub(crate) enum BaseSource<'a> {
    /// A record.
    File(PathBuf),
    /// A git revision, by name, and its commit.
    Revision(&'a str, String),
}

impl<'a> BaseSource<'a> {
    /// Finds out what is meant by a name.
    ///
    /// # Errors
    /// When it is neither a file nor a revision.
    pub(crate) fn find(name: &'a str) -> Result<Self> {
        let path = Path::new(name);
        if path.is_file() {
            return Ok(Self::File(path.to_owned()));
        }
        let data = path.join(DATA);
        if data.is_file() {
            return Ok(Self::File(data));
        }
        ensure!(
            !path.exists(),
            "failed to find a record in {name}: it holds no {DATA}; name a record or a git revision"
        );
        match git::commit(name) {
            Ok(commit) => Ok(Self::Revision(name, commit)),
            Err(error) => bail!(
                "failed to find {name:?}: there is no such file, and {error:#}; name a record or a git revision{}",
                did_you_mean(name, &git::names().iter().map(String::as_str).collect::<Vec<_>>())
            ),
        }
    }

    /// The record itself; of a revision, the one committed for the machine of `new`.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub(crate) fn read(&self, new: &Record) -> Result<Record> {
        let (text, origin) = self.text(new)?;
        Record::parse(&text, &origin).map_err(failed_to)
    }

    /// The text of the record, and where it is from.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub(crate) fn text(&self, new: &Record) -> Result<(String, String)> {
        let (name, commit) = match self {
            Self::File(path) => return Ok((read(path)?, path.display().to_string())),
            Self::Revision(name, commit) => (name, commit),
        };
        let path = format!("reports/{}/results.json", new.environment.machine());
        let text = git::show(commit, &path).with_context(|| {
            format!("failed to find a report of this machine in {name}; measure it there, or use `cargo centurion duel {}`", quoted(name))
        })?;
        Ok((text, format!("{name}:{path}")))
    }
}
