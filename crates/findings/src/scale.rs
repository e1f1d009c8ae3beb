//! Many more agents that wait: what becomes of each executor.

use centurion_record::Record;

use crate::footprint::{self, FootprintFigures, FootprintResult, Repeated};
use crate::index::RecordIndex;

/// How many times the bound an execution may take and still reach the ceiling.
pub const REACHING: f64 = 1.1;

/// How many times another an executor must take, at least, for a contrast to be one.
const CONTRAST: f64 = 1.5;

/// A workload in growing numbers of agents.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingScale {
    /// Name of the workload.
    pub workload: String,
    /// By number of agents.
    pub sizes: Vec<ScaleSize>,
}

/// So many agents.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaleSize {
    /// How many.
    pub agents: usize,
    /// How long the longest waits by itself, in nanoseconds: no execution is shorter. `None` where that is not known.
    pub bound_ns: Option<f64>,
    /// Every executor that was to run them, in the order of the record.
    pub runs: Vec<FootprintResult>,
}

/// Two executors of which one takes more of something, whichever repetitions are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast<'a> {
    /// Which takes least.
    pub least: &'a FootprintResult,
    /// Which takes most.
    pub most: &'a FootprintResult,
    /// How many times as much, at least and at most.
    pub times: (f64, f64),
}

/// The workloads that were run in growing numbers, in the order of the record.
pub(crate) fn all(record: &Record, index: &RecordIndex<'_>) -> Vec<WaitingScale> {
    let scale = |workload: &centurion_record::WorkloadEntry| {
        let runs = footprint::scaled(index, workload);
        (!runs.is_empty()).then(|| WaitingScale { workload: workload.name.clone(), sizes: sizes(runs) })
    };
    record.workloads.iter().filter_map(scale).collect()
}

fn sizes(mut runs: Vec<FootprintResult>) -> Vec<ScaleSize> {
    runs.sort_by_key(|run| run.agents);
    let size = |runs: &[FootprintResult]| ScaleSize {
        agents: runs[0].agents,
        bound_ns: runs.iter().filter_map(|run| run.bound_ns).max_by(f64::total_cmp),
        runs: runs.to_vec(),
    };
    runs.chunk_by(|a, b| a.agents == b.agents).map(size).collect()
}

impl WaitingScale {
    /// Names of the executors that were to run any size, in the order they come first.
    pub fn executors(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for run in self.sizes.iter().flat_map(|size| &size.runs) {
            if !names.contains(&run.executor.as_str()) {
                names.push(&run.executor);
            }
        }
        names
    }

    /// The fewest and the most repetitions of any execution. `None` where all failed.
    pub fn repetitions(&self) -> Option<(usize, usize)> {
        let runs = self.sizes.iter().flat_map(|size| &size.runs);
        let times: Vec<usize> = runs.filter_map(|run| Some(run.figures()?.wall_ns.times)).collect();
        Some((*times.iter().min()?, *times.iter().max()?))
    }

    /// The executors of other sizes that are no mistakes and were not to run this one.
    pub fn missing(&self, size: &ScaleSize) -> Vec<&str> {
        let runs = || self.sizes.iter().flat_map(|size| &size.runs);
        let sensible = |name: &&str| runs().any(|run| run.executor == *name && !run.mistake);
        let mut names = self.executors();
        names.retain(|name| sensible(name) && size.runs.iter().all(|run| run.executor != *name));
        names
    }
}

impl ScaleSize {
    /// What an executor takes, if it was to run so many agents.
    pub fn of(&self, executor: &str) -> Option<&FootprintResult> {
        self.runs.iter().find(|run| run.executor == executor)
    }

    /// Those that are no mistakes and have figures, the fastest first.
    pub fn ranked(&self) -> Vec<&FootprintResult> {
        let mut runs: Vec<_> = self.sensible().filter(|run| run.outcome.is_ok()).collect();
        runs.sort_by(|a, b| slowness(a).total_cmp(&slowness(b)));
        runs
    }

    /// Those that are no mistakes and failed.
    pub fn failed(&self) -> Vec<&FootprintResult> {
        self.sensible().filter(|run| run.outcome.is_err()).collect()
    }

    /// Whether every repetition of an execution takes hardly longer than the bound. `None` where that is not known.
    pub fn reaches(&self, run: &FootprintResult) -> Option<bool> {
        Some(run.figures()?.wall_ns.most <= REACHING * self.bound_ns?)
    }

    /// The fastest, and those with a repetition that is not slower than its slowest.
    pub fn fastest(&self) -> Vec<&FootprintResult> {
        let ranked = self.ranked();
        let Some(best) = ranked.first().and_then(|run| run.figures()).map(|figures| figures.wall_ns) else {
            return Vec::new();
        };
        let tied = |run: &&FootprintResult| run.figures().is_some_and(|run| run.wall_ns.overlaps(&best));
        ranked.into_iter().filter(tied).collect()
    }

    /// At equal time, which is that of the bound, who takes least and who most of something, where that is a difference
    /// in every pair of repetitions.
    pub fn contrast(&self, of: fn(&FootprintFigures) -> Option<Repeated>) -> Option<Contrast<'_>> {
        let reaching = self.ranked().into_iter().filter(|run| self.reaches(run) == Some(true));
        let taken = reaching.filter_map(|run| Some((run, of(run.figures()?)?)));
        let mut taken: Vec<(&FootprintResult, Repeated)> = taken.collect();
        taken.sort_by(|(_, a), (_, b)| a.median.total_cmp(&b.median));
        let (&(least, little), &(most, much)) = taken.first().zip(taken.last())?;
        let times = much.over(&little).filter(|(low, _)| *low >= CONTRAST)?;
        Some(Contrast { least, most, times })
    }

    fn sensible(&self) -> impl Iterator<Item = &FootprintResult> {
        self.runs.iter().filter(|run| !run.mistake)
    }
}

fn slowness(run: &FootprintResult) -> f64 {
    run.figures().map_or(f64::INFINITY, |figures| figures.wall_ns.median)
}
