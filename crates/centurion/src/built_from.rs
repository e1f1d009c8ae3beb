//! What the program was built from: the git commit and the versions of the libraries under test.

use std::collections::BTreeMap;

/// Libraries whose versions a record states.
const LIBRARIES: [&str; 12] = [
    "async-executor",
    "async-io",
    "criterion",
    "crossbeam",
    "crossbeam-channel",
    "crossbeam-deque",
    "crossbeam-utils",
    "futures-util",
    "magpie",
    "rayon",
    "rayon-core",
    "tokio",
];

/// The commit, and whether the code differed from it.
pub(crate) fn commit() -> (Option<String>, bool) {
    let commit = Some(env!("BUILT_FROM_COMMIT")).filter(|commit| !commit.is_empty());
    (commit.map(str::to_owned), env!("BUILT_FROM_DIRTY") == "true")
}

/// Versions of the libraries under test, from the lock file of the build.
pub(crate) fn libraries() -> BTreeMap<String, String> {
    let packages = env!("BUILT_FROM_LIBRARIES").split(' ').filter_map(|package| package.split_once('='));
    let under_test = packages.filter(|(name, _)| LIBRARIES.contains(name));
    under_test.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
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

    #[test]
    fn the_commit_is_that_of_the_build() {
        let (commit, _) = commit();
        assert!(
            commit.is_none_or(|commit| commit.len() == 12 && commit.chars().all(|c| c.is_ascii_hexdigit()))
        );
    }
}
