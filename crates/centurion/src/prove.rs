//! `centurion prove`: runs that are known to be the same, and executors known to be slower, to see whether the
//! verdicts say so.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use centurion_agents::{AgentKind, Decorated, Parameters, Workload, WorkloadFamily, spin};
use centurion_executors::{Factory, Workers, all};
use centurion_harness::{PlannedCell, SampleError, Sweep, Testbed, cells, select, serial_costs, try_once};
use centurion_record::{Record, Role};
use centurion_stats::median;

use crate::args::ProveArgs;
use crate::command::CommandLine;
use crate::error::failed_to;
use crate::output::note;
use crate::proof::{ProofRuns, SLOWDOWNS, SLOWED, Tally, is_tested, slower_name};
use crate::session::Session;
use crate::turn::MachineTurn;
use crate::{files, interrupt, store, variables};

const AGENTS: usize = 100;
/// Scale of the thinking agents, as in the benches.
const SCALE: f64 = 0.005;
const SEED: u64 = 42;
/// Sizes of the grain agents: large enough for every executor to gain from the second core.
const STEPS: [u64; 6] = [1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18, 1 << 19];

/// Measures the runs that are not there yet. `Ok(None)` when it was interrupted.
///
/// # Errors
/// When a run can't be measured or its record can't be read or written.
pub fn measure(args: &ProveArgs, command: &CommandLine) -> Result<Option<ProofRuns>> {
    let folder = args.folder.clone().unwrap_or_else(|| store::records().join("prove"));
    files::ensure_writable(&folder.join("run-1.json"))?;
    let Some(_turn) = MachineTurn::take(&args.wait) else { return Ok(None) };
    let mut runs = ProofRuns { rounds: Vec::new(), sequential: Vec::new(), criterion: Tally::default() };
    for run in 1..=args.runs {
        let path = folder.join(format!("run-{run}.json"));
        if !is_complete(&path) {
            note(&format!("run {run} of {}, in shuffled rounds", args.runs));
            let session = Session::with_cells(planned_cells()?, args.rounds, run as u64, path.clone())?;
            if session.run(command)?.is_none() {
                return Ok(None);
            }
        }
        let record = store::read_record(&path)?;
        let path = folder.join(format!("sequential-{run}.json"));
        if run <= args.sequential && !is_complete(&path) {
            note(&format!("run {run} of {}, one cell after another", args.runs));
            files::ensure_writable(&path)?;
            let Some(sequential) = measure_sequentially(args.rounds, &record, command)? else {
                return Ok(None);
            };
            files::write(&path, &sequential.to_text())?;
        }
        if run <= args.sequential {
            runs.sequential.push(store::read_record(&path)?);
        }
        runs.rounds.push(record);
    }
    runs.criterion = criterion_alarms(args.criterion)?;
    Ok(Some(runs))
}

/// Has criterion measure the computing cells itself, one after another, and compare them with their own
/// first run.
fn criterion_alarms(runs: usize) -> Result<Tally> {
    let mut tally = Tally::default();
    if runs == 0 {
        return Ok(tally);
    }
    for run in 0..=runs {
        note(&format!("criterion by itself, run {run} of {runs}"));
        let baseline = if run == 0 { "--save-baseline" } else { "--baseline" };
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        variables::scrub(&mut command);
        let output = command
            .args(["bench", "--bench", "hundred", "--", "deciding/[^/]*/2c", baseline, "prove", "--noplot"])
            .env("CENTURION_SEQUENTIAL", "1")
            .output()
            .context("failed to start cargo")?;
        ensure!(
            output.status.success(),
            "failed to run criterion: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8_lossy(&output.stdout);
        let count = |words: &str| text.matches(words).count();
        tally.add(count("Performance has regressed") + count("Performance has improved"), count("change: ["));
    }
    Ok(tally)
}

/// All samples of a cell, then all of the next, as benchmarks are usually taken. The record is that of the
/// rounds with these samples in place of its own.
fn measure_sequentially(rounds: u32, of: &Record, command: &CommandLine) -> Result<Option<Record>> {
    let scratch = tempfile::tempdir().context("failed to make a folder")?;
    let mut record = Record { cells: Vec::new(), ..of.clone() };
    let cells =
        planned_cells()?.into_iter().filter(|cell| is_tested(&cell.executor) && cell.role == Role::Executor);
    for (index, cell) in cells.enumerate() {
        let path = scratch.path().join(format!("{index}.json"));
        match Session::with_cells(vec![cell], rounds, record.run.seed, path)?.run(command)? {
            Some(finished) => record.cells.extend(finished.record.cells),
            None => return Ok(None),
        }
    }
    Ok(Some(record))
}

/// Every executor on all cores, and [`SLOWED`] once more for each slowdown.
fn planned_cells() -> Result<Vec<PlannedCell>> {
    let testbed = Testbed::detect(interrupt::stop());
    let sweep = Sweep::new(vec![testbed.cpus.count()], vec![AGENTS]);
    let mut planned = Vec::new();
    for workload in workloads()? {
        let mut same = select(cells(&[workload], &executors(), &sweep), |_| true);
        // Waiting agents on as many workers as cores take long and show nothing.
        same.retain(|cell| {
            cell.role != Role::Executor
                || cell.workload.kind() == AgentKind::Computing
                || cell.workers == AGENTS
        });
        let slower = slower_cells(&same, &testbed)?;
        planned.extend(same.into_iter().chain(slower));
    }
    Ok(planned)
}

fn is_complete(path: &Path) -> bool {
    store::read_record(path).is_ok_and(|record| record.run.complete)
}

fn executors() -> Vec<Factory> {
    all().into_iter().filter(|factory| factory.workers != Workers::One).collect()
}

fn workloads() -> Result<Vec<Arc<dyn Workload>>> {
    let mut workloads = vec![made("thinking", &asked())?, made("deciding", &asked())?];
    for iterations in STEPS {
        workloads.push(made("grain", &Parameters { iterations, ..asked() })?);
    }
    Ok(workloads)
}

fn asked() -> Parameters {
    Parameters { agents: Some(AGENTS), seed: SEED, scale: Some(SCALE), ..Parameters::default() }
}

fn made(family: &str, parameters: &Parameters) -> Result<Arc<dyn Workload>> {
    WorkloadFamily::find(family).and_then(|family| family.make(parameters)).map_err(failed_to)
}

/// The cell of [`SLOWED`], once for each slowdown, under a name that says how much slower it is.
fn slower_cells(same: &[PlannedCell], testbed: &Testbed) -> Result<Vec<PlannedCell>> {
    let baseline =
        same.iter().find(|cell| cell.role == Role::Baseline).context("failed to find the baseline")?;
    let slowed = same.iter().find(|cell| cell.executor == SLOWED).context("failed to find the executor")?;
    let costs = serial_costs(baseline, testbed).map_err(failed_to)?;
    let step_ns = nanoseconds_per_step();
    let stretch = makespan_ns(slowed, testbed)? / costs.iter().copied().max().unwrap_or(1) as f64;
    SLOWDOWNS
        .iter()
        .map(|&percent| {
            let share = f64::from(percent) / 100.0;
            let workload: Arc<dyn Workload> = match slowed.workload.kind() {
                // All wait at once: the makespan is the longest agent and the birth of threads, which is not stretched.
                AgentKind::Waiting => {
                    let scale = Some(SCALE * (1.0 + share * stretch));
                    made("thinking", &Parameters { scale, ..asked() })?
                }
                AgentKind::Computing => {
                    let steps: Vec<u64> =
                        costs.iter().map(|&cost| (cost as f64 * share / step_ns) as u64).collect();
                    let begin = move |agent: usize| {
                        black_box(spin(steps[agent]));
                    };
                    Arc::new(Decorated::new(Arc::clone(&slowed.workload), begin, |_, (), _| ()))
                }
            };
            let executor = slower_name(percent);
            let id = slowed.id.with_executor(&executor);
            Ok(PlannedCell { id, workload, executor, ..slowed.clone() })
        })
        .collect()
}

/// The median of several executions of a cell.
fn makespan_ns(cell: &PlannedCell, testbed: &Testbed) -> Result<f64> {
    let trials: Result<Vec<f64>, SampleError> =
        (0..9).map(|_| Ok(try_once(cell, testbed)?.as_nanos() as f64)).collect();
    median(&trials.map_err(failed_to)?).context("failed to time a cell")
}

/// The shortest of several runs of the kernel, per step.
fn nanoseconds_per_step() -> f64 {
    const TRIAL: u64 = 1 << 22;
    let trial = || {
        let begun = centurion_harness::clock::now();
        black_box(spin(TRIAL));
        begun.elapsed()
    };
    let shortest = (0..5).map(|_| trial()).min().unwrap_or(Duration::ZERO);
    shortest.as_nanos() as f64 / TRIAL as f64
}
