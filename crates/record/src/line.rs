//! The form that cells and graphs have in a file: without what follows from the rest of it.

use serde::{Deserialize, Serialize};

use crate::{Cell, CellId, GraphEntry, Role, limits};

const NS_PER_US: u64 = 1_000;

/// A cell in a file. What is absent is of the id, 1, 0 or nothing; `workload` and `round` are completed by the record.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CellLine {
    id: CellId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    workload: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    executor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workers: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cores: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    batch: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    round: Vec<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wall_ns: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cpu_ns: Vec<u64>,
    /// In place of `cpu_ns` where all of it is whole microseconds, as the system counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cpu_us: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pace_ns: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    throughput_ns: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    startup_ns: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    switches: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    memory_bytes: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    server_cpu_ns: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    once_ns: Vec<u64>,
}

impl From<CellLine> for Cell {
    fn from(line: CellLine) -> Self {
        let samples = line.wall_ns.len();
        let or_zeros = |series: Vec<u64>| if series.is_empty() { vec![0; samples] } else { series };
        let from_us = || line.cpu_us.iter().map(|us| us.saturating_mul(NS_PER_US)).collect();
        Self {
            workload: line.workload,
            executor: line.executor.unwrap_or_else(|| line.id.executor.clone()),
            role: line.role.unwrap_or(Role::Executor),
            workers: line.workers.unwrap_or(line.id.workers),
            cores: line.cores.unwrap_or(line.id.cores),
            batch: line.batch.unwrap_or(1),
            failure: line.failure,
            round: line.round,
            cpu_ns: if line.cpu_us.is_empty() { line.cpu_ns } else { from_us() },
            wall_ns: line.wall_ns,
            pace_ns: line.pace_ns,
            throughput_ns: line.throughput_ns,
            startup_ns: or_zeros(line.startup_ns),
            switches: or_zeros(line.switches),
            memory_bytes: line.memory_bytes,
            server_cpu_ns: line.server_cpu_ns,
            once_ns: line.once_ns,
            id: line.id,
        }
    }
}

impl From<Cell> for CellLine {
    fn from(cell: Cell) -> Self {
        let read = cell.id.as_read();
        let samples = cell.wall_ns.len();
        let or_absent = |series: Vec<u64>| if series == vec![0; samples] { Vec::new() } else { series };
        let whole_us = cell.cpu_ns.iter().all(|ns| ns % NS_PER_US == 0);
        let in_us = || cell.cpu_ns.iter().map(|ns| ns / NS_PER_US).collect();
        Self {
            workload: cell.workload,
            executor: Some(cell.executor).filter(|executor| *executor != read.executor),
            role: Some(cell.role).filter(|role| *role != Role::Executor),
            workers: Some(cell.workers).filter(|workers| *workers != read.workers),
            cores: Some(cell.cores).filter(|cores| *cores != read.cores),
            batch: Some(cell.batch).filter(|batch| *batch != 1),
            failure: cell.failure,
            round: cell.round,
            wall_ns: cell.wall_ns,
            cpu_us: if whole_us { in_us() } else { Vec::new() },
            cpu_ns: if whole_us { Vec::new() } else { cell.cpu_ns },
            pace_ns: cell.pace_ns,
            throughput_ns: cell.throughput_ns,
            startup_ns: or_absent(cell.startup_ns),
            switches: or_absent(cell.switches),
            memory_bytes: cell.memory_bytes,
            server_cpu_ns: cell.server_cpu_ns,
            once_ns: cell.once_ns,
            id: cell.id,
        }
    }
}

/// A graph in a file: runs of agents whose inputs are equally far before them, or each agent's inputs.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GraphLine {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    runs: Vec<(usize, Vec<u32>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<Vec<u32>>,
}

impl TryFrom<GraphLine> for GraphEntry {
    type Error = String;

    fn try_from(line: GraphLine) -> Result<Self, String> {
        let inputs = if line.runs.is_empty() { line.inputs } else { inputs(&line.runs)? };
        Ok(Self { name: line.name, inputs })
    }
}

impl From<GraphEntry> for GraphLine {
    fn from(graph: GraphEntry) -> Self {
        match runs(&graph.inputs) {
            Some(runs) => Self { name: graph.name, runs, inputs: Vec::new() },
            None => Self { name: graph.name, runs: Vec::new(), inputs: graph.inputs },
        }
    }
}

/// The inputs of each agent, from runs of `(agents, how far before an agent its inputs are)`.
fn inputs(runs: &[(usize, Vec<u32>)]) -> Result<Vec<Vec<u32>>, String> {
    let mut inputs = Vec::new();
    let mut edges = 0_usize;
    for (agents, distances) in runs {
        edges = edges.saturating_add(agents.saturating_mul(distances.len()));
        if agents.saturating_add(inputs.len()) > limits::AGENTS || edges > limits::EDGES {
            return Err(format!("more than {} agents or {} inputs", limits::AGENTS, limits::EDGES));
        }
        for _ in 0..*agents {
            let agent = u32::try_from(inputs.len()).map_err(|error| error.to_string())?;
            let input = |distance: &u32| agent.checked_sub(*distance);
            let of_agent: Option<Vec<u32>> = distances.iter().map(input).collect();
            inputs.push(of_agent.ok_or_else(|| format!("agent {agent} has inputs before the first agent"))?);
        }
    }
    Ok(inputs)
}

/// The same the other way round; `None` where an agent has an input after it.
fn runs(inputs: &[Vec<u32>]) -> Option<Vec<(usize, Vec<u32>)>> {
    let mut runs: Vec<(usize, Vec<u32>)> = Vec::new();
    for (agent, inputs) in inputs.iter().enumerate() {
        let agent = u32::try_from(agent).ok()?;
        let distances: Vec<u32> =
            inputs.iter().map(|&input| agent.checked_sub(input)).collect::<Option<_>>()?;
        match runs.last_mut() {
            Some((agents, last)) if *last == distances => *agents += 1,
            _ => runs.push((1, distances)),
        }
    }
    Some(runs)
}
