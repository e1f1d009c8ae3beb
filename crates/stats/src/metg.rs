//! Minimum effective task granularity (Slaughter et al., "Task Bench", SC 2020).

use std::cmp::Ordering;

/// From which granularity on an efficiency curve stays at or above a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Crossing {
    /// Every measured granularity is efficient enough: the answer lies below the smallest, given here.
    Below(f64),
    /// The smallest granularity from which on all are efficient enough.
    At(f64),
    /// The largest measured granularity, given here, is not efficient enough.
    NotReached(f64),
}

impl Crossing {
    /// The granularity, where the curve has one.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::At(granularity) => Some(granularity),
            Self::Below(_) | Self::NotReached(_) => None,
        }
    }

    /// Orders answers by granularity, "below" first and "not reached" last.
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        let key = |crossing: &Self| match *crossing {
            Self::Below(granularity) => (0, granularity),
            Self::At(granularity) => (1, granularity),
            Self::NotReached(granularity) => (2, granularity),
        };
        let (a, b) = (key(self), key(other));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    }
}

/// The smallest granularity from which on the efficiency stays at or above `threshold`, interpolated in log–log
/// between the last point below the threshold and the one after it. `points` are `(granularity, efficiency)`,
/// both positive, in any order; where the curve falls back below the threshold, its last crossing counts. `None`
/// for no points.
pub fn metg(points: &[(f64, f64)], threshold: f64) -> Option<Crossing> {
    let mut points = points.to_vec();
    points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let largest = points.last()?.0;
    Some(match points.iter().rposition(|point| point.1 < threshold) {
        None => Crossing::Below(points[0].0),
        Some(last) if last + 1 == points.len() => Crossing::NotReached(largest),
        Some(last) => Crossing::At(interpolate(points[last], points[last + 1], threshold)),
    })
}

fn interpolate(below: (f64, f64), above: (f64, f64), threshold: f64) -> f64 {
    let share = (threshold / below.1).ln() / (above.1 / below.1).ln();
    below.0 * (above.0 / below.0).powf(share)
}
