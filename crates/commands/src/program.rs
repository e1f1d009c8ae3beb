//! Where a program is, before anything is run.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::interpreter::missing_interpreter;
use crate::invocation::digest;

/// Why a program can't be run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProgramError {
    /// Nothing is called so.
    #[error("find the command {0}; name one that is installed, or give its path")]
    Missing(String),
    /// There is something, but it can't be run.
    #[error("run {0}: it is no file that may be executed; `chmod +x` makes a script one")]
    NotExecutable(String),
    /// It is a script that nothing there runs.
    #[error("run {script}: its first line names `{}`, which is not there or may not be executed; {}", interpreter.escape_debug(), way_out(interpreter))]
    NoInterpreter {
        /// The script.
        script: String,
        /// What is to run it.
        interpreter: String,
    },
    /// Who knows what it is called.
    #[error("find the command {0} beforehand: it differs from agent to agent; run it with --shell")]
    Differs(String),
}

fn way_out(interpreter: &str) -> &'static str {
    if interpreter.ends_with('\r') {
        "its lines end as those of Windows do, which `dos2unix` mends"
    } else {
        "install that, or name another there"
    }
}

/// Finds a program as a shell does: a word with a slash is a path, any other is looked for in the folders of `path`.
///
/// # Errors
/// When there is none, it may not be executed, or it is a script whose interpreter is not there.
pub fn find_program(word: &str, path: &OsStr) -> Result<PathBuf, ProgramError> {
    if word.contains("{}") || word.contains("{#}") {
        return Err(ProgramError::Differs(word.to_owned()));
    }
    let Some(found) = find_executable(word, path) else {
        return Err(match places(word, path).into_iter().find(|place| place.exists()) {
            Some(found) => ProgramError::NotExecutable(found.display().to_string()),
            None => ProgramError::Missing(word.to_owned()),
        });
    };
    match missing_interpreter(&found, path) {
        Some(interpreter) => {
            Err(ProgramError::NoInterpreter { script: found.display().to_string(), interpreter })
        }
        None => Ok(found),
    }
}

/// The file that a shell would execute.
pub(crate) fn find_executable(word: &str, path: &OsStr) -> Option<PathBuf> {
    places(word, path).into_iter().find(|place| is_executable(place))
}

/// Where a program may be.
fn places(word: &str, path: &OsStr) -> Vec<PathBuf> {
    if word.contains('/') {
        return vec![PathBuf::from(word)];
    }
    std::env::split_paths(path).map(|folder| folder.join(word)).filter(|_| !word.is_empty()).collect()
}

/// A file larger than this is data; whether it has changed is not looked at, for that takes long.
const LARGEST: u64 = 64_000_000;

/// Digests of the files that words of a command name, such as its script: who changes one changes the agents.
#[expect(clippy::disallowed_methods, reason = "a script is read to know it again")]
pub fn file_digests(words: &[String]) -> BTreeMap<String, String> {
    let of_file = |word: &String| {
        let found = std::fs::metadata(word).ok()?;
        let bytes = (found.is_file() && found.len() <= LARGEST).then(|| std::fs::read(word))?.ok()?;
        Some((word.clone(), format!("{:016x}", digest([&*bytes]))))
    };
    words.iter().filter_map(of_file).collect()
}

pub(crate) fn is_executable(place: &Path) -> bool {
    place.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_as_a_shell_finds_it() {
        let path = OsStr::new("/no/such/folder:/bin");
        assert_eq!(find_program("sh", path), Ok("/bin/sh".into()));
        assert_eq!(find_program("/bin/sh", OsStr::new("")), Ok("/bin/sh".into()));
    }

    #[test]
    fn what_can_not_be_run_says_what_to_do() {
        let error = |word| find_program(word, OsStr::new("/bin")).expect_err("it can't").to_string();
        assert!(error("no-such-command").starts_with("find the command no-such-command; name one"));
        assert!(error("/etc/passwd").starts_with("run /etc/passwd: it is no file that may be executed"));
        assert!(error("/etc").contains("no file that may be executed"));
        assert!(error("./agent-{}").contains("--shell"));
        assert!(error("").starts_with("find the command ;"));
    }
}
