//! Speedup past the machine, computed and not measured.
//!
//! Agents are handed out in order to whichever core is free first (a list schedule in virtual time), those
//! that need others' answers as soon as they have them. An agent takes its recorded serial cost, times a slowdown,
//! plus an overhead:
//!
//! - the slowdown is what the hardware of this machine costs on its largest number of cores `P`,
//!   `P / hardware speedup`, and 1 where that was not measured or is below 1;
//! - the overhead is what the executor costs beyond that on the same cores, spread over the agents:
//!   `P (measured makespan - scheduled makespan) / agents`, and 0 where that is negative.
//!
//! So whatever an executor loses on this machine, it is taken to lose for each agent and in parallel. One that
//! loses it otherwise, by handing out fixed chunks or under one lock, will do worse than predicted.

use centurion_graph::Schedule;

use crate::{CellResult, WorkloadResult};

/// Largest number of cores predicted.
pub const MOST_CORES: usize = 1024;

/// One executor past the machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Its name.
    pub executor: String,
    /// Cores it was measured on last.
    pub measured_cores: usize,
    /// Speedup measured there.
    pub measured_speedup: f64,
    /// Factor on each agent's cost.
    pub slowdown: f64,
    /// Nanoseconds added to each agent.
    pub overhead_ns: f64,
    /// Cores and predicted speedup, at powers of two past the measured cores.
    pub points: Vec<(usize, f64)>,
}

/// A prediction for each executor that was measured on the most cores. Empty without recorded costs.
pub fn predict(workload: &WorkloadResult) -> Vec<Prediction> {
    let total: u64 = workload.costs_ns.iter().sum();
    let most = workload.most_cores();
    if total == 0 {
        return Vec::new();
    }
    let cells = workload.cells.iter().filter(|cell| cell.cores == most);
    cells.filter_map(|cell| prediction(cell, workload, total as f64)).collect()
}

fn prediction(cell: &CellResult, workload: &WorkloadResult, total: f64) -> Option<Prediction> {
    let measured_speedup = cell.speedup()?.value;
    let processors = cell.workers.min(cell.cores);
    let deliverable = cell.ceilings.hardware.map_or(f64::INFINITY, |hardware| hardware.value);
    let slowdown = (cell.cores as f64 / deliverable).max(1.0);
    let ideal = makespan(workload, slowdown, 0.0, processors);
    let lost = processors as f64 * (total / measured_speedup - ideal);
    let overhead_ns = (lost / workload.costs_ns.len() as f64).max(0.0);
    let point = |cores| (cores, total / makespan(workload, slowdown, overhead_ns, cores));
    Some(Prediction {
        executor: cell.executor.clone(),
        measured_cores: cell.cores,
        measured_speedup,
        slowdown,
        overhead_ns,
        points: powers_past(cell.cores).map(point).collect(),
    })
}

/// Powers of two above a number of cores.
fn powers_past(cores: usize) -> impl Iterator<Item = usize> {
    (0..).map(|power| 1 << power).take_while(|&power| power <= MOST_CORES).filter(move |&power| power > cores)
}

/// Makespan of the greedy schedule in nanoseconds, at least one.
fn makespan(workload: &WorkloadResult, slowdown: f64, overhead_ns: f64, processors: usize) -> f64 {
    let slowed = |&cost: &u64| (cost as f64 * slowdown + overhead_ns).round() as u64;
    let costs: Vec<u64> = workload.costs_ns.iter().map(slowed).collect();
    Schedule::new(&costs, workload.graph.as_deref(), processors).makespan().max(1) as f64
}
