//! What one execution takes in all, in a process that did nothing before: time, CPU time, memory, threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use centurion_agents::{Decorated, Workload};
use centurion_allocations::counted;
use centurion_record::Footprint;

use crate::answers::Answers;
use crate::clock::{self, nanoseconds};
use crate::error::SampleError;
use crate::matrix::PlannedCell;
use crate::probe;
use crate::rounds::shortened;
use crate::sample::guarded;
use crate::testbed::Testbed;
use crate::usage::Usage;

/// Agents that look how many threads there are: more would show in the CPU time.
const LOOKOUTS: usize = 16;

/// A footprint of which nothing is known yet.
pub fn blank_footprint(workload: &dyn Workload, executor: &str, place: (usize, usize)) -> Footprint {
    let waits = (0..workload.agents()).filter_map(|agent| workload.waits(agent));
    Footprint {
        workload: workload.name(),
        agents: workload.agents(),
        executor: executor.into(),
        workers: place.1,
        cores: place.0,
        bound_ns: waits.max().map_or(0, nanoseconds),
        failure: None,
        wall_ns: Vec::new(),
        cpu_ns: Vec::new(),
        switches: Vec::new(),
        memory_bytes: Vec::new(),
        threads: Vec::new(),
        allocations: Vec::new(),
        allocated_bytes: Vec::new(),
    }
}

/// Executes a cell's bag once and says what it took, or why that can't be said. It is the peak of this process that is
/// looked at, so this is for processes that do nothing else: what another executor has left behind would count.
pub fn footprint(cell: &PlannedCell, testbed: &Testbed) -> Footprint {
    let mut footprint = blank_footprint(&*cell.workload, &cell.executor, (cell.cores, cell.workers));
    let taken = add_execution(cell, testbed, &mut footprint);
    footprint.failure = taken.err().map(|reason| shortened(&reason.to_string()));
    footprint
}

fn add_execution(
    cell: &PlannedCell,
    testbed: &Testbed,
    footprint: &mut Footprint,
) -> Result<(), SampleError> {
    let threads = Arc::new(MostThreads::default());
    let answers = Answers::new(with_lookouts(&cell.workload, &threads), &testbed.stop);
    probe::reset_peak_memory();
    let (resident, alive) = (probe::resident_memory_bytes(), probe::threads());
    let executor = cell.start(&testbed.cpus)?;
    threads.look();
    let (usage, begun) = (Usage::read(), clock::now());
    let (executed, allocations) = counted(|| guarded(|| answers.execute_on(&*executor)));
    executed?;
    let wall = begun.elapsed();
    let usage = Usage::read().since(usage);
    let peak = probe::peak_memory_bytes();
    executor.end()?;
    answers.check_threads()?;
    answers.check(1)?;
    footprint.wall_ns.push(nanoseconds(wall).max(1));
    footprint.cpu_ns.push(nanoseconds(usage.cpu));
    footprint.switches.push(usage.switches);
    footprint.allocations.extend(allocations.map(|allocations| allocations.count));
    footprint.allocated_bytes.extend(allocations.map(|allocations| allocations.bytes));
    let more = |most: u64, before: Option<u64>| before.map(|before| most.saturating_sub(before));
    footprint.memory_bytes.extend(peak.and_then(|peak| more(peak, resident)));
    footprint.threads.extend(more(threads.most(), alive));
    Ok(())
}

/// The same agents, some of which look how many threads there are as they begin and as they end. The last to begin is
/// among them, for then most threads are alive where each agent has its own.
fn with_lookouts(workload: &Arc<dyn Workload>, threads: &Arc<MostThreads>) -> Arc<dyn Workload> {
    let (first, last) = (Arc::clone(threads), Arc::clone(threads));
    let lookouts = Decorated::new(Arc::clone(workload), move |_| first.look(), move |_, (), _| last.look());
    Arc::new(lookouts.every((workload.agents() / LOOKOUTS).max(1)))
}

/// The most threads of this process that were seen alive at once.
#[derive(Default)]
struct MostThreads(AtomicU64);

impl MostThreads {
    fn look(&self) {
        self.0.fetch_max(probe::threads().unwrap_or(0), Ordering::Relaxed);
    }

    fn most(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use centurion_agents::Thinking;
    use centurion_executors::find;

    use super::*;
    use crate::answers::tests::Ten;
    use crate::testbed::Stop;

    fn taken(workload: impl Workload + 'static, executor: &str, workers: usize) -> Footprint {
        let workload: Arc<dyn Workload> = Arc::new(workload);
        let factory = find(executor).expect("it is there");
        let cell = PlannedCell::from_factory(&workload, &factory, (1, workers));
        footprint(&cell, &Testbed::detect(Stop::default()))
    }

    #[test]
    fn an_execution_lasts_at_least_as_long_as_its_longest_agent() {
        let footprint = taken(Thinking::new(40, 7, 0.001).expect("it is valid"), "tokio", 40);
        assert_eq!(footprint.failure, None);
        assert_eq!((footprint.agents, footprint.workers, footprint.cores), (40, 40, 1));
        assert!((500_000..1_500_000).contains(&footprint.bound_ns), "{footprint:?}");
        assert!(footprint.wall_ns[0] >= footprint.bound_ns, "{footprint:?}");
        assert_eq!((footprint.cpu_ns.len(), footprint.switches.len()), (1, 1));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_threads_of_waiting_agents_are_seen_while_they_wait() {
        let thinking = Thinking::new(40, 7, 0.2).expect("it is valid");
        let footprint = taken(thinking, "std-thread-per-agent", 40);
        // Other tests start and end threads meanwhile.
        assert!(footprint.threads[0] >= 20, "{footprint:?}");
        assert_eq!(footprint.memory_bytes.len(), 1);
    }

    #[test]
    fn agents_that_ask_no_timers_have_no_bound_and_wrong_answers_no_footprint() {
        let right = taken(Ten { odd: || 4 }, "rayon", 2);
        assert_eq!((right.bound_ns, right.wall_ns.len(), right.failure), (0, 1, None));
        let wrong = taken(Ten { odd: || 5 }, "rayon", 2);
        assert_eq!(wrong.wall_ns, [0; 0]);
        assert_eq!(wrong.failure.as_deref(), Some("agent 3 (number 3) answered 5, not 4"));
    }
}
