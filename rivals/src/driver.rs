//! Which measurements are made, in which order, and what came of them.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use centurion::files;
use centurion_harness::clock;
use clap::{Parser, ValueEnum as _};
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::kernel::steps_per_ms;
use crate::table::{TrialResult, table};
use crate::theirs::{criterion_said, tango_arguments, tango_said};
use crate::trial::{Claim, Harness, Kernel, RivalTrial, VARIABLE};

/// By how many percent kernels are slowed; 0 is the same code twice.
pub(crate) const SLOWDOWNS: [u32; 6] = [0, 1, 2, 3, 5, 10];

/// Measures the same kernels with the same slowdowns by several harnesses, and prints what each called different.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Options {
    /// Measurements of each kernel at each slowdown [default: what each harness's aims need, and fewer where one takes long]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    repetitions: Option<u32>,
    /// Measurements of each kernel against itself [default: as many as of each slowdown, if that is given]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    same: Option<u32>,
    /// Slowdowns to measure, in percent
    #[arg(long, value_delimiter = ',', default_values_t = SLOWDOWNS, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    slowdowns: Vec<u32>,
    /// Harnesses to measure with [default: all, and pair-long only where no number of repetitions is given]
    #[arg(long, value_delimiter = ',', value_enum, value_name = "NAMES")]
    harnesses: Vec<Harness>,
    /// Seed of the order and of what is drawn
    #[arg(long, default_value_t = 42, value_name = "N")]
    seed: u64,
    /// A file that every measurement is added to, a line each; what it has already is counted and not measured again
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// Measures, and prints the table.
///
/// # Errors
/// When this program can't be started again, or the log can't be used.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let mut measured = match &options.log {
        Some(path) if path.exists() => TrialResult::read_all(&files::read(path)?)?,
        _ => Vec::new(),
    };
    let trials = without(options.trials(), &measured);
    let (all, mut failed) = (trials.len(), 0);
    eprintln!("{all} measurements, {}", about(&trials));
    for (done, &trial) in trials.iter().enumerate() {
        let Some(next) = execute(trial)? else {
            failed += 1;
            continue;
        };
        eprintln!("{} of {all}, {} left: {next}", done + 1, about(&trials[done + 1..]));
        if let Some(path) = &options.log {
            let log = OpenOptions::new().append(true).create(true).open(path);
            writeln!(log.context("failed to open the log")?, "{next}").context("failed to write the log")?;
        }
        measured.push(next);
    }
    print!("{}", table(&measured));
    if failed > 0 {
        println!(
            "\n{failed} of {all} measurements failed and are not counted; standard error has what was printed."
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Those that were not measured yet.
fn without(mut trials: Vec<RivalTrial>, measured: &[TrialResult]) -> Vec<RivalTrial> {
    for one in measured {
        let same = |trial: &RivalTrial| {
            (trial.harness, trial.kernel, trial.percent) == (one.harness, one.kernel, one.percent)
        };
        if let Some(place) = trials.iter().position(same) {
            trials.swap_remove(place);
        }
    }
    trials
}

/// How long these will take.
fn about(trials: &[RivalTrial]) -> String {
    let seconds: f64 = trials.iter().map(|trial| trial.harness.seconds()).sum();
    match (seconds / 60.0).ceil() {
        1.0 => "about 1 minute".to_owned(),
        minutes => format!("about {minutes:.0} minutes"),
    }
}

impl Options {
    /// All measurements, shuffled, so that whatever the machine does it does to all alike.
    fn trials(&self) -> Vec<RivalTrial> {
        let mut harnesses = Harness::value_variants().to_vec();
        harnesses.retain(|one| match self.harnesses[..] {
            [] => *one != Harness::PairLong || self.repetitions.is_none(),
            _ => self.harnesses.contains(one),
        });
        let steps_per_ms = steps_per_ms();
        let mut trials = Vec::new();
        for kernel in Kernel::ALL {
            for &harness in &harnesses {
                for &percent in &self.slowdowns {
                    let same = self.same.filter(|_| percent == 0).or(self.repetitions);
                    for _ in 0..same.unwrap_or_else(|| harness.repetitions(percent)) {
                        let seed = self.seed + trials.len() as u64;
                        trials.push(RivalTrial { harness, kernel, percent, steps_per_ms, seed });
                    }
                }
            }
        }
        trials.shuffle(&mut ChaCha8Rng::seed_from_u64(self.seed));
        trials
    }
}

/// Has a process of its own make a measurement, in a folder of its own. `None` where the harness says nothing, which is
/// shown.
fn execute(trial: RivalTrial) -> Result<Option<TrialResult>> {
    let folder = tempfile::tempdir().context("failed to make a folder")?;
    let mut command = Command::new(std::env::current_exe().context("failed to find this program")?);
    command.current_dir(folder.path()).env(VARIABLE, trial.to_text()).env("ZENBENCH_NO_SAVE", "1");
    command.env("CRITERION_HOME", folder.path().join("criterion")).env("NO_COLOR", "1");
    if matches!(trial.harness, Harness::Tango | Harness::TangoLong) {
        command.args(tango_arguments(trial.harness));
    }
    let begun = clock::now();
    let output = command.output().context("failed to start this program again")?;
    let seconds = begun.elapsed().as_secs_f64();
    let printed = String::from_utf8_lossy(&output.stdout);
    // Not by the exit code: tango's says whether anything became slower.
    let said = match trial.harness {
        Harness::Criterion => criterion_said(&printed),
        Harness::Tango | Harness::TangoLong => tango_said(&printed),
        _ => printed.lines().last().and_then(Claim::read),
    };
    if said.is_none() {
        eprintln!("failed: {}: {printed}{}", trial.to_text(), String::from_utf8_lossy(&output.stderr));
    }
    let RivalTrial { harness, kernel, percent, .. } = trial;
    Ok(said.map(|said| TrialResult { harness, kernel, percent, said, seconds }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_log_has_is_not_measured_again() {
        let options = Options::parse_from(["rivals", "--repetitions", "2", "--slowdowns", "0,5"]);
        let trials = options.trials();
        let done = |trial: &RivalTrial| {
            let &RivalTrial { harness, kernel, percent, .. } = trial;
            TrialResult { harness, kernel, percent, said: Claim::Nothing, seconds: 1.0 }
        };
        let measured: Vec<TrialResult> = trials[..5].iter().map(done).collect();
        assert_eq!(without(trials.clone(), &measured).len(), trials.len() - 5);
        let all: Vec<TrialResult> = trials.iter().map(done).collect();
        assert_eq!(without(trials, &all), []);
    }

    #[test]
    fn how_long_it_takes_is_told_in_minutes() {
        let trial = RivalTrial {
            harness: Harness::PairLong,
            kernel: Kernel::Serial,
            percent: 0,
            steps_per_ms: 1,
            seed: 1,
        };
        assert_eq!([1, 6].map(|count| about(&vec![trial; count])), ["about 1 minute", "about 2 minutes"]);
    }
}
