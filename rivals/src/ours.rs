//! What Centurion says: of a pair, and of two runs.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use centurion::command::CommandLine;
use centurion::session::Session;
use centurion_agents::{AgentKind, OwnAgents, RightAnswers, Workload, spin};
use centurion_executors::find;
use centurion_findings::compare::{ChangeVerdict, Comparison, Rules};
use centurion_findings::{FEWEST_PAIRS, SideBySide};
use centurion_harness::{PairSide, PlannedCell, Stop, Sweep, cells, measure_pairs, select};
use centurion_record::Record;

use crate::kernel::{AGENTS, EXECUTOR, THREADS};
use crate::trial::{Claim, Harness, Kernel, RivalTrial};

/// Rounds of a run that is compared.
const ROUNDS: u32 = 12;

/// The rule of `centurion pair`, by its defaults.
pub(crate) fn pair(trial: RivalTrial) -> Result<Claim> {
    let (base, slowed) = (trial.kernel(false)?, trial.kernel(true)?);
    let sides = [PairSide::from_function("base", base), PairSide::from_function("slowed", slowed)];
    let seconds = if trial.harness == Harness::PairLong { 10 } else { 1 };
    let pairs =
        measure_pairs(sides, (FEWEST_PAIRS, Duration::from_secs(seconds)), trial.seed, &Stop::default())
            .map_err(|error| anyhow!("failed to {error}"))?;
    Ok(said(&SideBySide::new(&pairs.times_ns, Rules { least: 0.01, alarms: 0.01 }).verdict))
}

fn said(verdict: &ChangeVerdict) -> Claim {
    match verdict {
        ChangeVerdict::Regression => Claim::Slower,
        ChangeVerdict::Improvement => Claim::Faster,
        _ => Claim::Nothing,
    }
}

/// The rule of `centurion compare`, by its defaults: two runs with the references that every run has.
pub(crate) fn compare(trial: RivalTrial) -> Result<Claim> {
    let comparison = Comparison::new(&run(trial, false)?, &run(trial, true)?, Rules::default());
    let shared =
        comparison.shown().next().map(|shared| Claim::from_difference(true, shared.change.value - 1.0));
    let cell = comparison.changes.iter().find(|change| change.executor == EXECUTOR);
    let cell = said(&cell.context("failed to find the cell")?.verdict);
    Ok(if cell == Claim::Nothing { shared.unwrap_or(cell) } else { cell })
}

fn run(trial: RivalTrial, slowed: bool) -> Result<Record> {
    let scratch = tempfile::tempdir().context("failed to make a folder")?;
    let path = scratch.path().join("run.json");
    let session = Session::with_cells(planned_cells(trial, slowed)?, ROUNDS, trial.seed, path)?;
    let finished = session.run(&CommandLine::new("rivals", []))?.context("stopped")?;
    Ok(finished.record)
}

/// The executor, slowed or not, with its baseline, which never is.
fn planned_cells(trial: RivalTrial, slowed: bool) -> Result<Vec<PlannedCell>> {
    let cores = if trial.kernel == Kernel::Parallel { THREADS } else { 1 };
    let factory = find(EXECUTOR).context("failed to find the executor")?;
    let (base, measured) = (workload(trial, false), workload(trial, slowed));
    let mut planned = select(cells(&[base], &[factory], &Sweep::new(vec![cores], Vec::new())), |_| true);
    for cell in planned.iter_mut().filter(|cell| cell.executor.starts_with(EXECUTOR)) {
        cell.workload = Arc::clone(&measured);
    }
    Ok(planned)
}

fn workload(trial: RivalTrial, slowed: bool) -> Arc<dyn Workload> {
    let agents = if trial.kernel == Kernel::Parallel { AGENTS } else { 1 };
    let steps = trial.steps(slowed);
    let run = move |agent: usize| {
        black_box(spin(black_box(steps)));
        agent
    };
    Arc::new(OwnAgents::new("kernel", agents, run).into_workload(AgentKind::Computing, RightAnswers::Any))
}
