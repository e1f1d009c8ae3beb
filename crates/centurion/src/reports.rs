//! Where reports lie: a folder for each machine and a list of them. What else lies there is not ours and stays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use centurion_record::Record;
use centurion_report::{files as render, index};

use crate::command::quoted;
use crate::files::{self, Changes};
use crate::report_base::{BASE, BasePointer, ReportBase};
use crate::store::{self, DATA, EXECUTIONS};

/// The file that tells a report from a folder of somebody else, who may have a results.json as well: the first of a
/// report that is there.
const MARKER: &str = "schema.json";
/// What it says, of whatever version.
const MARK: &str = "\"Centurion record, schema ";
/// Where charts are.
const CHARTS: &str = "charts";
/// The list of machines.
const INDEX: &str = "README.md";

/// A folder of reports.
pub(crate) struct Reports<'a> {
    root: &'a Path,
}

impl<'a> Reports<'a> {
    /// The reports in a folder.
    pub(crate) fn new(root: &'a Path) -> Self {
        Self { root }
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        self.root
    }

    /// The folder of a machine.
    pub(crate) fn folder(&self, machine: &str) -> PathBuf {
        self.root.join(machine)
    }

    /// Where the list of machines is.
    pub(crate) fn index(&self) -> PathBuf {
        self.root.join(INDEX)
    }

    /// The record of each machine that has a report, by the name of its folder.
    pub(crate) fn committed(&self) -> Result<BTreeMap<String, Record>> {
        self.records(|_| true)
    }

    /// The same, of the machines that are wanted.
    fn records(&self, wanted: impl Fn(&str) -> bool) -> Result<BTreeMap<String, Record>> {
        let mut records = BTreeMap::new();
        for folder in files::entries(self.root)? {
            let key = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let data = folder.join(DATA);
            if wanted(&key) && data.is_file() && !key.starts_with('.') {
                records.insert(key, store::read_record(&data)?);
            }
        }
        Ok(records)
    }

    /// Folders of reports in this one, such as those of the reference suite.
    pub(crate) fn inner(&self) -> Result<Vec<PathBuf>> {
        let is_report = |folder: &PathBuf| folder.join(DATA).is_file();
        let mut found = files::entries(self.root)?;
        found.retain(|folder| folder.is_dir() && !is_report(folder));
        found.retain(|folder| files::entries(folder).is_ok_and(|inner| inner.iter().any(is_report)));
        Ok(found)
    }

    /// Every file of a machine's report, as relative path and text.
    pub(crate) fn render(record: &Record, base: Option<&ReportBase>) -> BTreeMap<String, String> {
        let mut files = render(record, base.map(|base| &base.record));
        files.extend(base.map(|base| (BASE.to_owned(), base.pointer.text())));
        files
    }

    /// What renders the report of a machine again from what lies in its folder.
    pub(crate) fn command(&self, machine: &str) -> String {
        let folder = self.folder(machine);
        let named = |name: &str| quoted(&store::shown(&folder.join(name)));
        let base = BasePointer::of_report(&folder).ok().flatten();
        let against = base.map(|base| format!(" --against {}", base.revision()));
        let into = quoted(&store::shown(self.root));
        format!("cargo centurion report {} --into {into}{}", named(DATA), against.unwrap_or_default())
    }

    /// The list of these machines.
    pub(crate) fn list(records: &BTreeMap<String, Record>) -> String {
        let machines: Vec<(&str, &Record)> =
            records.iter().map(|(key, record)| (key.as_str(), record)).collect();
        index(&machines)
    }

    /// Puts a report in place of the one of the same machine, and brings the list up to date. Returns the names of the
    /// files. Everything is read and made before anything is written.
    ///
    /// # Errors
    /// When something that stands there is not ours, or can't be read or written; then nothing has changed.
    pub(crate) fn put(&self, record: &Record, base: Option<&ReportBase>) -> Result<Vec<String>> {
        let _lock = files::lock_folder(self.root)?;
        let machine = record.environment.machine();
        let folder = self.folder(&machine);
        ensure_of_same_agents(&folder, record)?;
        let rendered = Self::render(record, base);
        let names: Vec<String> = rendered.keys().cloned().collect();
        let stale = ours(&folder)?;
        let left_behind = [self.root, &folder, &folder.join(CHARTS)].map(files::left_behind);
        self.ensure_index_is_ours()?;
        // This machine's data is replaced, whatever state it is in.
        let mut records = self.records(|other| other != machine)?;
        records.insert(machine, record.clone());
        let mut changes = Changes::default();
        for path in left_behind {
            path?.into_iter().for_each(|path| changes.remove(path));
        }
        replace(&folder, stale, rendered, &mut changes);
        changes.write(self.index(), Self::list(&records));
        changes.make()?;
        Ok(names)
    }

    fn ensure_index_is_ours(&self) -> Result<()> {
        let found = files::read_if_there(&self.index())?;
        ensure!(
            found.is_none_or(|text| text.trim().is_empty() || text.starts_with(index(&[]).trim_end())),
            "failed to write {}: it is no list of reports; name another folder with --into",
            self.index().display()
        );
        Ok(())
    }
}

/// Brings a folder from one report to another. A process that is ended half-way leaves the old data until all that was
/// rendered from it has gone or been replaced: so the next report knows what is stale.
fn replace(
    folder: &Path,
    stale: BTreeSet<String>,
    rendered: BTreeMap<String, String>,
    changes: &mut Changes,
) {
    let stale = stale.into_iter().filter(|name| !rendered.contains_key(name)).map(|name| (name, None));
    let stale: Vec<_> = stale.collect();
    let rendered = rendered.into_iter().map(|(name, text)| (name, Some(text)));
    let mut files: Vec<(String, Option<String>)> = stale.into_iter().chain(rendered).collect();
    files.sort_by_key(|(name, text)| match (name.as_str(), text) {
        (MARKER, _) => 0,
        (BASE | EXECUTIONS, _) => 3,
        (DATA, _) => 4,
        (_, None) => 1,
        (_, Some(_)) => 2,
    });
    for (name, text) in files {
        match text {
            Some(text) => changes.write(folder.join(name), text),
            None => changes.remove(folder.join(name)),
        }
    }
}

/// Whether there is nothing in a machine's folder but what a report left that was cut short before its first file.
fn is_empty(folder: &Path) -> Result<bool> {
    let charts = folder.join(CHARTS);
    let in_folder = files::entries(folder)?.into_iter().filter(|path| *path != charts).count();
    let in_charts = if charts.is_dir() { files::entries(&charts)?.len() } else { 0 };
    let left_behind = files::left_behind(folder)?.len() + files::left_behind(&charts)?.len();
    Ok(in_folder + in_charts == left_behind)
}

/// Fails where a whole run of other agents stands, as one bench of a crate would otherwise replace another's.
fn ensure_of_same_agents(folder: &Path, record: &Record) -> Result<()> {
    let Ok(there) = store::read_record(folder) else { return Ok(()) };
    let names = |record: &Record| -> Vec<String> {
        record.workloads.iter().map(|workload| workload.name.clone()).collect()
    };
    let (old, new) = (names(&there), names(record));
    let into = folder.parent().unwrap_or(folder).join(new.first().map_or("", String::as_str));
    ensure!(
        there.is_narrowed() || old.iter().any(|name| new.contains(name)),
        "failed to write {}: the report there is of {}, and would be lost; give --into {}",
        folder.display(),
        some_of(&old),
        quoted(&store::shown(&into))
    );
    Ok(())
}

/// The first of many names, and how many more there are.
fn some_of(names: &[String]) -> String {
    const NAMED: usize = 3;
    let first = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// The files in a machine's folder that were rendered from the data there, as far as that data can still be read.
///
/// # Errors
/// When there are files and no marker among them: then they are somebody else's.
fn ours(folder: &Path) -> Result<BTreeSet<String>> {
    if is_empty(folder)? {
        return Ok(BTreeSet::new());
    }
    let marker = files::read_if_there(&folder.join(MARKER))?;
    ensure!(
        marker.is_some_and(|text| text.contains(MARK)),
        "failed to write {}: there are files but no report in it, which has a {MARKER} of ours; move them, or name \
         another folder with --into",
        folder.display()
    );
    let Ok(record) = store::read_record(folder) else { return Ok(BTreeSet::new()) };
    let names = render(&record, None).into_keys().chain([BASE.to_owned()]);
    Ok(names.filter(|name| folder.join(name).is_file()).collect())
}
