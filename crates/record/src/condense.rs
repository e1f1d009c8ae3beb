//! What a file leaves out because it follows from another part of it.

use std::collections::HashMap;

use crate::{Cell, CellId, Record, WorkloadEntry};

/// Takes out of a record what [`complete`] puts back.
pub(crate) fn condense(record: &mut Record) {
    let names = names(&record.workloads);
    let rounds = rounds(record);
    for cell in &mut record.cells {
        if workload_of(&names, &cell.id) == Some(&cell.workload) {
            cell.workload.clear();
        }
        if cell.round == rounds {
            cell.round.clear();
        }
    }
    let mut first: HashMap<CellId, Vec<String>> = HashMap::new();
    for timeline in &mut record.timelines {
        let known = first.entry(workload_key(&timeline.cell)).or_default();
        if *known == timeline.answers {
            timeline.answers.clear();
        } else if known.is_empty() {
            known.clone_from(&timeline.answers);
        }
    }
    for workload in &mut record.workloads {
        if workload.family == workload.name {
            workload.family.clear();
        }
    }
}

/// Puts back what a file left out.
pub(crate) fn complete(record: &mut Record) {
    for workload in &mut record.workloads {
        if workload.family.is_empty() {
            workload.family.clone_from(&workload.name);
        }
    }
    let names = names(&record.workloads);
    let rounds = rounds(record);
    for cell in &mut record.cells {
        let Cell { id, workload, round, wall_ns, .. } = cell;
        if workload.is_empty() {
            workload_of(&names, id).unwrap_or(&id.family).clone_into(workload);
        }
        if round.is_empty() && !wall_ns.is_empty() {
            round.clone_from(&rounds);
        }
    }
    let mut first: HashMap<CellId, Vec<String>> = HashMap::new();
    for timeline in &mut record.timelines {
        let known = first.entry(workload_key(&timeline.cell)).or_default();
        if timeline.answers.is_empty() {
            timeline.answers.clone_from(known);
        } else if known.is_empty() {
            known.clone_from(&timeline.answers);
        }
    }
}

/// Every round, in order.
fn rounds(record: &Record) -> Vec<u32> {
    let mut rounds: Vec<u32> = record.rounds.iter().map(|round| round.round).collect();
    rounds.sort_unstable();
    rounds
}

/// The names of workloads by what ids of their cells have in common.
fn names(workloads: &[WorkloadEntry]) -> HashMap<CellId, String> {
    let id = |workload: &WorkloadEntry| CellId::new(&workload.name, &workload.family, "", (1, 1));
    workloads.iter().map(|workload| (id(workload), workload.name.clone())).collect()
}

fn workload_of<'a>(names: &'a HashMap<CellId, String>, id: &CellId) -> Option<&'a String> {
    names.get(&workload_key(id))
}

/// What the ids of all cells of a workload have in common.
fn workload_key(id: &CellId) -> CellId {
    CellId { executor: String::new(), cores: 1, workers: 1, ..id.as_read() }
}
