//! Order statistics.

/// The middle value, or the mean of the two middle ones. `None` for no values.
pub fn median(values: &[f64]) -> Option<f64> {
    let below = values.len().checked_sub(1)? / 2;
    let mut sorted = values.to_vec();
    let (_, &mut middle, higher) = sorted.select_nth_unstable_by(below, f64::total_cmp);
    if values.len() % 2 == 1 {
        return Some(middle);
    }
    let above = higher.iter().copied().min_by(f64::total_cmp)?;
    Some(f64::midpoint(middle, above))
}

pub(super) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}
