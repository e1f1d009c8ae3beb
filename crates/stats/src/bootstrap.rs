//! Efron's bootstrap with a fixed seed.

use std::cmp::Ordering;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Computes `statistic` on `resamples` draws of `n` indices below `n` with replacement. The same seed gives the
/// same draws on every platform: `ChaCha8`, one 32-bit word an index, scaled by multiplication.
pub fn resample<T>(
    n: usize,
    resamples: usize,
    seed: u64,
    mut statistic: impl FnMut(&[usize]) -> T,
) -> Vec<T> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut indices = vec![0; n];
    (0..resamples)
        .map(|_| {
            indices.fill_with(|| ((u64::from(random.next_u32()) * n as u64) >> 32) as usize);
            statistic(&indices)
        })
        .collect()
}

/// The ends of the middle 95 % of resampled statistics (Efron's percentile interval), each a statistic that
/// occurred, rounded outwards. `None` for none.
pub fn percentile_interval<T: Copy>(
    resampled: &[T],
    mut order: impl FnMut(&T, &T) -> Ordering,
) -> Option<(T, T)> {
    let mut sorted = resampled.to_vec();
    sorted.sort_by(&mut order);
    let left_out = (0.025 * sorted.len().checked_sub(1)? as f64).floor() as usize;
    Some((sorted[left_out], sorted[sorted.len() - 1 - left_out]))
}
