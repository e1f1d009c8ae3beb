//! What pairs of samples say of two things that were measured side by side.

use centurion_stats::{Estimate, FencedMean, fenced_mean, fences, median, student_quantile};

use crate::compare::{ChangeVerdict, GateVerdict, Rules};

/// Fewest pairs that anything is said by.
pub const FEWEST_PAIRS: usize = 10;

/// How often a difference of [`SideBySide::detectable`] is missed.
const MISSED: f64 = 0.05;

/// The second thing seen from the first.
#[derive(Debug, Clone, PartialEq)]
pub struct SideBySide {
    /// What is asked of a difference.
    pub rules: Rules,
    /// Median time of one execution in nanoseconds, of both.
    pub times_ns: [f64; 2],
    /// Time of the second over that of the first: the geometric mean of the pairs' ratios within Tukey's fences, with an
    /// interval that is wrong with a probability of [`Rules::alarms`]. Above 1 is slower. `None` with fewer than
    /// [`FEWEST_PAIRS`].
    pub change: Option<Estimate>,
    /// Pairs that were measured.
    pub pairs: usize,
    /// Pairs beyond the fences.
    pub left_out: usize,
    /// The difference, as a fraction, that pairs as many and as noisy would show 19 times in 20. `None` with too few.
    pub detectable: Option<f64>,
    /// What is said of it.
    pub verdict: ChangeVerdict,
}

impl SideBySide {
    /// Judges pairs of times, of which none may be zero.
    pub fn new(pairs_ns: &[[f64; 2]], rules: Rules) -> Self {
        let side = |side: usize| pairs_ns.iter().map(|pair| pair[side]).collect::<Vec<f64>>();
        let times_ns = [side(0), side(1)].map(|times| median(&times).unwrap_or_default());
        let logs: Vec<f64> = pairs_ns.iter().map(|[first, second]| (second / first).ln()).collect();
        let enough = logs.len() >= FEWEST_PAIRS;
        let mean =
            fences(&logs).filter(|_| enough).and_then(|fences| fenced_mean(&logs, fences, rules.alarms));
        Self {
            rules,
            times_ns,
            change: mean.map(|mean| mean.estimate.map(f64::exp)),
            pairs: logs.len(),
            left_out: mean.map_or(0, |mean| mean.left_out),
            detectable: mean.map(|mean| detectable(&mean, rules)),
            verdict: mean.map_or(ChangeVerdict::Inconclusive, |mean| verdict(mean.estimate, rules)),
        }
    }

    /// Whether the second was shown not to be slower by as much as counts.
    pub fn gate(&self) -> GateVerdict {
        let at_most = self.change.and_then(|change| change.interval).map(|ends| ends.high);
        match at_most {
            _ if self.verdict == ChangeVerdict::Regression => GateVerdict::Regression { cells: 1, shared: 0 },
            Some(most) if most < 1.0 + self.rules.least => GateVerdict::Passed,
            at_most => GateVerdict::Inconclusive { cells: 1, at_most },
        }
    }
}

/// A difference is as large as counts, and chance is ruled out; equivalent is what lies wholly within what counts.
fn verdict(log: Estimate, rules: Rules) -> ChangeVerdict {
    let Some(ends) = log.interval else { return ChangeVerdict::Inconclusive };
    let least = rules.least.ln_1p();
    if log.value >= least && ends.low > 0.0 {
        ChangeVerdict::Regression
    } else if log.value <= -least && ends.high < 0.0 {
        ChangeVerdict::Improvement
    } else if -least < ends.low && ends.high < least {
        ChangeVerdict::Equivalent
    } else {
        ChangeVerdict::Inconclusive
    }
}

/// The slowdown whose estimates lie, but for [`MISSED`] of them, where they are called one.
fn detectable(mean: &FencedMean, rules: Rules) -> f64 {
    let called = (student_quantile(rules.alarms, mean.freedom) * mean.error).max(rules.least.ln_1p());
    // Of a one-sided miss: half of what lies outside in either direction.
    (called + student_quantile(2.0 * MISSED, mean.freedom) * mean.error).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules { least: 0.01, alarms: 0.01 };

    /// Pairs whose second time is the first one's by a factor, and by noise of that size in turn up and down.
    fn pairs(count: usize, factor: f64, noise: f64) -> Vec<[f64; 2]> {
        let pair = |at: usize| [1e6, 1e6 * factor * (1.0 + noise * [-1.0, 0.2, 1.0, -0.2][at % 4])];
        (0..count).map(pair).collect()
    }

    fn verdict_of(factor: f64, noise: f64) -> ChangeVerdict {
        SideBySide::new(&pairs(40, factor, noise), RULES).verdict
    }

    #[test]
    fn what_was_shown_is_said_and_nothing_else() {
        assert_eq!(verdict_of(1.05, 0.02), ChangeVerdict::Regression);
        assert_eq!(verdict_of(0.95, 0.02), ChangeVerdict::Improvement);
        assert_eq!(verdict_of(1.0, 0.005), ChangeVerdict::Equivalent);
        assert_eq!(verdict_of(1.004, 0.0001), ChangeVerdict::Equivalent, "it is there, and does not count");
        assert_eq!(verdict_of(1.0, 0.1), ChangeVerdict::Inconclusive);
        assert_eq!(verdict_of(1.03, 0.2), ChangeVerdict::Inconclusive);
    }

    #[test]
    fn a_gate_passes_and_fails_only_what_was_shown() {
        let gate = |factor, noise| SideBySide::new(&pairs(40, factor, noise), RULES).gate();
        assert_eq!(gate(1.05, 0.02), GateVerdict::Regression { cells: 1, shared: 0 });
        assert_eq!((gate(1.0, 0.005), gate(0.9, 0.02)), (GateVerdict::Passed, GateVerdict::Passed));
        assert!(
            matches!(gate(1.0, 0.1), GateVerdict::Inconclusive { at_most: Some(most), .. } if most > 1.01)
        );
    }

    #[test]
    fn outliers_are_left_out_and_counted() {
        let mut pairs = pairs(40, 1.0, 0.005);
        pairs[7][1] *= 3.0;
        let found = SideBySide::new(&pairs, RULES);
        assert_eq!((found.pairs, found.left_out, found.verdict), (40, 1, ChangeVerdict::Equivalent));
    }

    #[test]
    fn few_pairs_show_nothing() {
        for count in [0, 1, FEWEST_PAIRS - 1] {
            let found = SideBySide::new(&pairs(count, 2.0, 0.0), RULES);
            assert_eq!((found.change, found.detectable), (None, None));
            assert!(matches!(found.gate(), GateVerdict::Inconclusive { at_most: None, .. }));
        }
        let found = SideBySide::new(&pairs(FEWEST_PAIRS, 2.0, 0.0), RULES);
        assert_eq!(found.verdict, ChangeVerdict::Regression);
    }

    #[test]
    fn what_would_be_seen_shrinks_with_the_noise_down_to_what_counts() {
        let seen =
            |noise| SideBySide::new(&pairs(40, 1.0, noise), RULES).detectable.expect("they are enough");
        assert!((0.01..0.0101).contains(&seen(1e-6)) && seen(0.02) > seen(0.005));
    }
}
