//! What both runs have of what is judged at once.

use std::collections::BTreeSet;

use centurion_record::{Kind, Role};
use centurion_stats::MIN_ROUNDS;

use super::groups::Group;
use super::pace::PaceShift;
use super::rule::ChangeVerdict;
use super::run::ComparedRun;
use super::samples::Samples;
use super::shift::{Pairing, Shift};

/// A group that both runs have samples of.
pub(super) struct GroupPair<'g> {
    pub(super) group: &'g Group,
    pub(super) kind: Kind,
    pub(super) samples: [Samples; 2],
}

impl<'g> GroupPair<'g> {
    /// The verdict instead where nothing can be shown.
    pub(super) fn find(
        group: &'g Group,
        runs: [&ComparedRun<'_>; 2],
        pace: Option<&PaceShift>,
        pairing: Pairing,
    ) -> Result<Self, ChangeVerdict> {
        if let Some(obstacle) = group.obstacle(runs[0], runs[1]) {
            return Err(obstacle);
        }
        let probe = pace.and_then(|pace| pace.probe(&group.workload));
        let samples = Samples::pair(runs, group, probe, pairing);
        let kind = group.members.iter().find_map(|id| runs[0].kind(&runs[0].index.cell(id)?.workload));
        let pair = samples.zip(kind).map(|(samples, kind)| Self { group, kind, samples });
        pair.filter(|pair| pair.rounds() >= MIN_ROUNDS).ok_or(ChangeVerdict::NeedsRounds)
    }

    pub(super) fn is_baseline(&self) -> bool {
        self.group.role == Role::Baseline
    }

    pub(super) fn rounds(&self) -> usize {
        self.samples.iter().map(|samples| samples.rounds.len()).min().unwrap_or(0)
    }

    /// Names of its cells' workloads.
    pub(super) fn workloads<'a>(&self, run: &ComparedRun<'a>) -> BTreeSet<&'a str> {
        self.group.members.iter().filter_map(|id| Some(run.index.cell(id)?.workload.as_str())).collect()
    }

    pub(super) fn time(&self, pairing: Pairing) -> Shift {
        let [base, now] = &self.samples;
        Shift::new(&base.time, &now.time, pairing)
    }

    pub(super) fn reference(&self, pairing: Pairing) -> Option<Shift> {
        let [base, now] = &self.samples;
        Some(Shift::new(base.reference.as_ref()?, now.reference.as_ref()?, pairing))
    }

    pub(super) fn ratio(&self, pairing: Pairing) -> Option<Shift> {
        let [base, now] = &self.samples;
        Some(Shift::new(&base.ratio()?, &now.ratio()?, pairing))
    }
}
