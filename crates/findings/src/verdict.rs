//! Who won, and who cannot be told apart from the winner.

use crate::judge::best;
use crate::{CellResult, EfficiencyCurve, Family, Metg, Standing, WorkloadResult};
use centurion_stats::Crossing;

/// Noise floor above which executors are not ranked: hardly any two could be told apart.
pub(crate) const HIGHEST_NOISE_TO_RANK: f64 = 0.30;

/// Who won a workload, and who cannot be told apart from the winner.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkloadVerdict<'a> {
    /// The workload.
    pub workload: &'a WorkloadResult,
    /// The fastest cell that is no mistake. `None` when every such cell failed.
    pub best: Option<&'a CellResult>,
    /// Whether the rounds suffice to judge; otherwise the best is only the fastest so far.
    pub judged: bool,
    /// Cells not told apart from the best, those of its row first, the fastest first in each.
    pub tied: Vec<&'a CellResult>,
}

impl WorkloadResult {
    /// The verdict over all cells of the workload.
    pub fn verdict(&self) -> WorkloadVerdict<'_> {
        let best = best(self.cells.iter().enumerate()).map(|index| &self.cells[index]);
        let mut tied: Vec<_> = self
            .cells
            .iter()
            .filter(|cell| !cell.mistake && standing(cell).is_some_and(Standing::is_tied))
            .collect();
        let elsewhere = |cell: &CellResult| best.map(|best| best.row) != Some(cell.row);
        tied.sort_by(|a, b| {
            let slowness = |cell: &CellResult| {
                if elsewhere(cell) { cell.slowness_in_rounds() } else { cell.behind_best() }
            };
            elsewhere(a).cmp(&elsewhere(b)).then_with(|| slowness(a).total_cmp(&slowness(b)))
        });
        WorkloadVerdict {
            workload: self,
            best,
            judged: best.and_then(standing) == Some(Standing::Best),
            tied,
        }
    }
}

fn standing(cell: &CellResult) -> Option<Standing> {
    Some(cell.outcome.as_ref().ok()?.in_workload)
}

impl<'a> WorkloadVerdict<'a> {
    /// The noise floor, where it is too high to rank executors at all.
    pub fn too_noisy(&self) -> Option<f64> {
        self.workload.noise.floor.filter(|&floor| floor > HIGHEST_NOISE_TO_RANK)
    }

    /// Whether nothing but mistakes has samples.
    pub fn only_mistakes(&self) -> bool {
        self.best.is_none() && self.workload.cells.iter().any(|cell| cell.outcome.is_ok())
    }

    /// Once each, the executors other than the best's that are not told apart from it, each by the first of its cells.
    pub fn tied_executors(&self) -> Vec<&'a CellResult> {
        let mut tied: Vec<&CellResult> = Vec::new();
        for &cell in &self.tied {
            let named = tied.iter().chain(&self.best).any(|named| named.executor == cell.executor);
            tied.extend((!named).then_some(cell));
        }
        tied
    }
}

/// Which executor bears the smallest agents of a family, and which cannot be told apart from it.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyVerdict<'a> {
    /// The family.
    pub family: &'a Family,
    /// The executor with the smallest METG at the threshold that ranks.
    pub best: &'a EfficiencyCurve,
    /// That METG.
    pub metg: &'a Metg,
    /// Where the first of all intervals ends: whose interval begins beyond it is shown to need larger agents than somebody.
    /// `None` without an interval of the best.
    pub end: Option<Crossing>,
    /// Executors that reach the threshold and whose interval begins at or below [`end`](Self::end), the smallest METG first.
    /// Empty without intervals.
    pub tied: Vec<&'a EfficiencyCurve>,
}

impl Family {
    /// The verdict by [`Family::ranking`]. `None` when no executor but mistakes has a point. Its text names executors as
    /// the record does: escape it.
    pub fn verdict(&self) -> Option<FamilyVerdict<'_>> {
        let mut ranked: Vec<_> =
            self.sensible().filter_map(|curve| Some((curve, curve.at(self.ranking)?))).collect();
        ranked.sort_by(|(_, a), (_, b)| a.crossing.total_cmp(&b.crossing));
        let (&(best, metg), others) = ranked.split_first()?;
        let ends = ranked.iter().filter_map(|(_, metg)| Some(metg.interval?.1));
        let end = ends.min_by(Crossing::total_cmp).filter(|_| metg.interval.is_some());
        let may_equal = |other: &Metg| {
            let reached = !matches!(other.crossing, Crossing::NotReached(_));
            reached && end.zip(other.interval).is_some_and(|(end, (low, _))| low.total_cmp(&end).is_le())
        };
        let tied = others.iter().filter(|(_, metg)| may_equal(metg)).map(|&(curve, _)| curve).collect();
        Some(FamilyVerdict { family: self, best, metg, end, tied })
    }
}

impl FamilyVerdict<'_> {
    /// The family's noise floor, where it is too high to rank executors at all.
    pub fn too_noisy(&self) -> Option<f64> {
        self.family.noise.filter(|&floor| floor > HIGHEST_NOISE_TO_RANK)
    }

    /// Whether the best executor reaches the threshold at any size that was measured.
    pub fn is_reached(&self) -> bool {
        !matches!(self.metg.crossing, Crossing::NotReached(_))
    }

    /// How an executor of the family stands. `None` where none reaches the threshold, and for one without points.
    pub fn standing(&self, executor: &str) -> Option<Standing> {
        let curve = self.family.curve(executor)?;
        if curve.metg.is_empty() || matches!(self.metg.crossing, Crossing::NotReached(_)) {
            return None;
        }
        Some(match () {
            () if self.metg.interval.is_none() => Standing::Unjudged,
            () if self.best.executor == executor => Standing::Best,
            () if self.tied.iter().any(|tied| tied.executor == executor) => Standing::Undecided,
            () => Standing::Behind,
        })
    }
}
