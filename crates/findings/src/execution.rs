//! Single executions, and who was under test.

use std::collections::{HashMap, HashSet};

use centurion_record::{Record, Role, Timeline};

use crate::WorkloadResult;
use crate::index::RecordIndex;
use crate::loss::Loss;

/// A timeline with the cell it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Execution<'a> {
    /// What was stamped.
    pub timeline: &'a Timeline,
    /// Name of the executor.
    pub executor: &'a str,
    /// CPUs it was restricted to.
    pub cores: usize,
    /// Workers it had.
    pub workers: usize,
}

impl<'a> Execution<'a> {
    /// The timelines of each workload that has any, the shortest makespan first.
    pub fn from_record(record: &'a Record) -> HashMap<&'a str, Vec<Self>> {
        let index = RecordIndex::new(record);
        let mut executions: HashMap<&str, Vec<Self>> = HashMap::new();
        for timeline in &record.timelines {
            let Some(cell) = index.cell(&timeline.cell) else { continue };
            executions.entry(&cell.workload).or_default().push(Self {
                timeline,
                executor: &cell.executor,
                cores: cell.cores,
                workers: cell.workers,
            });
        }
        for alike in executions.values_mut() {
            alike.sort_by_key(|execution| execution.timeline.makespan_ns);
        }
        executions
    }

    /// Where its time went, given the workload it ran.
    pub fn loss(&self, workload: &WorkloadResult) -> Loss {
        Loss::new(self.timeline, &workload.costs_ns, workload.graph.as_deref(), self.workers)
    }
}

/// Names of the executors under test, in the order of the record; the place in the list identifies an executor.
pub fn executors_under_test(record: &Record) -> Vec<&str> {
    let cells = record.cells.iter().filter(|cell| cell.role == Role::Executor);
    let tested: HashSet<&str> = cells.map(|cell| cell.executor.as_str()).collect();
    let names = record.executors.iter().map(|executor| executor.name.as_str());
    names.filter(|name| tested.contains(name)).collect()
}
