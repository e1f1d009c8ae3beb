//! What an executor could reach at best.

use centurion_graph::Graph;
use centurion_schedule::{ceiling, lower_bound};

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
    pub(super) fn lowest_known(&self) -> f64 {
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
    pub fn of(costs: &[u64], graph: Option<&Graph>, processors: usize) -> Self {
        match graph {
            Some(graph) => Self::dependent(costs, graph, processors),
            None => Self::independent(costs, processors),
        }
    }

    fn independent(costs: &[u64], processors: usize) -> Self {
        let longest = costs.iter().copied().max().unwrap_or(0) as f64;
        let alone = longest > 0.0 && lower_bound(costs, processors) <= longest;
        Self {
            speedup: ceiling(costs, processors),
            bottleneck: if alone { Bottleneck::LongestAgent } else { Bottleneck::Processors },
        }
    }

    fn dependent(costs: &[u64], graph: &Graph, processors: usize) -> Self {
        let (path, least) = (graph.critical_path(costs), graph.lower_bound(costs, processors));
        let bottleneck = match path.tasks.len() {
            _ if least > path.cost as f64 || path.cost == 0 => Bottleneck::Processors,
            1 => Bottleneck::LongestAgent,
            _ => Bottleneck::CriticalPath,
        };
        let total = costs.iter().sum::<u64>() as f64;
        Self { speedup: if least > 0.0 { total / least } else { 1.0 }, bottleneck }
    }

    /// The least makespan, in the unit of the costs.
    pub fn makespan(&self, costs: &[u64]) -> f64 {
        costs.iter().sum::<u64>() as f64 / self.speedup
    }
}
