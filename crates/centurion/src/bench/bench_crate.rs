//! The crate whose bench runs.

use std::path::Path;

use crate::built_from::{BuiltFrom, under_test};
use crate::duel_build::{BUILT_FROM, RUN_BY_CARGO};
use crate::{files, git, lock_file};

/// The crate that a bench belongs to, as [`bench!`](crate::bench!) finds it.
#[derive(Debug, Clone, Copy)]
pub struct BenchCrate {
    /// Its folder.
    pub folder: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The name of the bench.
    pub bench: &'static str,
}

impl BenchCrate {
    /// What people type to start the bench.
    pub(super) fn command(&self) -> String {
        format!("cargo bench --bench {}", self.bench)
    }

    /// What its records say of the build: its own commit and lock file, and which Centurion measured it. A program that
    /// cargo has not just built knows no commit: the files may be others by now.
    pub(super) fn built_from(&self) -> BuiltFrom {
        let given =
            std::env::var(BUILT_FROM).ok().filter(|commit| !commit.is_empty()).map(|commit| (commit, false));
        let checked_out = || {
            std::env::var_os(RUN_BY_CARGO)
                .and_then(|_| git::checked_out(Path::new(self.folder), Path::new("Cargo.toml")))
        };
        let (commit, dirty) = given
            .or_else(checked_out)
            .map_or((None, false), |(commit, dirty)| (Some(commit.chars().take(12).collect()), dirty));
        let lock = lock_file::of_folder(Path::new(self.folder))
            .and_then(|path| files::read(&path).ok())
            .unwrap_or_default();
        let mut libraries = under_test(lock_file::packages(&lock));
        libraries.insert(self.name.into(), self.version.into());
        libraries.insert("centurion".into(), BuiltFrom::here().version());
        BuiltFrom { commit, dirty, libraries }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_s_records_name_its_version_and_that_of_the_centurion_that_measured_it() {
        let own =
            BenchCrate { folder: env!("CARGO_MANIFEST_DIR"), name: "own", version: "7.8.9", bench: "agents" };
        let libraries = own.built_from().libraries;
        assert_eq!(libraries["own"], "7.8.9");
        assert!(libraries["centurion"].starts_with(env!("CARGO_PKG_VERSION")), "{libraries:?}");
        assert!(libraries.contains_key("rayon") && libraries.contains_key("tokio"), "{libraries:?}");
        assert_eq!(own.command(), "cargo bench --bench agents");
    }
}
