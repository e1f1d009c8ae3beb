//! The run that a report is compared with.

use std::collections::{BTreeMap, BTreeSet};

use centurion_record::{CellId, Record};

use super::{Change, Comparison, Metric, Rules};
use crate::{Analysis, CellResult, Gain};

/// A run, what the cells of another have become since, and what its own gained.
#[derive(Debug, Clone, PartialEq)]
pub struct BaseRun<'a> {
    /// The run.
    pub record: &'a Record,
    /// Its cells against those of the other.
    pub comparison: Comparison,
    /// What the cells that can be compared gained in it, by their ids.
    gains: BTreeMap<CellId, Gain>,
}

impl<'a> BaseRun<'a> {
    /// Compares a run with this base.
    pub fn new(record: &'a Record, now: &Record) -> Self {
        let comparison = Comparison::new(record, now, Rules::default());
        let comparable = comparison.changes.iter().filter(|change| change.verdict.is_comparable());
        let comparable: BTreeSet<&CellId> = comparable.map(|change| &change.id).collect();
        let gain = |cell: CellResult| Some((cell.id, cell.outcome.ok()?.gain?));
        let cells = Analysis::new(record).workloads.into_iter().flat_map(|workload| workload.cells);
        let gains = cells.filter(|cell| comparable.contains(&cell.id)).filter_map(gain).collect();
        Self { record, comparison, gains }
    }

    /// What a cell gained in the base. `None` where the two can't be compared.
    pub fn gain(&self, cell: &CellResult) -> Option<&Gain> {
        self.gains.get(&cell.id)
    }
}

impl Comparison {
    /// The judged cells: differences first, each by size over its own noise.
    pub fn ranked(&self) -> Vec<&Change> {
        self.changes.iter().filter(|change| change.verdict.is_judged()).collect()
    }

    /// How many verdicts rest on a metric.
    pub fn resting_on(&self, metric: Metric) -> usize {
        self.ranked().iter().filter(|change| change.metric == Some(metric)).count()
    }
}
