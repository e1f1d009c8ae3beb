//! Every figure the tables and pages show, derived from one record.

mod cells;
mod grain;
mod judge;
mod series;
mod verdict;
mod warning;

use centurion_record::{Kind, Record};

use crate::stats::Estimate;

pub use grain::{Grain, GrainExecutor, GrainPoint, Metg, Threshold};
pub use judge::{MIN_DIFFERENCE, Standing};
pub use verdict::{GrainVerdict, Verdict};
pub use warning::{Disturbance, Warning};

/// What one record means.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Finished rounds.
    pub rounds: usize,
    /// Every workload in the order of the record, each size of the grain family as one of its own.
    pub workloads: Vec<WorkloadResult>,
    /// The grain family taken together. `None` when nothing of it was measured.
    pub grain: Option<Grain>,
    /// What a reader should know before trusting the figures, gravest first.
    pub warnings: Vec<Warning>,
}

/// What was found about one workload.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkloadResult {
    /// Its name.
    pub name: String,
    /// Its family: the name again, or `grain`.
    pub family: String,
    /// What its agents spend their time on.
    pub kind: Kind,
    /// Number of agents.
    pub agents: usize,
    /// The serial baseline, or why there is none.
    pub baseline: Result<Baseline, String>,
    /// How far apart identical code was measured.
    pub noise: Noise,
    /// What that many CPUs can deliver at all, by number of cores. Empty when it was not measured.
    pub hardware: Vec<HardwareCeiling>,
    /// Every executor cell in the order of the record, failed ones included.
    pub cells: Vec<CellResult>,
}

/// The serial loop that speedup is measured against.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// Samples taken, one a round.
    pub samples: usize,
    /// Median time of one bag in nanoseconds, with the interval of the sign test.
    pub bag_ns: Estimate,
    /// Median of CPU time over wall time: 1 for computing on an idle machine, near 0 for waiting.
    pub cpu_per_wall: f64,
}

/// The A/A comparisons: identical copies of the baseline and of a cell under test, against their originals.
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    /// Every copy that was measured together with its original, the baseline's first.
    pub copies: Vec<Copied>,
    /// The noise floor as a fraction: of all ends of the copies' intervals the one that is farthest from 1,
    /// `exp(|ln end|) - 1`. `None` with fewer than 6 rounds.
    pub floor: Option<f64>,
}

/// An identical copy against its original.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    /// Name of the executor that was copied.
    pub executor: String,
    /// CPUs of both.
    pub cores: usize,
    /// Workers of both.
    pub workers: usize,
    /// Time of the original over time of the copy in the same round, pseudo-median: 1 but for noise.
    pub ratio: Estimate,
}

/// `cores` serial copies at once, without an executor.
#[derive(Debug, Clone, PartialEq)]
pub struct HardwareCeiling {
    /// CPUs that were busy.
    pub cores: usize,
    /// `cores * baseline / sample` within the round, pseudo-median, or why it is not known.
    pub speedup: Result<Estimate, String>,
}

/// What was found about one executor on one number of cores and workers.
#[derive(Debug, Clone, PartialEq)]
pub struct CellResult {
    /// The cell's unique name.
    pub id: String,
    /// Name of the executor.
    pub executor: String,
    /// CPUs it was restricted to.
    pub cores: usize,
    /// Workers it had.
    pub workers: usize,
    /// More workers than cores.
    pub oversubscribed: bool,
    /// The cells it competes with.
    pub row: Row,
    /// What it could have reached.
    pub ceilings: Ceilings,
    /// Its figures, or why it has none.
    pub outcome: Result<Measured, String>,
}

/// Cells of a workload that compete on equal terms. Ascending order is by cores, then workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// CPUs.
    pub cores: usize,
    /// Workers, where agents wait. `None` where they compute: cores limit them, however many workers share them.
    pub workers: Option<usize>,
}

/// Bounds on the speedup of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ceilings {
    /// The best any schedule could do with these task costs. Processors are `min(workers, cores)` for
    /// computing and `workers` for waiting; without recorded costs all agents count the same.
    pub schedule: f64,
    /// What handing tasks out in order would do for free: total cost over the greedy makespan.
    pub greedy: f64,
    /// What this many CPUs deliver without an executor. `None` for waiting, or when it was not measured.
    pub hardware: Option<Estimate>,
}

impl Ceilings {
    /// The lower of the schedule's and the hardware's ceiling: the speedup that counts as 100 %.
    pub fn limit(&self) -> f64 {
        self.hardware.map_or(self.schedule, |hardware| self.schedule.min(hardware.value))
    }
}

/// Figures of a cell that has samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Samples taken, one a round.
    pub samples: usize,
    /// Median time of one bag, the makespan, in nanoseconds, with the interval of the sign test.
    pub bag_ns: Estimate,
    /// What it is against the baseline. `None` when the baseline has no sample in any of its rounds.
    pub gain: Option<Gain>,
    /// Median time to start the executor, in nanoseconds; not part of the makespan.
    pub startup_ns: f64,
    /// Median of CPU time over wall time: busy cores.
    pub cpu_per_wall: f64,
    /// Against the best cell of its row.
    pub in_row: Standing,
    /// Against the best cell of the workload.
    pub in_workload: Standing,
}

/// A cell against the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// Baseline over cell within the round, pseudo-median of the logarithms, exponentiated, with the interval of
    /// the signed-rank test.
    pub speedup: Estimate,
    /// Speedup over `min(workers, cores)` for computing, over `workers` for waiting, as a fraction.
    pub efficiency: Estimate,
    /// Speedup over the lower ceiling, as a fraction.
    pub of_ceiling: Estimate,
    /// Karp and Flatt's serial fraction. `None` on one processor.
    pub serial_fraction: Option<f64>,
    /// The whole interval lies more than 10 % above the ceiling: the measurement is wrong until shown otherwise.
    pub impossible: bool,
}

impl Analysis {
    /// Derives everything. The same record always gives the same figures.
    pub fn of(record: &Record) -> Self {
        let workloads: Vec<_> =
            record.workloads.iter().map(|workload| cells::workload(record, workload)).collect();
        let warnings = warning::all(record, &workloads);
        Self { rounds: record.rounds.len(), grain: Grain::of(record), workloads, warnings }
    }

    /// Every workload but the sizes of the grain family, which [`Analysis::grain`] sums up.
    pub fn standing_alone(&self) -> impl Iterator<Item = &WorkloadResult> {
        self.workloads.iter().filter(|workload| workload.family != grain::FAMILY)
    }
}

impl WorkloadResult {
    /// The rows that were measured, in ascending order.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<_> = self.cells.iter().map(|cell| cell.row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The cells of a row, in the order of the record.
    pub fn row(&self, row: Row) -> impl Iterator<Item = &CellResult> {
        self.cells.iter().filter(move |cell| cell.row == row)
    }

    /// The least ratio, as a fraction above 1, that is called a difference: the noise floor or
    /// [`MIN_DIFFERENCE`], whichever is larger.
    pub fn threshold(&self) -> f64 {
        self.noise.floor.unwrap_or(0.0).max(MIN_DIFFERENCE)
    }
}

impl CellResult {
    /// The speedup, where there is one.
    pub fn speedup(&self) -> Option<Estimate> {
        Some(self.outcome.as_ref().ok()?.gain?.speedup)
    }
}
