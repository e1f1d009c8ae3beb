//! What the slowest few agents do to everyone: ceilings of whole tasks, with a time limit, and with few in flight.

use centurion_stats::{Estimate, median};

use crate::{Analysis, Bound, WorkloadResult};

/// The workload whose tasks have a long tail.
const WHOLE: &str = "llm";

/// The same tasks with a time limit.
const LIMITED: &str = "llm-limited";

/// The time limit in medians of the tasks.
const MEDIANS: f64 = 10.0;

/// Numbers of tasks in flight that limits on rates allow.
const IN_FLIGHT: [usize; 2] = [8, 32];

/// Ceilings of long-tailed tasks, and what was measured of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Tails<'a> {
    /// The workload.
    pub workload: &'a WorkloadResult,
    /// The longest task in medians of all.
    pub longest_in_medians: f64,
    /// Without a time limit and with one: all in flight first, then few.
    pub ceilings: Vec<TailCeiling<'a>>,
}

/// What tasks allow.
#[derive(Debug, Clone, PartialEq)]
pub struct TailCeiling<'a> {
    /// Whether they end after ten medians.
    pub limit: TailLimit,
    /// The most at once. `None` where all are.
    pub in_flight: Option<usize>,
    /// The greatest speedup of any schedule.
    pub speedup: f64,
    /// The greatest speedup that was measured, and by which executor. `None` where it was not.
    pub measured: Option<(&'a str, Estimate)>,
}

/// Whether a task ends after ten medians.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TailLimit {
    /// It takes as long as it takes.
    None,
    /// Tasks with that limit were run.
    Run,
    /// The recorded costs of whole tasks were cut off at it.
    Computed,
}

impl Analysis {
    /// What long-tailed tasks allow. `None` where they were not measured, or their costs not recorded.
    pub fn tails(&self) -> Option<Tails<'_>> {
        let find = |name: &str| {
            let named = self.workloads.iter().find(|workload| workload.name == name);
            named.filter(|workload| !workload.costs_ns.is_empty())
        };
        let workload = find(WHOLE)?;
        let costs: Vec<f64> = workload.costs_ns.iter().map(|&cost| cost as f64).collect();
        let longest = costs.iter().copied().max_by(f64::total_cmp)?;
        let middle = median(&costs).filter(|&middle| middle > 0.0)?;
        let whole = ceilings(TailLimit::None, &workload.costs_ns, Some(workload));
        let limited = match find(LIMITED) {
            Some(limited) => ceilings(TailLimit::Run, &limited.costs_ns, Some(limited)),
            None => ceilings(TailLimit::Computed, &cut_off(&workload.costs_ns, MEDIANS * middle), None),
        };
        let ceilings = whole.into_iter().chain(limited).collect();
        Some(Tails { workload, longest_in_medians: longest / middle, ceilings })
    }
}

/// Costs of which none is above so much.
fn cut_off(costs: &[u64], most: f64) -> Vec<u64> {
    costs.iter().map(|&cost| cost.min(most as u64)).collect()
}

/// Ceilings of tasks of these costs, all in flight and few, beside what was measured of a workload.
fn ceilings<'a>(limit: TailLimit, costs: &[u64], run: Option<&'a WorkloadResult>) -> Vec<TailCeiling<'a>> {
    let few = IN_FLIGHT.into_iter().filter(|&few| few < costs.len()).map(Some);
    let ceiling = |in_flight: Option<usize>| {
        let workers = in_flight.unwrap_or(costs.len());
        let speedup = Bound::new(costs, None, workers).speedup;
        TailCeiling { limit, in_flight, speedup, measured: run.and_then(|run| fastest(run, workers)) }
    };
    std::iter::once(None).chain(few).map(ceiling).collect()
}

/// The fastest executor with so many workers that is no mistake.
fn fastest(workload: &WorkloadResult, workers: usize) -> Option<(&str, Estimate)> {
    let cells = workload.cells.iter().filter(|cell| !cell.mistake && cell.row.workers == Some(workers));
    let measured = cells.filter_map(|cell| Some((cell.executor.as_str(), cell.speedup()?)));
    measured.max_by(|(_, a), (_, b)| a.value.total_cmp(&b.value))
}
