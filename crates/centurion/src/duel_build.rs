//! What a duel needs built: the command line or a bench of a commit, and that bench as it is now.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::output::note;
use crate::{duel_child, duel_place, git, interrupt, variables};

/// Says to a build, and to a bench that runs, of which commit it is.
pub(crate) const BUILT_FROM: &str = "CENTURION_BUILT_FROM";

/// Cargo tells its own path to what it runs, which it then has just built. So does a duel.
pub(crate) const RUN_BY_CARGO: &str = "CARGO";

/// Which program is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DuelProgram<'a> {
    /// This one, with the workloads of its registry.
    CommandLine,
    /// A bench of the crate in the current folder.
    Bench(&'a str),
}

/// A program that was built.
pub(crate) struct BuiltProgram {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The folder of its package.
    pub(crate) folder: PathBuf,
}

impl DuelProgram<'_> {
    /// Builds the program of a commit, sources and target in a folder of their own: cargo goes by the age of files, and
    /// would take what it had built of another commit for up to date. `None` when it was interrupted.
    ///
    /// # Errors
    /// When it can't be built, or there is no such program in it.
    pub(crate) fn build(self, commit: &str, scratch: &Path) -> Result<Option<BuiltProgram>> {
        let source = duel_place::unpack(commit, scratch)?;
        let folder = match self {
            Self::CommandLine => source,
            Self::Bench(_) => source.join(git::place()?),
        };
        ensure!(
            folder.join("Cargo.toml").is_file(),
            "failed to find this folder's Cargo.toml in {commit}; choose a revision that has it"
        );
        note(&format!("building {commit}"));
        let mut cargo = self.cargo(&folder);
        cargo.env(BUILT_FROM, commit).arg("--locked").arg("--target-dir").arg(scratch.join("target"));
        let Some(messages) = messages_of(&mut cargo, commit)? else { return Ok(None) };
        let program = self.find(&messages);
        program
            .map(Some)
            .with_context(|| format!("failed to find a program in {commit}; choose a later revision"))
    }

    /// Builds the bench as it is now. `None` when it was interrupted.
    ///
    /// # Errors
    /// When it can't be built.
    pub(crate) fn build_here(self) -> Result<Option<BuiltProgram>> {
        note("building what is here");
        let Some(messages) = messages_of(&mut self.cargo(Path::new(".")), "what is here")? else {
            return Ok(None);
        };
        self.find(&messages).map(Some).context("failed to find the bench that was built")
    }

    fn cargo(self, folder: &Path) -> Command {
        let mut cargo = Command::new(cargo());
        variables::scrub(&mut cargo);
        cargo.current_dir(folder);
        match self {
            Self::CommandLine => cargo.args(["build", "--release", "--package", "centurion"]),
            Self::Bench(name) => cargo.args(["bench", "--no-run", "--bench", name]),
        };
        cargo.args(["--message-format", "json-render-diagnostics"]);
        cargo
    }

    /// The program among the messages of cargo: settings decide where it lies, so cargo is asked.
    fn find(self, messages: &str) -> Option<BuiltProgram> {
        let wanted = match self {
            Self::CommandLine => "centurion",
            Self::Bench(name) => name,
        };
        messages.lines().find_map(|message| {
            let message: serde_json::Value = serde_json::from_str(message).ok()?;
            let (program, manifest) = (message["executable"].as_str()?, message["manifest_path"].as_str()?);
            (message["target"]["name"] == wanted).then(|| BuiltProgram {
                path: program.into(),
                folder: Path::new(manifest).parent().unwrap_or(Path::new("")).into(),
            })
        })
    }
}

/// The cargo that runs this program, or else the one that is found.
pub(crate) fn cargo() -> OsString {
    std::env::var_os(RUN_BY_CARGO).unwrap_or_else(|| "cargo".into())
}

/// What cargo says while it builds; `None` when it was interrupted.
fn messages_of(cargo: &mut Command, what: &str) -> Result<Option<String>> {
    let output = duel_child::output(cargo.stderr(Stdio::inherit()));
    let output = output.context("failed to start cargo; it is needed to build a revision")?;
    // Ctrl-C in a terminal ends cargo by the same signal, which may be noticed here first.
    if interrupt::asked() || output.status.code().is_none() {
        return Ok(None);
    }
    ensure!(
        output.status.success(),
        "failed to build {what}; nothing was measured and your checkout is as it was; choose a revision that builds"
    );
    Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Fails before a whole build if programs in that folder are not run.
#[cfg(unix)]
pub(crate) fn ensure_can_execute(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let script = folder.join("try");
    crate::files::write(&script, "#!/bin/sh\n")?;
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755))
        .context("failed to make a program")?;
    let started = Command::new(&script).status();
    ensure!(
        started.is_ok_and(|status| status.success()),
        "failed to start a program in {}: that folder is not for programs; set TMPDIR to another one",
        folder.display()
    );
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn ensure_can_execute(_: &Path) -> Result<()> {
    Ok(())
}
