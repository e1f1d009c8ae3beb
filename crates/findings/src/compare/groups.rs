//! What is judged at once: the points of a curve, or a cell by itself.

use std::collections::{HashMap, HashSet};

use centurion_record::{Cell, CellId, Record, Role};

use super::rule::ChangeVerdict;
use super::run::ComparedRun;

/// Cells of the same executor at the same place, one of each workload of a family.
pub(super) struct Group {
    pub(super) id: CellId,
    /// The family.
    pub(super) workload: String,
    pub(super) executor: String,
    pub(super) role: Role,
    pub(super) cores: usize,
    pub(super) workers: usize,
    /// Ids of the cells.
    pub(super) members: Vec<CellId>,
}

impl Group {
    fn new(cell: &Cell, family: &str) -> Self {
        let Cell { executor, role, cores, workers, .. } = cell;
        Self {
            id: CellId::new(family, family, executor, (*cores, *workers)),
            workload: family.to_owned(),
            executor: executor.clone(),
            role: *role,
            cores: *cores,
            workers: *workers,
            members: Vec::new(),
        }
    }

    /// Why it can't be compared.
    pub(super) fn obstacle(&self, base: &ComparedRun<'_>, now: &ComparedRun<'_>) -> Option<ChangeVerdict> {
        if let Some(reason) = runs_differ(base.record, now.record) {
            return Some(ChangeVerdict::NotComparable(reason));
        }
        let reason = self.members.iter().find_map(|id| {
            let reason = cells_differ(id, base, now)?;
            Some(if *id == self.id { reason } else { format!("{id}: {reason}") })
        });
        reason.map(ChangeVerdict::NotComparable)
    }
}

/// The judged cells of both runs in groups, in the order of the base, then of this run.
pub(super) fn groups(base: &ComparedRun<'_>, now: &ComparedRun<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<CellId, usize> = HashMap::new();
    let mut members: HashSet<(usize, &CellId)> = HashSet::new();
    for run in [base, now] {
        for cell in run.judged_cells() {
            let group = Group::new(cell, run.family(cell));
            let place = *places.entry(group.id.clone()).or_insert(groups.len());
            if place == groups.len() {
                groups.push(group);
            }
            if members.insert((place, &cell.id)) {
                groups[place].members.push(cell.id.clone());
            }
        }
    }
    groups
}

/// Why nothing of these runs can be compared.
fn runs_differ(base: &Record, now: &Record) -> Option<String> {
    let (old, new) = (base.environment.machine(), now.environment.machine());
    if old != new {
        return Some(format!("another machine, {old} and {new}"));
    }
    if base.run.bench_code != now.run.bench_code {
        return Some(
            "other bench code, for the agents or the harness changed between the two; measure the base again with this \
             code"
                .into(),
        );
    }
    None
}

/// Why this cell can't be compared, though the runs can.
fn cells_differ(id: &CellId, base: &ComparedRun<'_>, now: &ComparedRun<'_>) -> Option<String> {
    let mut definitions = Vec::new();
    for (run, when) in [(base, "the base"), (now, "this run")] {
        match run.index.cell(id) {
            None => return Some(format!("not in {when}")),
            Some(Cell { failure: Some(reason), .. }) => return Some(format!("failed in {when}: {reason}")),
            Some(cell) => {
                let workload = run.index.workload(&cell.workload);
                definitions.push(workload.map(|workload| &workload.definition));
            }
        }
    }
    (definitions[0] != definitions[1]).then(|| "the workload is defined otherwise".into())
}
