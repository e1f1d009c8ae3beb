//! The little that is asked of git. Nothing here changes a checkout, an index or a stash.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::git_variables;

/// Top of the checkout that the current folder is in.
///
/// # Errors
/// When it is in none.
pub(crate) fn top() -> Result<PathBuf> {
    Ok(PathBuf::from(output(Path::new("."), &["rev-parse", "--show-toplevel"])?.trim()))
}

/// The current folder, seen from the top of its checkout.
///
/// # Errors
/// When it is in none.
pub(crate) fn place() -> Result<PathBuf> {
    Ok(PathBuf::from(output(Path::new("."), &["rev-parse", "--show-prefix"])?.trim()))
}

/// Full name of the commit a revision stands for.
///
/// # Errors
/// When there is no such revision.
pub(crate) fn commit(revision: &str) -> Result<String> {
    ensure!(top().is_ok(), "no git repository to find the revision {revision:?} in; go to a folder of one");
    let name = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &name];
    let found = git(Path::new(".")).args(arguments).output();
    let found = found.context("failed to start git; it is needed to read a revision")?;
    ensure!(found.status.success(), "no git revision {revision:?}, as `git log --all` shows them");
    Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned())
}

/// The commit that a folder of a repository is at, and whether the repository's files differ from it, reports left aside.
/// `None` where that file of the folder is in no repository.
#[cfg(any(unix, feature = "bench"))]
pub(crate) fn checked_out(folder: &Path, file: &Path) -> Option<(String, bool)> {
    output(folder, &["ls-files", "--error-unmatch", "--", &file.to_string_lossy()]).ok()?;
    let commit = output(folder, &["rev-parse", "HEAD"]).ok()?.trim().to_owned();
    let code = ["--no-optional-locks", "status", "--porcelain", "--", ":/", ":(top,exclude)reports"];
    Some((commit, !output(folder, &code).ok()?.is_empty()))
}

/// Branches and tags, as people name them; none where there is no repository.
pub(crate) fn names() -> Vec<String> {
    let listed = output(Path::new("."), &["for-each-ref", "--format=%(refname:short)"]).unwrap_or_default();
    listed.lines().map(str::to_owned).collect()
}

/// The text of a file as committed in a revision, its path counted from the top.
///
/// # Errors
/// When there is no such file in it.
pub(crate) fn show(commit: &str, path: &str) -> Result<String> {
    output(Path::new("."), &["show", &format!("{commit}:{path}")])
}

/// What git calls the content of a file of a commit, whichever commits have it.
///
/// # Errors
/// When there is no such file in it.
pub(crate) fn blob(commit: &str, path: &str) -> Result<String> {
    Ok(output(Path::new("."), &["rev-parse", "--verify", &format!("{commit}:{path}")])?.trim().to_owned())
}

/// The text that git has by that name.
///
/// # Errors
/// When it has none.
pub(crate) fn show_blob(blob: &str) -> Result<String> {
    output(Path::new("."), &["cat-file", "blob", blob])
}

/// Writes the files of a commit into an empty folder, without git's data: not a registered work tree, so
/// that there is nothing to clean up in the repository, whatever happens.
///
/// # Errors
/// When git or tar fail.
pub(crate) fn export(commit: &str, into: &Path) -> Result<()> {
    let mut archive = git(&top()?)
        .args(["archive", "--format=tar", commit])
        .stdout(Stdio::piped())
        .spawn()
        .context("failed to start git")?;
    let tar = archive.stdout.take().context("failed to read from git")?;
    let unpacked = Command::new("tar").arg("-x").arg("-C").arg(into).stdin(tar).status();
    let unpacked = unpacked.context("failed to start tar; it is needed to unpack a revision")?;
    ensure!(archive.wait()?.success() && unpacked.success(), "failed to unpack the revision {commit}");
    Ok(())
}

/// Git in a folder, which finds the repository by that alone.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    git_variables::scrub(&mut command);
    command.current_dir(folder);
    command
}

fn output(folder: &Path, arguments: &[&str]) -> Result<String> {
    let output = git(folder).args(arguments).output();
    let output = output.context("failed to start git; it is needed to read a revision")?;
    if !output.status.success() {
        bail!(
            "failed to run git {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).context("failed to read what git printed, it is not UTF-8")
}
