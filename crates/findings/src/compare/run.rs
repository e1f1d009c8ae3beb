//! One of two runs, with what its cells are held against.

use std::collections::HashMap;

use centurion_record::{Cell, CellId, Kind, Record, Role};

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

    /// What a cell's time is held against, if there is something.
    pub(super) fn references(&self, cell: &Cell) -> Option<[&'a Cell; 2]> {
        let references = self.references.get(cell.workload.as_str())?;
        if cell.role == Role::Baseline {
            return references.hardware.map(|hardware| [hardware; 2]);
        }
        references.serial
    }

    /// A workload's serial copies without an executor, on most cores.
    pub(super) fn hardware(&self, workload: &str) -> Option<&'a Cell> {
        self.references.get(workload)?.hardware
    }

    pub(super) fn kind(&self, workload: &str) -> Option<Kind> {
        Some(self.index.workload(workload)?.kind)
    }

    pub(super) fn family(&self, cell: &'a Cell) -> &'a str {
        self.index.workload(&cell.workload).map_or(&cell.workload, |workload| &workload.family)
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
}
