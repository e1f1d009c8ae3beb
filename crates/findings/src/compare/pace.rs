//! What the pace of the CPUs has to do with the times of two runs.

use std::collections::BTreeMap;

use centurion_record::{Cell, Kind, Role};
use centurion_stats::{lowest, median};

use super::run::ComparedRun;
use super::samples::SHARE;
use super::shift::variance;

/// How far the pace of the CPUs moved between two runs, and where it explains how times vary from round to round.
#[derive(Debug, Clone, PartialEq)]
pub struct PaceShift {
    /// Pace now over pace in the base, the median over the computing cells: above 1, the CPUs were slower.
    pub moved: f64,
    /// Of each family of computing agents, the share of its serial samples' variance that is gone at the pace, in both
    /// runs together. It is below 0 where the pace adds to the variance; there times are compared as they were measured.
    pub explained: BTreeMap<String, f64>,
}

impl PaceShift {
    /// `None` where agents do not compute, or the pace was not looked at.
    pub(super) fn find(base: &ComparedRun<'_>, now: &ComparedRun<'_>) -> Option<Self> {
        let computing = |run: &ComparedRun<'_>, cell: &&Cell| {
            let looked_at = cell.role != Role::Peer && !cell.pace_ns.is_empty();
            looked_at && run.kind(&cell.workload) == Some(Kind::Computing)
        };
        let now_cells = now.record.cells.iter().filter(|cell| computing(now, cell));
        let shifts = now_cells.filter_map(|cell| Some(pace(cell)? - pace(base.index.cell(&cell.id)?)?));
        let moved = median(&shifts.collect::<Vec<f64>>())?.exp();
        let mut variances: BTreeMap<String, [f64; 2]> = BTreeMap::new();
        for run in [base, now] {
            for workload in run.record.workloads.iter().filter(|workload| workload.kind == Kind::Computing) {
                let sums = variances.entry(workload.family.clone()).or_default();
                for cell in run.serial(&workload.name).into_iter().flatten() {
                    sums[0] += varying(cell, |time, _| time);
                    sums[1] += varying(cell, |time, pace| time / pace);
                }
            }
        }
        variances.retain(|_, [measured, _]| *measured > 0.0);
        let explained = |[measured, at_pace]: [f64; 2]| 1.0 - at_pace / measured;
        Some(Self {
            moved,
            explained: variances.into_iter().map(|(name, sums)| (name, explained(sums))).collect(),
        })
    }

    /// Whether times of this family are compared at the pace.
    pub fn is_used(&self, family: &str) -> bool {
        self.explained.get(family).is_some_and(|explained| *explained > 0.0)
    }
}

/// The logarithm of the median pace of a cell.
fn pace(cell: &Cell) -> Option<f64> {
    Some(median(&cell.pace_ns.iter().map(|&pace| pace as f64).collect::<Vec<f64>>())?.ln())
}

/// The variance of a cell's samples as they enter its level.
fn varying(cell: &Cell, of: impl Fn(f64, f64) -> f64) -> f64 {
    let logarithms = cell.paced_bag_times().map(|(_, time, pace)| of(time, pace).ln());
    variance(&lowest(&logarithms.collect::<Vec<f64>>(), SHARE))
}
