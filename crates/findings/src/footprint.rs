//! What one execution takes in all: time, CPU time, context switches, memory, threads.

use centurion_record::{Footprint, WorkloadEntry};

use centurion_stats::median;

use crate::index::RecordIndex;
use crate::{CellResult, WorkloadResult};

/// An executor's executions in processes of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct FootprintResult {
    /// Name of the executor.
    pub executor: String,
    /// Whether that shows what a common mistake costs.
    pub mistake: bool,
    /// Number of agents.
    pub agents: usize,
    /// CPUs it was restricted to.
    pub cores: usize,
    /// Workers it had.
    pub workers: usize,
    /// How long the longest agent waits by itself, in nanoseconds. `None` where that is not known.
    pub bound_ns: Option<f64>,
    /// What the executions took, or why that is not known.
    pub outcome: Result<FootprintFigures, String>,
}

/// What executions took, over their repetitions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FootprintFigures {
    /// Makespan in nanoseconds.
    pub wall_ns: Repeated,
    /// CPU time of the process in nanoseconds.
    pub cpu_ns: Repeated,
    /// Context switches.
    pub switches: Repeated,
    /// Peak memory beyond what was there before, in bytes. `None` where the platform doesn't tell.
    pub memory_bytes: Option<Repeated>,
    /// Most threads at once beside the main one. `None` where the platform doesn't tell.
    pub threads: Option<Repeated>,
    /// How often the process allocated. `None` where the program doesn't count.
    pub allocations: Option<Repeated>,
    /// Bytes it asked for in all. `None` where the program doesn't count.
    pub allocated_bytes: Option<Repeated>,
}

/// A few repetitions of one measurement: too few for an interval, so all of them are within its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repeated {
    /// How many there are.
    pub times: usize,
    /// The middle one.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub most: f64,
}

impl Repeated {
    /// `None` for no repetitions.
    pub fn new(series: &[u64]) -> Option<Self> {
        let values: Vec<f64> = series.iter().map(|&value| value as f64).collect();
        Some(Self {
            times: values.len(),
            median: median(&values)?,
            least: values.iter().copied().min_by(f64::total_cmp)?,
            most: values.iter().copied().max_by(f64::total_cmp)?,
        })
    }

    /// Whether some repetition of the one may have been some of the other's.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.least <= other.most && other.least <= self.most
    }

    /// How many times the other this is at least and at most, over all pairs of repetitions. `None` with fewer than
    /// two of either, and where the other has been 0.
    pub fn over(&self, other: &Self) -> Option<(f64, f64)> {
        let enough = self.times > 1 && other.times > 1 && other.least > 0.0;
        enough.then(|| (self.least / other.most, self.most / other.least))
    }
}

impl FootprintResult {
    fn new(footprint: &Footprint, mistake: bool) -> Self {
        let reason = || footprint.failure.clone().unwrap_or_else(|| "has no executions".into());
        Self {
            executor: footprint.executor.clone(),
            mistake,
            agents: footprint.agents,
            cores: footprint.cores,
            workers: footprint.workers,
            bound_ns: (footprint.bound_ns > 0).then_some(footprint.bound_ns as f64),
            outcome: figures(footprint).ok_or_else(reason),
        }
    }

    /// Its figures, where it has executions.
    pub fn figures(&self) -> Option<&FootprintFigures> {
        self.outcome.as_ref().ok()
    }
}

impl WorkloadResult {
    /// What one execution of a cell takes, where it was looked at.
    pub fn footprint(&self, cell: &CellResult) -> Option<&FootprintResult> {
        let place = (cell.executor.as_str(), cell.cores, cell.workers);
        self.footprints.iter().find(|run| (run.executor.as_str(), run.cores, run.workers) == place)
    }
}

fn figures(footprint: &Footprint) -> Option<FootprintFigures> {
    Some(FootprintFigures {
        wall_ns: Repeated::new(&footprint.wall_ns)?,
        cpu_ns: Repeated::new(&footprint.cpu_ns)?,
        switches: Repeated::new(&footprint.switches)?,
        memory_bytes: Repeated::new(&footprint.memory_bytes),
        threads: Repeated::new(&footprint.threads),
        allocations: Repeated::new(&footprint.allocations),
        allocated_bytes: Repeated::new(&footprint.allocated_bytes),
    })
}

/// The footprints of a workload as it is measured in rounds.
pub(crate) fn of_cells(index: &RecordIndex<'_>, workload: &WorkloadEntry) -> Vec<FootprintResult> {
    some(index, workload, |footprint| is_of_cells(footprint, workload))
}

/// The footprints of its agents in other numbers, or waiting for longer.
pub(crate) fn scaled(index: &RecordIndex<'_>, workload: &WorkloadEntry) -> Vec<FootprintResult> {
    some(index, workload, |footprint| !is_of_cells(footprint, workload))
}

fn some(
    index: &RecordIndex<'_>,
    workload: &WorkloadEntry,
    wanted: impl Fn(&Footprint) -> bool,
) -> Vec<FootprintResult> {
    let wanted = index.footprints_of(&workload.name).iter().filter(|footprint| wanted(footprint));
    wanted.map(|footprint| FootprintResult::new(footprint, index.is_mistake(&footprint.executor))).collect()
}

fn is_of_cells(footprint: &Footprint, workload: &WorkloadEntry) -> bool {
    let longest = workload.waits_ns.iter().copied().max().unwrap_or(0);
    footprint.agents == workload.agents && footprint.bound_ns == longest
}
