//! Samples that were taken in shuffled rounds, handed to criterion.

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, SamplingMode};

/// Resamples of criterion's bootstrap. Its default of 100,000 costs seconds per benchmark.
const RESAMPLES: usize = 2_000;
/// A time in which criterion believes it can take its samples, so that it does not warn: it knows only how
/// quickly a recorded sample is handed over.
const WITHOUT_WARNING: Duration = Duration::from_millis(1);
/// Criterion takes no fewer samples than this.
pub const FEWEST_SAMPLES: usize = 10;

/// Where a benchmark's times come from.
pub enum Source<'a> {
    /// Samples taken before, each in nanoseconds per execution, at least [`FEWEST_SAMPLES`] of them.
    /// Criterion is set to take exactly as many and gets them in their order, each as the time of however
    /// many executions it asks for at once.
    Samples(&'a [f64]),
    /// The same, for criterion's `--quick`: any number of samples, of which it gets the median.
    Median(&'a [f64]),
    /// Each execution runs live, where criterion only tests or profiles.
    Live(&'a dyn Fn() -> Duration),
    /// The same, with time for criterion to take its samples itself, one benchmark after another: how it is used
    /// elsewhere, to compare our verdicts with.
    Sequential(&'a dyn Fn() -> Duration),
}

/// Hands one benchmark to criterion.
pub fn feed(group: &mut BenchmarkGroup<'_, WallTime>, function: &str, parameter: &str, source: &Source<'_>) {
    let shortest = Duration::from_nanos(1);
    let (samples, warm_up, time) = match source {
        Source::Samples(samples) => (samples.len(), shortest, WITHOUT_WARNING),
        Source::Sequential(_) => (FEWEST_SAMPLES, Duration::from_millis(500), Duration::from_secs(3)),
        _ => (FEWEST_SAMPLES, shortest, shortest),
    };
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(samples)
        .warm_up_time(warm_up)
        .measurement_time(time)
        .nresamples(RESAMPLES);
    let mut calls = 0;
    group.bench_function(BenchmarkId::new(function, parameter), |bencher| {
        bencher.iter_custom(|executions| {
            let one = match source {
                Source::Live(run) | Source::Sequential(run) => return (0..executions).map(|_| run()).sum(),
                Source::Median(samples) => median(samples),
                // The first call is criterion's warm-up, whose time it does not use.
                Source::Samples(samples) => samples[usize::saturating_sub(calls, 1) % samples.len()],
            };
            calls += 1;
            Duration::from_secs_f64(one * executions as f64 / 1e9)
        });
    });
}

/// The median; the lower of the middle two where there is no single one.
fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() - 1) / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_a_sample() {
        assert_eq!(median(&[3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]).to_bits(), 2.0_f64.to_bits());
    }
}
