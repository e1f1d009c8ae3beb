//! Writes down what the program is built from: the git commit, whether the code differs from it, and the versions in
//! the lock file. What is checked out when the program runs says nothing about it.
#![expect(clippy::disallowed_methods, reason = "a build script reads what it describes")]

#[path = "src/git_variables.rs"]
mod git_variables;
#[path = "src/lock_file.rs"]
mod lock_file;

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Names the commit where there is no repository: `centurion duel` builds from an archive.
const GIVEN: &str = "CENTURION_BUILT_FROM";
/// What counts as code, seen from this package. Reports do not.
const CODE: [&str; 4] = ["../../crates", "../../benches", "../../Cargo.toml", "../../Cargo.lock"];

fn main() {
    println!("cargo::rerun-if-env-changed={GIVEN}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/git_variables.rs");
    println!("cargo::rerun-if-changed=src/lock_file.rs");
    let given = env::var(GIVEN).ok().filter(|commit| !commit.is_empty()).map(|commit| (commit, false));
    let (commit, dirty) = checked_out().or_else(packed).or(given).unwrap_or_default();
    println!("cargo::rustc-env=BUILT_FROM_COMMIT={}", commit.get(..12).unwrap_or(&commit));
    println!("cargo::rustc-env=BUILT_FROM_DIRTY={dirty}");
    println!("cargo::rustc-env=BUILT_FROM_LIBRARIES={}", libraries().join(" "));
}

/// The commit of the repository that this package lies in, and whether the code differs from it.
fn checked_out() -> Option<(String, bool)> {
    // Only a repository of this workspace: a package may lie unpacked in that of somebody else.
    git(&["ls-files", "--error-unmatch", "Cargo.toml"])?;
    for kept in ["HEAD", "logs/HEAD"] {
        println!("cargo::rerun-if-changed={}", git(&["rev-parse", "--git-path", kept])?);
    }
    for code in CODE.iter().filter(|code| Path::new(code).exists()) {
        println!("cargo::rerun-if-changed={code}");
    }
    let changes = git(&[&["status", "--porcelain", "--"], &CODE[..]].concat())?;
    Some((git(&["rev-parse", "HEAD"])?, !changes.is_empty()))
}

fn git(arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    git_variables::scrub(&mut command);
    let output = command.arg("--no-optional-locks").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The commit that `cargo package` wrote down.
fn packed() -> Option<(String, bool)> {
    let info = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, commit) = info.split_once("\"sha1\": \"")?;
    Some((commit.split('"').next()?.to_owned(), info.contains("\"dirty\": true")))
}

/// Every package of the lock file that this build goes by, as `name=version`.
fn libraries() -> Vec<String> {
    let folder = env::current_dir().unwrap_or_default();
    let lock = lock_file::of_folder(&folder).and_then(|lock| {
        println!("cargo::rerun-if-changed={}", lock.display());
        fs::read_to_string(lock).ok()
    });
    let lock = lock.unwrap_or_default();
    lock_file::packages(&lock).map(|(name, version)| format!("{name}={version}")).collect()
}
