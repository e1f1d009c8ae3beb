//! Wilcoxon, Mann and Whitney's rank-sum test.

use libm::erfc;

/// Largest smaller sample for which the null distribution is counted exactly; `SciPy` draws the line here too.
const EXACT: usize = 8;

/// Two-sided p of the Mann–Whitney U test that `x` and `y` come from one distribution. Exact when the smaller
/// sample has at most 8 values and no value occurs twice, else normal with tie and continuity correction: the
/// choice of `scipy.stats.mannwhitneyu(method="auto")`. It is 1 when either is empty or all values are equal.
pub fn mann_whitney(x: &[f64], y: &[f64]) -> f64 {
    if x.is_empty() || y.is_empty() {
        return 1.0;
    }
    let (wins, ties) = u_statistic(x, y);
    let larger = wins.max((x.len() * y.len()) as f64 - wins);
    let two_sided = if ties.is_empty() && x.len().min(y.len()) <= EXACT {
        exact_p(larger as usize, x.len(), y.len())
    } else {
        normal_p(larger, x.len() as f64, y.len() as f64, &ties)
    };
    two_sided.min(1.0)
}

/// How often a value of `x` exceeds one of `y`, a tie counting half, and the sizes of the groups of equal values.
fn u_statistic(x: &[f64], y: &[f64]) -> (f64, Vec<f64>) {
    let mut pooled: Vec<(f64, bool)> =
        x.iter().map(|&value| (value, true)).chain(y.iter().map(|&value| (value, false))).collect();
    pooled.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut rank_sum, mut before, mut ties) = (0.0, 0.0, Vec::new());
    for group in pooled.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let size = group.len() as f64;
        let from_x = group.iter().filter(|(_, from_x)| *from_x).count() as f64;
        rank_sum += from_x * (before + f64::midpoint(size, 1.0));
        before += size;
        if size > 1.0 {
            ties.push(size);
        }
    }
    let n = x.len() as f64;
    (rank_sum - n * (n + 1.0) / 2.0, ties)
}

fn exact_p(u: usize, n: usize, m: usize) -> f64 {
    let counts = rank_sum_counts(n, m);
    2.0 * counts[u..].iter().sum::<f64>() / counts.iter().sum::<f64>()
}

fn normal_p(u: f64, n: f64, m: f64, ties: &[f64]) -> f64 {
    let total = n + m;
    let correction: f64 = ties.iter().map(|t| t * (t * t - 1.0)).sum();
    let variance = n * m / 12.0 * ((total + 1.0) - correction / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let z = (u - n * m / 2.0 - 0.5) / variance.sqrt();
    erfc(z / std::f64::consts::SQRT_2)
}

/// How many of the arrangements of `n` and `m` values give each `U` from 0 to `n m`: the coefficients of the
/// Gaussian binomial `prod_(i=1..n) (1 - q^(m+i)) / (1 - q^i)`.
fn rank_sum_counts(n: usize, m: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n * m + 1];
    counts[0] = 1.0;
    for i in 1..=n {
        for u in (m + i..counts.len()).rev() {
            counts[u] -= counts[u - m - i];
        }
        for u in i..counts.len() {
            counts[u] += counts[u - i];
        }
    }
    counts
}
