//! The mean of what lies within Tukey's fences, and how sure it is.

use super::quantile::sorted;
use super::{Estimate, Interval, student_quantile};

/// Interquartile ranges between a quartile and its fence.
const REACH: f64 = 1.5;

/// A mean of the values that were not left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FencedMean {
    /// The mean, with an interval that is wrong with the probability asked for.
    pub estimate: Estimate,
    /// Standard error of the mean.
    pub error: f64,
    /// Degrees of freedom of that error.
    pub freedom: f64,
    /// Values that lie beyond the fences.
    pub left_out: usize,
}

/// Tukey's inner fences, 1.5 interquartile ranges beyond the quartiles; a quartile is the value at the place
/// `p (n + 1)`, interpolated (NIST/SEMATECH e-Handbook of Statistical Methods, 7.1.6). `None` for no values.
pub fn fences(values: &[f64]) -> Option<Interval> {
    let sorted = sorted(values);
    let (low, high) = (quartile(&sorted, 0.25)?, quartile(&sorted, 0.75)?);
    let reach = REACH * (high - low);
    Some(Interval { low: low - reach, high: high + reach })
}

fn quartile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = (p * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    let below = sorted[place as usize];
    let above = sorted[(place as usize + 1).min(last)];
    Some(below + place.fract() * (above - below))
}

/// The mean of the values within the fences, with Student's interval that is wrong with a probability of `alarms`.
///
/// Where the fences lie depends on the values, so the spread of those that are left is too small a measure of error: at
/// 1 % the interval would be wrong in 2 % of cases. Values beyond a fence therefore count in the error as if they lay on
/// it: `sqrt(n) s / h`, where `s` is the standard deviation of these winsorised values and `h` of the `n` are kept
/// (Tukey and `McLaughlin` 1963, Sankhyā A 25, 331–352). Without outliers it is the ordinary interval of a mean. `None`
/// with fewer than two values within the fences.
pub fn fenced_mean(values: &[f64], fences: Interval, alarms: f64) -> Option<FencedMean> {
    let within = || values.iter().copied().filter(|&value| fences.contains(value));
    let (all, kept) = (values.len() as f64, within().count());
    if kept < 2 {
        return None;
    }
    let value = within().sum::<f64>() / kept as f64;
    let winsorised = || values.iter().map(|value| value.clamp(fences.low, fences.high));
    let middle = winsorised().sum::<f64>() / all;
    let variance = winsorised().map(|value| (value - middle).powi(2)).sum::<f64>() / (all - 1.0);
    let (error, freedom) = ((all * variance).sqrt() / kept as f64, kept as f64 - 1.0);
    let reach = student_quantile(alarms, freedom) * error;
    let interval = Some(Interval { low: value - reach, high: value + reach });
    Some(FencedMean { estimate: Estimate { value, interval }, error, freedom, left_out: values.len() - kept })
}
