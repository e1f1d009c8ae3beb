//! Every figure of one record.

use std::collections::BTreeMap;
use std::sync::Arc;

use centurion_graph::Graph;
use centurion_record::{CellId, Kind, Record};
use centurion_stats::Estimate;

use crate::family::Family;
use crate::index::RecordIndex;
use crate::judge::{MIN_DIFFERENCE, Standing};
use crate::pace::PaceUse;
use crate::patterns::{self, PatternsVerdict};
use crate::peers::{self, PeerComparison};
use crate::scale::{self, WaitingScale};
use crate::warning::{self, Warning};
use crate::{Bound, Ceilings, FootprintResult, OneBag, cells};

/// What one record means.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Finished rounds.
    pub rounds: usize,
    /// Every workload in the order of the record, each size of a family as one of its own.
    pub workloads: Vec<WorkloadResult>,
    /// Agents of every size that need nothing of each other, a family each.
    pub independent: Vec<Family>,
    /// Dependent agents of every size, a family for each pattern of who needs whose answer.
    pub patterns: Vec<Family>,
    /// Each workload that peers were to run as well. They take part in nothing else.
    pub peers: Vec<PeerComparison>,
    /// Each workload that was run in growing numbers of agents.
    pub scales: Vec<WaitingScale>,
    /// Of each family of computing agents, which pace of the CPUs its cells are compared at. Empty where none was looked at.
    pub paces: BTreeMap<String, PaceUse>,
    /// What a reader should know before trusting the figures, gravest first.
    pub warnings: Vec<Warning>,
}

/// What was found about one workload.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkloadResult {
    /// Its name.
    pub name: String,
    /// Its family: the name again, or that of workloads that differ from it only in the size of their agents.
    pub family: String,
    /// What its agents spend their time on.
    pub kind: Kind,
    /// Number of agents.
    pub agents: usize,
    /// How many times shorter its agents are than those they stand for, where it was made so.
    pub shortened: Option<f64>,
    /// Which agents need which others' answers. `None` where they need none.
    pub graph: Option<Arc<Graph>>,
    /// Serial time of each agent in nanoseconds. Empty where it was not recorded.
    pub costs_ns: Vec<u64>,
    /// How long each agent asks timers to let it wait, in nanoseconds. Empty where they ask for no time.
    pub waits_ns: Vec<u64>,
    /// The serial baseline, or why there is none.
    pub baseline: Result<Baseline, String>,
    /// How far apart identical code was measured.
    pub noise: Noise,
    /// What that many CPUs can deliver at all, by number of cores. Empty when it was not measured.
    pub hardware: Vec<HardwareCeiling>,
    /// Every executor cell in the order of the record, failed ones included.
    pub cells: Vec<CellResult>,
    /// What executions of the largest cells take in all, in the order of the record.
    pub footprints: Vec<FootprintResult>,
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
    /// Unique.
    pub id: CellId,
    /// Name of the executor.
    pub executor: String,
    /// Whether that shows what a common mistake costs: it is measured as any other, and never the best.
    pub mistake: bool,
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
    /// Median share of the server that the agents ask in the CPU time of both, as a fraction. `None` without one.
    pub server_share: Option<f64>,
    /// Time over that of the best cell of its row in the same round, pseudo-median, with the interval of the
    /// signed-rank test. `None` without a common round.
    pub over_best: Option<Estimate>,
    /// The same for one bag from nothing to nothing. `None` where that was not measured.
    pub once: Option<OneBag>,
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
    /// Speedup over `min(workers, cores)` for computing, over `workers` for waiting, as a fraction. In a family it
    /// is over as many of these as can be of use at once, [`WorkloadResult::parallelism`].
    pub efficiency: Estimate,
    /// Speedup over the lower ceiling, as a fraction. `None` where the ceiling is not known.
    pub of_ceiling: Option<Estimate>,
    /// The whole interval lies more than 10 % above a ceiling: the measurement is wrong until shown otherwise.
    pub impossible: bool,
}

impl Analysis {
    /// Derives everything. The same record always gives the same figures.
    ///
    /// # Panics
    /// When a graph has an agent that needs the answer of one not before it, which [`Record::parse`] refuses.
    pub fn new(record: &Record) -> Self {
        let (index, graphs) = (RecordIndex::new(record), graphs(record));
        let graph = |name: &Option<String>| graphs.get(name.as_deref()?).cloned();
        let paces = PaceUse::of_families(&[record]);
        let probe = |family: &str| paces.get(family)?.probe;
        let workloads: Vec<_> = record
            .workloads
            .iter()
            .map(|workload| {
                cells::workload(&index, workload, graph(&workload.graph), probe(&workload.family))
            })
            .collect();
        let warnings = warning::all(record, &workloads);
        let (independent, patterns): (Vec<_>, Vec<_>) =
            Family::all(record, &index, &workloads).into_iter().partition(|family| family.independent);
        Self {
            rounds: record.rounds.len(),
            independent,
            patterns,
            peers: peers::all(&index, &workloads),
            scales: scale::all(record, &index),
            workloads,
            warnings,
            paces,
        }
    }

    /// Every family, the independent ones first.
    pub fn families(&self) -> impl Iterator<Item = &Family> + Clone {
        self.independent.iter().chain(&self.patterns)
    }

    /// The executors that were meant to be measured in any pattern.
    pub fn pattern_executors(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for curve in self.patterns.iter().flat_map(|pattern| &pattern.curves) {
            if !names.contains(&curve.executor.as_str()) {
                names.push(&curve.executor);
            }
        }
        names
    }

    /// The verdict over all patterns. `None` when no executor reaches the threshold in any.
    pub fn patterns_verdict(&self) -> Option<PatternsVerdict<'_>> {
        patterns::verdict(&self.patterns)
    }

    /// Every cell of every workload.
    pub fn cells(&self) -> impl Iterator<Item = &CellResult> + Clone {
        self.workloads.iter().flat_map(|workload| &workload.cells)
    }

    /// The workloads of a family, by size.
    pub fn sizes<'a>(&'a self, family: &'a Family) -> impl Iterator<Item = &'a WorkloadResult> + Clone {
        self.workloads.iter().filter(|workload| workload.family == family.name)
    }

    /// Every workload but the sizes of families, which [`Analysis::independent`] and [`Analysis::patterns`] sum up.
    pub fn standing_alone(&self) -> impl Iterator<Item = &WorkloadResult> {
        self.workloads.iter().filter(|workload| workload.stands_alone())
    }
}

fn graphs(record: &Record) -> BTreeMap<&str, Arc<Graph>> {
    let graph = |inputs: &[Vec<u32>]| {
        let inputs = inputs.iter().map(|inputs| inputs.iter().map(|&input| input as usize));
        Arc::new(Graph::new(inputs).expect("the graphs of a record are numbered along their edges"))
    };
    record.graphs.iter().map(|recorded| (recorded.name.as_str(), graph(&recorded.inputs))).collect()
}

impl WorkloadResult {
    /// Whether it is no member of a family.
    pub fn stands_alone(&self) -> bool {
        self.family == self.name
    }

    /// What so many workers on so many cores can run at once: waiting takes a worker, computing a core as well.
    pub fn processors(&self, cores: usize, workers: usize) -> usize {
        match self.kind {
            Kind::Waiting => workers,
            Kind::Computing => workers.min(cores),
        }
    }

    /// The best any schedule could do on so many processors, the ceiling of everything that is said of this workload.
    /// The agents of a family cost the same. `None` where costs were not recorded.
    pub fn bound(&self, processors: usize) -> Option<Bound> {
        let equal;
        let costs = if self.stands_alone() {
            &self.costs_ns
        } else {
            equal = vec![1; self.agents];
            &equal
        };
        (!costs.is_empty()).then(|| Bound::new(costs, self.graph.as_deref(), processors.max(1)))
    }

    /// The agents of the chain that costs most, in order. Empty where agents need nothing of each other, or costs were
    /// not recorded.
    pub fn critical_path(&self) -> Vec<usize> {
        let graph = self.graph.as_ref().filter(|_| !self.costs_ns.is_empty());
        graph.map_or(Vec::new(), |graph| graph.critical_path(&self.costs_ns).tasks)
    }

    /// How many of these processors can be of use at once on average where all agents cost the same: `min(P, n / L)`
    /// for `n` agents of which the longest path holds `L`.
    pub fn parallelism(&self, processors: usize) -> f64 {
        let longest = self.graph.as_ref().map_or(1, |graph| graph.critical_path(&vec![1; graph.len()]).cost);
        (self.agents as f64 / longest.max(1) as f64).min(processors as f64)
    }

    /// The rows that were measured, in ascending order.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<_> = self.cells.iter().map(|cell| cell.row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The cells of a row, the fastest first, failed ones last.
    pub fn ranked(&self, row: Row) -> Vec<&CellResult> {
        let mut cells: Vec<_> = self.row(row).collect();
        cells.sort_by(|a, b| a.behind_best().total_cmp(&b.behind_best()));
        cells
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
    /// Its figures, where it has samples.
    pub fn measured(&self) -> Option<&Measured> {
        self.outcome.as_ref().ok()
    }

    /// Median time of one bag in nanoseconds; infinity without samples, so that what failed comes last.
    pub fn slowness(&self) -> f64 {
        self.measured().map_or(f64::INFINITY, |measured| measured.bag_ns.value)
    }

    /// What ranks: one over the speedup or, where the baseline is missing, the median time of one bag in nanoseconds.
    /// Infinity without samples.
    pub(crate) fn slowness_in_rounds(&self) -> f64 {
        self.speedup().map_or_else(|| self.slowness(), |speedup| 1.0 / speedup.value)
    }

    /// Time over that of the best of its row: 0 for the best itself, infinity where that is not known.
    pub(crate) fn behind_best(&self) -> f64 {
        match self.measured() {
            Some(measured) if measured.in_row == Standing::Best => 0.0,
            Some(measured) => measured.over_best.map_or(f64::INFINITY, |ratio| ratio.value),
            None => f64::INFINITY,
        }
    }

    /// The workers, where there are not as many as cores.
    pub fn workers_beside_cores(&self) -> Option<usize> {
        (self.workers != self.cores).then_some(self.workers)
    }

    /// The speedup, where there is one.
    pub fn speedup(&self) -> Option<Estimate> {
        Some(self.measured()?.gain?.speedup)
    }
}
