//! The means of all pairs of many values, of which there are too many to list.

use super::{Estimate, Interval};

/// Their median, and an interval of the `order`-th smallest and largest, of values in ascending order. Takes time
/// `n` where there are `n (n + 1) / 2` means.
pub(super) fn pseudo_median(sorted: &[f64], order: usize) -> Estimate {
    let means = sorted.len() * (sorted.len() + 1) / 2;
    let nth = |place| nth_mean(sorted, place);
    let value = f64::midpoint(nth(means.div_ceil(2)), nth(means / 2 + 1));
    let interval = (order > 0).then(|| Interval { low: nth(order), high: nth(means + 1 - order) });
    Estimate { value, interval }
}

/// The mean at a place from 1: the smallest number with so many means up to it, found by halving the range of all
/// floating-point numbers.
fn nth_mean(sorted: &[f64], place: usize) -> f64 {
    let (mut low, mut high) = (rank(sorted[0]), rank(sorted[sorted.len() - 1]));
    while low < high {
        let middle = low + (high - low) / 2;
        if means_up_to(sorted, number(middle)) < place {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    number(low)
}

/// How many means are at most `limit`. The higher one value of a pair, the lower the other may be.
fn means_up_to(sorted: &[f64], limit: f64) -> usize {
    let (mut count, mut high) = (0, sorted.len());
    for (low, &value) in sorted.iter().enumerate() {
        while high > low && f64::midpoint(value, sorted[high - 1]) > limit {
            high -= 1;
        }
        count += high.saturating_sub(low);
    }
    count
}

/// The place of a number among all, as `f64::total_cmp` has them.
fn rank(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The number at a place.
fn number(rank: u64) -> f64 {
    f64::from_bits(if rank >> 63 == 1 { rank & !(1 << 63) } else { !rank })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_finds_what_a_list_holds() {
        let mut seed = 1u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 40) as f64 / 1e7 - 0.8
        };
        for size in [1, 2, 3, 10, 51, 200] {
            let mut values: Vec<f64> = (0..size).map(|_| next()).collect();
            values.sort_unstable_by(f64::total_cmp);
            let pairs = (0..size).flat_map(|i| (i..size).map(move |j| (i, j)));
            let mut means: Vec<f64> = pairs.map(|(i, j)| f64::midpoint(values[i], values[j])).collect();
            means.sort_unstable_by(f64::total_cmp);
            let found: Vec<f64> = (1..=means.len()).map(|place| nth_mean(&values, place)).collect();
            assert_eq!(found, means, "{size}");
            let middle = f64::midpoint(means[(means.len() - 1) / 2], means[means.len() / 2]);
            assert_eq!(pseudo_median(&values, 0), Estimate { value: middle, interval: None });
        }
    }
}
