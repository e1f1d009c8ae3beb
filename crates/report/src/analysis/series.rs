//! Samples by round, so that what is compared was measured under the same weather.

use centurion_record::Cell;

use crate::stats::{Estimate, pseudo_median};

/// The time of one bag in each round, in nanoseconds, by ascending round.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series(Vec<(u32, f64)>);

impl Series {
    pub(super) fn of(cell: &Cell) -> Self {
        let mut times: Vec<_> = cell.bag_times().collect();
        times.sort_unstable_by_key(|&(round, _)| round);
        Self(times)
    }

    pub(super) fn times(&self) -> Vec<f64> {
        self.0.iter().map(|&(_, time)| time).collect()
    }

    pub(super) fn at(&self, round: u32) -> Option<f64> {
        let place = self.0.binary_search_by_key(&round, |&(round, _)| round).ok()?;
        Some(self.0[place].1)
    }

    /// `ln(self / other)` in every round that both have.
    fn log_ratios(&self, other: &Self) -> Vec<f64> {
        self.0.iter().filter_map(|&(round, time)| Some((time / other.at(round)?).ln())).collect()
    }

    /// How many times longer than `other` this takes: the pseudo-median of the paired log-ratios,
    /// exponentiated. `None` without a common round.
    pub(super) fn over(&self, other: &Self) -> Option<Estimate> {
        Some(pseudo_median(&self.log_ratios(other))?.map(f64::exp))
    }
}
