//! Single executions, and who was under test.

use centurion_record::{Record, Role, Timeline};

use crate::WorkloadResult;
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
    /// The timelines of a workload, the shortest makespan first.
    pub fn from_record(record: &'a Record, workload: &WorkloadResult) -> Vec<Self> {
        let execution = |timeline: &'a Timeline| {
            let cell = record.cells.iter().find(|cell| cell.id == timeline.cell)?;
            (cell.workload == workload.name).then_some(Self {
                timeline,
                executor: &cell.executor,
                cores: cell.cores,
                workers: cell.workers,
            })
        };
        let mut executions: Vec<_> = record.timelines.iter().filter_map(execution).collect();
        executions.sort_by_key(|execution| execution.timeline.makespan_ns);
        executions
    }

    /// Where its time went, given the workload it ran.
    pub fn loss(&self, workload: &WorkloadResult) -> Loss {
        Loss::new(self.timeline, &workload.costs_ns, workload.graph.as_deref(), self.workers)
    }
}

/// Names of the executors under test, in the order of the record; the place in the list identifies an executor.
pub fn executors_under_test(record: &Record) -> Vec<&str> {
    let tested =
        |name: &str| record.cells.iter().any(|cell| cell.role == Role::Executor && cell.executor == name);
    let names = record.executors.iter().map(|executor| executor.name.as_str());
    names.filter(|name| tested(name)).collect()
}
