//! What executions take beside time: which are looked at after the rounds, each in a process of its own.

use anyhow::Result;
use centurion_agents::{Parameters, WorkloadFamily};
use centurion_executors::{Factory, Workers, added};
use centurion_harness::{PlannedCell, blank_footprint, largest_cells};
use centurion_record::Footprint;

use crate::footprint_child::{FootprintOrder, RunningFootprint};
use crate::output::plural;
use crate::progress::Progress;

/// The workload that shows how waiting scales.
const WAITING: &str = "thinking";
/// Numbers of its agents, in real time.
const SCALE: [usize; 3] = [100, 10_000, 100_000];
/// Of these, the most in a quick run.
const MOST_QUICK: usize = 100;
/// So few of them leave the CPUs alone for nearly all of the time, so that several processes wait at once.
const IDLE: usize = 100;
/// Who waits at scale, and for how many agents at most: who gives each a thread ends at the threads that a process may
/// have, and who has a thousand workers at most where others would wait for one of them.
const WAITERS: [(&str, usize); 8] = [
    ("tokio", 100_000),
    ("tokio-current-thread", 100_000),
    ("smol", 100_000),
    ("futures-unordered", 100_000),
    ("tokio-spawn-blocking", 10_000),
    ("std-thread-per-agent", 10_000),
    ("rayon", 100),
    ("std-counter", 100),
];
/// Executions at scale.
const REPETITIONS: usize = 2;

/// The same of an executor that this program has added.
fn most_of_added(factory: &Factory) -> (&'static str, usize) {
    let most = if factory.workers == Workers::UnderWay { 100_000 } else { 100 };
    (factory.name, most)
}

/// A footprint that is to be taken.
pub(crate) struct PlannedFootprint {
    order: FootprintOrder,
    /// What it is called, and nothing of what it is.
    blank: Footprint,
    repetitions: usize,
    /// Whether it leaves the CPUs alone, so that others like it are taken at the same time.
    idle: bool,
}

/// The footprints of a run of these cells: of every workload that stands alone, each executor's largest cell, and
/// waiting at scale.
///
/// # Errors
/// When the agents of a workload can't be made.
pub(crate) fn plan(
    cells: &[PlannedCell],
    members: &[(WorkloadFamily, Parameters)],
    quick: bool,
) -> Result<Vec<PlannedFootprint>> {
    let mut planned = Vec::new();
    for (family, parameters) in members {
        let largest = largest_cells(cells.iter().filter(|cell| cell.workload.name() == family.name));
        for cell in &largest {
            let place = (cell.cores, cell.workers);
            planned.push(PlannedFootprint::new(family.name, parameters, &cell.executor, place, 1)?);
        }
        if family.name == WAITING {
            planned.extend(at_scale(&largest, parameters, quick)?);
        }
    }
    Ok(planned)
}

/// Many agents that wait in real time, on those of these cells' executors that can have them.
fn at_scale(cells: &[&PlannedCell], asked: &Parameters, quick: bool) -> Result<Vec<PlannedFootprint>> {
    let mut planned = Vec::new();
    for agents in SCALE.into_iter().filter(|&agents| agents <= MOST_QUICK || !quick) {
        let parameters = Parameters { agents: Some(agents), scale: Some(1.0), ..asked.clone() };
        for (executor, most_agents) in WAITERS.into_iter().chain(added().iter().map(most_of_added)) {
            let Some(cell) = cells.iter().find(|cell| cell.executor == executor) else { continue };
            if agents <= most_agents {
                let repetitions = if quick { 1 } else { REPETITIONS };
                let place = (cell.cores, agents);
                let footprint = PlannedFootprint::new(WAITING, &parameters, executor, place, repetitions)?;
                planned.push(PlannedFootprint { idle: agents <= IDLE, ..footprint });
            }
        }
    }
    Ok(planned)
}

impl PlannedFootprint {
    fn new(
        family: &str,
        parameters: &Parameters,
        executor: &str,
        place: (usize, usize),
        repetitions: usize,
    ) -> Result<Self> {
        let order = FootprintOrder::new(family, parameters, executor, place);
        let blank = blank_footprint(&*order.workload()?, executor, place);
        Ok(Self { order, blank, repetitions, idle: false })
    }
}

/// Adds an execution; one that failed leaves nothing of those before.
fn join(whole: &mut Footprint, execution: Footprint) {
    let Footprint { failure, wall_ns, cpu_ns, switches, memory_bytes, threads, .. } = execution;
    let Footprint { allocations, allocated_bytes, .. } = execution;
    let more = [wall_ns, cpu_ns, switches, memory_bytes, threads, allocations, allocated_bytes];
    let all = [
        &mut whole.wall_ns,
        &mut whole.cpu_ns,
        &mut whole.switches,
        &mut whole.memory_bytes,
        &mut whole.threads,
        &mut whole.allocations,
        &mut whole.allocated_bytes,
    ];
    for (all, more) in all.into_iter().zip(more) {
        all.extend(more);
        if failure.is_some() {
            all.clear();
        }
    }
    whole.failure = failure;
}

/// Takes them, one after another but for those that are idle. `None` when the run was asked to stop.
pub(crate) fn take(planned: &[PlannedFootprint], progress: &Progress) -> Option<Vec<Footprint>> {
    let mut taken = Vec::with_capacity(planned.len());
    for group in planned.chunk_by(|one, next| one.idle && next.idle) {
        let Footprint { workload, agents, executor, .. } = &group[0].blank;
        let what = format!("{workload} on {executor}, {}", plural(*agents, "agent"));
        progress.show_footprint(taken.len(), planned.len(), what);
        taken.extend(take_at_once(group)?);
    }
    Some(taken)
}

/// Takes them at the same time, all as often as the first. `None` when the run was asked to stop.
fn take_at_once(group: &[PlannedFootprint]) -> Option<Vec<Footprint>> {
    let mut taken: Vec<Footprint> = group.iter().map(|planned| planned.blank.clone()).collect();
    for _ in 0..group[0].repetitions {
        let started: Vec<_> = group.iter().map(|planned| planned.order.start()).collect();
        for ((planned, taken), started) in group.iter().zip(&mut taken).zip(started) {
            match started.and_then(RunningFootprint::finish) {
                _ if taken.failure.is_some() => (),
                Ok(execution) => join(taken, execution?),
                Err(error) => {
                    *taken = Footprint { failure: Some(format!("{error:#}")), ..planned.blank.clone() };
                }
            }
        }
    }
    Some(taken)
}

#[cfg(test)]
mod tests {
    use centurion_executors::find;
    use centurion_harness::{Cpus, Sweep, cells, select};

    use super::*;

    /// What is planned for a run of these workloads on these executors, as `agents × workers × repetitions` on each.
    fn planned(family: &str, executors: &[&str], quick: bool) -> Vec<String> {
        let family = WorkloadFamily::find(family).expect("it is listed");
        let asked = Parameters { agents: Some(8), ..Parameters::default() };
        let members: Vec<_> =
            (family.members)(&asked, quick).into_iter().map(|member| (family.clone(), member)).collect();
        let workloads: Vec<_> =
            members.iter().map(|(family, member)| family.make(member).expect("it can be made")).collect();
        let factories: Vec<_> = executors.iter().map(|name| find(name).expect("it is there")).collect();
        let sweep = Sweep::from_cpus(&Cpus::detect(), 8);
        let cells = select(cells(&workloads, &factories, &sweep), |_| true);
        let planned = plan(&cells, &members, quick).expect("they can be made");
        let shown = |footprint: &PlannedFootprint| {
            let Footprint { agents, executor, workers, .. } = &footprint.blank;
            format!("{executor} {agents} × {workers} × {}", footprint.repetitions)
        };
        planned.iter().map(shown).collect()
    }

    #[test]
    fn waiting_agents_are_looked_at_as_in_the_rounds_and_at_scale() {
        let expected = [
            "tokio 8 × 8 × 1",
            "std-counter 8 × 8 × 1",
            "tokio 100 × 100 × 2",
            "std-counter 100 × 100 × 2",
            "tokio 10000 × 10000 × 2",
            "tokio 100000 × 100000 × 2",
        ];
        assert_eq!(
            planned("thinking", &["tokio", "std-counter", "crossbeam-deque"], false)[..1],
            expected[..1]
        );
        assert_eq!(planned("thinking", &["tokio", "std-counter"], false), expected);
    }

    #[test]
    fn a_quick_run_looks_at_fewer_once() {
        let expected = ["smol 8 × 8 × 1", "rayon 8 × 8 × 1", "smol 100 × 100 × 1", "rayon 100 × 100 × 1"];
        assert_eq!(planned("thinking", &["smol", "rayon"], true), expected);
    }

    #[test]
    fn who_gives_each_agent_a_thread_has_no_more_than_a_process_can_have() {
        let planned = planned("thinking", &["std-thread-per-agent", "tokio-blocking"], false);
        let expected = [
            "std-thread-per-agent 8 × 8 × 1",
            "tokio-blocking 8 × 8 × 1",
            "std-thread-per-agent 100 × 100 × 2",
            "std-thread-per-agent 10000 × 10000 × 2",
        ];
        assert_eq!(planned, expected, "and two threads that ten thousand agents block would take hours");
    }

    #[test]
    fn a_workload_that_stands_alone_is_looked_at_and_the_points_of_a_curve_are_not() {
        assert_eq!(planned("council", &["rayon"], false).len(), 1);
        assert_eq!(planned("grain", &["rayon"], false), [""; 0]);
    }

    #[test]
    fn whoever_waits_at_scale_is_an_executor() {
        assert!(WAITERS.iter().all(|(name, _)| find(name).is_some()));
    }

    #[test]
    fn executions_are_joined_and_one_that_fails_leaves_none() {
        let family = WorkloadFamily::find(WAITING).expect("it is listed");
        let workload = family.make(&Parameters::default()).expect("it can be made");
        let blank = blank_footprint(&*workload, "tokio", (1, 100));
        let one = Footprint {
            wall_ns: vec![7],
            cpu_ns: vec![1],
            switches: vec![2],
            memory_bytes: vec![3],
            threads: vec![4],
            allocations: vec![9],
            allocated_bytes: vec![90],
            ..blank.clone()
        };
        let mut whole = blank.clone();
        join(&mut whole, one.clone());
        join(&mut whole, one);
        assert_eq!((&whole.wall_ns[..], &whole.threads[..]), (&[7, 7][..], &[4, 4][..]));
        assert_eq!((&whole.allocations[..], &whole.allocated_bytes[..]), (&[9, 9][..], &[90, 90][..]));
        let failed = Footprint { failure: Some("it ended".into()), ..blank };
        join(&mut whole, failed.clone());
        assert_eq!(whole, failed);
    }
}
