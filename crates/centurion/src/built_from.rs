//! What the program was built from: the git commit and the versions of the libraries under test.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::lock_file;

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

/// The libraries and the lock file of a program that brings executors of its own.
static OTHERS: OnceLock<(&[&str], &str)> = OnceLock::new();

/// Has records of this program state the versions of these libraries too, all as that lock file has them.
pub(crate) fn build_by(lock: &'static str, libraries: &'static [&'static str]) {
    OTHERS.get_or_init(|| (libraries, lock));
}

/// What a record says of the build that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BuiltFrom {
    /// The git commit, where there is one, in twelve digits.
    pub(crate) commit: Option<String>,
    /// Whether the code differed from it.
    pub(crate) dirty: bool,
    /// Versions of the libraries under test, from the lock file of the build.
    pub(crate) libraries: BTreeMap<String, String>,
}

impl BuiltFrom {
    /// What this program was built from.
    pub(crate) fn here() -> Self {
        let commit = Some(env!("BUILT_FROM_COMMIT")).filter(|commit| !commit.is_empty());
        let packages = env!("BUILT_FROM_LIBRARIES").split(' ').filter_map(|package| package.split_once('='));
        Self {
            commit: commit.map(str::to_owned),
            dirty: env!("BUILT_FROM_DIRTY") == "true",
            libraries: match OTHERS.get() {
                Some((_, lock)) => under_test(lock_file::packages(lock)),
                None => under_test(packages),
            },
        }
    }

    /// A build of Centurion in a word: its version and, where known, its commit.
    #[cfg(any(unix, feature = "bench"))]
    pub(crate) fn version(&self) -> String {
        let commit = self.commit.as_ref().map_or(String::new(), |commit| format!("+{commit}"));
        let dirty = if self.dirty { ".dirty" } else { "" };
        format!("{}{commit}{dirty}", env!("CARGO_PKG_VERSION"))
    }
}

/// The libraries under test among these packages.
pub(crate) fn under_test<'a>(packages: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    let others = OTHERS.get().map_or(&[][..], |(libraries, _)| libraries);
    let under_test = packages.filter(|(name, _)| LIBRARIES.contains(name) || others.contains(name));
    under_test.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_every_library_under_test() {
        let found = BuiltFrom::here().libraries;
        assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), LIBRARIES);
        assert!(found.values().all(|version| version.starts_with(|c: char| c.is_ascii_digit())), "{found:?}");
    }

    #[test]
    fn the_commit_is_that_of_the_build() {
        let BuiltFrom { commit, .. } = BuiltFrom::here();
        assert!(
            commit.is_none_or(|commit| commit.len() == 12 && commit.chars().all(|c| c.is_ascii_hexdigit()))
        );
    }

    #[test]
    fn a_centurion_says_from_what_it_was_built() {
        let here = |commit: Option<&str>, dirty| BuiltFrom {
            commit: commit.map(str::to_owned),
            dirty,
            libraries: [].into(),
        };
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(here(None, false).version(), version);
        assert_eq!(here(Some("0123456789ab"), true).version(), format!("{version}+0123456789ab.dirty"));
    }
}
