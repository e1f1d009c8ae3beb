//! The schedulers of Python and Dask beside the executors of a run.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use centurion_agents::{AgentKind, Workload};
use centurion_dask::{Definition, Driver, Peer as StartedPeer, Scheduler};
use centurion_harness::{PeerError, PeerRunner, PeerSample, PlannedCell, clock};

/// The cells of these schedulers on so many cores: each workload that stands alone, and of a family the smallest,
/// which shows what an agent costs by itself. Left out are agents that need each other's answers or a server, and tables
/// of positions of one's own, which Python is not told of; and of agents that wait, those that are not swept.
pub(crate) fn cells(
    schedulers: &[Scheduler],
    workloads: &[Arc<dyn Workload>],
    cores: usize,
) -> Vec<PlannedCell> {
    let mut families: Vec<String> = Vec::new();
    let mut peered = Vec::new();
    for workload in workloads.iter().filter(|workload| is_sent(&***workload)) {
        if !families.contains(&workload.family()) {
            families.push(workload.family());
            peered.push(workload);
        }
    }
    schedulers.iter().flat_map(|&scheduler| cells_of(scheduler, &peered, cores)).collect()
}

fn is_sent(workload: &dyn Workload) -> bool {
    let is_peered = workload.kind() == AgentKind::Computing || workload.is_swept();
    is_peered && workload.graph().is_none() && Definition::new(workload).is_ok()
}

fn cells_of(scheduler: Scheduler, workloads: &[&Arc<dyn Workload>], cores: usize) -> Vec<PlannedCell> {
    let process = Arc::new(DaskPeer::new(scheduler));
    let mut peers: HashMap<usize, Arc<PeerRunner>> = HashMap::new();
    let mut cell = |workload: &&Arc<dyn Workload>| {
        let workers = worker_count(scheduler, &***workload, cores);
        let peer = peers.entry(workers).or_insert_with(|| Arc::new(peer(&process, workers)));
        PlannedCell::from_peer(workload, peer, cores)
    };
    workloads.iter().map(&mut cell).collect()
}

/// A worker for each agent that waits, but where workers are processes: a hundred interpreters fill a small machine.
fn worker_count(scheduler: Scheduler, workload: &dyn Workload, cores: usize) -> usize {
    match workload.kind() {
        AgentKind::Waiting if scheduler != Scheduler::DaskProcesses => workload.agents(),
        AgentKind::Waiting | AgentKind::Computing => cores,
    }
}

fn peer(process: &Arc<DaskPeer>, workers: usize) -> PeerRunner {
    let (process, pool) = (Arc::clone(process), OnceLock::new());
    PeerRunner {
        name: process.scheduler.name(),
        summary: process.scheduler.summary(),
        workers,
        run: Box::new(move |workload, executions| {
            let pool = pool.get_or_init(|| process.start(workers));
            pool.as_ref().map_err(Clone::clone)?.sample(workload, executions)
        }),
    }
}

/// A Python process of its own for a scheduler, so that its memory is its own; started when it is first needed.
struct DaskPeer {
    scheduler: Scheduler,
    driver: OnceLock<Result<(Driver, Duration), PeerError>>,
}

impl DaskPeer {
    fn new(scheduler: Scheduler) -> Self {
        Self { scheduler, driver: OnceLock::new() }
    }

    fn start(&self, workers: usize) -> Result<Pool, PeerError> {
        let launch = || {
            let begun = clock::now();
            Ok((Driver::launch().map_err(PeerError::new)?, begun.elapsed()))
        };
        let (driver, launched) = self.driver.get_or_init(launch).as_ref().map_err(Clone::clone)?;
        let started = driver.start(self.scheduler, workers, &[]).map_err(PeerError::new)?;
        Ok(Pool { startup: *launched + started.startup + started.first_call, started })
    }
}

/// A scheduler that runs with some number of workers.
struct Pool {
    started: StartedPeer,
    startup: Duration,
}

impl Pool {
    fn sample(&self, workload: &dyn Workload, executions: u64) -> Result<PeerSample, PeerError> {
        let definition = Definition::new(workload).map_err(PeerError::new)?;
        let sample = self.started.sample(&definition, executions).map_err(PeerError::new)?;
        Ok(PeerSample {
            wall: sample.wall,
            cpu: sample.cpu,
            startup: self.startup,
            sums: sample.sums,
            memory_bytes: sample.memory_bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use centurion_agents::{Deciding, DependencePattern, Grain, Pattern, Thinking};

    use super::*;

    #[test]
    fn waiting_agents_get_a_worker_each_but_for_processes_and_families_their_smallest() {
        let workloads: [Arc<dyn Workload>; 5] = [
            Arc::new(Thinking::new(8, 1, 0.01).expect("it is valid")),
            Arc::new(Deciding::bundled(8)),
            Arc::new(Grain::new(8, 0, 1)),
            Arc::new(Grain::new(8, 64, 1)),
            Arc::new(Pattern::new(DependencePattern::Chain, 0, 1)),
        ];
        let cells = cells(&[Scheduler::DaskThreads, Scheduler::DaskProcesses], &workloads, 2);
        assert_eq!(
            cells.iter().map(|cell| cell.id.to_string()).collect::<Vec<_>>(),
            [
                "thinking/dask-threads/2c-8w",
                "deciding/dask-threads/2c-2w",
                "grain/dask-threads/0-2c-2w",
                "thinking/dask-processes/2c-2w",
                "deciding/dask-processes/2c-2w",
                "grain/dask-processes/0-2c-2w",
            ]
        );
    }
}
