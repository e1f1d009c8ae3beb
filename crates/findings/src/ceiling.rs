//! What an executor could reach at best.

use centurion_graph::{Bounds, Graph};
use centurion_stats::Estimate;

/// Bounds on the speedup of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ceilings {
    /// The best any schedule could do with these agents. Processors are `min(workers, cores)` for computing and
    /// `workers` for waiting. `None` where the agents' costs were not recorded; those of a family cost the same.
    pub schedule: Option<Bound>,
    /// What this many CPUs deliver without an executor. `None` for waiting, or when it was not measured.
    pub hardware: Option<Estimate>,
}

impl Ceilings {
    /// The lower of the schedule's and the hardware's ceiling: the speedup that counts as 100 %. `None` where the
    /// schedule's is not known.
    pub fn limit(&self) -> Option<f64> {
        let schedule = self.schedule?.speedup;
        Some(self.hardware.map_or(schedule, |hardware| schedule.min(hardware.value)))
    }

    /// The hardware's ceiling, where it is the lower one.
    pub fn hardware_limit(&self) -> Option<Estimate> {
        self.hardware.filter(|hardware| self.schedule.is_some_and(|bound| hardware.value < bound.speedup))
    }

    /// The lowest ceiling that is known.
    pub(crate) fn lowest_known(&self) -> f64 {
        let known = [self.schedule.map(|bound| bound.speedup), self.hardware.map(|hardware| hardware.value)];
        known.into_iter().flatten().fold(f64::INFINITY, f64::min)
    }
}

/// A speedup that no schedule beats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Cost of all agents over the least makespan.
    pub speedup: f64,
    /// Why there is no better schedule.
    pub bottleneck: Bottleneck,
}

/// What bounds every schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bottleneck {
    /// The number of cores or, for waiting agents, of workers: more of them would help.
    Processors,
    /// The longest agent alone takes that long.
    LongestAgent,
    /// The dearest chain of agents that wait for each other's answers takes that long.
    CriticalPath,
}

impl Bound {
    /// The bound for agents with these costs, of which a graph says who waits for whom.
    pub fn new(costs: &[u64], graph: Option<&Graph>, processors: usize) -> Self {
        let bounds = Bounds::new(costs, graph);
        let chained = || graph.is_some_and(|graph| graph.critical_path(costs).tasks.len() > 1);
        let bottleneck = match bounds.path_decides(processors) {
            false => Bottleneck::Processors,
            true if chained() => Bottleneck::CriticalPath,
            true => Bottleneck::LongestAgent,
        };
        Self { speedup: bounds.ceiling(processors), bottleneck }
    }

    /// The least makespan, in the unit of the costs.
    pub fn makespan(&self, costs: &[u64]) -> f64 {
        costs.iter().sum::<u64>() as f64 / self.speedup
    }
}
