//! The samples of what is judged at once, in one run.

use std::collections::BTreeMap;

use centurion_record::Cell;
use centurion_stats::{lowest, median};

use super::groups::Group;
use super::run::ComparedRun;
use super::shift::{Pairing, mean};
use crate::pace::{PaceProbe, paced_bag_times};

/// The share of the rounds, the fastest, whose mean is a cell's level. What disturbs a sample makes it slower, so the slow
/// end moves more from run to run than the rest does.
pub(crate) const SHARE: f64 = 0.75;

/// What each round adds to the levels of a group, in logarithms of the time of one bag.
pub(super) struct Samples {
    pub(super) rounds: Vec<u32>,
    /// The mean over the group's cells.
    pub(super) time: Vec<f64>,
    /// The mean over the cells' references, if they have any.
    pub(super) reference: Option<Vec<f64>>,
}

impl Samples {
    /// Of both runs; `None` where one has no round with samples of all cells and their references. Of alternate runs
    /// only rounds that both have.
    pub(super) fn pair(
        runs: [&ComparedRun<'_>; 2],
        group: &Group,
        probe: Option<PaceProbe>,
        pairing: Pairing,
    ) -> Option<[Self; 2]> {
        let [base, now] = runs.map(|run| Series::find(run, group, probe));
        let (base, now) = (base?, now?);
        let (mut old, mut new) = (base.rounds(), now.rounds());
        if pairing == Pairing::Alternate {
            old.retain(|round| new.contains(round));
            new.clone_from(&old);
        }
        Some([base.samples(old)?, now.samples(new)?])
    }

    /// To the references.
    pub(super) fn ratio(&self) -> Option<Vec<f64>> {
        Some(
            self.time
                .iter()
                .zip(self.reference.as_ref()?)
                .map(|(time, reference)| time - reference)
                .collect(),
        )
    }

    /// The times without what each round adds to others.
    pub(super) fn beside(&self, others: &BTreeMap<u32, f64>) -> Vec<f64> {
        let other = |round: &u32| others.get(round).copied().unwrap_or_default();
        self.rounds.iter().zip(&self.time).map(|(round, time)| time - other(round)).collect()
    }
}

/// Logarithms by round of a group's cells, each with those of its two references.
struct Series {
    members: Vec<[BTreeMap<u32, f64>; 3]>,
    has_references: bool,
}

impl Series {
    /// `None` without samples of every cell.
    fn find(run: &ComparedRun<'_>, group: &Group, probe: Option<PaceProbe>) -> Option<Self> {
        let cells: Vec<&Cell> = group.members.iter().map(|id| run.measured(id)).collect::<Option<_>>()?;
        let by_round = |cell: &Cell| logarithms(cell, probe).collect();
        let with_references = |cell: &&Cell| {
            let [first, second] = run.references(cell).unwrap_or([*cell; 2]);
            [*cell, first, second].map(by_round)
        };
        Some(Self {
            members: cells.iter().map(with_references).collect(),
            has_references: cells.iter().all(|cell| run.references(cell).is_some()),
        })
    }

    /// In which all have samples.
    fn rounds(&self) -> Vec<u32> {
        let has_all = |round: &u32| self.members.iter().flatten().all(|times| times.contains_key(round));
        self.members
            .first()
            .into_iter()
            .flat_map(|member| member[0].keys().copied())
            .filter(has_all)
            .collect()
    }

    fn samples(&self, rounds: Vec<u32>) -> Option<Samples> {
        let level = |times: &BTreeMap<u32, f64>| {
            lowest(&rounds.iter().map(|round| times[round]).collect::<Vec<f64>>(), SHARE)
        };
        let times: Vec<_> = self.members.iter().map(|[time, ..]| level(time)).collect();
        let references: Vec<_> =
            self.members.iter().flat_map(|[_, serial, again]| [level(serial), level(again)]).collect();
        let time = means(&times, rounds.len());
        let reference = self.has_references.then(|| means(&references, rounds.len()));
        (!rounds.is_empty()).then_some(Samples { rounds, time, reference })
    }
}

/// The mean of all series in each round.
fn means(series: &[Vec<f64>], rounds: usize) -> Vec<f64> {
    (0..rounds).map(|place| mean(&series.iter().map(|values| values[place]).collect::<Vec<f64>>())).collect()
}

/// Median time of one bag as it was measured, the geometric mean over a group's cells.
pub(super) fn median_ns(run: &ComparedRun<'_>, group: &Group) -> Option<f64> {
    let medians: Option<Vec<f64>> = group.members.iter().map(|id| median_ln(run.measured(id)?)).collect();
    Some(mean(&medians?).exp())
}

/// The logarithm of a cell's median time.
fn median_ln(cell: &Cell) -> Option<f64> {
    median(&cell.bag_times().map(|(_, time)| time.ln()).collect::<Vec<f64>>())
}

/// The logarithms of a cell's times with their rounds, over the pace of the CPUs around each if there is one to compare at.
pub(super) fn logarithms(cell: &Cell, probe: Option<PaceProbe>) -> impl Iterator<Item = (u32, f64)> + '_ {
    paced_bag_times(cell, probe).map(|(round, time, pace)| (round, (time / pace).ln()))
}
