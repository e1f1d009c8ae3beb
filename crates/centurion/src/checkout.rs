//! What the build was made from: the git commit and the versions of the libraries under test.

use std::collections::BTreeMap;
use std::path::Path;

use crate::git;

/// Libraries whose versions a record states.
const LIBRARIES: [&str; 8] = [
    "criterion",
    "crossbeam",
    "crossbeam-channel",
    "crossbeam-deque",
    "crossbeam-utils",
    "magpie",
    "rayon",
    "rayon-core",
];

/// Commit that is checked out, and whether the code differs from it; reports do not count as code.
pub(crate) fn commit() -> (Option<String>, bool) {
    let git = |arguments: &[&str]| {
        let output = git::git(Path::new(env!("CARGO_MANIFEST_DIR"))).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short=12", "HEAD"]);
    let changed =
        git(&["status", "--porcelain", "--", ":/crates", ":/benches", ":/Cargo.toml", ":/Cargo.lock"]);
    (commit, changed.is_some_and(|changed| !changed.is_empty()))
}

/// Versions of the libraries under test, from the lock file of the build.
pub(crate) fn libraries() -> BTreeMap<String, String> {
    parse_lock(include_str!("../../../Cargo.lock"))
}

fn parse_lock(lock: &str) -> BTreeMap<String, String> {
    let value = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.trim_start_matches(" = ").trim_matches('"').to_owned())
    };
    lock.split("[[package]]")
        .filter_map(|package| Some((value(package, "name")?, value(package, "version")?)))
        .filter(|(name, _)| LIBRARIES.contains(&name.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_every_library_under_test() {
        let found = libraries();
        assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), LIBRARIES);
        assert!(found.values().all(|version| version.starts_with(|c: char| c.is_ascii_digit())), "{found:?}");
    }
}
