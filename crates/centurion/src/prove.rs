//! `centurion prove`: runs that are known to be the same, and executors known to be slower, to see whether the
//! verdicts say so.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use centurion_agents::{Around, Kind, Parameters, Workload, WorkloadFamily, spin};
use centurion_executors::{Factory, Workers, all};
use centurion_harness::{Cpus, PlannedCell, Sweep, cells, select, serial_costs, try_once};
use centurion_record::{Cell, Record, Role};
use centurion_report::compare::{Change, Comparison, Rules, Verdict};
use centurion_stats::{mann_whitney, median};
use clap::Args;

use crate::options::{FULL_ROUNDS, failed_to};
use crate::session::Session;
use crate::store;

/// The executor that is made slower.
const SLOWED: &str = "std-counter";
/// By how many percent.
const SLOWDOWNS: [u32; 5] = [1, 2, 3, 5, 10];
const FAMILIES: [&str; 3] = ["thinking", "deciding", "grain"];
const AGENTS: usize = 100;
/// Scale of the thinking agents, as in the benches.
const SCALE: f64 = 0.01;
const SEED: u64 = 42;
/// Sizes of the grain agents: large enough for every executor to gain from the second core.
const STEPS: [u64; 6] = [1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18, 1 << 19];

/// How much to prove.
#[derive(Debug, Clone, Args)]
pub struct Prove {
    /// Runs to compare with each other
    #[arg(long, default_value_t = 7, value_name = "N")]
    runs: usize,
    /// Rounds of each run; the default is what a full run has
    #[arg(long, default_value_t = FULL_ROUNDS, value_name = "N")]
    rounds: u32,
    /// Of these, runs in which the cells are measured one after another as well
    #[arg(long, default_value_t = 4, value_name = "N")]
    sequential: usize,
    /// Runs of criterion by itself that are compared with its first
    #[arg(long, default_value_t = 3, value_name = "N")]
    criterion: usize,
    /// Folder of the runs; those already there are used and not measured again
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// The runs of a proof: the same cells in shuffled rounds, and one after another.
pub struct Runs {
    rounds: Vec<Record>,
    sequential: Vec<Record>,
    criterion: Tally,
}

impl Prove {
    /// Measures the runs that are not there yet. `Ok(None)` when it was interrupted.
    ///
    /// # Errors
    /// When a run can't be measured or its record can't be read or written.
    pub fn measure(&self) -> Result<Option<Runs>> {
        let folder = self.folder.clone().unwrap_or_else(|| store::records().join("prove"));
        let mut runs = Runs { rounds: Vec::new(), sequential: Vec::new(), criterion: Tally::default() };
        for run in 1..=self.runs {
            let path = folder.join(format!("run-{run}.json"));
            if !is_complete(&path) {
                eprintln!("run {run} of {}, in shuffled rounds", self.runs);
                let session = Session::of(Self::cells()?, self.rounds, run as u64, path.clone())?;
                if session.run("centurion prove")?.is_none() {
                    return Ok(None);
                }
            }
            let record = store::read_record(&path)?;
            let path = folder.join(format!("sequential-{run}.json"));
            if run <= self.sequential && !is_complete(&path) {
                eprintln!("run {run} of {}, one cell after another", self.runs);
                let Some(sequential) = self.measure_sequentially(&record)? else { return Ok(None) };
                store::write(&path, &sequential.to_text())?;
            }
            if run <= self.sequential {
                runs.sequential.push(store::read_record(&path)?);
            }
            runs.rounds.push(record);
        }
        runs.criterion = self.criterion_alarms()?;
        Ok(Some(runs))
    }

    /// Has criterion measure the computing cells itself, one after another, and compare them with their own
    /// first run.
    fn criterion_alarms(&self) -> Result<Tally> {
        let mut tally = Tally::default();
        if self.criterion == 0 {
            return Ok(tally);
        }
        for run in 0..=self.criterion {
            eprintln!("criterion by itself, run {run} of {}", self.criterion);
            let baseline = if run == 0 { "--save-baseline" } else { "--baseline" };
            let output = Command::new("cargo")
                .args([
                    "bench",
                    "--bench",
                    "hundred",
                    "--",
                    "deciding/[^/]*/2c",
                    baseline,
                    "prove",
                    "--noplot",
                ])
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
            tally.add(
                count("Performance has regressed") + count("Performance has improved"),
                count("change: ["),
            );
        }
        Ok(tally)
    }

    /// All samples of a cell, then all of the next, as benchmarks are usually taken. The record is that of the
    /// rounds with these samples in place of its own.
    fn measure_sequentially(&self, of: &Record) -> Result<Option<Record>> {
        let scratch = tempfile::tempdir().context("failed to make a folder")?;
        let mut record = Record { cells: Vec::new(), ..of.clone() };
        let cells = Self::cells()?
            .into_iter()
            .filter(|cell| is_tested(&cell.executor) && cell.role == Role::Executor);
        for (index, cell) in cells.enumerate() {
            let path = scratch.path().join(format!("{index}.json"));
            match Session::of(vec![cell], self.rounds, record.run.seed, path)?.run("centurion prove")? {
                Some(finished) => record.cells.extend(finished.record.cells),
                None => return Ok(None),
            }
        }
        Ok(Some(record))
    }

    /// Every executor on all cores, and [`SLOWED`] once more for each slowdown.
    fn cells() -> Result<Vec<PlannedCell>> {
        let cpus = Arc::new(Cpus::detect());
        let sweep = Sweep { cores: vec![cpus.count()], workers: vec![AGENTS] };
        let mut planned = Vec::new();
        for workload in workloads()? {
            let mut same = select(cells(&[workload], &executors(), &sweep), |_| true);
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

fn is_complete(path: &Path) -> bool {
    store::read_record(path).is_ok_and(|record| record.run.complete)
}

/// Whether an executor is one as it is, not one that was made slower.
fn is_tested(executor: &str) -> bool {
    !executor.contains('+')
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
    Parameters { agents: Some(AGENTS), seed: SEED, scale: SCALE, ..Parameters::default() }
}

fn made(family: &str, parameters: &Parameters) -> Result<Arc<dyn Workload>> {
    WorkloadFamily::find(family).and_then(|family| family.make(parameters)).map_err(failed_to)
}

/// The cell of [`SLOWED`], once for each slowdown, under a name that says how much slower it is.
fn slower_cells(same: &[PlannedCell], cpus: &Arc<Cpus>) -> Result<Vec<PlannedCell>> {
    let baseline =
        same.iter().find(|cell| cell.role == Role::Baseline).context("failed to find the baseline")?;
    let slowed = same.iter().find(|cell| cell.executor == SLOWED).context("failed to find the executor")?;
    let costs = serial_costs(baseline, cpus).map_err(failed_to)?;
    let step_ns = nanoseconds_per_step();
    let stretch = makespan_ns(slowed, cpus)? / costs.iter().copied().max().unwrap_or(1) as f64;
    SLOWDOWNS
        .iter()
        .map(|&percent| {
            let share = f64::from(percent) / 100.0;
            let workload: Arc<dyn Workload> = match slowed.workload.kind() {
                // All wait at once: the makespan is the longest agent and the birth of threads, which is not stretched.
                Kind::Waiting => {
                    let scale = SCALE * (1.0 + share * stretch);
                    made("thinking", &Parameters { scale, ..asked() })?
                }
                Kind::Computing => {
                    let steps: Vec<u64> =
                        costs.iter().map(|&cost| (cost as f64 * share / step_ns) as u64).collect();
                    Arc::new(Around::new(Arc::clone(&slowed.workload), move |agent, work| {
                        black_box(spin(steps[agent]));
                        work()
                    }))
                }
            };
            let executor = slower_name(percent);
            let id = slowed.id.replace(SLOWED, &executor);
            Ok(PlannedCell { id, workload, executor, ..slowed.clone() })
        })
        .collect()
}

/// The median of several executions of a cell.
fn makespan_ns(cell: &PlannedCell, cpus: &Arc<Cpus>) -> Result<f64> {
    let trials: Result<Vec<f64>, String> =
        (0..9).map(|_| Ok(try_once(cell, cpus)?.as_nanos() as f64)).collect();
    median(&trials.map_err(failed_to)?).context("failed to time a cell")
}

/// Name of the executor that is `percent` slower.
fn slower_name(percent: u32) -> String {
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

/// How often something was called different.
#[derive(Default, Clone, Copy)]
struct Tally {
    called: usize,
    of: usize,
}

impl Tally {
    fn add(&mut self, called: usize, of: usize) {
        self.called += called;
        self.of += of;
    }

    fn and(mut self, other: Self) -> Self {
        self.add(other.called, other.of);
        self
    }

    fn text(self) -> String {
        let share = 100.0 * self.called as f64 / self.of.max(1) as f64;
        format!("{} of {} ({share:.1} %)", self.called, self.of)
    }
}

impl Runs {
    /// What the verdicts said, as two Markdown tables: differences where there are none, and slowdowns found.
    pub fn table(&self) -> String {
        let mut alarms = vec![
            (
                "criterion's verdict".to_owned(),
                "deciding, criterion measuring by itself".to_owned(),
                self.criterion,
            ),
            ("rank-sum test, 5 %".into(), "one cell after another".into(), plain_alarms(&self.sequential)),
            ("rank-sum test, 5 %".into(), "shuffled rounds, times only".into(), plain_alarms(&self.rounds)),
        ];
        let ours = FAMILIES.map(|family| (family, self.false_alarms(family)));
        let all = ours.iter().fold(Tally::default(), |all, (_, alarms)| all.and(*alarms));
        alarms.extend(ours.map(|(family, alarms)| ("our verdict".into(), family.into(), alarms)));
        alarms.push(("our verdict".into(), "all".into(), all));
        let alarms = alarms
            .iter()
            .filter(|(.., tally)| tally.of > 0)
            .map(|(test, compared, tally)| format!("| {test} | {compared} | {} |\n", tally.text()));
        let found = SLOWDOWNS.map(|percent| {
            let found = FAMILIES.map(|family| self.found(percent, family).text());
            format!("| {percent} % | {} |\n", found.join(" | "))
        });
        format!(
            "| test | the same code twice | called different |\n| :-- | :-- | --: |\n{}\n\
             | {SLOWED} made slower by | {} |\n| :-- | --: | --: | --: |\n{}",
            alarms.collect::<String>(),
            FAMILIES.join(" | "),
            found.concat()
        )
    }

    /// Executors as they are, called different in another run.
    fn false_alarms(&self, family: &str) -> Tally {
        let mut tally = Tally::default();
        for (base, now) in pairs(&self.rounds) {
            let comparison = Comparison::of(&without_slowed(base), &without_slowed(now), Rules::default());
            let of_family =
                |change: &&Change| change.executor != "serial" && change.workload.starts_with(family);
            let tested = || comparison.changes.iter().filter(of_family);
            tally.add(tested().filter(|change| change.verdict.is_difference()).count(), tested().count());
        }
        tally
    }

    /// The slowed executor of a family, called slower than it was in another run.
    fn found(&self, percent: u32, family: &str) -> Tally {
        let mut tally = Tally::default();
        for (base, now) in pairs(&self.rounds).chain(pairs(&self.rounds).map(|(base, now)| (now, base))) {
            let now = with_slowed_in_place(now, percent);
            let comparison = Comparison::of(&without_slowed(base), &now, Rules::default());
            let of_family =
                |change: &&Change| change.executor == SLOWED && change.workload.starts_with(family);
            for change in comparison.changes.iter().filter(of_family) {
                tally.add(usize::from(change.verdict == Verdict::Slower), 1);
            }
        }
        tally
    }
}

/// Every two runs.
fn pairs(records: &[Record]) -> impl Iterator<Item = (&Record, &Record)> {
    records
        .iter()
        .enumerate()
        .flat_map(|(index, base)| records[index + 1..].iter().map(move |now| (base, now)))
}

fn plain_alarms(records: &[Record]) -> Tally {
    let mut tally = Tally::default();
    for (base, now) in pairs(records) {
        for cell in base.cells.iter().filter(|cell| cell.role == Role::Executor && is_tested(&cell.executor))
        {
            let times = |cell: &Cell| cell.bag_times().map(|(_, time)| time).collect::<Vec<f64>>();
            let same = now.cells.iter().find(|other| other.id == cell.id);
            let different = same.is_some_and(|same| mann_whitney(&times(cell), &times(same)) < 0.05);
            tally.add(usize::from(different), 1);
        }
    }
    tally
}

fn without_slowed(record: &Record) -> Record {
    let mut record = record.clone();
    record.cells.retain(|cell| is_tested(&cell.executor));
    record
}

/// The record in which the slowed cells stand under the name of the executor they were made from.
fn with_slowed_in_place(record: &Record, percent: u32) -> Record {
    let name = slower_name(percent);
    let mut record = record.clone();
    record
        .cells
        .retain(|cell| cell.executor != SLOWED && (is_tested(&cell.executor) || cell.executor == name));
    for cell in record.cells.iter_mut().filter(|cell| cell.executor == name) {
        cell.id = cell.id.replace(&name, SLOWED);
        cell.executor = SLOWED.into();
    }
    record
}
