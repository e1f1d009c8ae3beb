//! What is looked up in a record again and again, found at once however much there is of it.

use std::collections::{HashMap, HashSet};

use centurion_record::{Cell, CellId, Footprint, Record, Role, WorkloadEntry};

/// The cells and workloads of a record by what they are asked for by.
pub(crate) struct RecordIndex<'a> {
    cells: HashMap<&'a CellId, &'a Cell>,
    of_workloads: HashMap<&'a str, Vec<&'a Cell>>,
    workloads: HashMap<&'a str, &'a WorkloadEntry>,
    footprints: HashMap<&'a str, Vec<&'a Footprint>>,
    mistakes: HashSet<&'a str>,
}

impl<'a> RecordIndex<'a> {
    pub(crate) fn new(record: &'a Record) -> Self {
        let mut of_workloads: HashMap<&str, Vec<&Cell>> = HashMap::new();
        for cell in &record.cells {
            of_workloads.entry(&cell.workload).or_default().push(cell);
        }
        let mut footprints: HashMap<&str, Vec<&Footprint>> = HashMap::new();
        for footprint in &record.footprints {
            footprints.entry(&footprint.workload).or_default().push(footprint);
        }
        let workloads = record.workloads.iter().map(|workload| (workload.name.as_str(), workload));
        let mistakes = record.executors.iter().filter(|executor| executor.mistake);
        Self {
            cells: record.cells.iter().map(|cell| (&cell.id, cell)).collect(),
            of_workloads,
            workloads: workloads.collect(),
            footprints,
            mistakes: mistakes.map(|executor| executor.name.as_str()).collect(),
        }
    }

    pub(crate) fn cell(&self, id: &CellId) -> Option<&'a Cell> {
        self.cells.get(id).copied()
    }

    pub(crate) fn workload(&self, name: &str) -> Option<&'a WorkloadEntry> {
        self.workloads.get(name).copied()
    }

    /// Whether an executor shows what a common mistake costs.
    pub(crate) fn is_mistake(&self, executor: &str) -> bool {
        self.mistakes.contains(executor)
    }

    /// The cells of a workload, in the order of the record.
    pub(crate) fn cells_of(&self, workload: &str) -> &[&'a Cell] {
        self.of_workloads.get(workload).map_or(&[], Vec::as_slice)
    }

    /// Those of them in a role.
    pub(crate) fn in_role(&self, workload: &str, role: Role) -> impl Iterator<Item = &'a Cell> {
        self.cells_of(workload).iter().copied().filter(move |cell| cell.role == role)
    }

    /// The footprints of a workload, in the order of the record.
    pub(crate) fn footprints_of(&self, workload: &str) -> &[&'a Footprint] {
        self.footprints.get(workload).map_or(&[], Vec::as_slice)
    }
}
