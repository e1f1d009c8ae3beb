//! The sentence before the table.

use std::fmt;

use super::judge::best;
use super::{Bottleneck, CellResult, Curve, Family, Metg, Standing, WorkloadResult};
use crate::units::{crossing, joined, percent, plural, times, times_estimate};
use centurion_stats::{Crossing, MIN_ROUNDS};

/// Noise floor above which executors are not ranked: hardly any two could be told apart.
pub(super) const TOO_NOISY: f64 = 0.30;

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
        } else if let Some(floor) = self.too_noisy() {
            write!(f, "too noisy to rank, with a noise floor of {}; so far ", percent(floor))?;
        }
        f.write_str(&self.names(best))?;
        write!(f, " fastest on {}", place(best))?;
        if let Some(speedup) = best.speedup() {
            write!(f, ": {} of {}", times_estimate(speedup), at_most(best))?;
        }
        Ok(())
    }
}

impl Verdict<'_> {
    /// The noise floor, where it is too high to rank executors at all.
    pub fn too_noisy(&self) -> Option<f64> {
        self.workload.noise.floor.filter(|&floor| floor > TOO_NOISY)
    }

    /// The best and, once each, the executors that are not told apart from it.
    fn names(&self, best: &CellResult) -> String {
        let mut tied: Vec<&CellResult> = Vec::new();
        for &cell in self.tied.iter().filter(|_| self.too_noisy().is_none()) {
            let named = tied.iter().chain([&best]).any(|named| named.executor == cell.executor);
            tied.extend((!named).then_some(cell));
        }
        let name = |cell: &&CellResult| {
            if cell.row == best.row { cell.executor.clone() } else { elsewhere(cell) }
        };
        with_tied(&best.executor, &tied.iter().map(name).collect::<Vec<_>>())
    }
}

/// `at most 1.99×`, and what forbids more where that is the agents themselves.
fn at_most(best: &CellResult) -> String {
    let Some(limit) = best.ceilings.limit() else { return "an unknown ceiling".into() };
    let bottleneck = best.ceilings.schedule.map(|bound| bound.bottleneck);
    let critical = bottleneck == Some(Bottleneck::CriticalPath) && best.ceilings.hardware_limit().is_none();
    format!("at most {}{}", times(limit), if critical { ", the critical path" } else { "" })
}

/// `best` alone, or `best, second, third (~)`.
pub(super) fn with_tied(best: &str, tied: &[String]) -> String {
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

/// Which executor bears the smallest agents of a family, and which cannot be told apart from it.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyVerdict<'a> {
    /// The family.
    pub family: &'a Family,
    /// The executor with the smallest METG at the threshold that ranks.
    pub best: &'a Curve,
    /// That METG.
    pub metg: &'a Metg,
    /// Executors that reach the threshold and whose interval begins at or below the end of the best's. Empty
    /// without intervals.
    pub tied: Vec<&'a Curve>,
}

impl Family {
    /// The verdict by [`Family::ranking`]. `None` when no executor has a point. Its text names executors as the
    /// record does: escape it.
    pub fn verdict(&self) -> Option<FamilyVerdict<'_>> {
        let mut ranked: Vec<_> =
            self.curves.iter().filter_map(|curve| Some((curve, curve.at(self.ranking)?))).collect();
        ranked.sort_by(|(_, a), (_, b)| a.crossing.total_cmp(&b.crossing));
        let (&(best, metg), others) = ranked.split_first()?;
        let overlaps = |other: &Metg| {
            let ends = metg.interval.zip(other.interval);
            let reached = !matches!(other.crossing, Crossing::NotReached(_));
            reached && ends.is_some_and(|((_, high), (low, _))| low.total_cmp(&high).is_le())
        };
        let tied = others.iter().filter(|(_, metg)| overlaps(metg)).map(|&(curve, _)| curve).collect();
        Some(FamilyVerdict { family: self, best, metg, tied })
    }
}

impl FamilyVerdict<'_> {
    /// The family's noise floor, where it is too high to rank executors at all.
    pub fn too_noisy(&self) -> Option<f64> {
        self.family.noise.filter(|&floor| floor > TOO_NOISY)
    }

    /// How an executor of the family stands. `None` where none reaches the threshold, and for one without points.
    pub fn standing(&self, executor: &str) -> Option<Standing> {
        let curve = self.family.curves.iter().find(|curve| curve.executor == executor)?;
        if curve.metg.is_empty() || matches!(self.metg.crossing, Crossing::NotReached(_)) {
            return None;
        }
        Some(match () {
            () if self.metg.interval.is_none() => Standing::Unjudged,
            () if self.best.executor == executor => Standing::Best,
            () if self.tied.iter().any(|tied| tied.executor == executor) => Standing::Tied,
            () => Standing::Behind,
        })
    }
}

impl fmt::Display for FamilyVerdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, label) = (&self.family.name, self.metg.threshold.label());
        if let Crossing::NotReached(_) = self.metg.crossing {
            return write!(f, "{name}: no executor reaches {label}");
        }
        write!(f, "{name}: ")?;
        if self.metg.interval.is_none() {
            write!(f, "needs {MIN_ROUNDS} rounds to be judged; so far ")?;
        } else if let Some(floor) = self.too_noisy() {
            write!(f, "too noisy to rank, with a median noise floor of {}; so far ", percent(floor))?;
        }
        let tied = self.tied.iter().filter(|_| self.too_noisy().is_none());
        let tied: Vec<_> = tied.map(|curve| curve.executor.clone()).collect();
        let reached = crossing(self.metg.crossing, self.metg.interval);
        let cores = plural(self.family.cores, "core");
        write!(f, "{} smallest {label} on {cores}: {reached}", with_tied(&self.best.executor, &tied))
    }
}
