//! Where Python is.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::DaskError;

/// Names another Python than the project's own.
const VARIABLE: &str = "CENTURION_PYTHON";

/// A Python with the packages and the module that the driver needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    path: PathBuf,
}

impl Python {
    /// The one that `CENTURION_PYTHON` names, or else that of the environment `python/.venv`.
    ///
    /// # Errors
    /// [`DaskError::NoPython`] when it is not there.
    pub fn find() -> Result<Self, DaskError> {
        let path = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        let path = path.unwrap_or_else(Self::of_the_project);
        if path.is_file() { Ok(Self { path }) } else { Err(DaskError::NoPython { path }) }
    }

    fn of_the_project() -> PathBuf {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates stand in a folder");
        let python = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        root.join("python/.venv").join(python)
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
mod tests {
    use super::*;

    #[test]
    fn the_project_s_environment_lies_beside_the_crates() {
        let path = Python::of_the_project();
        assert!(path.starts_with(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().parent().unwrap()));
        assert!(path.to_string_lossy().contains("python/.venv"), "{}", path.display());
    }
}
