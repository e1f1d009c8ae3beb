//! One bag from nothing to nothing: an executor is started for it, and dropped.

use centurion_record::Cell;
use centurion_stats::{Estimate, median_interval, pseudo_median};

use crate::judge::standing;
use crate::rivals::{perhaps_to_avoid, to_avoid};
use crate::{CellResult, Standing};

/// What one bag takes where nothing runs before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneBag {
    /// How often it was measured.
    pub samples: usize,
    /// Starting the executor, one execution and dropping it, in nanoseconds: median, with the interval of the sign test.
    pub whole_ns: Estimate,
    /// The same over that of the best of its row in the same round, pseudo-median. `None` without common rounds.
    pub over_best: Option<Estimate>,
    /// Against the best of its row.
    pub standing: Standing,
}

impl OneBag {
    /// `None` where it was not measured.
    pub(crate) fn new(cell: &Cell) -> Option<Self> {
        let whole_ns = median_interval(&times(cell))?;
        Some(Self { samples: cell.once_ns.len(), whole_ns, over_best: None, standing: Standing::Unjudged })
    }
}

impl OneBag {
    /// How many times as long it takes as the best, where that is reason to avoid it.
    pub fn to_avoid(&self) -> Option<Estimate> {
        to_avoid(self.standing, self.over_best)
    }

    /// The same ratio where it is estimated to be reason to, and not shown.
    pub fn perhaps_to_avoid(&self) -> Option<Estimate> {
        perhaps_to_avoid(self.standing, self.over_best)
    }
}

fn times(cell: &Cell) -> Vec<f64> {
    cell.once_ns.iter().map(|&ns| ns as f64).collect()
}

/// Fills in how they compare in each row. `recorded` are the same cells in the same order; their series are of the same
/// rounds where they are as long.
pub(crate) fn judge_one_bag(cells: &mut [CellResult], recorded: &[&Cell], threshold: f64) {
    let whole = |cell: &CellResult| Some(cell.measured()?.once?.whole_ns.value);
    let best_of = |cells: &[CellResult], index: usize| {
        let rivals =
            cells.iter().enumerate().filter(|(_, cell)| cell.row == cells[index].row && !cell.mistake);
        let measured = rivals.filter_map(|(place, cell)| Some((place, whole(cell)?)));
        measured.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(place, _)| place)
    };
    for index in 0..cells.len() {
        let Some(best) = best_of(cells, index) else { continue };
        let Ok(measured) = &mut cells[index].outcome else { continue };
        let Some(once) = &mut measured.once else { continue };
        once.over_best = ratio(recorded[index], recorded[best]);
        once.standing = standing(once.over_best, index == best, threshold);
    }
}

fn ratio(cell: &Cell, best: &Cell) -> Option<Estimate> {
    let (one, other) = (times(cell), times(best));
    let alike = one.len() == other.len();
    let ratios: Vec<f64> = one.iter().zip(&other).map(|(one, other)| (one / other).ln()).collect();
    Some(pseudo_median(&ratios).filter(|_| alike)?.map(f64::exp))
}
