//! Files of a command's run: scenarios that are read as they are needed, results and journals that grow line by line.
#![expect(clippy::disallowed_methods, reason = "these files are streams; `files` writes whole ones")]

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use centurion_commands::{Invocation, Journal, Scenarios};

use crate::error::failed_to;
use crate::store;

/// Where scenarios are read from.
pub(crate) struct Input {
    path: PathBuf,
    /// How many there are, where all were looked at before any is run.
    pub(crate) count: Option<usize>,
}

impl Input {
    /// Looks at every scenario of a file before any is run. Standard input and pipes can be read only once.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let mut input = Self { path: path.to_owned(), count: None };
        ensure!(
            input.is_standard() || path.exists(),
            "failed to read {}: there is no such file; name one with a scenario in each line",
            path.display()
        );
        if input.is_file() {
            let scenarios = input.open()?;
            let counted = scenarios.map(|scenario| scenario.map(drop)).collect::<Result<Vec<()>, _>>();
            input.count = Some(counted.map_err(failed_to)?.len());
            ensure!(input.count != Some(0), "failed to find a scenario in {}: it is empty", path.display());
        }
        Ok(input)
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
            return Ok(Scenarios::new("standard input", Box::new(BufReader::new(std::io::stdin()))));
        }
        let name = self.path.display().to_string();
        let file = File::open(&self.path).with_context(|| format!("failed to read {name}"))?;
        ensure!(!self.path.is_dir(), "failed to read {name}: it is a folder");
        Ok(Scenarios::new(name, Box::new(BufReader::new(file))))
    }
}

/// A journal that nobody named: a new file among the records, and where it is.
pub(crate) fn new_journal(invocation: &Invocation) -> Result<(Journal, PathBuf)> {
    let folder = store::records();
    fs::create_dir_all(&folder).with_context(|| format!("failed to make the folder {}", folder.display()))?;
    let name = format!("advise-{}-{}.journal", jiff::Timestamp::now().as_second(), std::process::id());
    let path = folder.join(name);
    let begun = journal(&path, false, invocation)?;
    Ok((begun, path))
}

/// Takes such a journal away. If it can't be, an empty one is left.
pub(crate) fn remove_journal(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Opens a journal: a new one, or one to go on with, which may not be there yet.
pub(crate) fn journal(path: &Path, resume: bool, invocation: &Invocation) -> Result<Journal> {
    let shown = path.display();
    let file = File::options().append(true).read(true).create(true).open(path);
    let file = file.with_context(|| format!("failed to write the journal {shown}"))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            bail!("failed to write the journal {shown}: another run is writing it")
        }
        // Where files can't be locked, two runs at once are left to luck.
        Ok(()) | Err(TryLockError::Error(_)) => (),
    }
    if resume {
        return Journal::with_earlier(file, invocation)
            .map_err(|error| anyhow!("failed to use the journal {shown}: {error}"));
    }
    let empty = file.metadata().is_ok_and(|found| found.len() == 0);
    ensure!(
        empty,
        "failed to begin the journal {shown}: it is there already; go on with it by --resume, or name another"
    );
    Journal::new(file, invocation).with_context(|| format!("failed to write the journal {shown}"))
}

/// Opens a file for results and empties it, unless it is one of those that are needed.
pub(crate) fn results(path: &Path, needed: &[Option<&Path>]) -> Result<Box<dyn Write + Send>> {
    let failed = || format!("failed to write results into {}", path.display());
    let file = File::options().write(true).create(true).truncate(false).open(path).with_context(failed)?;
    let found = file.metadata().with_context(failed)?;
    for other in needed.iter().flatten() {
        let same = other.metadata().is_ok_and(|other| is_same(&found, &other));
        ensure!(!same, "failed to write results into {}: that is {}", path.display(), other.display());
    }
    if found.is_file() {
        file.set_len(0).with_context(failed)?;
    }
    Ok(Box::new(file))
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    one.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino())
}
