//! The two ways to look at a change, and what they show together.

use super::change::Metric;
use super::pair::GroupPair;
use super::rule::{ChangeVerdict, Rules};
use super::shared::WITNESS;
use super::shift::{Pairing, Shift};

/// What is known of a group's change.
pub(super) struct Views {
    /// As it was measured.
    raw: Shift,
    /// Beside what all cells of the workload share.
    pub(super) time: Shift,
    pub(super) ratio: Option<Shift>,
    pairing: Pairing,
}

impl Views {
    /// Between runs apart, time is as unsure as the machine may have drifted, which a ratio does not feel.
    pub(super) fn new(pair: &GroupPair<'_>, together: f64, pairing: Pairing, drift: f64) -> Self {
        let (raw, ratio) = (pair.time(pairing), pair.ratio(pairing));
        let time = raw.at(raw.value - together);
        let time = if ratio.is_none() { time.with_drift(drift) } else { time };
        Self { raw, time, ratio, pairing }
    }

    /// Between runs apart the verdict rests on the ratio, for no spread within a run tells how far the machine drifted
    /// between them; of alternate rounds on the more precise view.
    pub(super) fn carried_by(&self) -> (Metric, Shift) {
        let carries = |ratio: &Shift| self.pairing == Pairing::Apart || ratio.by_error(&self.time).is_lt();
        self.ratio.filter(carries).map_or((Metric::Time, self.time), |ratio| (Metric::Ratio, ratio))
    }

    /// What is said of the change, where `is_unlikely` tells whether chance is ruled out.
    pub(super) fn verdict(&self, is_unlikely: bool, rules: Rules) -> ChangeVerdict {
        match self.difference(rules).filter(|_| is_unlikely) {
            Some(difference) => difference,
            None if self.are_equivalent(rules) => ChangeVerdict::Equivalent,
            None => ChangeVerdict::Inconclusive,
        }
    }

    /// A change is one if the view that carries it shows at least the least that counts, and the others show half of it in
    /// the same direction: a disturbed baseline moves the ratio alone, and what lags behind all others when they become
    /// faster has not become slower.
    fn difference(&self, rules: Rules) -> Option<ChangeVerdict> {
        let (_, carrying) = self.carried_by();
        let sign = carrying.value.signum();
        let mut witnesses = [Some(self.raw), Some(self.time), self.ratio].into_iter().flatten();
        let counts = carrying.reaches(sign, rules.least_ln())
            && witnesses.all(|view| view.reaches(sign, WITNESS * rules.least_ln()));
        let verdict = if sign > 0.0 { ChangeVerdict::Regression } else { ChangeVerdict::Improvement };
        counts.then_some(verdict)
    }

    /// Whether both views lie within the least change that counts.
    fn are_equivalent(&self, rules: Rules) -> bool {
        let within = |view: Shift| {
            let ends = view.estimate(rules.alarms).map(f64::ln).interval;
            ends.is_some_and(|ends| ends.low > -rules.least_ln() && ends.high < rules.least_ln())
        };
        [Some(self.time), self.ratio].into_iter().flatten().all(within)
    }
}
