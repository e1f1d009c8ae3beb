//! Statistics on slices of `f64`. Every function is pure, names its source and needs no `NaN` among its input.

mod bootstrap;
mod fenced;
mod holm;
mod location;
mod lowest;
mod metg;
mod quantile;
mod ranks;
mod student;
mod walsh;

pub use bootstrap::{percentile_interval, resample};
pub use fenced::{FencedMean, fenced_mean, fences};
pub use holm::holm;
pub use location::{MIN_ROUNDS, median_interval, pseudo_median};
pub use lowest::lowest;
pub use metg::{Crossing, metg};
pub use quantile::median;
pub use ranks::mann_whitney;
pub use student::{student_p, student_quantile};

/// A range that holds the true value with at least 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end, not below the lower.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies inside, ends included.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Both ends through an increasing function.
    #[must_use]
    pub fn map(self, increasing: impl Fn(f64) -> f64) -> Self {
        Self { low: increasing(self.low), high: increasing(self.high) }
    }
}

/// A value and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The point estimate.
    pub value: f64,
    /// Its 95 % interval. `None` with fewer than [`MIN_ROUNDS`] observations, where there is none.
    pub interval: Option<Interval>,
}

impl Estimate {
    /// The value and both ends through an increasing function.
    #[must_use]
    pub fn map(self, increasing: impl Fn(f64) -> f64) -> Self {
        Self { value: increasing(self.value), interval: self.interval.map(|ends| ends.map(&increasing)) }
    }
}
