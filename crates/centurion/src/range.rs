//! Figures with the ranges in which they lie.

use centurion_report::units;
use centurion_stats::percentile_interval;

/// The middle 95 % of a figure, where there are resamples.
pub(crate) fn interval<T>(resampled: &[T], figure: impl Fn(&T) -> f64) -> Option<(f64, f64)> {
    let values: Vec<f64> = resampled.iter().map(figure).collect();
    percentile_interval(&values, f64::total_cmp)
}

/// A share in percent.
pub(crate) fn percent(share: f64, range: Option<(f64, f64)>) -> String {
    let range = range.map(|(low, high)| format!(" [{:.0}, {:.0}]", low * 100.0, high * 100.0));
    units::percent(share) + &range.unwrap_or_default()
}

/// A ratio.
pub(crate) fn times(ratio: f64, range: Option<(f64, f64)>) -> String {
    let range = range.map(|(low, high)| format!(" [{}, {}]", units::digits(low), units::digits(high)));
    units::times(ratio) + &range.unwrap_or_default()
}
