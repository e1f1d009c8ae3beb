//! Where a sample lies, without assuming a distribution: Hodges and Lehmann's estimates with the exact
//! intervals of Wilcoxon's tests, and the interval of a median.
//!
//! Both intervals are built alike. Under a rank test's null distribution `P(T <= k - 1) <= 2.5 %`, so the
//! `k`-th smallest and `k`-th largest of the sorted candidates enclose the true value with at least 95 %
//! confidence (Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3.1–3.4).

use std::iter::successors;

use super::quantile::{median, sorted};
use super::{Estimate, Interval, walsh};

/// Fewest observations that have a 95 % interval: with 5, all ranks agree by chance in 2 of 32 cases, 6.25 %.
pub const MIN_ROUNDS: usize = 6;

/// Probability left out on each side.
const TAIL: f64 = 0.025;

/// Standard normal quantile of `1 - TAIL`.
const NORMAL_97_5: f64 = 1.959_963_984_540_054;

/// Largest sample whose null distribution is counted exactly; the normal approximation serves above.
const EXACT: usize = 50;

/// Largest sample of which the means of all pairs are listed; of larger ones they are only counted.
const LISTED: usize = 256;

/// Hodges and Lehmann's pseudo-median: the median of the means of all pairs of values, each value with
/// itself included (Walsh averages), with the interval of Wilcoxon's signed-rank test. It assumes that values
/// are symmetric about the true one, which logarithms of paired ratios are when nothing differs. `None` for
/// no values.
pub fn pseudo_median(values: &[f64]) -> Option<Estimate> {
    let n = values.len();
    if n > LISTED {
        return Some(walsh::pseudo_median(&sorted(values), signed_rank_order(n)));
    }
    let walsh: Vec<f64> =
        (0..n).flat_map(|i| (i..n).map(move |j| f64::midpoint(values[i], values[j]))).collect();
    Some(Estimate { value: median(&walsh)?, interval: enclose(&walsh, signed_rank_order(n)) })
}

/// The median with the interval of the sign test, which assumes nothing about the distribution: it holds
/// the median of a skewed or two-humped sample too, and does not change under a logarithm. `None` for no values.
pub fn median_interval(values: &[f64]) -> Option<Estimate> {
    Some(Estimate { value: median(values)?, interval: enclose(values, sign_order(values.len())) })
}

/// The `order`-th smallest and largest candidate. `None` for order 0.
fn enclose(candidates: &[f64], order: usize) -> Option<Interval> {
    let last = order.checked_sub(1)?;
    let sorted = sorted(candidates);
    Some(Interval { low: sorted[last], high: sorted[sorted.len() - order] })
}

/// Order statistic of the `n (n + 1) / 2` Walsh averages.
fn signed_rank_order(n: usize) -> usize {
    let size = n as f64;
    if n <= EXACT {
        order_of(&signed_rank_counts(n))
    } else {
        normal_order(size * (size + 1.0) / 4.0, size * (size + 1.0) * (2.0 * size + 1.0) / 24.0)
    }
}

/// Order statistic of the `n` values themselves.
fn sign_order(n: usize) -> usize {
    let size = n as f64;
    if n <= EXACT { order_of(&binomial_counts(n)) } else { normal_order(size / 2.0, size / 4.0) }
}

/// Largest `k` with `P(T <= k - 1) <= TAIL`, where `counts[t]` is how many arrangements give `T = t`.
fn order_of(counts: &[f64]) -> usize {
    let allowed = TAIL * counts.iter().sum::<f64>();
    let mut below = 0.0;
    counts
        .iter()
        .take_while(|&&count| {
            below += count;
            below <= allowed
        })
        .count()
}

/// The same by the normal approximation with continuity correction, rounded towards the wider interval.
fn normal_order(mean: f64, variance: f64) -> usize {
    (mean + 0.5 - NORMAL_97_5 * variance.sqrt()).floor().max(0.0) as usize
}

/// How many of the `2^n` sign patterns give each sum of positive ranks.
fn signed_rank_counts(n: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n * (n + 1) / 2 + 1];
    counts[0] = 1.0;
    for rank in 1..=n {
        for sum in (rank..counts.len()).rev() {
            counts[sum] += counts[sum - rank];
        }
    }
    counts
}

/// How many of the `2^n` sign patterns have each number of positive signs.
fn binomial_counts(n: usize) -> Vec<f64> {
    let mut chosen = 0;
    successors(Some(1.0), |count| {
        chosen += 1;
        (chosen <= n).then(|| count * (n + 1 - chosen) as f64 / chosen as f64)
    })
    .collect()
}
