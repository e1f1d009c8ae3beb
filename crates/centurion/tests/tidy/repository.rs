//! The files that are checked: those that git knows, or would.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the repository, by its path from the root.
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[expect(clippy::disallowed_methods, reason = "the repository is what is tested")]
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path))
        .unwrap_or_else(|error| panic!("failed to read {path}: {error}"))
}

/// Paths that end in one of these.
pub(crate) fn paths(endings: &[&str]) -> Vec<String> {
    let output = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z"])
        .output()
        .expect("git runs");
    let listed = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let mut paths: Vec<String> = listed.split_terminator('\0').map(str::to_owned).collect();
    paths.retain(|path| endings.iter().any(|ending| path.ends_with(ending)) && root().join(path).is_file());
    assert!(!paths.is_empty(), "no file ends in any of {endings:?}");
    paths
}

pub(crate) fn files(endings: &[&str]) -> Vec<TextFile> {
    paths(endings).into_iter().map(|path| TextFile { text: read(&path), path }).collect()
}

/// Part of a document or of a TOML file, from the line that is its heading to the next of its kind.
pub(crate) fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let start = format!("\n{heading}\n");
    let (_, after) = text.split_once(&start).unwrap_or_else(|| panic!("no line is {heading}"));
    let next = if heading.starts_with('[') { "\n[" } else { "\n## " };
    after.split(next).next().expect("there is a first part")
}

/// Cells of the tables in it, without their heads.
pub(crate) fn rows(section: &str) -> Vec<Vec<&str>> {
    section
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// What stands between backticks.
pub(crate) fn code(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}
