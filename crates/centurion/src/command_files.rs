//! Files of a command's run: scenarios that are read as they are needed, results and journals that grow line by line.
#![expect(clippy::disallowed_methods, reason = "these files are streams; `files` writes whole ones")]

use std::fmt::Display;
use std::fs::{self, File, TryLockError};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, ensure};
use centurion_commands::{Invocation, Journal, ScenarioGraph, Scenarios, is_result};

use crate::error::failed_to;
use crate::output::note;
use crate::{files, store};

/// Where scenarios are read from.
pub(crate) struct Input {
    path: PathBuf,
    /// How many there are, where all were looked at before any is run.
    pub(crate) count: Option<usize>,
    /// Whether there may be one whose right answer is known: not where none of those looked at has one.
    pub(crate) may_expect: bool,
    /// Whether they need each other's answers.
    pub(crate) has_needs: bool,
}

impl Input {
    /// Looks at every scenario of a file before any is run. Standard input and pipes can be read only once.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let mut input = Self { path: path.to_owned(), count: None, may_expect: true, has_needs: false };
        ensure!(
            input.is_standard() || path.exists(),
            "failed to read {}: there is no such file; name one with a scenario in each line",
            path.display()
        );
        if input.is_file() {
            input.look()?;
        }
        Ok(input)
    }

    fn look(&mut self) -> Result<()> {
        let mut count = 0;
        self.may_expect = false;
        for scenario in self.open()? {
            let scenario = scenario.map_err(failed_to)?;
            count += 1;
            self.may_expect |= scenario.expected.is_some();
            self.has_needs |= !scenario.needs.is_empty();
        }
        ensure!(
            count > 0,
            "failed to find a scenario in {}: it is empty; write one in each line, as a JSON object",
            self.path.display()
        );
        self.count = Some(count);
        if self.has_needs {
            self.graph()?;
        }
        Ok(())
    }

    /// The scenarios, and who needs whom.
    pub(crate) fn graph(&self) -> Result<ScenarioGraph> {
        ScenarioGraph::read(self.open()?).map_err(failed_to)
    }

    fn is_standard(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    fn is_file(&self) -> bool {
        !self.is_standard() && self.path.is_file()
    }

    /// The scenarios, from the first on.
    pub(crate) fn open(&self) -> Result<Scenarios<Box<dyn BufRead + Send>>> {
        if self.is_standard() {
            let lines: Box<dyn BufRead + Send> = Box::new(BufReader::new(std::io::stdin()));
            return Ok(Scenarios::new("standard input", lines).without_needs());
        }
        let name = self.path.display().to_string();
        let file = File::open(&self.path).with_context(|| format!("failed to read {name}"))?;
        ensure!(
            !self.path.is_dir(),
            "failed to read {name}: it is a folder; name a file in it with a scenario in each line"
        );
        let scenarios = Scenarios::new(name, Box::new(BufReader::new(file)) as Box<dyn BufRead + Send>);
        Ok(if self.is_file() { scenarios } else { scenarios.without_needs() })
    }
}

/// A journal that nobody named: a new file among the records, and where it is.
pub(crate) fn new_journal(invocation: &Invocation) -> Result<(Journal, PathBuf)> {
    let name = format!("advise-{}.journal", store::file_name_of(&store::timestamp()));
    let path = store::records().join(name);
    let begun = journal(&path, false, invocation)?;
    Ok((begun, path))
}

/// Takes such a journal away. If it can't be, an empty one is left.
pub(crate) fn remove_journal(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Opens a journal: a new one, or one to go on with, which may not be there yet. Makes its folder if needed.
pub(crate) fn journal(path: &Path, resume: bool, invocation: &Invocation) -> Result<Journal> {
    let shown = path.display();
    files::ensure_writable(path)?;
    if resume && !path.exists() {
        note(&format!("there is no journal {shown} yet: it begins now"));
    }
    let file = File::options().append(true).read(true).create(true).open(path);
    let file =
        file.map_err(|error| anyhow!("failed to write the journal {shown}: {error}; name another place"))?;
    ensure!(
        is_ours_alone(&file),
        "failed to write the journal {shown}: another run is writing it; wait for its end, or name another"
    );
    if resume {
        return Journal::with_earlier(file, invocation)
            .map_err(|error| anyhow!("failed to use the journal {shown}: {error}"));
    }
    let empty = file.metadata().is_ok_and(|found| found.len() == 0);
    ensure!(
        empty,
        "failed to begin the journal {shown}: it is there already; go on with it by --resume, or name another"
    );
    Journal::new(file, invocation).map_err(|error| {
        anyhow!("failed to write the journal {shown}: {error}; make room, or name another place")
    })
}

/// Refuses a file for results that is needed otherwise or holds something, before anything is begun. A run that goes on
/// writes all its results anew, over results and nothing else.
pub(crate) fn ensure_free(
    path: &Path,
    input: Option<&Path>,
    journal: Option<&Path>,
    resume: bool,
) -> Result<()> {
    files::ensure_writable(path)?;
    journal.map_or(Ok(()), files::ensure_writable)?;
    let shown = path.display();
    for (flag, other) in [("--input", input), ("--journal", journal)] {
        let same = other.is_some_and(|other| is_same(path, other));
        ensure!(!same, "failed to write results into {shown}: it is the file of {flag} too; name another");
    }
    if path.metadata().is_ok_and(|found| found.is_file() && found.len() > 0) {
        ensure!(
            resume,
            "failed to write results into {shown}: it is there already; name another file, take that one away, or go on with a \
             journal by --resume, which writes them all again"
        );
        ensure!(
            journal.is_some_and(Path::exists) && holds_results(path)?,
            "failed to write results into {shown}: what is there is not of the run that --resume goes on with; name another \
             file, or take that one away"
        );
    }
    Ok(())
}

/// Whether a file begins with the result of an agent.
fn holds_results(path: &Path) -> Result<bool> {
    let failed = || format!("failed to read {}", path.display());
    let mut line = Vec::new();
    let file = File::open(path).with_context(failed)?;
    BufReader::new(file).read_until(b'\n', &mut line).with_context(failed)?;
    Ok(is_result(&line))
}

/// Opens a file for results, and empties it when nobody else writes it.
pub(crate) fn results(path: &Path) -> Result<Box<dyn Write + Send>> {
    let failed = |why: &dyn Display| {
        anyhow!("failed to write results into {}: {why}; name another place", path.display())
    };
    let file = File::options().write(true).create(true).truncate(false).open(path);
    let file = file.map_err(|error| failed(&error))?;
    if file.metadata().is_ok_and(|found| found.is_file()) {
        ensure!(is_ours_alone(&file), failed(&"another run is writing them there"));
        file.set_len(0).map_err(|error| failed(&error))?;
    }
    Ok(Box::new(file))
}

/// Whether no other run writes into a file, from now until this one ends. Where files can't be locked, two at once are left
/// to luck.
fn is_ours_alone(file: &File) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Whether two paths stand for one file, or will when it is there.
fn is_same(one: &Path, other: &Path) -> bool {
    let found = one.metadata().ok().zip(other.metadata().ok());
    found.is_some_and(|(one, other)| one.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino()))
        || files::end_of(one).is_some_and(|end| files::end_of(other) == Some(end))
}
