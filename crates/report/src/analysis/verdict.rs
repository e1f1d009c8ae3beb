//! The sentence before the table.

use std::fmt;

use super::judge::best;
use super::{CellResult, Grain, GrainExecutor, Metg, Standing, WorkloadResult};
use crate::stats::{Crossing, MIN_ROUNDS};
use crate::units::{crossing, joined, plural, times, times_estimate};

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
            write!(f, ": {} of at most {}", times_estimate(speedup), times(best.ceilings.limit()))?;
        }
        Ok(())
    }
}

impl Verdict<'_> {
    fn names(&self, best: &CellResult) -> String {
        let name = |cell: &&CellResult| {
            if cell.row == best.row { cell.executor.clone() } else { elsewhere(cell) }
        };
        with_tied(&best.executor, &self.tied.iter().map(name).collect::<Vec<_>>())
    }
}

/// `best` alone, or `best, second, third (~)`.
fn with_tied(best: &str, tied: &[String]) -> String {
    if tied.is_empty() { best.to_owned() } else { format!("{best}, {} (~)", joined(tied)) }
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

/// Which executor bears the smallest agents, and which cannot be told apart from it.
#[derive(Debug, Clone, PartialEq)]
pub struct GrainVerdict<'a> {
    /// The family.
    pub grain: &'a Grain,
    /// The executor with the smallest METG at the threshold that ranks.
    pub best: &'a GrainExecutor,
    /// That METG.
    pub metg: &'a Metg,
    /// Executors whose interval begins at or below the end of the best's. Empty without intervals.
    pub tied: Vec<&'a GrainExecutor>,
}

impl Grain {
    /// The verdict by [`Grain::ranking`]. `None` when no executor has a point. Its text names executors as the
    /// record does: escape it.
    pub fn verdict(&self) -> Option<GrainVerdict<'_>> {
        let ranking = self.ranking();
        let mut ranked: Vec<_> =
            self.executors.iter().filter_map(|executor| Some((executor, executor.at(ranking)?))).collect();
        ranked.sort_by(|(_, a), (_, b)| a.crossing.total_cmp(&b.crossing));
        let (&(best, metg), others) = ranked.split_first()?;
        let overlaps = |other: &Metg| {
            let ends = metg.interval.zip(other.interval);
            ends.is_some_and(|((_, high), (low, _))| low.total_cmp(&high).is_le())
        };
        let tied = others.iter().filter(|(_, metg)| overlaps(metg)).map(|&(executor, _)| executor).collect();
        Some(GrainVerdict { grain: self, best, metg, tied })
    }
}

impl fmt::Display for GrainVerdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (family, label) = (&self.grain.family, self.metg.threshold.label());
        if let Crossing::NotReached(_) = self.metg.crossing {
            return write!(f, "{family}: no executor reaches {label}");
        }
        write!(f, "{family}: ")?;
        if self.metg.interval.is_none() {
            write!(f, "needs {MIN_ROUNDS} rounds to be judged; so far ")?;
        }
        let tied: Vec<_> = self.tied.iter().map(|executor| executor.name.clone()).collect();
        let reached = crossing(self.metg.crossing, self.metg.interval);
        let cores = plural(self.grain.cores, "core");
        write!(f, "{} smallest {label} on {cores}: {reached}", with_tied(&self.best.name, &tied))
    }
}
