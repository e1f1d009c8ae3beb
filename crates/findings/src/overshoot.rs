//! How much longer agents waited than they had asked for.

use std::collections::HashMap;

use centurion_record::CellId;
use centurion_stats::{Estimate, median_interval};

use crate::{Baseline, CellResult, Execution, WorkloadResult};

/// Share of its time from which the serial baseline computes: then an agent takes longer than its waits in any case.
const COMPUTING: f64 = 0.10;

/// One stamped execution of agents that ask to wait for a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Overshoot {
    /// Name of the executor.
    pub executor: String,
    /// Whether that shows what a common mistake costs.
    pub mistake: bool,
    /// CPUs it was restricted to.
    pub cores: usize,
    /// Workers it had.
    pub workers: usize,
    /// Agents that were stamped.
    pub agents: usize,
    /// Median over the agents of what each took beyond its wait, in nanoseconds, with the interval of the sign test.
    pub median_ns: Estimate,
    /// What one agent in a hundred exceeds, in nanoseconds.
    pub p99_ns: f64,
}

impl WorkloadResult {
    /// What the agents of each of its stamped executions took beyond their waits, the least first. Empty where they ask
    /// for no time or compute as well, and where nothing was stamped.
    pub fn overshoots(&self, executions: &[Execution<'_>]) -> Vec<Overshoot> {
        if !self.only_waits() {
            return Vec::new();
        }
        let cells: HashMap<&CellId, &CellResult> = self.cells.iter().map(|cell| (&cell.id, cell)).collect();
        let of = |execution: &Execution<'_>| self.overshoot(execution, cells.get(&execution.timeline.cell)?);
        let mut found: Vec<_> = executions.iter().filter_map(of).collect();
        found.sort_by(|a, b| a.median_ns.value.total_cmp(&b.median_ns.value));
        found
    }

    fn overshoot(&self, execution: &Execution<'_>, cell: &CellResult) -> Option<Overshoot> {
        let spans = execution.timeline.start_ns.iter().zip(&execution.timeline.end_ns);
        let beyond =
            spans.zip(&self.waits_ns).map(|((&start, &end), &wait)| end as f64 - start as f64 - wait as f64);
        let mut beyond: Vec<f64> = beyond.collect();
        beyond.sort_unstable_by(f64::total_cmp);
        Some(Overshoot {
            executor: cell.executor.clone(),
            mistake: cell.mistake,
            cores: cell.cores,
            workers: cell.workers,
            agents: beyond.len(),
            median_ns: median_interval(&beyond)?,
            p99_ns: beyond[(99 * beyond.len()).div_ceil(100) - 1],
        })
    }

    /// Whether its agents do nothing but ask timers to let them wait.
    fn only_waits(&self) -> bool {
        let idle = |baseline: &Baseline| baseline.cpu_per_wall < COMPUTING;
        !self.waits_ns.is_empty() && self.baseline.as_ref().is_ok_and(idle)
    }
}
