//! What results tell of agents' time, and whether the time that they did not compute they waited, or were kept waiting.

use std::time::Duration;

use anyhow::{Result, bail};
use centurion_agents::AgentKind;
use centurion_commands::{CommandFailure, cpu_so_far};
use centurion_report::units;
use centurion_stats::median;
use serde_json::Value;

use crate::advice::{AgentCost, WorkerStart};
use crate::machine_time::MachineTime;

/// The share of the CPUs' time that others may take, and of the agents' that may be untold.
const BUSY: f64 = 0.15;

/// The share of its time by which an agent's start-up may be uncertain, so that it is known.
const UNCERTAIN: f64 = 0.1;

/// What one agent took, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeardAgent {
    wall: u64,
    cpu: u64,
    start: Option<u64>,
    /// Time in which it had no CPU and wanted one.
    queued: Option<u64>,
    /// Whether the time limit ended it, so that it would have taken longer.
    pub(crate) late: bool,
}

impl HeardAgent {
    /// `None` where its CPU time is not known.
    pub(crate) fn from_result(result: &Value) -> Option<Self> {
        let time = |name: &str| result[name].as_u64();
        Some(Self {
            wall: time("wall_ns")?,
            cpu: time("cpu_ns")?,
            start: time("start_ns"),
            queued: time("queued_ns"),
            late: result["failure"] == CommandFailure::Late.to_string(),
        })
    }

    /// What it takes where it does not stand in line for a CPU. Where workers start by themselves, their first agents are
    /// counted without that.
    pub(crate) fn cost(self, said: Option<AgentKind>, worker: Option<WorkerStart>) -> AgentCost {
        let cpu = self.cpu;
        let wall = match said {
            Some(AgentKind::Computing) => cpu.min(self.wall),
            Some(AgentKind::Waiting) => self.wall,
            None => self.wall.saturating_sub(self.queued.unwrap_or(0)).max(cpu.min(self.wall)),
        };
        // Start-up has its share of the time in line.
        let start = self.start.map(|start| (start as f64 * wall as f64 / self.wall.max(1) as f64) as u64);
        match (start, worker) {
            (Some(start), Some(worker)) => {
                let (wall, cpu) = (wall.saturating_sub(start), cpu.saturating_sub(worker.cpu));
                AgentCost { wall, cpu, start: None }
            }
            _ => AgentCost { wall, cpu, start: start.map(|start| self.most_certain(start, wall)) },
        }
    }

    /// Start-up where it is uncertain how much of the time in line, which is all beyond that wall time, was stood before it read
    /// its scenario: what is left if all was. Where that matters little, its share.
    fn most_certain(self, share: u64, wall: u64) -> u64 {
        if self.shows_start_in(wall) { share } else { self.least_start(wall) }
    }

    fn least_start(self, wall: u64) -> u64 {
        self.start.unwrap_or(0).saturating_sub(self.wall - wall)
    }

    /// Whether it matters little how much of the time in line was stood before it read its scenario.
    pub(crate) fn shows_start_in(self, wall: u64) -> bool {
        let most = self.start.unwrap_or(0).min(wall);
        (most - self.least_start(wall)) as f64 <= UNCERTAIN * wall as f64
    }
}

/// What a worker takes to start: the median of those of which it is known. Its CPU time is what its first agent took beyond
/// the median of the others, if there are others.
pub(crate) fn worker_start(heard: &[HeardAgent]) -> Option<WorkerStart> {
    let (first, later): (Vec<_>, Vec<_>) = heard.iter().partition(|agent| agent.start.is_some());
    let middle = |agents: &[&HeardAgent], time: fn(&HeardAgent) -> u64| {
        median(&agents.iter().map(|agent| time(agent) as f64).collect::<Vec<_>>())
    };
    let wall = middle(&first, |agent| agent.start.unwrap_or_default())?;
    let beyond = middle(&first, |agent| agent.cpu)? - middle(&later, |agent| agent.cpu).unwrap_or(0.0);
    Some(WorkerStart { wall: wall as u64, cpu: beyond.clamp(0.0, wall) as u64 })
}

/// What was known of the machine before agents ran.
pub(crate) struct MachineReading {
    machine: Option<MachineTime>,
    own: Duration,
}

/// What others had of the machine while agents ran.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BusyMachine {
    /// The share of the CPUs' time that they used.
    others: f64,
    /// The part of that which a hypervisor took: nobody counts how long a thread waits for that.
    stolen: f64,
}

impl MachineReading {
    pub(crate) fn now() -> Self {
        Self { machine: MachineTime::read(), own: cpu_so_far() }
    }

    /// Where the system does not say, others are taken to have had nothing.
    pub(crate) fn until_now(&self) -> BusyMachine {
        let now = Self::now();
        let machines = now.machine.zip(self.machine);
        let own = now.own.saturating_sub(self.own);
        let others = machines.and_then(|(now, then)| now.share_of_others_since(then, own));
        let stolen = machines.and_then(|(now, then)| now.share_stolen_since(then));
        BusyMachine { others: others.unwrap_or(0.0), stolen: stolen.unwrap_or(0.0) }
    }
}

/// Refuses to take agents that were kept waiting for agents that wait. Of most agents it is counted how long they wanted a CPU
/// and had none; the others are trusted where all ran just now, on a machine that did little else.
pub(crate) fn ensure_told(heard: &[HeardAgent], any_earlier: bool, busy: BusyMachine) -> Result<()> {
    let untold = heard.iter().filter(|agent| agent.queued.is_none() || busy.stolen >= BUSY);
    let untold: u64 = untold.map(|agent| agent.wall).sum();
    let all: u64 = heard.iter().map(|agent| agent.wall).sum();
    let is_quiet = busy.others < BUSY;
    if is_quiet && !any_earlier || (untold as f64) <= BUSY * all as f64 {
        return Ok(());
    }
    let why = if is_quiet {
        "nobody knows how busy the machine was when they were run".to_owned()
    } else {
        format!("other programs used {} of the CPUs' time", units::percent(busy.others))
    };
    bail!(
        "failed to tell agents that wait from agents that are kept waiting: {why}. Say what they do, with --waiting or \
         --computing; with --resume and the journal nothing is run again"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: BusyMachine = BusyMachine { others: 0.01, stolen: 0.0 };
    const BUSY_WITH_OTHERS: BusyMachine = BusyMachine { others: 0.9, stolen: 0.0 };

    fn agent(queued: Option<u64>) -> HeardAgent {
        HeardAgent { wall: 1_000, cpu: 300, start: Some(400), queued, late: false }
    }

    fn refusal(agents: &[HeardAgent], any_earlier: bool, busy: BusyMachine) -> String {
        ensure_told(agents, any_earlier, busy).expect_err("it can't be told").to_string()
    }

    #[test]
    fn what_an_agent_stood_in_line_is_no_waiting_and_may_have_been_start_up_or_not() {
        let cost = |queued, said| agent(Some(queued)).cost(said, None);
        assert_eq!(cost(500, None), AgentCost { wall: 500, cpu: 300, start: Some(0) });
        assert_eq!(
            cost(500, Some(AgentKind::Waiting)),
            AgentCost { wall: 1_000, cpu: 300, start: Some(400) }
        );
        assert_eq!(cost(500, Some(AgentKind::Computing)), AgentCost { wall: 300, cpu: 300, start: Some(0) });
        assert_eq!(cost(50, None), AgentCost { wall: 950, cpu: 300, start: Some(380) });
    }

    #[test]
    fn a_busy_machine_is_told_from_waiting_where_each_agent_s_time_in_line_is_counted() {
        let (counted, untold) = ([agent(Some(500)); 9], [agent(None); 9]);
        assert!(ensure_told(&counted, true, BUSY_WITH_OTHERS).is_ok());
        assert!(ensure_told(&untold, false, QUIET).is_ok());
        assert!(
            refusal(&untold, false, BUSY_WITH_OTHERS).contains("other programs used 90 % of the CPUs' time")
        );
        assert!(refusal(&untold, true, QUIET).contains("nobody knows how busy the machine was"));
        let stolen = BusyMachine { stolen: 0.2, ..BUSY_WITH_OTHERS };
        assert!(refusal(&counted, false, stolen).contains("--waiting or --computing"));
    }

    #[test]
    fn the_first_agent_of_a_worker_shows_what_starting_it_takes() {
        let later = HeardAgent { wall: 200, cpu: 100, start: None, queued: None, late: false };
        let heard = [agent(None), later, later];
        let start = worker_start(&heard);
        assert_eq!(start, Some(WorkerStart { wall: 400, cpu: 200 }));
        let costs = heard.map(|agent| agent.cost(None, start));
        assert_eq!(costs[0], AgentCost { wall: 600, cpu: 100, start: None });
        assert_eq!(costs[1], AgentCost { wall: 200, cpu: 100, start: None });
        assert_eq!(worker_start(&[later]), None);
    }
}
