//! Minimum effective task granularity (Slaughter et al., "Task Bench", SC 2020).

use std::cmp::Ordering;

/// Where an efficiency curve reaches a threshold, from the smallest task size upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Crossing {
    /// Even the smallest measured granularity, given here, is efficient enough: the answer lies below it.
    Below(f64),
    /// The smallest granularity that is efficient enough.
    At(f64),
    /// No measured granularity is efficient enough; the largest is given here.
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

/// The smallest granularity whose efficiency reaches `threshold`, interpolated in log–log between the last
/// point below the threshold and the first at or above it. `points` are `(granularity, efficiency)`, both
/// positive, in any order; the curve may bend back, its first crossing counts. `None` for no points.
pub fn metg(points: &[(f64, f64)], threshold: f64) -> Option<Crossing> {
    let mut points = points.to_vec();
    points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let largest = points.last()?.0;
    Some(match points.iter().position(|point| point.1 >= threshold) {
        None => Crossing::NotReached(largest),
        Some(0) => Crossing::Below(points[0].0),
        Some(reached) => Crossing::At(interpolate(points[reached - 1], points[reached], threshold)),
    })
}

fn interpolate(below: (f64, f64), above: (f64, f64), threshold: f64) -> f64 {
    let share = (threshold / below.1).ln() / (above.1 / below.1).ln();
    below.0 * (above.0 / below.0).powf(share)
}
