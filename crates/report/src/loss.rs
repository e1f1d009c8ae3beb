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
//!
//! The parts are whole nanoseconds, none is negative, and their sum is `P M` exactly. Time that stamps would
//! count twice, because two agents of a lane overlap or an agent ends after the makespan, is counted once
//! and cut at `M`.

use std::collections::BTreeSet;

use centurion_record::Timeline;

/// The parts of one execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Lanes: the cell's workers, or more if more threads than that ran agents.
    pub workers: usize,
    /// Time until the executor returned, in nanoseconds.
    pub makespan_ns: u64,
    /// Nanoseconds in the order of [`crate::chart::loss::PARTS`]: useful work, inflation, scheduling,
    /// imbalance, start-up. They add up to `workers * makespan_ns`.
    pub parts_ns: [u64; 5],
}

const USEFUL: usize = 0;
const INFLATION: usize = 1;
const SCHEDULING: usize = 2;
const IMBALANCE: usize = 3;
const START_UP: usize = 4;

impl Loss {
    /// Divides the time of `workers` workers. `costs_ns` are the agents' serial costs in input order; without
    /// them (empty) all time in agents counts as useful work.
    pub fn of(timeline: &Timeline, costs_ns: &[u64], workers: usize) -> Self {
        let lanes: BTreeSet<u32> = timeline.worker.iter().copied().collect();
        let workers = workers.max(lanes.len());
        let mut parts_ns = [0; 5];
        for &lane in &lanes {
            for (part, ns) in parts_ns.iter_mut().zip(lane_parts(timeline, costs_ns, lane)) {
                *part += ns;
            }
        }
        parts_ns[IMBALANCE] += (workers - lanes.len()) as u64 * timeline.makespan_ns;
        Self { workers, makespan_ns: timeline.makespan_ns, parts_ns }
    }

    /// A part's share of the whole.
    pub fn share(&self, part: usize) -> f64 {
        self.parts_ns[part] as f64 / (self.workers as f64 * self.makespan_ns as f64).max(1.0)
    }
}

fn lane_parts(timeline: &Timeline, costs_ns: &[u64], lane: u32) -> [u64; 5] {
    let mut parts = [0; 5];
    let (mut cursor, mut idle) = (0, START_UP);
    for agent in agents_of(timeline, lane) {
        let start = timeline.start_ns[agent].clamp(cursor, timeline.makespan_ns);
        let end = timeline.end_ns[agent].clamp(start, timeline.makespan_ns);
        let useful = costs_ns.get(agent).map_or(end - start, |&cost| cost.min(end - start));
        parts[idle] += start - cursor;
        parts[USEFUL] += useful;
        parts[INFLATION] += end - start - useful;
        (cursor, idle) = (end, SCHEDULING);
    }
    parts[IMBALANCE] += timeline.makespan_ns - cursor;
    parts
}

/// The agents of a lane in the order they ran.
fn agents_of(timeline: &Timeline, lane: u32) -> Vec<usize> {
    let mut agents: Vec<_> =
        (0..timeline.worker.len()).filter(|&agent| timeline.worker[agent] == lane).collect();
    agents.sort_by_key(|&agent| (timeline.start_ns[agent], timeline.end_ns[agent]));
    agents
}
