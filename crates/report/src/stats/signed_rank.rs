//! Wilcoxon's signed-rank test.

use statrs::function::erf::erfc;

use super::location::signed_rank_counts;

/// Largest sample whose null distribution is counted exactly; `SciPy` draws the line here too.
const EXACT: usize = 50;

/// Two-sided p of Wilcoxon's signed-rank test that values are symmetric about 0. Values of 0 are left out.
/// Exact for at most 50 values of which no two are equally large, else normal with tie and continuity
/// correction. It is 1 when all values are 0 or there are none.
pub fn signed_rank(values: &[f64]) -> f64 {
    let mut values: Vec<f64> = values.iter().copied().filter(|&value| value != 0.0).collect();
    values.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()));
    let (mut positive, mut before, mut ties) = (0.0, 0.0, 0.0);
    for group in values.chunk_by(|a, b| a.abs().total_cmp(&b.abs()).is_eq()) {
        let size = group.len() as f64;
        let risen = group.iter().filter(|&&value| value > 0.0).count() as f64;
        positive += risen * (before + f64::midpoint(size, 1.0));
        before += size;
        ties += size * (size * size - 1.0);
    }
    let n = values.len() as f64;
    let larger = positive.max(n * (n + 1.0) / 2.0 - positive);
    let p = if ties == 0.0 && values.len() <= EXACT {
        let counts = signed_rank_counts(values.len());
        2.0 * counts[larger as usize..].iter().sum::<f64>() / counts.iter().sum::<f64>()
    } else {
        let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0;
        let z = (larger - n * (n + 1.0) / 4.0 - 0.5) / variance.sqrt();
        erfc(z / std::f64::consts::SQRT_2)
    };
    p.min(1.0)
}
