//! What limits the fastest cell of a workload.

use centurion_stats::Estimate;

use crate::{Bottleneck, Bound, CellResult, WorkloadResult};

/// The lower ceiling of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LimitedBy {
    /// Costs were not recorded.
    Unknown,
    /// So many cores deliver no more, however the work is handed out.
    Hardware {
        /// The cores.
        cores: usize,
        /// Speedup they deliver.
        speedup: Estimate,
    },
    /// One agent alone takes that long.
    LongestAgent {
        /// The highest speedup of any schedule.
        speedup: f64,
        /// What the agent takes, in nanoseconds.
        makespan_ns: f64,
    },
    /// The dearest chain of agents takes that long.
    CriticalPath {
        /// Agents on it.
        agents: usize,
        /// The highest speedup of any schedule.
        speedup: f64,
        /// What they take one after another, in nanoseconds.
        makespan_ns: f64,
    },
    /// More cores or, where agents wait, more workers would help.
    Processors {
        /// How many there are.
        count: usize,
        /// The highest speedup of any schedule on them.
        speedup: f64,
        /// What as many of them as agents would allow.
        unlimited: Bound,
    },
}

/// How much of its ceiling a cell reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reached {
    /// All of it within the error: the two are not told apart.
    WithinError,
    /// More than the estimate of it.
    All,
    /// This share.
    Partly(f64),
}

impl WorkloadResult {
    /// What limits a cell.
    pub fn limit(&self, cell: &CellResult) -> LimitedBy {
        let Some(bound) = cell.ceilings.schedule else { return LimitedBy::Unknown };
        if let Some(speedup) = cell.ceilings.hardware_limit() {
            return LimitedBy::Hardware { cores: cell.cores, speedup };
        }
        let (speedup, makespan_ns) = (bound.speedup, bound.makespan(&self.costs_ns));
        match bound.bottleneck {
            Bottleneck::LongestAgent => LimitedBy::LongestAgent { speedup, makespan_ns },
            Bottleneck::CriticalPath => {
                LimitedBy::CriticalPath { agents: self.critical_path().len(), speedup, makespan_ns }
            }
            Bottleneck::Processors => LimitedBy::Processors {
                count: self.processors(cell.cores, cell.workers),
                speedup,
                unlimited: self.bound(self.agents).unwrap_or(bound),
            },
        }
    }
}

impl CellResult {
    /// How much of its ceiling it reaches. `None` where the ceiling is not known.
    pub fn reached(&self) -> Option<Reached> {
        let gain = self.measured()?.gain?;
        let share = gain.of_ceiling?.value;
        let ends = |estimate: Estimate| {
            estimate.interval.map_or((estimate.value, estimate.value), |ends| (ends.low, ends.high))
        };
        let (least, most) = ends(gain.speedup);
        let hardware = self.ceilings.hardware_limit().map(ends);
        let (from, to) = hardware.or_else(|| self.ceilings.limit().map(|limit| (limit, limit)))?;
        let is_all = share >= 1.0 || hardware.is_some() && most >= from;
        Some(match share {
            _ if is_all && least <= to => Reached::WithinError,
            _ if is_all => Reached::All,
            part => Reached::Partly(part),
        })
    }
}
