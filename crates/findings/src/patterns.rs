//! Which executor bears the smallest agents that need each other's answers, over all patterns.

use std::collections::BTreeMap;

use crate::verdict::HIGHEST_NOISE_TO_RANK;
use crate::{Family, FamilyVerdict, Metg};
use centurion_stats::{Crossing, median};

/// The executor that is in front most often.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternsVerdict<'a> {
    /// The verdicts of the patterns in which some executor reaches the threshold, in their order.
    pub patterns: Vec<FamilyVerdict<'a>>,
    /// Patterns that were measured.
    pub measured: usize,
    /// The executor that is the best of a pattern, or not told apart from it, most often. Of several, the one with
    /// the smallest METG on the geometric mean.
    pub best: &'a str,
    /// The patterns it is in front in.
    pub leads: Vec<&'a str>,
    /// Other executors that are in front in exactly the same patterns. Empty without intervals.
    pub tied: Vec<&'a str>,
}

/// The verdict over patterns. `None` when no executor reaches the threshold in any.
pub(crate) fn verdict(patterns: &[Family]) -> Option<PatternsVerdict<'_>> {
    let verdicts: Vec<_> = patterns
        .iter()
        .filter_map(Family::verdict)
        .filter(|verdict| !matches!(verdict.metg.crossing, Crossing::NotReached(_)))
        .collect();
    let mut leads: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for verdict in &verdicts {
        for leader in [verdict.best].into_iter().chain(verdict.tied.iter().copied()) {
            leads.entry(&leader.executor).or_default().push(&verdict.family.name);
        }
    }
    let smaller = |a: &str, b: &str| mean(&verdicts, b).total_cmp(&mean(&verdicts, a));
    let (&best, led) =
        leads.iter().max_by(|(a, x), (b, y)| x.len().cmp(&y.len()).then_with(|| smaller(a, b)))?;
    let equal = leads.iter().filter(|&(&name, others)| name != best && others == led);
    Some(PatternsVerdict {
        measured: patterns.len(),
        best,
        leads: led.clone(),
        tied: equal.map(|(&name, _)| name).collect(),
        patterns: verdicts,
    })
}

/// Mean of the logarithms of an executor's METG, where it is not reached that of the largest size measured.
fn mean(verdicts: &[FamilyVerdict<'_>], executor: &str) -> f64 {
    let metg = |verdict: &FamilyVerdict<'_>| match verdict.family.metg(executor)?.crossing {
        Crossing::Below(ns) | Crossing::At(ns) | Crossing::NotReached(ns) => Some(ns.ln()),
    };
    let all: Vec<f64> = verdicts.iter().filter_map(metg).collect();
    all.iter().sum::<f64>() / all.len() as f64
}

impl Family {
    /// An executor's METG at the threshold that ranks. `None` when it has no points.
    pub fn metg(&self, executor: &str) -> Option<&Metg> {
        self.curve(executor)?.at(self.ranking)
    }
}

impl<'a> PatternsVerdict<'a> {
    /// Whether the rounds suffice to judge.
    pub fn judged(&self) -> bool {
        self.patterns.iter().all(|verdict| verdict.metg.interval.is_some())
    }

    /// The median of the patterns' noise floors, where it is too high to rank executors at all.
    pub fn too_noisy(&self) -> Option<f64> {
        let floors: Vec<f64> = self.patterns.iter().filter_map(|verdict| verdict.family.noise).collect();
        median(&floors).filter(|&floor| floor > HIGHEST_NOISE_TO_RANK)
    }

    /// The patterns in which another executor is in front.
    pub fn lost(&self) -> impl Iterator<Item = &FamilyVerdict<'a>> {
        self.patterns.iter().filter(|pattern| !self.leads.contains(&pattern.family.name.as_str()))
    }

    /// The patterns in which the best executor's METG is smallest and largest, where it has one, in nanoseconds.
    pub fn extremes(&self) -> Option<[(&'a Metg, &'a Family); 2]> {
        let reached = |verdict: &FamilyVerdict<'a>| {
            let metg = verdict.family.metg(self.best)?;
            metg.crossing.value().map(|_| (metg, verdict.family))
        };
        let mut reached: Vec<(&Metg, &Family)> = self.patterns.iter().filter_map(reached).collect();
        reached.sort_by(|a, b| a.0.crossing.total_cmp(&b.0.crossing));
        Some([*reached.first()?, *reached.last()?])
    }

    /// The first pattern in which the best executor has a figure, and that figure.
    pub fn example(&self) -> Option<(&Family, &Metg)> {
        self.patterns.iter().find_map(|verdict| Some((verdict.family, verdict.family.metg(self.best)?)))
    }
}
