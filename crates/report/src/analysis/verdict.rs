//! The sentence before the table.

use std::fmt;

use super::judge::best;
use super::{CellResult, Standing, WorkloadResult};
use crate::stats::{Estimate, MIN_ROUNDS};
use crate::units::{joined, times};

/// Who won a workload, and who cannot be told apart from the winner.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict<'a> {
    /// The workload.
    pub workload: &'a WorkloadResult,
    /// The fastest cell. `None` when every cell failed.
    pub best: Option<&'a CellResult>,
    /// Whether the rounds suffice to judge; otherwise the best is only the fastest so far.
    pub judged: bool,
    /// Cells not told apart from the best, those of its row first.
    pub tied: Vec<&'a CellResult>,
}

impl WorkloadResult {
    /// The verdict over all cells of the workload. Its text names executors as the record does: escape it.
    pub fn verdict(&self) -> Verdict<'_> {
        let best = best(&self.cells, |_| true).map(|index| &self.cells[index]);
        let mut tied: Vec<_> =
            self.cells.iter().filter(|cell| standing(cell) == Some(Standing::Tied)).collect();
        tied.sort_by_key(|cell| best.map(|best| best.row) != Some(cell.row));
        Verdict { workload: self, best, judged: best.and_then(standing) == Some(Standing::Best), tied }
    }
}

fn standing(cell: &CellResult) -> Option<Standing> {
    Some(cell.outcome.as_ref().ok()?.in_workload)
}

impl fmt::Display for Verdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.workload.name)?;
        let Some(best) = self.best else { return f.write_str("nothing could be measured") };
        if !self.judged {
            write!(f, "needs {MIN_ROUNDS} rounds to be judged; so far ")?;
        }
        f.write_str(&self.names(best))?;
        write!(f, " fastest on {}", place(best))?;
        if let Some(speedup) = best.speedup() {
            write!(f, ": {} of at most {}", interval(speedup, times), times(best.ceilings.limit()))?;
        }
        Ok(())
    }
}

impl Verdict<'_> {
    fn names(&self, best: &CellResult) -> String {
        if self.tied.is_empty() {
            return best.executor.clone();
        }
        let tied: Vec<_> = self
            .tied
            .iter()
            .map(|cell| if cell.row == best.row { cell.executor.clone() } else { elsewhere(cell) })
            .collect();
        format!("{}, {} (~)", best.executor, joined(&tied))
    }
}

fn elsewhere(cell: &CellResult) -> String {
    format!("{} on {}", cell.executor, place(cell))
}

/// `2 cores`, or `2 cores with 100 workers`.
fn place(cell: &CellResult) -> String {
    let cores = plural(cell.cores, "core");
    if cell.cores == cell.workers {
        cores
    } else {
        format!("{cores} with {}", plural(cell.workers, "worker"))
    }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `1.93× [1.90×, 1.96×]`, or the value alone.
fn interval(estimate: Estimate, show: impl Fn(f64) -> String) -> String {
    let value = show(estimate.value);
    estimate
        .interval
        .map_or(value.clone(), |ends| format!("{value} [{}, {}]", show(ends.low), show(ends.high)))
}
