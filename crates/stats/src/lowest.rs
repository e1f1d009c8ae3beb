//! The mean of the lowest values, and how sure it is.

/// Values whose mean is that of the lowest `share` of `values`, and whose variance is that of its error: to the mean, each
/// adds as much as its own value moves it. A share that is no whole number of values takes the next in part, so that
/// samples of different sizes are cut at the same place. The mean of `n` such values has about `share * n - 1` degrees of
/// freedom (Yuen 1974, after Tukey).
pub fn lowest(values: &[f64], share: f64) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let kept = share * values.len() as f64;
    let weight = |place: usize| (kept - place as f64).clamp(0.0, 1.0);
    let level = sorted.iter().enumerate().map(|(place, value)| value * weight(place)).sum::<f64>() / kept;
    let cut = cut(&sorted, kept);
    let mean = values.iter().map(|value| value.min(cut)).sum::<f64>() / values.len() as f64;
    values.iter().map(|value| level + (value.min(cut) - mean) / share).collect()
}

/// Where so many of the values lie below: the value that is taken in part, or between the last and the first not taken.
fn cut(sorted: &[f64], kept: f64) -> f64 {
    let whole = kept.floor() as usize;
    let next = sorted.get(whole).or(sorted.last()).copied().unwrap_or_default();
    match whole.checked_sub(1) {
        Some(last) if kept.fract() < 1e-9 => f64::midpoint(sorted[last], next),
        _ => next,
    }
}
