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
    /// What each restriction allows: none, a time limit, and few in flight.
    pub ceilings: Vec<TailCeiling<'a>>,
}

/// What one restriction allows.
#[derive(Debug, Clone, PartialEq)]
pub struct TailCeiling<'a> {
    /// What is restricted.
    pub restriction: Restriction,
    /// The greatest speedup of any schedule.
    pub speedup: f64,
    /// The greatest speedup that was measured, and by which executor. `None` where it was not.
    pub measured: Option<(&'a str, Estimate)>,
}

/// How tasks are restricted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restriction {
    /// Not at all: all in flight, for as long as they take.
    None,
    /// Each ends after ten medians.
    TimeLimit {
        /// Whether tasks with that limit were run; otherwise the recorded costs were cut off at it.
        run: bool,
    },
    /// At most so many at once.
    InFlight(usize),
}

impl Analysis {
    /// What long-tailed tasks allow. `None` where they were not measured, or their costs not recorded.
    pub fn tails(&self) -> Option<Tails<'_>> {
        let find = |name: &str| self.workloads.iter().find(|workload| workload.name == name);
        let workload = find(WHOLE).filter(|workload| !workload.costs_ns.is_empty())?;
        let costs: Vec<f64> = workload.costs_ns.iter().map(|&cost| cost as f64).collect();
        let longest = costs.iter().copied().max_by(f64::total_cmp)?;
        let middle = median(&costs).filter(|&middle| middle > 0.0)?;
        let limited = find(LIMITED).filter(|limited| !limited.costs_ns.is_empty());
        let time_limit = match limited {
            Some(limited) => ceiling(limited, Restriction::TimeLimit { run: true }, limited.agents),
            None => Some(cut_off(&workload.costs_ns, MEDIANS * middle)),
        };
        let whole = ceiling(workload, Restriction::None, workload.agents)?;
        let few = IN_FLIGHT.iter().filter(|&&few| few < workload.agents);
        let few = few.filter_map(|&few| ceiling(workload, Restriction::InFlight(few), few));
        Some(Tails {
            workload,
            longest_in_medians: longest / middle,
            ceilings: [whole].into_iter().chain(time_limit).chain(few).collect(),
        })
    }
}

/// The ceiling of tasks that cost at most so much.
fn cut_off<'a>(costs: &[u64], after_ns: f64) -> TailCeiling<'a> {
    let cut: Vec<u64> = costs.iter().map(|&cost| cost.min(after_ns as u64)).collect();
    TailCeiling {
        restriction: Restriction::TimeLimit { run: false },
        speedup: Bound::new(&cut, None, cut.len()).speedup,
        measured: None,
    }
}

/// So many in flight, and the fastest that was measured with as many workers.
fn ceiling(workload: &WorkloadResult, restriction: Restriction, workers: usize) -> Option<TailCeiling<'_>> {
    let cells = workload.cells.iter().filter(|cell| !cell.mistake && cell.row.workers == Some(workers));
    let measured = cells.filter_map(|cell| Some((cell.executor.as_str(), cell.speedup()?)));
    Some(TailCeiling {
        restriction,
        speedup: workload.bound(workers)?.speedup,
        measured: measured.max_by(|(_, a), (_, b)| a.value.total_cmp(&b.value)),
    })
}
