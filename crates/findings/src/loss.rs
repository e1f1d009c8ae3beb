//! Where the workers' time went in one execution.
//!
//! With `P` workers and makespan `M` there are `P M` nanoseconds of workers' time, and every one of them is
//! counted in exactly one part. Each worker's lane is walked from 0 to `M`:
//!
//! | part | time of a lane |
//! |---|---|
//! | start-up | before its first agent starts |
//! | useful work | in an agent, up to what that agent costs serially |
//! | inflation | in an agent beyond its serial cost: waiting for a CPU, sharing a core, cold caches |
//! | scheduling | between one agent and the next |
//! | imbalance | after its last agent; the whole lane of a worker that never got an agent |
//! | waiting for answers | between one agent and the next while no agent had all the answers it needs |
//!
//! The parts are whole nanoseconds, none is negative, and their sum is `P M` exactly. Time that stamps would
//! count twice, because two agents of a lane overlap or an agent ends after the makespan, is counted once
//! and cut at `M`.

use std::collections::BTreeSet;

use centurion_graph::Graph;
use centurion_record::Timeline;

/// The parts of one execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Lanes: the cell's workers, or more if more threads than that ran agents.
    pub workers: usize,
    /// Time until the executor returned, in nanoseconds.
    pub makespan_ns: u64,
    /// Nanoseconds in the order of [`centurion_plot::loss::PARTS`]: useful work, inflation, scheduling,
    /// imbalance, start-up, waiting for answers. They add up to `workers * makespan_ns`.
    pub parts_ns: [u64; 6],
}

const USEFUL: usize = 0;
const INFLATION: usize = 1;
const SCHEDULING: usize = 2;
const IMBALANCE: usize = 3;
const START_UP: usize = 4;
const WAITING: usize = 5;

impl Loss {
    /// Divides the time of `workers` workers. `costs_ns` are the agents' serial costs in input order; without
    /// them (empty) all time in agents counts as useful work. `graph` says which agents need which others'
    /// answers, if they need any.
    pub fn new(timeline: &Timeline, costs_ns: &[u64], graph: Option<&Graph>, workers: usize) -> Self {
        let lanes: BTreeSet<u32> = timeline.worker.iter().copied().collect();
        let workers = workers.max(lanes.len());
        let blocked = graph.map_or(Vec::new(), |graph| blocked(timeline, graph));
        let mut parts_ns = [0; 6];
        for &lane in &lanes {
            for (part, ns) in parts_ns.iter_mut().zip(lane_parts(timeline, costs_ns, &blocked, lane)) {
                *part += ns;
            }
        }
        parts_ns[IMBALANCE] += (workers - lanes.len()) as u64 * timeline.makespan_ns;
        Self { workers, makespan_ns: timeline.makespan_ns, parts_ns }
    }

    /// Whether a part is worth a word: no agent waits for answers where it needs none.
    pub fn has(&self, part: usize) -> bool {
        part != WAITING || self.parts_ns[WAITING] > 0
    }

    /// A part's share of the whole.
    pub fn share(&self, part: usize) -> f64 {
        self.parts_ns[part] as f64 / (self.workers as f64 * self.makespan_ns as f64).max(1.0)
    }
}

fn lane_parts(timeline: &Timeline, costs_ns: &[u64], blocked: &[Span], lane: u32) -> [u64; 6] {
    let mut parts = [0; 6];
    let (mut cursor, mut idle) = (0, START_UP);
    for agent in agents_of(timeline, lane) {
        let start = timeline.start_ns[agent].clamp(cursor, timeline.makespan_ns);
        let end = timeline.end_ns[agent].clamp(start, timeline.makespan_ns);
        let useful = costs_ns.get(agent).map_or(end - start, |&cost| cost.min(end - start));
        let waited = if idle == SCHEDULING { common(blocked, (cursor, start)) } else { 0 };
        parts[idle] += start - cursor - waited;
        parts[WAITING] += waited;
        parts[USEFUL] += useful;
        parts[INFLATION] += end - start - useful;
        (cursor, idle) = (end, SCHEDULING);
    }
    parts[IMBALANCE] += timeline.makespan_ns - cursor;
    parts
}

/// From and to, in nanoseconds.
type Span = (u64, u64);

/// The times before the last agent started at which no agent had all the answers it needs and had not started, in
/// order and apart.
fn blocked(timeline: &Timeline, graph: &Graph) -> Vec<Span> {
    let end = |&input: &u32| timeline.end_ns[input as usize];
    let ready = |agent: usize| graph.inputs(agent).iter().map(end).max().unwrap_or(0);
    let mut pending: Vec<Span> = graph
        .tasks()
        .map(|agent| (ready(agent), timeline.start_ns[agent]))
        .filter(|(from, to)| from < to)
        .collect();
    pending.sort_unstable();
    let (mut spans, mut cursor) = (Vec::new(), 0);
    for (from, to) in pending {
        if from > cursor {
            spans.push((cursor, from));
        }
        cursor = cursor.max(to);
    }
    spans
}

/// How much of a span lies in others.
fn common(others: &[Span], (from, to): Span) -> u64 {
    others.iter().map(|other| to.min(other.1).saturating_sub(from.max(other.0))).sum()
}

/// The agents of a lane in the order they ran.
fn agents_of(timeline: &Timeline, lane: u32) -> Vec<usize> {
    let mut agents: Vec<_> =
        (0..timeline.worker.len()).filter(|&agent| timeline.worker[agent] == lane).collect();
    agents.sort_by_key(|&agent| (timeline.start_ns[agent], timeline.end_ns[agent]));
    agents
}
