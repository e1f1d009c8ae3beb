//! The interpreter that a script names in its first line: where that is missing, the system says of the script itself
//! that it is not there.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::program::{find_executable, is_executable};

/// As much of the first line as Linux reads.
const LONGEST: u64 = 256;
/// Looks for a program in the folders of `PATH`.
const SEARCHER: &str = "env";

/// What a script names in its first line to run it. `None` of what is no script, and of what can't be read.
#[expect(clippy::disallowed_methods, reason = "the first line of a script says what runs it")]
pub(crate) fn interpreter(script: &Path) -> Option<String> {
    let mut beginning = Vec::new();
    File::open(script).ok()?.take(LONGEST).read_to_end(&mut beginning).ok()?;
    let line = beginning.strip_prefix(b"#!")?.split(|&byte| byte == b'\n').next()?;
    Some(String::from_utf8_lossy(line).trim_matches([' ', '\t']).to_owned())
}

/// The program that a script needs by its first line, and that is not there or may not be executed.
pub(crate) fn missing_interpreter(script: &Path, path: &OsStr) -> Option<String> {
    let line = interpreter(script)?;
    let (program, rest) = line.split_once([' ', '\t']).unwrap_or((&line, ""));
    let program = Path::new(program);
    if !is_executable(program) {
        return Some(program.display().to_string());
    }
    let searched = searched_for(rest).filter(|_| program.ends_with(SEARCHER))?;
    find_executable(searched, path).is_none().then(|| searched.to_owned())
}

/// The program that `env` is told to look for, where that is plain. Without `-S` it takes all words for one.
fn searched_for(words: &str) -> Option<&str> {
    let words = words.trim_start();
    let name = match words.strip_prefix("-S") {
        Some(split) => split.split_whitespace().next()?,
        None => words,
    };
    (!name.is_empty() && !name.starts_with('-') && !name.contains('=')).then_some(name)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn missing(first_line: &str) -> Option<String> {
        let mut script = tempfile::NamedTempFile::new().expect("there is room");
        writeln!(script, "{first_line}").expect("there is room");
        missing_interpreter(script.path(), OsStr::new("/no/such/folder:/bin:/usr/bin"))
    }

    #[test]
    fn an_interpreter_that_is_not_there_is_named() {
        for (first_line, name) in [
            ("#!/no/such", "/no/such"),
            ("#! /no/such -x", "/no/such"),
            ("#!/bin/sh\r", "/bin/sh\r"),
            ("#!/usr/bin/env no-such", "no-such"),
            ("#!/usr/bin/env -S no-such -u", "no-such"),
            ("#!/usr/bin/env sh -u", "sh -u"),
        ] {
            assert_eq!(missing(first_line).as_deref(), Some(name), "{first_line}");
        }
    }

    #[test]
    fn what_is_there_or_can_not_be_told_is_left_alone() {
        for first_line in [
            "#!/bin/sh",
            "#!/bin/sh -eu",
            "#!/usr/bin/env sh",
            "#!/usr/bin/env -S sh -u",
            "#!/usr/bin/env -u HOME no-such",
            "#!/usr/bin/env A=1 no-such",
            "echo 1",
            "",
        ] {
            assert_eq!(missing(first_line), None, "{first_line}");
        }
    }
}
