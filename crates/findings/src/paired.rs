//! Samples by round, so that what is compared was measured under the same conditions.

use centurion_record::Cell;

use centurion_stats::{Estimate, pseudo_median};

use crate::pace::{PaceProbe, paced_bag_times};

/// One bag in each round, by ascending round.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PairedTimes {
    bags: Vec<BagTime>,
    cores: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct BagTime {
    round: u32,
    /// Time in nanoseconds.
    time: f64,
    /// Pace of the CPUs around it; 1 where it does not matter.
    pace: f64,
}

impl PairedTimes {
    /// Times as they were measured.
    pub(crate) fn new(cell: &Cell) -> Self {
        Self::with_pace(cell, None)
    }

    /// Times to compare at the pace of the CPUs, where there is one to compare at: what moves it within a round is no
    /// difference between executors.
    pub(crate) fn with_pace(cell: &Cell, probe: Option<PaceProbe>) -> Self {
        let samples = paced_bag_times(cell, probe);
        let mut bags: Vec<_> = samples.map(|(round, time, pace)| BagTime { round, time, pace }).collect();
        bags.sort_unstable_by_key(|bag| bag.round);
        Self { bags, cores: cell.cores }
    }

    pub(crate) fn times(&self) -> Vec<f64> {
        self.bags.iter().map(|bag| bag.time).collect()
    }

    pub(crate) fn at(&self, round: u32) -> Option<f64> {
        Some(self.bag(round)?.time)
    }

    fn bag(&self, round: u32) -> Option<&BagTime> {
        let place = self.bags.binary_search_by_key(&round, |bag| bag.round).ok()?;
        Some(&self.bags[place])
    }

    /// `ln(self / other)` in every round that both have, at the pace of the CPUs where both had as many: more busy
    /// CPUs are slower ones, which is not to be taken out.
    fn log_ratios(&self, other: &Self) -> Vec<f64> {
        let same_cores = self.cores == other.cores;
        let ratio = |bag: &BagTime, other: &BagTime| {
            let pace = if same_cores { bag.pace / other.pace } else { 1.0 };
            (bag.time / other.time / pace).ln()
        };
        self.bags.iter().filter_map(|bag| Some(ratio(bag, other.bag(bag.round)?))).collect()
    }

    /// How many times longer than `other` this takes: the pseudo-median of the paired log-ratios,
    /// exponentiated. `None` without a common round.
    pub(crate) fn over(&self, other: &Self) -> Option<Estimate> {
        Some(pseudo_median(&self.log_ratios(other))?.map(f64::exp))
    }
}
