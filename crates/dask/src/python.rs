//! Where Python is.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::DaskError;

/// Names another Python than the project's own. Set to nothing it counts as unset.
const VARIABLE: &str = "CENTURION_PYTHON";

/// What is beside the environment in every checkout, so that no other project's `python/.venv` is taken for it.
const MODULE: &str = "python/src/centurion_agents";

/// The environment's interpreter, from the top of a checkout.
const INTERPRETER: &str =
    if cfg!(windows) { "python/.venv/Scripts/python.exe" } else { "python/.venv/bin/python" };

/// A Python with the packages and the module that the driver needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    path: PathBuf,
}

impl Python {
    /// The one that `CENTURION_PYTHON` names, or else that of the environment `python/.venv` of the checkout that the
    /// working directory is in, or else of the checkout that this program was built in, if it still exists.
    ///
    /// # Errors
    /// [`DaskError::NoSuchPython`] when the variable names none, [`DaskError::NoPython`] when there is no such
    /// environment.
    pub fn find() -> Result<Self, DaskError> {
        let named = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        Self::find_from(
            named,
            &std::env::current_dir().unwrap_or_default(),
            Path::new(env!("CARGO_MANIFEST_DIR")),
        )
    }

    /// Looks from the working directory upwards, then from where this package was built.
    fn find_from(named: Option<PathBuf>, working: &Path, built: &Path) -> Result<Self, DaskError> {
        if let Some(path) = named {
            return if path.is_file() { Ok(Self { path }) } else { Err(DaskError::NoSuchPython { path }) };
        }
        let checkouts =
            working.ancestors().chain(built.ancestors()).filter(|folder| folder.join(MODULE).is_dir());
        let mut interpreters = checkouts.map(|checkout| checkout.join(INTERPRETER));
        let found = interpreters.find(|path| path.is_file());
        found.map(|path| Self { path }).ok_or_else(|| DaskError::NoPython { working: working.to_owned() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What starts the driver.
    pub(crate) fn driver(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(["-m", "centurion_agents.driver"]);
        command
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make checkouts to look in")]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    /// A checkout, with an environment or without.
    fn checkout(environment: bool) -> TempDir {
        let folder = tempfile::tempdir().expect("there is room");
        fs::create_dir_all(folder.path().join(MODULE)).expect("it can be made");
        fs::create_dir_all(folder.path().join("reports/deep")).expect("it can be made");
        if environment {
            make_interpreter(folder.path());
        }
        folder
    }

    fn make_interpreter(folder: &Path) {
        let path = folder.join(INTERPRETER);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
        fs::write(path, "").expect("it can be written");
    }

    fn interpreter(checkout: &TempDir) -> Python {
        Python { path: checkout.path().join(INTERPRETER) }
    }

    #[test]
    fn the_checkout_that_one_is_in_comes_before_the_one_that_was_built() {
        let (here, built) = (checkout(true), checkout(true));
        let inside = here.path().join("reports/deep");
        let crates = built.path().join("crates/dask");
        assert_eq!(Python::find_from(None, &inside, &crates).expect("it is there"), interpreter(&here));
        let elsewhere = tempfile::tempdir().expect("there is room");
        assert_eq!(
            Python::find_from(None, elsewhere.path(), &crates).expect("it is there"),
            interpreter(&built)
        );
        let without = checkout(false);
        assert_eq!(
            Python::find_from(None, without.path(), &crates).expect("it is there"),
            interpreter(&built)
        );
    }

    #[test]
    fn another_project_s_environment_is_not_taken_for_it() {
        let other = tempfile::tempdir().expect("there is room");
        make_interpreter(other.path());
        assert!(Python::find_from(None, other.path(), Path::new("gone")).is_err());
    }

    #[test]
    fn one_that_is_named_is_taken_or_nothing_is() {
        let (here, other) = (checkout(true), checkout(true));
        let named = other.path().join(INTERPRETER);
        let found = Python::find_from(Some(named), here.path(), here.path()).expect("it is there");
        assert_eq!(found, interpreter(&other));
        let error = Python::find_from(Some("/no/such/python".into()), here.path(), here.path());
        let error = error.expect_err("it is not there").to_string();
        assert!(error.starts_with("find /no/such/python, which CENTURION_PYTHON names; "), "{error}");
        assert!(error.contains("unset CENTURION_PYTHON"), "{error}");
    }

    #[test]
    fn where_there_is_none_it_is_said_where_it_was_looked_for_and_what_to_do() {
        let error = Python::find_from(None, Path::new("/somewhere"), Path::new("/gone"));
        let error = error.expect_err("there is none").to_string();
        assert!(
            error.starts_with("find python/.venv in a checkout of Centurion at or above /somewhere; "),
            "{error}"
        );
        assert!(error.contains("`just python`") && error.contains("CENTURION_PYTHON"), "{error}");
        assert!(!error.contains("/gone"), "{error}");
    }
}
