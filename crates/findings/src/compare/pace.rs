//! What the pace of the CPUs has to do with the times of two runs.

use std::collections::BTreeMap;

use centurion_record::{Cell, Kind, Role};
use centurion_stats::median;

use super::run::ComparedRun;
use crate::pace::{PaceProbe, PaceUse};

/// How far the pace of the CPUs moved between two runs, and where it explains how times vary from round to round.
#[derive(Debug, Clone, PartialEq)]
pub struct PaceShift {
    /// Pace now over pace in the base by one chain of steps, the median over the computing cells: above 1, the clock of
    /// the CPUs was slower.
    pub moved: f64,
    /// The same by several chains at once, where both runs looked at it: above 1, others took more of the CPUs.
    pub throughput_moved: Option<f64>,
    /// Of each family of computing agents, which pace its times are taken over in both runs.
    pub uses: BTreeMap<String, PaceUse>,
}

impl PaceShift {
    /// `None` where agents do not compute, or the pace was not looked at.
    pub(super) fn find(base: &ComparedRun<'_>, now: &ComparedRun<'_>) -> Option<Self> {
        Some(Self {
            moved: moved(base, now, |cell| &cell.pace_ns)?,
            throughput_moved: moved(base, now, |cell| &cell.throughput_ns),
            uses: PaceUse::of_families(&[base.record, now.record]),
        })
    }

    /// The pace that times of this family are compared at, if they are.
    pub fn probe(&self, family: &str) -> Option<PaceProbe> {
        self.uses.get(family)?.probe
    }
}

/// The median over the computing cells that both have.
fn moved(base: &ComparedRun<'_>, now: &ComparedRun<'_>, paces: impl Fn(&Cell) -> &Vec<u64>) -> Option<f64> {
    let level = |cell: &Cell| {
        let paces: Vec<f64> = paces(cell).iter().map(|&pace| pace as f64).collect();
        Some(median(&paces)?.ln())
    };
    let computing =
        |cell: &&Cell| cell.role != Role::Peer && now.kind(&cell.workload) == Some(Kind::Computing);
    let cells = now.record.cells.iter().filter(computing);
    let shifts = cells.filter_map(|cell| Some(level(cell)? - level(base.index.cell(&cell.id)?)?));
    Some(median(&shifts.collect::<Vec<f64>>())?.exp())
}
