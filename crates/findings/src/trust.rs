//! What a reader needs to know to believe a figure.

use centurion_record::{Record, Round};
use centurion_stats::median;

use crate::{Analysis, Standing};

/// How a run went.
#[derive(Debug, Clone, PartialEq)]
pub struct Trust {
    /// Noise floor of each workload that stands alone, or of all where none does.
    pub floors: Vec<(String, Option<f64>)>,
    /// Cells of executors.
    pub cells: usize,
    /// Those that were judged.
    pub judged: usize,
    /// Those without samples.
    pub failed: usize,
    /// One-minute load average over the rounds.
    pub load: Option<RoundSpread>,
    /// Share of all CPU time that other programs took, over the rounds.
    pub foreign: Option<RoundSpread>,
    /// Share of all CPU time that the host stole, over the rounds.
    pub stolen: Option<RoundSpread>,
    /// Rounds in which throttling could be observed.
    pub throttling_observed: usize,
    /// Those in which the control group was throttled.
    pub throttled: usize,
    /// How far apart the clock of the CPUs was between the fastest and the slowest samples on all cores, a tenth of
    /// them left out at either end, as a fraction.
    pub clock_wander: Option<f64>,
}

/// Median and greatest of some values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundSpread {
    /// The median.
    pub median: f64,
    /// The greatest.
    pub most: f64,
}

impl RoundSpread {
    /// `None` for no values.
    pub fn new(values: &[f64]) -> Option<Self> {
        Some(Self { median: median(values)?, most: values.iter().copied().max_by(f64::total_cmp)? })
    }

    fn from_rounds(record: &Record, of: impl Fn(&Round) -> Option<f64>) -> Option<Self> {
        Self::new(&record.rounds.iter().filter_map(of).collect::<Vec<_>>())
    }

    /// Of a share of all CPU time.
    fn from_cpu_time(record: &Record, taken: fn(&Round) -> Option<u64>) -> Option<Self> {
        let cpus = record.environment.logical_cpus.max(1) as f64;
        Self::from_rounds(record, |round| Some(taken(round)? as f64 / (round.wall_ns.max(1) as f64 * cpus)))
    }
}

impl Trust {
    /// What can be told of a run and its analysis.
    pub fn new(record: &Record, analysis: &Analysis) -> Self {
        let measured = || analysis.cells().filter_map(|cell| cell.measured());
        let throttled: Vec<_> = record.rounds.iter().filter_map(|round| round.throttled_ns).collect();
        Self {
            floors: floors(analysis),
            cells: analysis.cells().count(),
            judged: measured().filter(|measured| measured.in_row != Standing::Unjudged).count(),
            failed: analysis.cells().count() - measured().count(),
            load: RoundSpread::from_rounds(record, |round| round.load),
            foreign: RoundSpread::from_cpu_time(record, |round| round.foreign_ns),
            stolen: RoundSpread::from_cpu_time(record, |round| round.steal_ns),
            throttling_observed: throttled.len(),
            throttled: throttled.iter().filter(|&&ns| ns > 0).count(),
            clock_wander: clock_wander(record),
        }
    }
}

fn floors(analysis: &Analysis) -> Vec<(String, Option<f64>)> {
    let alone: Vec<_> = analysis.standing_alone().collect();
    let shown = if alone.is_empty() { analysis.workloads.iter().collect() } else { alone };
    shown.into_iter().map(|workload| (workload.name.clone(), workload.noise.floor)).collect()
}

/// Only cells on all cores count: more busy CPUs are slower ones.
fn clock_wander(record: &Record) -> Option<f64> {
    let most = record.cells.iter().map(|cell| cell.cores).max();
    let on_all = record.cells.iter().filter(|cell| Some(cell.cores) == most);
    let mut paces: Vec<u64> = on_all.flat_map(|cell| cell.pace_ns.iter().copied()).collect();
    paces.sort_unstable();
    let tenth = paces.len() / 10;
    let (&fast, &slow) = paces.get(tenth).zip(paces.iter().rev().nth(tenth))?;
    Some(slow as f64 / fast as f64 - 1.0)
}
