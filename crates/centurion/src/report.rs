//! `centurion report`: rendering a record into `reports/`, and checking what is committed there.
#![expect(clippy::disallowed_methods, reason = "this is where files belong")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use centurion_record::Record;
use centurion_report::files as render;

use crate::args::ReportArgs;
use crate::files;
use crate::store::{self, BaseSource};

/// The canonical data of a report, which everything else in its folder is rendered from.
const DATA: &str = "results.json";
/// The run it is compared with, if there is one.
const BASE: &str = "base.json";
/// The list of machines.
const INDEX: &str = "README.md";

/// Renders or checks, calling `say` with a line for each thing done or found. Returns whether all is well.
///
/// # Errors
/// When a record can't be used, or a file can't be read or written; then what stood in the folder stands.
pub fn run(args: &ReportArgs, mut say: impl FnMut(&str)) -> Result<bool> {
    if args.check {
        return check(&args.into, &mut say);
    }
    let path = args.record.clone().map_or_else(store::latest_full_record, Ok)?;
    let record = store::read_record(&path)?;
    ensure_fit(args, &record, &path)?;
    let base = args.against.as_deref().map(|name| BaseSource::find(name)?.read(&record)).transpose()?;
    let machine = record.environment.machine();
    let rendered = render(&record, base.as_ref());
    files::replace_folder(&args.into.join(&machine), &rendered)?;
    files::write(&args.into.join(INDEX), &index(&args.into)?)?;
    say(&format!("rendered {} into {}", store::shown(&path), args.into.join(&machine).display()));
    for file in rendered.keys() {
        say(&format!("  {file}"));
    }
    Ok(true)
}

fn ensure_fit(args: &ReportArgs, record: &Record, path: &Path) -> Result<()> {
    let path = store::shown(path);
    ensure!(
        record.run.complete || args.allow_partial,
        "failed to render {path}: the run was stopped after {} rounds; go on with it \
         (CENTURION_RESUME={path} cargo bench) or give --allow-partial",
        record.rounds.len()
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

/// The list of machines, from what stands in the folder.
fn index(reports: &Path) -> Result<String> {
    let records = committed(reports)?;
    let machines: Vec<(&str, &Record)> = records.iter().map(|(key, record)| (key.as_str(), record)).collect();
    Ok(centurion_report::index(&machines))
}

/// The record of each machine that has a report, by its key.
fn committed(reports: &Path) -> Result<BTreeMap<String, Record>> {
    let mut records = BTreeMap::new();
    let entries = fs::read_dir(reports).with_context(|| format!("failed to read {}", reports.display()))?;
    for entry in entries {
        let folder = entry?.path();
        let key = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if folder.is_dir() && !key.starts_with('.') {
            records.insert(key, store::read_record(&folder.join(DATA))?);
        }
    }
    Ok(records)
}

/// The record that the report in a folder is compared with.
fn committed_base(folder: &Path) -> Result<Option<Record>> {
    let path = folder.join(BASE);
    if path.is_file() { store::read_record(&path).map(Some) } else { Ok(None) }
}

/// Renders every committed report again and names each file that differs, is missing or should not be there.
fn check(reports: &Path, say: &mut impl FnMut(&str)) -> Result<bool> {
    let mut wrong = 0;
    let mut find = |finding: String, say: &mut dyn FnMut(&str)| {
        wrong += 1;
        say(&finding);
    };
    let records = committed(reports)?;
    for (key, record) in &records {
        if *key != record.environment.machine() {
            find(format!("{key} holds a record of {}", record.environment.machine()), say);
        }
        let folder = reports.join(key);
        for finding in differences(&folder, &render(record, committed_base(&folder)?.as_ref()))? {
            find(finding, say);
        }
    }
    if files::read(&reports.join(INDEX)).ok().as_deref() != Some(&index(reports)?) {
        find(format!("{} differs", reports.join(INDEX).display()), say);
    }
    let count = records.len();
    if wrong == 0 {
        say(&format!("{count} report{} the same, byte for byte", if count == 1 { " is" } else { "s are" }));
    } else {
        say(&format!(
            "{wrong} differences; render them again with `cargo centurion report {0}/<machine>/{DATA}`, \
             and `--against {0}/<machine>/{BASE}` where there is one",
            reports.display()
        ));
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
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files_below(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
