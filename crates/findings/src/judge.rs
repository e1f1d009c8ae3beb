//! Which executors cannot be told apart from the best.

use std::collections::HashMap;

use crate::paired::PairedTimes;
use crate::{CellResult, Measured, Row};

/// No ratio closer to 1 than this fraction is ever called a difference, however quiet the machine was.
pub const MIN_DIFFERENCE: f64 = 0.03;

/// How a cell compares with the best of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The shortest time of the group.
    Best,
    /// Not told apart from the best: the interval of its time over the best's is not wholly beyond the
    /// noise floor and [`MIN_DIFFERENCE`].
    Tied,
    /// Slower than the best.
    Behind,
    /// Needs 6 rounds in common with the best.
    Unjudged,
}

/// Fills in both standings of every measured cell. `series` are the cells' samples in the same order.
pub(crate) fn judge(cells: &mut [CellResult], series: &[PairedTimes], threshold: f64) {
    judge_groups(cells, series, threshold, |_| None, |measured| &mut measured.in_workload);
    judge_groups(cells, series, threshold, |cell| Some(cell.row), |measured| &mut measured.in_row);
}

fn judge_groups(
    cells: &mut [CellResult],
    series: &[PairedTimes],
    threshold: f64,
    group: impl Fn(&CellResult) -> Option<Row>,
    place: impl Fn(&mut Measured) -> &mut Standing,
) {
    let mut groups: HashMap<Option<Row>, Vec<usize>> = HashMap::new();
    for (index, cell) in cells.iter().enumerate() {
        groups.entry(group(cell)).or_default().push(index);
    }
    for members in groups.into_values() {
        let Some(best) = best(members.iter().map(|&index| (index, &cells[index]))) else { continue };
        for index in members {
            if let Ok(measured) = &mut cells[index].outcome {
                *place(measured) = standing(series, index, best, threshold);
            }
        }
    }
}

/// Index of the cell with the greatest speedup or, where the baseline is missing, the shortest time. Mistakes are left
/// out.
pub(crate) fn best<'a>(cells: impl Iterator<Item = (usize, &'a CellResult)>) -> Option<usize> {
    cells
        .filter(|(_, cell)| !cell.mistake)
        .filter_map(|(index, cell)| Some((index, slowness(cell)?)))
        .min_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map(|(index, _)| index)
}

/// Less is better; cells without a speedup come last. `None` for a cell without samples.
fn slowness(cell: &CellResult) -> Option<(bool, f64)> {
    let measured = cell.outcome.as_ref().ok()?;
    Some(measured.gain.map_or((true, measured.bag_ns.value), |gain| (false, 1.0 / gain.speedup.value)))
}

fn standing(series: &[PairedTimes], index: usize, best: usize, threshold: f64) -> Standing {
    match series[index].over(&series[best]).and_then(|ratio| ratio.interval) {
        None => Standing::Unjudged,
        Some(_) if index == best => Standing::Best,
        Some(ratio) if ratio.low > 1.0 + threshold => Standing::Behind,
        Some(_) => Standing::Tied,
    }
}
