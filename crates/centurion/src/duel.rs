//! `centurion duel`: another revision against this build, alternately, so that drift hits both.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, anyhow, ensure};
use centurion_findings::compare::Comparison;

use crate::args::{BenchArgs, DuelArgs};
use crate::duel_build::{BUILT_FROM, BuiltProgram, DuelProgram, RUN_BY_CARGO, cargo, ensure_can_execute};
use crate::error::did_you_mean;
use crate::output::{note, warn_if_unoptimised};
use crate::turn::MachineTurn;
use crate::{duel_child, files, git, interrupt, store, variables};

/// Workers for waiting agents where nothing is said: one for each of a hundred.
const ONE_PER_AGENT: &str = "100";

/// One side: a program and the record it adds a round to each time.
struct Side {
    name: String,
    program: BuiltProgram,
    /// Of a revision.
    commit: Option<String>,
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
    let measured = args.bench.as_deref().map_or(DuelProgram::CommandLine, DuelProgram::Bench);
    if measured == DuelProgram::CommandLine {
        BenchArgs::check(&flags(args))?;
        warn_if_unoptimised(); // the revision is built with it
    }
    interrupt::set_last_words(None); // what lies in the scratch folder is to be taken away
    let folder = store::records().join("duel");
    files::ensure_writable(&folder.join("base.json"))?;
    let scratch = tempfile::Builder::new().prefix("duel-").tempdir();
    let scratch =
        scratch.context("failed to make a folder to build in; set TMPDIR to one that can be written to")?;
    ensure_can_execute(scratch.path())?;
    let Some(program) = measured.build(&commit, scratch.path())? else { return Ok(None) };
    let record = scratch.path().join("base.json");
    let base = Side { name: args.revision.clone(), program, commit: Some(commit), record };
    let Some(program) = program_here(measured)? else { return Ok(None) };
    let record = scratch.path().join("now.json");
    let now = Side { name: "this build".into(), program, commit: None, record };
    let Some(_turn) = MachineTurn::take(&args.wait) else { return Ok(None) };
    for round in 1..=args.rounds {
        let order = if round % 2 == 1 { [&base, &now] } else { [&now, &base] };
        for side in order {
            note(&format!("round {round} of {}: {}", args.rounds, side.name));
            measure_round(args, measured, side, round)?;
            if interrupt::asked() {
                return Ok(None);
            }
        }
        if round == 1 {
            let comparison = comparison(args, &base, &now)?;
            if comparison.common_obstacle().is_some() {
                return Ok(Some(args.judge.show(&comparison))); // no further round would tell more
            }
        }
    }
    for side in [&base, &now] {
        keep(side, &folder)?;
    }
    Ok(Some(args.judge.show(&comparison(args, &base, &now)?)))
}

/// Of the rounds that both sides have measured.
fn comparison(args: &DuelArgs, base: &Side, now: &Side) -> Result<Comparison> {
    let (base, now) = (store::read_record(&base.record)?, store::read_record(&now.record)?);
    Ok(Comparison::with_paired_rounds(&base, &now, args.judge.rules()))
}

/// The other side: this program, or the bench as it is now.
fn program_here(measured: DuelProgram<'_>) -> Result<Option<BuiltProgram>> {
    match measured {
        DuelProgram::CommandLine => {
            let path = std::env::current_exe().context("failed to find this program")?;
            Ok(Some(BuiltProgram { path, folder: ".".into() }))
        }
        DuelProgram::Bench(_) => measured.build_here(),
    }
}

/// What both sides are told to measure.
fn flags(args: &DuelArgs) -> Vec<&str> {
    let workers = args.workers.as_deref().unwrap_or(ONE_PER_AGENT);
    let mut flags = vec!["--workloads", &args.workloads, "--workers", workers];
    for (flag, value) in [("--executors", &args.executors), ("--cores", &args.cores)] {
        flags.extend(value.iter().flat_map(|value| [flag, value.as_str()]));
    }
    flags
}

/// Has a side's program measure one more round. The seed is the round's, so both sides run the same order.
fn measure_round(args: &DuelArgs, measured: DuelProgram<'_>, side: &Side, round: u32) -> Result<()> {
    let mut command = Command::new(&side.program.path);
    variables::scrub(&mut command);
    match measured {
        DuelProgram::CommandLine => {
            command.args(["bench", "--bare"]).args(flags(args));
            command.arg("--rounds").arg(round.to_string());
            command.arg(if round == 1 { "--record" } else { "--resume" }).arg(&side.record);
        }
        DuelProgram::Bench(_) => tell_bench(&mut command, args, side, round),
    }
    let output = duel_child::output(command.stderr(Stdio::piped()))
        .with_context(|| format!("failed to start {}", side.name))?;
    ensure!(
        output.status.success() || interrupt::asked(),
        "failed to measure {}: {}",
        side.name,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}

/// The same for a bench, which is told by variables, and whose flags are criterion's.
fn tell_bench(command: &mut Command, args: &DuelArgs, side: &Side, round: u32) {
    command.current_dir(&side.program.folder).arg("--bench").env(RUN_BY_CARGO, cargo());
    command.env("CENTURION_BARE", "1").env("CENTURION_ROUNDS", round.to_string());
    command.env(if round == 1 { "CENTURION_RECORD" } else { "CENTURION_RESUME" }, &side.record);
    let told = [
        ("CENTURION_EXECUTORS", &args.executors),
        ("CENTURION_CORES", &args.cores),
        ("CENTURION_WORKERS", &args.workers),
        (BUILT_FROM, &side.commit),
    ];
    for (name, value) in told {
        command.envs(value.iter().map(|value| (name, value)));
    }
}

/// Keeps a side's record where it can be looked at afterwards.
fn keep(side: &Side, folder: &Path) -> Result<()> {
    let text = files::read(&side.record)?;
    let name = side.record.file_name().context("failed to name the record")?;
    files::write(&folder.join(name), &text)
}
