//! `centurion duel`: another revision against this build, alternately, so that drift hits both.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, anyhow, ensure};
use centurion_findings::compare::{Comparison, Rules};
use centurion_record::Record;
use centurion_report::wording;

use crate::args::{BenchArgs, DuelArgs};
use crate::error::did_you_mean;
use crate::output::note;
use crate::{files, git, interrupt, store, variables};

/// One side: a binary and the record it adds a round to each time.
struct Side {
    name: String,
    binary: PathBuf,
    record: PathBuf,
}

/// Builds the revision, measures both alternately, and prints what they say about each other. `None` when
/// it was interrupted, otherwise how the program ends.
///
/// # Errors
/// When the revision can't be built, or a round fails. The checkout is not touched in any case.
pub fn run(args: &DuelArgs) -> Result<Option<ExitCode>> {
    let commit = git::commit(&args.revision).map_err(|error| {
        let names = git::names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        anyhow!("failed to find the revision: there is {error:#}{}", did_you_mean(&args.revision, &names))
    })?;
    BenchArgs::check(&flags(args))?;
    let folder = store::records().join("duel");
    files::ensure_writable(&folder.join("base.json"))?;
    let scratch = tempfile::Builder::new().prefix("duel-").tempdir();
    let scratch =
        scratch.context("failed to make a folder to build in; set TMPDIR to one that can be written to")?;
    ensure_can_execute(scratch.path())?;
    let Some(binary) = build(&commit, scratch.path())? else { return Ok(None) };
    let base = Side { name: args.revision.clone(), binary, record: scratch.path().join("base.json") };
    let now = Side {
        name: "this build".into(),
        binary: std::env::current_exe().context("failed to find this program")?,
        record: scratch.path().join("now.json"),
    };
    for round in 1..=args.rounds {
        let order = if round % 2 == 1 { [&base, &now] } else { [&now, &base] };
        for side in order {
            note(&format!("round {round} of {}: {}", args.rounds, side.name));
            measure_round(args, side, round)?;
            if interrupt::asked() {
                return Ok(None);
            }
        }
        if round == 1 {
            ensure_comparable(&base, &now)?;
        }
    }
    let (base, now) = (keep(&base, &folder)?, keep(&now, &folder)?);
    Ok(Some(args.judge.show(&Comparison::with_paired_rounds(&base, &now, args.judge.rules()))))
}

/// What both sides are told to measure.
fn flags(args: &DuelArgs) -> Vec<&str> {
    let mut flags = vec!["--workloads", &args.workloads, "--workers", &args.workers];
    for (flag, value) in [("--executors", &args.executors), ("--cores", &args.cores)] {
        flags.extend(value.iter().flat_map(|value| [flag, value.as_str()]));
    }
    flags
}

/// Starts a side's binary for one more round. The seed is the round's, so both sides run the same order.
fn measure_round(args: &DuelArgs, side: &Side, round: u32) -> Result<()> {
    let mut command = Command::new(&side.binary);
    variables::scrub(&mut command);
    command.args(["bench", "--bare"]).args(flags(args));
    command.arg("--rounds").arg(round.to_string());
    command.arg(if round == 1 { "--record" } else { "--resume" }).arg(&side.record);
    let output = command.output().with_context(|| format!("failed to start {}", side.name))?;
    ensure!(
        output.status.success() || interrupt::asked(),
        "failed to measure {}: {}",
        side.name,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}

/// Fails after the first round rather than after the last if the two sides measure in different ways.
fn ensure_comparable(base: &Side, now: &Side) -> Result<()> {
    let comparison = Comparison::with_paired_rounds(
        &store::read_record(&base.record)?,
        &store::read_record(&now.record)?,
        Rules::default(),
    );
    ensure!(
        comparison.changes.iter().any(|change| change.verdict.is_comparable()),
        "failed to compare with {}: {}",
        base.name,
        comparison
            .changes
            .first()
            .map_or_else(|| "it has no cells".into(), |change| wording::change_verdict(&change.verdict))
    );
    Ok(())
}

/// Fails before a whole build if programs in that folder are not run.
#[cfg(unix)]
fn ensure_can_execute(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let script = folder.join("try");
    files::write(&script, "#!/bin/sh\n")?;
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
fn ensure_can_execute(_: &Path) -> Result<()> {
    Ok(())
}

/// Builds the command line of a commit, sources and target in a folder of their own: cargo goes by the age of files,
/// and would take what it had built of another commit for up to date. Returns the binary's path; `None` when it was
/// interrupted.
fn build(commit: &str, scratch: &Path) -> Result<Option<PathBuf>> {
    let (source, target) = (scratch.join("source"), scratch.join("target"));
    std::fs::create_dir(&source).context("failed to make a folder")?;
    git::export(commit, &source)?;
    note(&format!("building {commit}"));
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    variables::scrub(&mut cargo);
    cargo.env("CENTURION_BUILT_FROM", commit);
    let output = cargo
        .current_dir(&source)
        .args(["build", "--release", "--locked", "--package", "centurion"])
        .args(["--message-format", "json-render-diagnostics", "--target-dir"])
        .arg(&target)
        .stderr(Stdio::inherit())
        .output()
        .context("failed to start cargo; it is needed to build a revision")?;
    // Ctrl-C in a terminal ends cargo by the same signal, which may be noticed here first.
    if interrupt::asked() || output.status.code().is_none() {
        return Ok(None);
    }
    ensure!(
        output.status.success(),
        "failed to build {commit}; nothing was measured and your checkout is as it was; choose a revision that builds"
    );
    let messages = String::from_utf8_lossy(&output.stdout);
    let binary = messages.lines().find_map(binary_of);
    binary.map(Some).with_context(|| format!("failed to find a program in {commit}; choose a later revision"))
}

/// The program that a message of cargo is about: settings decide where it lies, so cargo is asked.
fn binary_of(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let program = message["executable"].as_str()?;
    (message["target"]["name"] == "centurion").then(|| PathBuf::from(program))
}

/// Keeps a side's record where it can be looked at afterwards.
fn keep(side: &Side, folder: &Path) -> Result<Record> {
    let text = files::read(&side.record)?;
    let name = side.record.file_name().context("failed to name the record")?;
    files::write(&folder.join(name), &text)?;
    store::read_record(&side.record)
}
