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

use std::ops::AddAssign;

use centurion_graph::Graph;
use centurion_record::Timeline;

/// The parts of one execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Lanes: the cell's workers, or more if more threads than that ran agents.
    pub workers: usize,
    /// Time until the executor returned, in nanoseconds.
    pub makespan_ns: u64,
    /// Where the workers' time went.
    pub parts: LossParts,
}

/// Nanoseconds of all workers together; they add up to `workers * makespan_ns`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LossParts {
    /// In agents, up to what they cost serially.
    pub useful_ns: u64,
    /// In agents, beyond that.
    pub inflation_ns: u64,
    /// Between two agents.
    pub scheduling_ns: u64,
    /// After a worker's last agent.
    pub imbalance_ns: u64,
    /// Before a worker's first agent.
    pub start_up_ns: u64,
    /// Between two agents, while none had all the answers it needs.
    pub waiting_ns: u64,
}

impl LossParts {
    /// All time, of whatever kind.
    pub fn total_ns(&self) -> u64 {
        self.useful_ns
            + self.inflation_ns
            + self.scheduling_ns
            + self.imbalance_ns
            + self.start_up_ns
            + self.waiting_ns
    }
}

impl AddAssign for LossParts {
    fn add_assign(&mut self, other: Self) {
        self.useful_ns += other.useful_ns;
        self.inflation_ns += other.inflation_ns;
        self.scheduling_ns += other.scheduling_ns;
        self.imbalance_ns += other.imbalance_ns;
        self.start_up_ns += other.start_up_ns;
        self.waiting_ns += other.waiting_ns;
    }
}

impl Loss {
    /// Divides the time of `workers` workers. `costs_ns` are the agents' serial costs in input order; without
    /// them (empty) all time in agents counts as useful work. `graph` says which agents need which others'
    /// answers, if they need any.
    pub fn new(timeline: &Timeline, costs_ns: &[u64], graph: Option<&Graph>, workers: usize) -> Self {
        let mut agents: Vec<usize> = (0..timeline.worker.len()).collect();
        agents
            .sort_by_key(|&agent| (timeline.worker[agent], timeline.start_ns[agent], timeline.end_ns[agent]));
        let lanes = || agents.chunk_by(|&one, &other| timeline.worker[one] == timeline.worker[other]);
        let count = lanes().count();
        let workers = workers.max(count);
        let blocked = graph.map_or_else(Blocked::default, |graph| Blocked::new(timeline, graph));
        let mut parts = LossParts::default();
        for lane in lanes() {
            parts += lane_parts(timeline, costs_ns, &blocked, lane);
        }
        parts.imbalance_ns += (workers - count) as u64 * timeline.makespan_ns;
        Self { workers, makespan_ns: timeline.makespan_ns, parts }
    }

    /// The share of the whole that so many nanoseconds are.
    pub fn share(&self, part_ns: u64) -> f64 {
        part_ns as f64 / (self.workers as f64 * self.makespan_ns as f64).max(1.0)
    }
}

/// `lane` has the agents of one worker in the order they ran.
fn lane_parts(timeline: &Timeline, costs_ns: &[u64], blocked: &Blocked, lane: &[usize]) -> LossParts {
    let mut parts = LossParts::default();
    let (mut cursor, mut started) = (0, false);
    for &agent in lane {
        let start = timeline.start_ns[agent].clamp(cursor, timeline.makespan_ns);
        let end = timeline.end_ns[agent].clamp(start, timeline.makespan_ns);
        let useful = costs_ns.get(agent).map_or(end - start, |&cost| cost.min(end - start));
        if started {
            let waited = blocked.until(start) - blocked.until(cursor);
            parts.waiting_ns += waited;
            parts.scheduling_ns += start - cursor - waited;
        } else {
            parts.start_up_ns += start - cursor;
        }
        parts.useful_ns += useful;
        parts.inflation_ns += end - start - useful;
        (cursor, started) = (end, true);
    }
    parts.imbalance_ns += timeline.makespan_ns - cursor;
    parts
}

/// From and to, in nanoseconds.
type Span = (u64, u64);

/// The times before the last agent started at which no agent had all the answers it needs and had not started.
#[derive(Default)]
struct Blocked {
    /// In order and apart.
    spans: Vec<Span>,
    /// How long each span and those before it are together.
    together: Vec<u64>,
}

impl Blocked {
    fn new(timeline: &Timeline, graph: &Graph) -> Self {
        let end = |&input: &u32| timeline.end_ns[input as usize];
        let ready = |agent: usize| graph.inputs(agent).iter().map(end).max().unwrap_or(0);
        let mut pending: Vec<Span> = graph
            .tasks()
            .map(|agent| (ready(agent), timeline.start_ns[agent]))
            .filter(|(from, to)| from < to)
            .collect();
        pending.sort_unstable();
        let (mut blocked, mut cursor, mut together) = (Self::default(), 0, 0);
        for (from, to) in pending {
            if from > cursor {
                together += from - cursor;
                blocked.spans.push((cursor, from));
                blocked.together.push(together);
            }
            cursor = cursor.max(to);
        }
        blocked
    }

    /// How much of the time before a moment they are.
    fn until(&self, moment: u64) -> u64 {
        let begun = self.spans.partition_point(|span| span.0 < moment);
        let Some(last) = begun.checked_sub(1) else { return 0 };
        self.together[last] - self.spans[last].1.saturating_sub(moment)
    }
}
