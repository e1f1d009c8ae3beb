//! Which executors cannot be told apart from the best.

use std::collections::HashMap;

use centurion_stats::Estimate;

use crate::paired::PairedTimes;
use crate::{CellResult, Measured, Row};

/// No ratio closer to 1 than this fraction is ever called a difference, however quiet the machine was.
pub const MIN_DIFFERENCE: f64 = 0.03;

/// How a cell compares with the best of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The shortest time of the group.
    Best,
    /// Shown to be as fast, but for [`MIN_DIFFERENCE`]: the interval of its time over the best's ends below that, and
    /// so does the noise floor.
    Within,
    /// Not told apart from the best: the interval of its time over the best's is not wholly beyond the
    /// noise floor and [`MIN_DIFFERENCE`], and not wholly below it either.
    Undecided,
    /// Slower than the best.
    Behind,
    /// Needs 6 rounds in common with the best.
    Unjudged,
}

impl Standing {
    /// Neither the best nor told apart from it.
    pub fn is_tied(self) -> bool {
        matches!(self, Self::Within | Self::Undecided)
    }

    /// The best, or not told apart from it.
    pub fn is_in_front(self) -> bool {
        self == Self::Best || self.is_tied()
    }
}

/// Fills in both standings of every measured cell. `series` are the cells' samples in the same order.
pub(crate) fn judge(cells: &mut [CellResult], series: &[PairedTimes], threshold: f64) {
    judge_groups(
        cells,
        series,
        |_| None,
        |measured, ratio, is_best| {
            measured.in_workload = standing(ratio, is_best, threshold);
        },
    );
    judge_groups(
        cells,
        series,
        |cell| Some(cell.row),
        |measured, ratio, is_best| {
            measured.in_row = standing(ratio, is_best, threshold);
            measured.over_best = ratio;
        },
    );
}

fn judge_groups(
    cells: &mut [CellResult],
    series: &[PairedTimes],
    group: impl Fn(&CellResult) -> Option<Row>,
    place: impl Fn(&mut Measured, Option<Estimate>, bool),
) {
    let mut groups: HashMap<Option<Row>, Vec<usize>> = HashMap::new();
    for (index, cell) in cells.iter().enumerate() {
        groups.entry(group(cell)).or_default().push(index);
    }
    for members in groups.into_values() {
        let Some(best) = best(members.iter().map(|&index| (index, &cells[index]))) else { continue };
        for index in members {
            if let Ok(measured) = &mut cells[index].outcome {
                place(measured, series[index].over(&series[best]), index == best);
            }
        }
    }
}

/// Index of the cell with the greatest speedup or, where the baseline is missing, the shortest time. Mistakes are left
/// out.
pub(crate) fn best<'a>(cells: impl Iterator<Item = (usize, &'a CellResult)>) -> Option<usize> {
    cells
        .filter(|(_, cell)| !cell.mistake)
        .filter(|(_, cell)| cell.outcome.is_ok())
        .min_by(|(_, a), (_, b)| {
            let without = |cell: &CellResult| cell.speedup().is_none();
            let slowness = |cell: &CellResult| cell.slowness_in_rounds();
            without(a).cmp(&without(b)).then(slowness(a).total_cmp(&slowness(b)))
        })
        .map(|(index, _)| index)
}

/// What the time over the best's says. `None` without a common round.
pub(crate) fn standing(ratio: Option<Estimate>, is_best: bool, threshold: f64) -> Standing {
    match ratio.and_then(|ratio| ratio.interval) {
        None => Standing::Unjudged,
        Some(_) if is_best => Standing::Best,
        Some(ratio) if ratio.low > 1.0 + threshold => Standing::Behind,
        Some(ratio) if ratio.high.max(1.0 + threshold) <= 1.0 + MIN_DIFFERENCE => Standing::Within,
        Some(_) => Standing::Undecided,
    }
}
