//! Cargo's lock file, of which the build script and the running program read the same.

use std::path::{Path, PathBuf};

/// The one that cargo goes by in a folder.
pub(crate) fn of_folder(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join("Cargo.lock")).find(|lock| lock.is_file())
}

/// Every package and its version.
pub(crate) fn packages(lock: &str) -> impl Iterator<Item = (&str, &str)> {
    lock.split("[[package]]")
        .filter_map(|package| Some((value(package, "name")?, value(package, "version")?)))
}

fn value<'a>(package: &'a str, key: &str) -> Option<&'a str> {
    let rest = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))?;
    Some(rest.trim_matches('"'))
}
