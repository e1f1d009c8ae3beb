//! `centurion prove`: runs that are known to be the same, and executors known to be slower, to see whether the
//! verdicts say so.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use centurion_agents::{Deciding, Grain, Kind, Thinking, Workload, spin};
use centurion_executors::{Factory, Workers, all};
use centurion_harness::{Cpus, PlannedCell, Sweep, cells, serial_costs};
use centurion_record::{Record, Role};
use clap::Args;

use crate::options::{CRITERION_MINIMUM, failed_to};
use crate::session::Session;
use crate::store;

/// The executor that is made slower.
const SLOWED: &str = "std-counter";
/// By how many percent.
pub const SLOWDOWNS: [u32; 5] = [1, 2, 3, 5, 10];
const AGENTS: usize = 100;
/// Scale of the thinking agents, as in the benches.
const SCALE: f64 = 0.01;
const SEED: u64 = 42;
/// Size of the grain agents: large enough for every executor to gain from the second core.
const STEPS: u64 = 1 << 14;

/// How much to prove.
#[derive(Debug, Clone, Args)]
pub struct Prove {
    /// Runs to compare with each other
    #[arg(long, default_value_t = 10, value_name = "N")]
    runs: usize,
    /// Rounds of each run
    #[arg(long, default_value_t = CRITERION_MINIMUM + 1, value_name = "N")]
    rounds: u32,
    /// Folder of the runs; those already there are used and not measured again
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl Prove {
    /// Measures the runs that are not there yet. `Ok(None)` when it was interrupted.
    ///
    /// # Errors
    /// When a run can't be measured or its record can't be read or written.
    pub fn measure(&self) -> Result<Option<Vec<Record>>> {
        let folder = self.folder.clone().unwrap_or_else(|| store::records().join("prove"));
        let mut records = Vec::new();
        for run in 1..=self.runs {
            let path = folder.join(format!("run-{run}.json"));
            if !store::read_record(&path).is_ok_and(|record| record.run.complete) {
                eprintln!("run {run} of {}", self.runs);
                let session = Session::of(Self::cells()?, self.rounds, run as u64, path.clone())?;
                if session.run("centurion prove")?.is_none() {
                    return Ok(None);
                }
            }
            records.push(store::read_record(&path)?);
        }
        Ok(Some(records))
    }

    /// Every executor on all cores, and [`SLOWED`] once more for each slowdown.
    fn cells() -> Result<Vec<PlannedCell>> {
        let cpus = Arc::new(Cpus::detect());
        let sweep = Sweep { cores: vec![cpus.count()], workers: vec![AGENTS] };
        let mut planned = Vec::new();
        for workload in workloads()? {
            let mut same = cells(&[workload], &executors(), &sweep);
            // Waiting agents on as many workers as cores take long and show nothing.
            same.retain(|cell| {
                cell.role != Role::Executor
                    || cell.workload.kind() == Kind::Computing
                    || cell.workers == AGENTS
            });
            let slower = slower_cells(&same, &cpus)?;
            planned.extend(same.into_iter().chain(slower));
        }
        Ok(planned)
    }
}

fn executors() -> Vec<Factory> {
    all().into_iter().filter(|factory| factory.workers != Workers::One).collect()
}

fn workloads() -> Result<[Arc<dyn Workload>; 3]> {
    Ok([
        Arc::new(Thinking::new(AGENTS, SEED, SCALE).map_err(failed_to)?),
        Arc::new(Deciding::bundled(AGENTS)),
        Arc::new(Grain::new(AGENTS, STEPS, SEED)),
    ])
}

/// The cell of [`SLOWED`], once for each slowdown, under a name that says how much slower it is.
fn slower_cells(same: &[PlannedCell], cpus: &Arc<Cpus>) -> Result<Vec<PlannedCell>> {
    let baseline =
        same.iter().find(|cell| cell.role == Role::Baseline).context("failed to find the baseline")?;
    let slowed = same.iter().find(|cell| cell.executor == SLOWED).context("failed to find the executor")?;
    let costs = serial_costs(baseline, cpus).map_err(failed_to)?;
    let step_ns = nanoseconds_per_step();
    SLOWDOWNS
        .iter()
        .map(|&percent| {
            let share = f64::from(percent) / 100.0;
            let workload: Arc<dyn Workload> = match slowed.workload.kind() {
                Kind::Waiting => {
                    Arc::new(Thinking::new(AGENTS, SEED, SCALE * (1.0 + share)).map_err(failed_to)?)
                }
                Kind::Computing => Arc::new(Laden {
                    inner: Arc::clone(&slowed.workload),
                    steps: costs.iter().map(|&cost| (cost as f64 * share / step_ns) as u64).collect(),
                }),
            };
            let executor = slower_name(percent);
            let id = slowed.id.replace(SLOWED, &executor);
            Ok(PlannedCell { id, workload, executor, ..slowed.clone() })
        })
        .collect()
}

/// Name of the executor that is `percent` slower.
pub fn slower_name(percent: u32) -> String {
    format!("{SLOWED}+{percent}%")
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

/// A workload whose agents carry an extra load.
struct Laden {
    inner: Arc<dyn Workload>,
    steps: Vec<u64>,
}

impl Workload for Laden {
    fn name(&self) -> String {
        self.inner.name()
    }
    fn family(&self) -> &'static str {
        self.inner.family()
    }
    fn kind(&self) -> Kind {
        self.inner.kind()
    }
    fn agents(&self) -> usize {
        self.inner.agents()
    }
    fn run(&self, agent: usize) -> u64 {
        black_box(spin(self.steps[agent]));
        self.inner.run(agent)
    }
    fn expected(&self, agent: usize) -> u64 {
        self.inner.expected(agent)
    }
    fn agent_name(&self, agent: usize) -> String {
        self.inner.agent_name(agent)
    }
    fn answer_text(&self, answer: u64) -> String {
        self.inner.answer_text(answer)
    }
    fn parameters(&self) -> BTreeMap<String, String> {
        self.inner.parameters()
    }
    fn work(&self, agent: usize) -> Option<u64> {
        self.inner.work(agent)
    }
}
