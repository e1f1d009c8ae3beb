//! `centurion report`: rendering a record into `reports/`, and checking what is committed there.
#![expect(clippy::disallowed_methods, reason = "this is where files belong")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use centurion_record::{Mode, Record};

use crate::args::ReportArgs;
use crate::command::quoted;
use crate::files;
use crate::git;
use crate::output::{narrowed, shown};
use crate::report_base::ReportBase;
use crate::reports::Reports;
use crate::store;

/// Renders or checks, calling `say` with a line for each thing done or found. Returns whether all is well.
///
/// # Errors
/// When a record can't be used, or a file can't be read or written; then what stood in the folder stands.
pub fn run(args: &ReportArgs, mut say: impl FnMut(&str)) -> Result<bool> {
    let into = args.into.clone().unwrap_or_else(reports_folder);
    let reports = Reports::new(&into);
    if args.check {
        let mut all = check(&reports, &mut say)?;
        for folder in reports.inner()? {
            all &= check(&Reports::new(&folder), &mut say)?;
        }
        return Ok(all);
    }
    let path = store::named_or_latest_full(args.record.as_deref())?;
    let record = store::read_record(&path)?;
    ensure_fit(args, &record, &path)?;
    let base = args.against.as_deref().map(|name| ReportBase::find(name, &record)).transpose()?;
    let names = reports.put(&record, base.as_ref())?;
    let folder = reports.folder(&record.environment.machine());
    if let Some(narrowed) = narrowed(&record) {
        say(&narrowed);
    }
    say(&format!("rendered {} into {}", store::shown(&path), folder.display()));
    for name in names {
        say(&format!("  {name}"));
    }
    Ok(true)
}

/// The reports of the checkout that the current folder is in, or of this folder.
fn reports_folder() -> PathBuf {
    let here = PathBuf::from("reports");
    match git::top() {
        Ok(top) if !here.is_dir() => top.join(here),
        _ => here,
    }
}

fn ensure_fit(args: &ReportArgs, record: &Record, path: &Path) -> Result<()> {
    let path = store::shown(path);
    ensure!(
        record.run.mode != Mode::Verify,
        "failed to render {path}: `verify` made it, which checks answers and measures nothing; name a record that \
         `cargo bench` made"
    );
    ensure!(
        record.run.complete || args.allow_partial,
        "failed to render {path}: the run was stopped after {} rounds; go on with it \
         (CENTURION_RESUME={} {}) or give --allow-partial",
        record.rounds.len(),
        quoted(&path),
        shown(&record.run.command)
    );
    let failed: Vec<_> = record.cells.iter().filter(|cell| cell.failure.is_some()).collect();
    if let (Some(first), false) = (failed.first(), args.allow_failures) {
        bail!(
            "failed to render {path}: {} of {} cells failed, the first {} ({}); \
             mend it or give --allow-failures",
            failed.len(),
            record.cells.len(),
            first.id,
            first.failure.as_deref().unwrap_or_default()
        );
    }
    Ok(())
}

/// Renders every committed report again and names each file that differs, is missing or should not be there.
fn check(reports: &Reports<'_>, say: &mut impl FnMut(&str)) -> Result<bool> {
    let mut wrong = 0;
    let mut find = |finding: String, say: &mut dyn FnMut(&str)| {
        wrong += 1;
        say(&finding);
    };
    let records = reports.committed()?;
    ensure!(
        !records.is_empty(),
        "failed to find a report in {}; render one with `cargo centurion report`, or name another folder with --into",
        reports.root().display()
    );
    for (key, record) in &records {
        if *key != record.environment.machine() {
            find(format!("{key} holds a record of {}", record.environment.machine()), say);
        }
        let folder = reports.folder(key);
        for finding in
            differences(&folder, &Reports::render(record, ReportBase::of_report(&folder)?.as_ref()))?
        {
            find(finding, say);
        }
    }
    if files::read(&reports.index()).ok().as_deref() != Some(&Reports::list(&records)) {
        find(format!("{} differs", reports.index().display()), say);
    }
    let count = records.len();
    if wrong == 0 {
        say(&format!("{count} report{} the same, byte for byte", if count == 1 { " is" } else { "s are" }));
    } else {
        say(&format!("{wrong} differences; render them again with"));
        for key in records.keys() {
            say(&format!("  {}", reports.command(key)));
        }
    }
    Ok(wrong == 0)
}

fn differences(folder: &Path, rendered: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut found: Vec<String> = rendered
        .iter()
        .filter_map(|(name, text)| {
            let path = folder.join(name);
            match fs::read(&path) {
                Ok(bytes) if bytes == text.as_bytes() => None,
                Ok(_) => Some(format!("{} differs", path.display())),
                Err(_) => Some(format!("{} is missing", path.display())),
            }
        })
        .collect();
    let expected: BTreeSet<PathBuf> = rendered.keys().map(|name| folder.join(name)).collect();
    let extra = files_below(folder)?.into_iter().filter(|path| !expected.contains(path));
    found.extend(extra.map(|path| format!("{} should not be there", path.display())));
    Ok(found)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in files::entries(folder)? {
        if path.is_dir() { found.extend(files_below(&path)?) } else { found.push(path) }
    }
    Ok(found)
}
