//! Where a revision is unpacked to be built: a folder around which everything is as around the checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::{files, git, lock_file};

/// Unpacks a commit, and the lock file that is here where the commit has none. Returns its top.
///
/// # Errors
/// When a folder can't be made, or git or tar fail.
pub(crate) fn unpack(commit: &str, scratch: &Path) -> Result<PathBuf> {
    let top = git::top()?;
    let source = surrounded(&top, scratch)?;
    git::export(commit, &source)?;
    if let Some(lock) = lock_file::of_folder(&top.join(git::place()?))
        && let Ok(place) = lock.strip_prefix(&top)
        && !source.join(place).exists()
    {
        files::write(&source.join(place), &files::read(&lock)?)?;
    }
    Ok(source)
}

/// An empty folder that lies in `scratch` as deep as the checkout does in the file system, and as there links to
/// everything beside each folder on the way: so a dependency on `../another` is found, and so are the settings and the
/// workspace of folders above.
#[cfg(unix)]
fn surrounded(top: &Path, scratch: &Path) -> Result<PathBuf> {
    use std::path::Component;

    let (mut here, mut there) = (scratch.join("source"), PathBuf::from("/"));
    for component in top.components().filter(|component| matches!(component, Component::Normal(_))) {
        std::fs::create_dir(&here).context("failed to make a folder")?;
        link_others(&there, component.as_ref(), &here)?;
        here.push(component);
        there.push(component);
    }
    std::fs::create_dir(&here).context("failed to make a folder")?;
    Ok(here)
}

/// Links to all that a folder holds but one name. Of a folder that may not be listed there is nothing to link to, and
/// cargo's own settings are read wherever it is.
#[cfg(unix)]
fn link_others(folder: &Path, name: &Path, into: &Path) -> Result<()> {
    let settings = cargo_home();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if Path::new(&entry.file_name()) != name && settings.as_ref() != Some(&path) {
            let link = into.join(entry.file_name());
            std::os::unix::fs::symlink(&path, &link)
                .with_context(|| format!("failed to link to {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn cargo_home() -> Option<PathBuf> {
    let told = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    told.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

#[cfg(not(unix))]
fn surrounded(_: &Path, scratch: &Path) -> Result<PathBuf> {
    let source = scratch.join("source");
    std::fs::create_dir(&source).context("failed to make a folder")?;
    Ok(source)
}
