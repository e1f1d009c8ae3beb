//! Where records lie, which of them is meant, and reading them.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use centurion_harness::clock;
use centurion_record::{Mode, Record};
use serde::Deserialize;

use crate::args::FULL_ROUNDS;
use crate::command::quoted;
use crate::error::{did_you_mean, failed_to};
use crate::files::{self, read};
use crate::git;
use crate::output::note;

/// The canonical data of a report, which everything else in its folder is rendered from.
pub(crate) const DATA: &str = "results.json";

/// What was taken after the rounds, beside [`DATA`].
pub(crate) const EXECUTIONS: &str = "executions.json";

/// The data of a report, by its folder or by one in which it is the only report.
fn data_of(path: &Path) -> Option<PathBuf> {
    let data = path.join(DATA);
    if data.is_file() {
        return Some(data);
    }
    let folders = path.is_dir().then(|| files::entries(path).ok()).flatten()?;
    let mut found = folders.into_iter().map(|folder| folder.join(DATA)).filter(|data| data.is_file());
    found.next().filter(|_| found.next().is_none())
}

/// Reads a record; of a report, with the executions beside it. A folder is that of a report, or of reports if there is but one.
///
/// # Errors
/// Names the file and what is wrong with it.
pub fn read_record(path: &Path) -> Result<Record> {
    let data = data_of(path);
    let path = data.as_deref().unwrap_or(path);
    let text = read(path).map_err(|error| {
        anyhow!("{error:#}; name a record, such as those in {}, or the folder of a report", shown(&records()))
    })?;
    let record = Record::parse(&text, &path.display().to_string()).map_err(failed_to)?;
    let executions = path.with_file_name(EXECUTIONS);
    if path.file_name() != Some(DATA.as_ref()) || !executions.is_file() {
        return Ok(record);
    }
    record.with_executions(&read(&executions)?, &executions.display().to_string()).map_err(failed_to)
}

/// The target folder of cargo that records are in: of a bench the one it was built into, and of the command line too where
/// it is at home. In the folders of another crate it is that crate's, whose bench may have made some.
pub fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let current = std::env::current_dir().unwrap_or_default();
    target_of(&program, &current, std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from))
}

fn target_of(program: &Path, current: &Path, said: Option<PathBuf>) -> PathBuf {
    // Cargo marks the top of its target folder, whatever it is called, for backup programs.
    let is_target = |folder: &Path| folder.join("CACHEDIR.TAG").is_file();
    let built_into = program.ancestors().find(|folder| is_target(folder));
    let is_bench = program.parent().is_some_and(|folder| folder.ends_with("deps"));
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().ok();
    let is_home = |home: &Path| current.starts_with(home);
    let at_home =
        built_into.and_then(Path::parent).is_some_and(is_home) || sources.as_deref().is_some_and(is_home);
    let said = said.map(|folder| current.join(folder));
    let mut here = said.into_iter().chain(current.ancestors().map(|folder| folder.join("target")));
    let of_others = if is_bench || at_home { None } else { here.find(|folder| is_target(folder)) };
    of_others.or(built_into.map(Path::to_owned)).unwrap_or_else(|| "target".into())
}

/// The folder of records.
pub fn records() -> PathBuf {
    target().join("centurion")
}

/// Now, as RFC 3339 in UTC, to the second. A clock that stands before 1970 is taken to stand there.
pub(crate) fn timestamp() -> String {
    humantime::format_rfc3339_seconds(clock::calendar().max(SystemTime::UNIX_EPOCH)).to_string()
}

/// The name of a file of what was started then, without an extension. The process's number tells apart two that
/// started in one second.
pub(crate) fn file_name_of(started: &str) -> String {
    format!("{}-{}", started.replace(':', "-"), std::process::id())
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
fn started(path: &Path) -> Option<SystemTime> {
    let summary: Summary = serde_json::from_str(&read(path).ok()?).ok()?;
    humantime::parse_rfc3339(&summary.run.started).ok()
}

/// The record that was named, or else the latest, of which it is said where it lies.
///
/// # Errors
/// When none was named and there is none yet.
pub(crate) fn named_or_latest(named: Option<&Path>) -> Result<PathBuf> {
    named.map_or_else(
        || latest_record().inspect(|path| tell_taken("the latest", path)),
        |path| Ok(path.into()),
    )
}

/// The record that was named, or else the latest complete one of a full run, of which it is said where it lies.
///
/// # Errors
/// When none was named and there is none yet.
pub(crate) fn named_or_latest_full(named: Option<&Path>) -> Result<PathBuf> {
    let latest = || latest_full_record().inspect(|path| tell_taken("the latest of a full run", path));
    named.map_or_else(latest, |path| Ok(path.into()))
}

fn tell_taken(which: &str, path: &Path) {
    note(&format!("no record was named: this is {which}, {}", shown(path)));
}

fn latest_record() -> Result<PathBuf> {
    all_records()?.pop().ok_or_else(|| {
        anyhow!("failed to find a record in {}; make one with `cargo bench`", shown(&records()))
    })
}

/// Others are rendered and compared only when they are named.
fn latest_full_record() -> Result<PathBuf> {
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
    // Half of a full run's rounds are short, and left out where there is no time for them.
    let whole_rounds = FULL_ROUNDS.div_ceil(2) as usize;
    let enough = record.cells.iter().all(|cell| cell.failure.is_some() || cell.round.len() >= whole_rounds);
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

/// Where the report of a record's machine is committed, from the top of the checkout.
pub(crate) fn committed_path(record: &Record) -> String {
    format!("reports/{}/{DATA}", record.environment.machine())
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
        if let Some(data) = data_of(path) {
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
        let path = committed_path(new);
        let text = git::show(commit, &path).with_context(|| {
            format!("failed to find a report of this machine in {name}; measure it there, or use `cargo centurion duel {}`", quoted(name))
        })?;
        Ok((text, format!("{name}:{path}")))
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make target folders")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_only_report_in_a_folder_of_reports_is_meant() {
        let folder = tempfile::tempdir().expect("there is room");
        let report = |name: &str| {
            fs::create_dir(folder.path().join(name)).expect("there is room");
            fs::write(folder.path().join(name).join(DATA), "{}").expect("there is room");
            folder.path().join(name).join(DATA)
        };
        assert_eq!(data_of(folder.path()), None);
        let one = report("one-machine");
        assert_eq!(data_of(folder.path()), Some(one.clone()));
        assert_eq!(data_of(&folder.path().join("one-machine")), Some(one));
        report("another-machine");
        assert_eq!(data_of(folder.path()), None);
    }

    /// Makes a target folder there.
    fn target(folder: PathBuf) -> PathBuf {
        fs::create_dir_all(&folder).expect("there is room");
        fs::write(folder.join("CACHEDIR.TAG"), "").expect("there is room");
        folder
    }

    #[test]
    fn records_are_those_of_the_crate_that_somebody_is_in() {
        let top = tempfile::tempdir().expect("there is room");
        let (home, other) = (top.path().join("centurion"), top.path().join("other"));
        let (built, theirs) = (target(home.join("target")), target(other.join("target")));
        let program = built.join("release/centurion");
        assert_eq!(target_of(&program, &home.join("crates"), None), built);
        assert_eq!(target_of(&program, &other.join("src"), None), theirs);
        assert_eq!(target_of(Path::new("/usr/bin/centurion"), &other.join("src"), None), theirs);
        assert_eq!(target_of(&program, top.path(), None), built, "there is no other");
        assert_eq!(target_of(Path::new("/usr/bin/centurion"), top.path(), None), Path::new("target"));
    }

    #[test]
    fn a_target_folder_elsewhere_is_found_where_cargo_is_told_of_it() {
        let top = tempfile::tempdir().expect("there is room");
        let (other, elsewhere) = (top.path().join("other"), target(top.path().join("elsewhere")));
        target(other.join("target"));
        let program = Path::new("/usr/bin/centurion");
        assert_eq!(target_of(program, &other, Some(elsewhere.clone())), elsewhere);
        assert_eq!(
            target_of(&elsewhere.join("release/deps/agents-01"), &other, None),
            elsewhere,
            "of a bench"
        );
    }
}
