//! Reading files, and writing them so that nothing is ever half-written.
#![expect(clippy::disallowed_methods, reason = "this is where files belong")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

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

/// Puts a folder with just these files in place of the one that is there, in one step as far as a reader
/// can tell: it is written beside it and renamed.
pub(crate) fn replace_folder(folder: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    let beside = |suffix: &str| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        folder.with_file_name(format!(".{name}.{suffix}"))
    };
    let (new, old) = (beside("new"), beside("old"));
    let replace = || -> Result<()> {
        remove(&new)?;
        for (name, text) in files {
            write(&new.join(name), text)?;
        }
        if !folder.exists() && old.exists() {
            fs::rename(&old, folder)?; // An earlier run was killed between the two renames below.
        }
        remove(&old)?;
        if folder.exists() {
            fs::rename(folder, &old)?;
        }
        fs::rename(&new, folder)?;
        remove(&old)
    };
    replace().with_context(|| format!("failed to write {}", folder.display()))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() { Ok(fs::remove_dir_all(folder)?) } else { Ok(()) }
}
