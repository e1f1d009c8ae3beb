//! One of two runs, with what its cells are held against.

use std::collections::{BTreeMap, HashMap};

use centurion_record::{Cell, CellId, Kind, Record, Role};
use centurion_stats::median;

use crate::index::RecordIndex;

pub(super) struct ComparedRun<'a> {
    pub(super) record: &'a Record,
    pub(super) index: RecordIndex<'a>,
    references: HashMap<&'a str, References<'a>>,
}

impl<'a> ComparedRun<'a> {
    pub(super) fn new(record: &'a Record) -> Self {
        let index = RecordIndex::new(record);
        let names = record.workloads.iter().map(|workload| workload.name.as_str());
        let references = names.map(|name| (name, References::new(index.cells_of(name)))).collect();
        Self { record, index, references }
    }

    /// The cells that have a verdict: those of executors, and the baseline.
    pub(super) fn judged_cells(&self) -> impl Iterator<Item = &'a Cell> {
        self.record.cells.iter().filter(|cell| matches!(cell.role, Role::Executor | Role::Baseline))
    }

    /// A cell that has samples.
    pub(super) fn measured(&self, id: &CellId) -> Option<&'a Cell> {
        self.index.cell(id).filter(|cell| !cell.round.is_empty())
    }

    /// The logarithm of a cell's median time.
    pub(super) fn median_ln(&self, id: &CellId) -> Option<f64> {
        median(&self.measured(id)?.bag_times().map(|(_, time)| time.ln()).collect::<Vec<f64>>())
    }

    /// Whether there is something to hold a cell against.
    pub(super) fn has_references(&self, id: &CellId) -> bool {
        self.measured(id).is_some_and(|cell| self.references(cell).is_some())
    }

    fn references(&self, cell: &Cell) -> Option<[&'a Cell; 2]> {
        self.references.get(cell.workload.as_str())?.of(cell)
    }

    /// The logarithms of the times of a cell and of its references, by round. Where agents compute, each time is over the
    /// pace of the CPUs around it, which takes the wandering of their clock out. `None` without samples.
    pub(super) fn by_round(&self, id: &CellId) -> Option<[BTreeMap<u32, f64>; 3]> {
        let cell = self.measured(id)?;
        let computing = self.index.workload(&cell.workload)?.kind == Kind::Computing;
        let [first, second] = self.references(cell).unwrap_or([cell; 2]);
        let logarithms = |cell: &Cell| {
            let samples = cell.paced_bag_times();
            samples
                .map(|(round, time, pace)| (round, if computing { time / pace } else { time }.ln()))
                .collect()
        };
        Some([cell, first, second].map(logarithms))
    }
}

/// What the times of a workload's cells are held against: the baseline and its copy, or the baseline twice where there
/// is none; for the baseline itself the hardware's serial copies on most cores. They run the same code of the agents,
/// which is faster or slower by some percent from one build to the next with the places where it comes to lie.
struct References<'a> {
    serial: Option<[&'a Cell; 2]>,
    hardware: Option<&'a Cell>,
}

impl<'a> References<'a> {
    fn new(cells: &[&'a Cell]) -> Self {
        let measured = || cells.iter().copied().filter(|cell| !cell.round.is_empty());
        let hardware = measured().filter(|cell| cell.role == Role::Hardware).max_by_key(|cell| cell.cores);
        let baseline = measured().find(|cell| cell.role == Role::Baseline);
        let serial = baseline.map(|baseline| {
            let again = measured().find(|cell| cell.copy_of() == Some(&baseline.executor));
            [baseline, again.unwrap_or(baseline)]
        });
        Self { serial, hardware }
    }

    fn of(&self, cell: &Cell) -> Option<[&'a Cell; 2]> {
        if cell.role == Role::Baseline { self.hardware.map(|hardware| [hardware; 2]) } else { self.serial }
    }
}
