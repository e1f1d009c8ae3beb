//! The run that a report's run is compared with, and what changed.

use std::collections::{BTreeMap, BTreeSet};

use centurion_record::{CellId, Record};

use super::{Drawing, Figures, Size, Words};
use crate::units::{joined, times};
use crate::wording;
use crate::wording::headline;
use centurion_findings::compare::{Change, ChangeVerdict, Comparison, Metric, Rules};
use centurion_findings::{Analysis, CellResult, Gain};
use centurion_plot::forest::{self, Direction, ForestChart, RatioInterval};

/// Most rows of the chart.
const MOST_ROWS: usize = 20;

/// A run to compare with.
pub(crate) struct Base<'a> {
    pub(crate) record: &'a Record,
    pub(crate) comparison: Comparison,
    /// What the cells that can be compared gained in it, by their ids.
    gains: BTreeMap<CellId, Gain>,
}

impl<'a> Base<'a> {
    pub(crate) fn of(record: &'a Record, now: &Record) -> Self {
        let comparison = Comparison::new(record, now, Rules::default());
        let changes = comparison.changes.iter();
        let comparable: BTreeSet<&CellId> =
            changes.filter(|change| change.verdict.is_comparable()).map(|change| &change.id).collect();
        let gain = |cell: CellResult| Some((cell.id, cell.outcome.ok()?.gain?));
        let cells = Analysis::new(record).workloads.into_iter().flat_map(|workload| workload.cells);
        let gains = cells.filter(|cell| comparable.contains(&cell.id)).filter_map(gain).collect();
        Self { record, comparison, gains }
    }

    /// What a cell gained in the base. `None` where the two can't be compared.
    pub(super) fn gain(&self, cell: &CellResult) -> Option<&Gain> {
        self.gains.get(&cell.id)
    }

    /// What is drawn: differences first, each by size over its own noise, and how many there are in all.
    fn largest(&self) -> (Vec<&Change>, usize) {
        let changes = self.comparison.changes.iter();
        let mut judged: Vec<_> = changes.filter(|change| change.verdict.is_judged()).collect();
        let all = judged.len();
        judged.sort_by(|a, b| {
            let differences = b.verdict.is_difference().cmp(&a.verdict.is_difference());
            differences.then(b.over_noise().total_cmp(&a.over_noise()))
        });
        judged.truncate(MOST_ROWS);
        (judged, all)
    }
}

impl Figures<'_> {
    /// The changes that are largest over their own noise.
    pub(crate) fn changes(&self, base: &Base<'_>, size: Size) -> Drawing {
        let (largest, all) = base.largest();
        let carried = Carried::of(&largest);
        let words = Words {
            id: "changes-largest".into(),
            title: "How much each cell changed".into(),
            subtitle: format!(
                "{} of {all} judged cells: differences first, each by size over its own noise{}",
                largest.len(),
                carried.in_words()
            ),
            description: in_words(&base.comparison),
        };
        let chart = ForestChart {
            frame: words.frame(size),
            changes: largest.iter().map(|change| self.row(change, carried)).collect(),
        };
        Drawing::new(&chart.frame, forest::render(&chart))
    }

    fn row(&self, change: &Change, carried: Carried) -> forest::RatioChange {
        let ratio = change.decisive().and_then(|carried| Some((carried.value, carried.interval?)));
        let dagger = carried == Carried::Both && change.metric == Some(Metric::Time);
        let mark = if dagger { " †" } else { "" };
        forest::RatioChange {
            name: change.id.to_string(),
            index: self.index(&change.executor),
            ratio: ratio.map(|(middle, ends)| RatioInterval { low: ends.low, middle, high: ends.high }),
            floor: change.floor.unwrap_or(0.0),
            verdict: wording::change_verdict(&change.verdict) + mark,
            direction: match change.verdict {
                ChangeVerdict::Slower => Direction::Slower,
                ChangeVerdict::Faster => Direction::Faster,
                _ => Direction::Undecided,
            },
        }
    }
}

/// What the changes of a chart are of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carried {
    Time,
    Ratio,
    /// Those of the time bear a dagger.
    Both,
}

impl Carried {
    fn of(changes: &[&Change]) -> Self {
        let by_time = changes.iter().filter(|change| change.metric == Some(Metric::Time)).count();
        match by_time {
            0 => Self::Ratio,
            all if all == changes.len() => Self::Time,
            _ => Self::Both,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Time => "; of the time",
            Self::Ratio => "; of the ratio to serial",
            Self::Both => "; † of the time, the others of the ratio to serial",
        }
    }
}

/// The headline and the first differences.
fn in_words(comparison: &Comparison) -> String {
    let named = comparison.differences().iter().map(|change| {
        let ratio = change.decisive().map(|carried| format!(" {}", times(carried.value)));
        format!("{} {}{}", change.id, wording::change_verdict(&change.verdict), ratio.unwrap_or_default())
    });
    let named = joined(&named.collect::<Vec<_>>());
    let headline = headline(comparison);
    if named.is_empty() { format!("{headline}.") } else { format!("{headline}. {named}.") }
}
