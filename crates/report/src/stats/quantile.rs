//! Order statistics.

/// The middle value, or the mean of the two middle ones. `None` for no values.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The `p` quantile, `0 <= p <= 1`, linear between order statistics: type 7 of Hyndman and Fan, "Sample
/// Quantiles in Statistical Packages" (1996), the default of R and `NumPy`. `None` for no values.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    let place = p * values.len().checked_sub(1)? as f64;
    let mut values = values.to_vec();
    let (_, &mut below, higher) = values.select_nth_unstable_by(place.floor() as usize, f64::total_cmp);
    if place.fract() == 0.0 {
        return Some(below);
    }
    let above = higher.iter().copied().min_by(f64::total_cmp)?;
    Some(below + place.fract() * (above - below))
}

pub(super) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}
