//! Agents of which nothing is known yet, run one after another: what they answer, and whether they wait or compute.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use centurion_agents::{AgentKind, OwnAgents};
use centurion_executors::Panic;
use centurion_graph::Graph;

use crate::cgroup::throttled_ns;
use crate::clock::{self, Moment};
use crate::cpus::Cpus;
use crate::error::RehearsalError;
use crate::probe;
use crate::testbed::Stop;
use crate::usage::{SystemTime, Usage};

/// Agents run at least so long, again and again, before it is said what they spend their time on: the system counts
/// short times in steps.
const LONG_ENOUGH: Duration = Duration::from_millis(50);
/// The share of all CPUs' time that other programs may take, so that they keep agents in processes of their own from
/// running for no larger a share of their time: nobody counts how long those stand in line.
const BUSY: f64 = 0.15;
/// So many agents are named where several are at fault.
const MOST_NAMED: usize = 5;

/// What agents showed when they were run one after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// The number of each agent's answer.
    pub answers: Vec<u64>,
    /// Where the time went.
    pub time: TimeSpent,
}

/// Where the time of a thread went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeSpent {
    /// All of it.
    pub wall: Duration,
    /// CPU time of the whole process.
    pub cpu: Duration,
    /// Time that the thread was ready to run and had no CPU.
    pub queued: Duration,
    /// Time in which it may have been kept from running without anybody counting it.
    pub untold: Duration,
}

impl TimeSpent {
    /// What agents spend their time on: they wait if they wait for more than half of it. `None` where that can't be told,
    /// for too much of it is untold.
    pub fn kind(&self) -> Option<AgentKind> {
        let most = self.wall.saturating_sub(self.cpu + self.queued);
        let least = most.saturating_sub(self.untold);
        if most <= self.cpu {
            Some(AgentKind::Computing)
        } else {
            (least > self.cpu).then_some(AgentKind::Waiting)
        }
    }

    /// The share of its time that an agent computes, as far as it is told.
    pub fn computing(&self) -> f64 {
        let own = self.wall.saturating_sub(self.queued).max(self.cpu);
        if own.is_zero() { 1.0 } else { self.cpu.div_duration_f64(own) }
    }

    /// This and that.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            wall: self.wall + other.wall,
            cpu: self.cpu + other.cpu,
            queued: self.queued + other.queued,
            untold: self.untold + other.untold,
        }
    }
}

impl Rehearsal {
    /// Runs the agents one after another on this thread, in their order and then the other way round, until they have
    /// run for long enough; at least twice where their answers are to be compared. Agents that are processes are run no
    /// more often than that. `ended` hears of each that has ended. `None` when somebody asked to stop.
    ///
    /// # Errors
    /// Names agents that panicked or failed, or that did not answer the same again.
    pub fn new(
        agents: &OwnAgents,
        compared: bool,
        stop: &Stop,
        ended: &dyn Fn(),
    ) -> Result<Option<Self>, RehearsalError> {
        let forwards: Vec<usize> = (0..agents.agents()).collect();
        let Some(mut rehearsal) = pass(agents, &forwards, stop, ended)? else { return Ok(None) };
        let other_way = backwards(agents.agents(), agents.graph());
        let mut passes = 1;
        let is_short = |wall| wall < LONG_ENOUGH && !agents.are_processes();
        while passes < if compared { 2 } else { 1 } || is_short(rehearsal.time.wall) {
            let order = if passes % 2 == 0 { &forwards } else { &other_way };
            let Some(again) = pass(agents, order, stop, ended)? else { return Ok(None) };
            if compared {
                ensure_same(agents, &rehearsal.answers, &again.answers)?;
            }
            rehearsal.time = rehearsal.time.and(again.time);
            passes += 1;
        }
        Ok(Some(rehearsal))
    }
}

/// Runs every agent once, one after another on this thread, and says where the time of each went. `ended` hears of each that
/// has ended. `None` when somebody asked to stop.
///
/// # Errors
/// Names an agent that panicked.
pub fn times_spent(
    agents: &OwnAgents,
    stop: &Stop,
    ended: &dyn Fn(),
) -> Result<Option<Vec<TimeSpent>>, RehearsalError> {
    let (mut answers, mut times) = (Vec::new(), Vec::new());
    for agent in 0..agents.agents() {
        if stop.is_asked() {
            return Ok(None);
        }
        let start = TimeReading { at: clock::now(), ..TimeReading::now() };
        answers.push(answer(agents, agent, &answers)?);
        times.push(start.until_now(agents.are_processes()));
        ended();
    }
    Ok(Some(times))
}

/// Has the first agent answer, to find out whether it can.
///
/// # Errors
/// Names it where it panicked or failed.
pub fn try_first(agents: &OwnAgents) -> Result<(), RehearsalError> {
    let tried = answer(agents, 0, &[]);
    agents.end_execution();
    tried.map(drop)
}

/// Has an agent answer, which hears those of the answers that it needs.
fn answer(agents: &OwnAgents, agent: usize, answers: &[u64]) -> Result<u64, RehearsalError> {
    let inputs = agents.graph().map_or(&[][..], |graph| graph.inputs(agent));
    let heard: Vec<u64> = inputs.iter().map(|&input| answers[input as usize]).collect();
    let answer = catch_unwind(AssertUnwindSafe(|| agents.ask(agent, &heard)));
    answer.map_err(|payload| lost(agents, agent, payload))
}

fn pass(
    agents: &OwnAgents,
    order: &[usize],
    stop: &Stop,
    ended: &dyn Fn(),
) -> Result<Option<Rehearsal>, RehearsalError> {
    let mut answers = vec![0; agents.agents()];
    let start = TimeReading::now();
    for &agent in order {
        if stop.is_asked() {
            return Ok(None);
        }
        answers[agent] = answer(agents, agent, &answers)?;
        ended();
    }
    agents.end_execution();
    Ok(Some(Rehearsal { answers, time: start.until_now(agents.are_processes()) }))
}

fn lost(agents: &OwnAgents, agent: usize, payload: Box<dyn Any + Send>) -> RehearsalError {
    let message = Panic::from_payload(payload).message;
    if agents.are_processes() {
        RehearsalError::Failed { name: agents.agent_name(agent), message }
    } else {
        RehearsalError::Panicked { agent, message }
    }
}

/// The agents from the last to the first; where they need each other, so on each level of the graph.
fn backwards(agents: usize, graph: Option<&Graph>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..agents).rev().collect();
    if let Some(graph) = graph {
        let levels = graph.levels();
        order.sort_by_key(|&agent| levels[agent]);
    }
    order
}

fn ensure_same(agents: &OwnAgents, first: &[u64], second: &[u64]) -> Result<(), RehearsalError> {
    let differing: Vec<usize> = (0..first.len()).filter(|&agent| first[agent] != second[agent]).collect();
    let Some(&agent) = differing.first() else { return Ok(()) };
    Err(RehearsalError::Differing {
        agents: named(&differing),
        agent,
        first: agents.answer_text(first[agent]),
        second: agents.answer_text(second[agent]),
    })
}

fn named(agents: &[usize]) -> String {
    let first: Vec<String> = agents.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    let more = agents.len() - first.len();
    let listed = first.join(", ");
    match (agents.len(), more) {
        (1, _) => format!("agent {listed}"),
        (_, 0) => format!("agents {listed}"),
        _ => format!("agents {listed} and {more} more"),
    }
}

/// What clocks and counters said when a pass began.
struct TimeReading {
    at: Moment,
    cpu: Duration,
    queued: Option<Duration>,
    system: SystemTime,
    throttled: Duration,
}

impl TimeReading {
    fn now() -> Self {
        Self {
            at: clock::now(),
            cpu: Usage::read().cpu,
            queued: queued(),
            system: SystemTime::read().unwrap_or_default(),
            throttled: Duration::from_nanos(throttled_ns().unwrap_or(0)),
        }
    }

    /// What went by since, of this thread or of the processes that it waited for.
    fn until_now(&self, of_processes: bool) -> TimeSpent {
        let now = Self::now();
        let (wall, cpu) = (now.at.since(self.at), now.cpu.saturating_sub(self.cpu));
        let queued = now.queued.zip(self.queued).map(|(now, start)| now.saturating_sub(start));
        let system = now.system.since(self.system);
        let kept = system.steal + now.throttled.saturating_sub(self.throttled);
        let in_line = if of_processes { kept_in_line(wall, system.busy.saturating_sub(cpu)) } else { kept };
        TimeSpent {
            wall,
            cpu,
            queued: queued.unwrap_or_default(),
            untold: if queued.is_some() { kept.max(in_line) } else { wall },
        }
    }
}

/// How long processes may have been ready to run and had no CPU, where other programs took so much of all CPUs' time.
fn kept_in_line(wall: Duration, others: Duration) -> Duration {
    let share = others.as_secs_f64() / (wall.as_secs_f64() * Cpus::detect().count() as f64).max(1e-9);
    if share < BUSY { wall.mul_f64(share) } else { wall }
}

/// How long this thread was ready to run and had no CPU, so far.
fn queued() -> Option<Duration> {
    let counters = probe::text("/proc/thread-self/schedstat")?;
    counters.split(' ').nth(1)?.parse().ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn spent(wall: u64, cpu: u64, queued: u64, untold: u64) -> TimeSpent {
        let [wall, cpu, queued, untold] = [wall, cpu, queued, untold].map(Duration::from_millis);
        TimeSpent { wall, cpu, queued, untold }
    }

    #[test]
    fn agents_that_stand_in_line_for_a_cpu_are_not_taken_to_wait() {
        assert_eq!(spent(100, 99, 0, 0).kind(), Some(AgentKind::Computing));
        assert_eq!(spent(100, 20, 80, 0).kind(), Some(AgentKind::Computing));
        assert_eq!(spent(100, 1, 0, 0).kind(), Some(AgentKind::Waiting));
        assert_eq!(spent(100, 5, 85, 0).kind(), Some(AgentKind::Waiting), "ten of fifteen it waited");
        assert_eq!(spent(100, 380, 0, 0).kind(), Some(AgentKind::Computing), "on several threads");
    }

    #[test]
    fn what_is_not_told_decides_nothing() {
        assert_eq!(spent(100, 20, 0, 70).kind(), None, "stolen, or waited");
        assert_eq!(spent(100, 20, 0, 50).kind(), Some(AgentKind::Waiting));
        assert_eq!(spent(100, 60, 0, 100).kind(), Some(AgentKind::Computing));
        assert_eq!(spent(100, 40, 0, 100).kind(), None);
    }

    #[test]
    fn the_share_that_is_computed_is_of_the_time_that_was_had() {
        let share = |spent: TimeSpent| (spent.computing() * 100.0).round();
        let shares = [spent(100, 20, 60, 0), spent(100, 100, 0, 0), spent(0, 0, 0, 0), spent(10, 40, 0, 0)];
        assert_eq!(shares.map(share).map(|share| share as u32), [50, 100, 100, 100]);
    }

    #[test]
    fn a_second_pass_goes_backwards_on_every_level() {
        let graph = Graph::new([vec![], vec![0], vec![], vec![2]]).expect("it is a graph");
        assert_eq!(backwards(4, Some(&graph)), [2, 0, 3, 1]);
        assert_eq!(backwards(3, None), [2, 1, 0]);
    }

    #[test]
    fn agents_that_answer_by_turns_are_named() {
        let calls = AtomicUsize::new(0);
        let turns = OwnAgents::new("turns", 8, move |agent| match agent {
            3 => 3,
            _ => calls.fetch_add(1, Ordering::Relaxed),
        });
        let error = Rehearsal::new(&turns, true, &Stop::default(), &|| ()).expect_err("they differ");
        assert_eq!(
            error.to_string(),
            "have agents answer the same twice: agents 0, 1, 2, 4, 5 and 2 more did not, agent 0 answered 0 and then 13"
        );
    }

    #[test]
    fn agents_that_need_not_answer_the_same_are_not_compared() {
        let calls = AtomicUsize::new(0);
        let turns = OwnAgents::new("turns", 1, move |_| calls.fetch_add(1, Ordering::Relaxed));
        let rehearsal = Rehearsal::new(&turns, false, &Stop::default(), &|| ()).expect("nothing is wrong");
        assert_eq!(rehearsal.expect("nobody stops it").answers.len(), 1);
    }

    #[test]
    fn an_agent_that_panics_is_named() {
        let agents = OwnAgents::new("brittle", 2, |agent| match agent {
            1 => std::panic::resume_unwind(Box::new("lost")),
            _ => agent,
        });
        let error = Rehearsal::new(&agents, true, &Stop::default(), &|| ()).expect_err("it panics");
        assert_eq!(error.to_string(), "run agent 1: it panicked: lost");
    }

    #[test]
    fn agents_hear_each_other_in_both_directions() {
        let seen = std::sync::Arc::new(Mutex::new(Vec::new()));
        let graph = Graph::new([vec![], vec![0], vec![], vec![2, 1]]).expect("it is a graph");
        let told = std::sync::Arc::clone(&seen);
        let agents = OwnAgents::with_inputs("sums", graph, move |agent, heard: &[u32]| {
            told.lock().expect("nobody panics").push(agent);
            heard.iter().sum::<u32>() + 1
        });
        let rehearsal = Rehearsal::new(&agents, true, &Stop::default(), &|| ())
            .expect("they agree")
            .expect("nobody stops");
        let texts: Vec<String> = rehearsal.answers.iter().map(|&answer| agents.answer_text(answer)).collect();
        assert_eq!(texts, ["1", "2", "1", "4"]);
        assert_eq!(seen.lock().expect("nobody panics")[..8], [0, 1, 2, 3, 2, 0, 1, 3]);
    }

    #[test]
    fn who_asks_to_stop_is_heard_before_the_next_agent() {
        let stop = Stop::default();
        let asked = stop.clone();
        let agents = OwnAgents::new("two", 2, move |agent| {
            assert_eq!(agent, 0, "the second is not begun");
            asked.ask();
        });
        assert_eq!(Rehearsal::new(&agents, true, &stop, &|| ()).expect("nothing is wrong"), None);
    }
}
