//! How far a level moved between two runs, and how sure that is.

use std::cmp::Ordering;

use centurion_stats::{Estimate, Interval, student_p, student_quantile};

use super::samples::SHARE;

/// How the rounds of two runs belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairing {
    /// Not at all: the runs were made at different times.
    Apart,
    /// Round by round: the runs were made alternately.
    Alternate,
}

/// A difference of logarithms, above 0 for slower, and its standard error with its degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shift {
    pub(super) value: f64,
    error: f64,
    freedom: f64,
}

impl Shift {
    /// Of the means of values as [`centurion_stats::lowest`] gives them. Of runs apart each has its own error (Welch); of
    /// alternate ones the rounds' differences have one.
    pub(super) fn new(base: &[f64], now: &[f64], pairing: Pairing) -> Self {
        match pairing {
            Pairing::Apart => {
                let (old, new) = (error_squared(base), error_squared(now));
                let share = |square: f64, values: &[f64]| square * square / freedom(values);
                let freedom = (old + new).powi(2) / (share(old, base) + share(new, now));
                // Without any noise there is nothing to divide by, and nothing to doubt.
                let freedom = if freedom.is_finite() { freedom } else { self::freedom(base) };
                Self { value: mean(now) - mean(base), error: (old + new).sqrt(), freedom }
            }
            Pairing::Alternate => {
                let differences: Vec<f64> = now.iter().zip(base).map(|(now, base)| now - base).collect();
                let error = error_squared(&differences).sqrt();
                Self { value: mean(&differences), error, freedom: freedom(&differences) }
            }
        }
    }

    /// The same with another value.
    pub(super) fn at(self, value: f64) -> Self {
        Self { value, ..self }
    }

    /// With an error that is wider by what may have moved all.
    pub(super) fn with_drift(self, drift: f64) -> Self {
        Self { error: self.error.hypot(drift), ..self }
    }

    /// How the errors of two shifts compare.
    pub(super) fn by_error(&self, other: &Self) -> Ordering {
        self.error.total_cmp(&other.error)
    }

    /// The probability of so large a shift where there is none.
    pub(super) fn p_value(&self) -> f64 {
        match (self.value.abs(), self.error) {
            (0.0, _) => 1.0,
            (size, error) => student_p(size / error, self.freedom),
        }
    }

    /// Whether it goes into the direction of `sign` by so much.
    pub(super) fn reaches(&self, sign: f64, least: f64) -> bool {
        self.value * sign > least
    }

    /// The ratio now over base, with an interval that misses the true one with a probability of `miss`.
    pub(super) fn estimate(&self, miss: f64) -> Estimate {
        let reach = self.error * student_quantile(miss, self.freedom);
        let interval = Some(Interval { low: self.value - reach, high: self.value + reach });
        Estimate { value: self.value, interval }.map(f64::exp)
    }
}

fn freedom(values: &[f64]) -> f64 {
    SHARE * values.len() as f64 - 1.0
}

/// The square of the error of the values' mean.
fn error_squared(values: &[f64]) -> f64 {
    variance(values) / values.len() as f64
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// 0 for less than two values.
pub(super) fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    if values.len() < 2 { 0.0 } else { squares / (values.len() - 1) as f64 }
}
