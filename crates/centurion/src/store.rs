//! Files: where records are, reading them, and writing so that nothing is ever half-written.
#![expect(clippy::disallowed_methods, reason = "this is where files belong")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use centurion_record::Record;

/// Reads a text file.
///
/// # Errors
/// Names the file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
}

/// Writes a file by way of a temporary one beside it, so that at every moment either the old or the new
/// text is there, whole. Makes the folder if needed.
///
/// # Errors
/// Names the file.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let replace = || -> Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().permissions(permissions()).tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path)?;
        Ok(())
    };
    replace().with_context(|| format!("failed to write {}", path.display()))
}

#[cfg(unix)]
fn permissions() -> fs::Permissions {
    // Temporary files are private by default; what replaces a result should be readable like any other.
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

#[cfg(not(unix))]
fn permissions() -> fs::Permissions {
    fs::metadata(".").map(|folder| folder.permissions()).expect("the current folder exists")
}

/// Fails now rather than after an hour of measuring if a file can't be written.
///
/// # Errors
/// Names the file.
pub fn ensure_writable(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let try_it = || -> Result<()> {
        anyhow::ensure!(!path.is_dir(), "it is a folder; name a file");
        fs::create_dir_all(folder)?;
        tempfile::tempfile_in(folder)?;
        Ok(())
    };
    try_it().with_context(|| format!("failed to write {}", path.display()))
}

/// Reads a record.
///
/// # Errors
/// Names the file and what is wrong with it.
pub fn read_record(path: &Path) -> Result<Record> {
    Record::parse(&read(path)?, &path.display().to_string()).map_err(crate::options::failed_to)
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

/// Every record, oldest first: names begin with the time.
pub fn all_records() -> Vec<PathBuf> {
    let entries = fs::read_dir(records()).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut records: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    records.sort();
    records
}

/// The latest record.
///
/// # Errors
/// When there is none yet.
pub fn latest_record() -> Result<PathBuf> {
    all_records().pop().ok_or_else(|| {
        anyhow!("failed to find a record in {}; make one with `cargo bench`", shown(&records()))
    })
}

/// A path as a person would type it: relative to the current folder where that is shorter.
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
