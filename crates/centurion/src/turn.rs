//! A run's turn to measure: one at a time on a machine, and not while something else keeps it busy.
//!
//! Whoever measures holds a lock on a file in the folder of temporary files. The system frees it when its owner ends,
//! however that ends. Runs that see different folders, as those in two containers may, can't see each other.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::args::WaitArgs;
use crate::output::note;
use crate::{interrupt, quiet};

/// How often it is looked whether the other run has ended.
const POLL: Duration = Duration::from_millis(200);

/// The right to measure, for as long as it lives.
#[derive(Default)]
pub(crate) struct MachineTurn {
    /// Held, and never read. `None` where nobody waits for anybody.
    _lock: Option<File>,
}

impl MachineTurn {
    /// Waits for other runs on this machine to end, then for the machine to calm down; what is waited for is said. `None`
    /// when it was asked to stop meanwhile.
    pub(crate) fn take(wait: &WaitArgs) -> Option<Self> {
        let Some(longest) = wait.longest() else { return Some(Self::default()) };
        let path = lock_file();
        let lock = match wait_for_lock(&path, wait.how_to_begin()) {
            Ok(Some(lock)) => Some(lock),
            Ok(None) => return None,
            Err(error) => {
                note(&format!(
                    "warning: other runs on this machine are not waited for: failed to lock {}: {error}; set TMPDIR to \
                     a folder that can be written to",
                    path.display()
                ));
                None
            }
        };
        quiet::wait(longest, wait.how_to_begin());
        (!interrupt::asked()).then_some(Self { _lock: lock })
    }
}

/// One for all users, where the system has one folder for temporary files.
fn lock_file() -> PathBuf {
    std::env::temp_dir().join("centurion.lock")
}

/// `Ok(None)` when it was asked to stop meanwhile.
fn wait_for_lock(path: &Path, how_to_begin: &str) -> io::Result<Option<File>> {
    let file = open(path)?;
    let mut told = false;
    while !interrupt::asked() {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if !told => {
                note(&format!(
                    "another run of Centurion measures on this machine: waiting for its end; {how_to_begin} begins at once"
                ));
                told = true;
            }
            Err(TryLockError::WouldBlock) => (),
        }
        std::thread::sleep(POLL);
    }
    Ok(None)
}

/// One that is there may be another user's, who alone may write to it; reading is enough for a lock.
fn open(path: &Path) -> io::Result<File> {
    match OpenOptions::new().read(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
        }
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_free_again_when_its_owner_is_gone() {
        let folder = tempfile::tempdir().expect("there is room");
        let path = folder.path().join("centurion.lock");
        let first = wait_for_lock(&path, "--no-wait").expect("it can be locked").expect("nobody stops it");
        let second = open(&path).expect("it is there");
        assert!(matches!(second.try_lock(), Err(TryLockError::WouldBlock)));
        drop(first);
        assert!(second.try_lock().is_ok());
    }

    #[test]
    fn a_file_that_can_not_be_made_is_an_error() {
        let folder = tempfile::tempdir().expect("there is room");
        assert!(wait_for_lock(&folder.path().join("missing/centurion.lock"), "--no-wait").is_err());
    }
}
