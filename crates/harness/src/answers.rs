//! Collecting answers at the price of a comparison, a load and a store, and checking every one of them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use centurion_agents::{AgentKind, Workload};
use centurion_executors::{Bag, Executor, Flow, Refusal};
use centurion_graph::Graph;
use smallvec::SmallVec;

use crate::error::AnswerError;
use crate::testbed::Stop;

/// Inputs of an agent that are gathered without allocating.
const FEW: usize = 32;

/// A workload as something to execute, whose answers are checked as they come.
///
/// Each agent has a count of its right answers; the first wrong one is kept. After `n` executions a count differs
/// from `n` if a run was left out, made twice or wrong, whatever the answer is. Counting is a relaxed load and store,
/// no locked instruction: two runs of one agent never overlap unless the executor is broken.
///
/// Where agents need each other's answers, the latest of each is kept as well, and handed to those who need
/// it as it stands when they begin: 0 if there is none yet. Nothing but the executor sees to it that it is
/// there.
pub(crate) struct Answers {
    workload: Arc<dyn Workload>,
    counts: Arc<AnswerCounts>,
    tasks: Tasks,
}

/// What an executor is handed.
enum Tasks {
    Bag(Bag),
    /// With the latest answer of each agent.
    Flow(Flow, Arc<[AtomicU64]>),
}

/// How often each agent was right.
struct AnswerCounts {
    agents: Vec<Count>,
    /// The first wrong answer of agents that gave one.
    wrong: Mutex<BTreeMap<usize, u64>>,
}

struct Count {
    expected: u64,
    right: AtomicU64,
}

impl AnswerCounts {
    fn new(workload: &dyn Workload) -> Self {
        let count = |agent| Count { expected: workload.expected(agent), right: AtomicU64::new(0) };
        Self { agents: (0..workload.agents()).map(count).collect(), wrong: Mutex::default() }
    }

    fn add(&self, agent: usize, answer: u64) {
        let count = &self.agents[agent];
        if answer == count.expected {
            count.right.store(count.right.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        } else {
            self.add_wrong(agent, answer);
        }
    }

    #[cold]
    fn add_wrong(&self, agent: usize, answer: u64) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).entry(agent).or_insert(answer);
    }
}

impl Tasks {
    fn with_waiting_bag(workload: &Arc<dyn Workload>, counts: &Arc<AnswerCounts>, stop: Stop) -> Self {
        let shared = Arc::new((Arc::clone(workload), Arc::clone(counts), stop));
        Self::Bag(Bag::waiting(workload.agents(), move |agent, wait| {
            let shared = Arc::clone(&shared);
            async move {
                let (agents, counts, stop) = &*shared;
                if !stop.is_asked() {
                    counts.add(agent, agents.start(agent, &[], wait).await);
                }
            }
        }))
    }

    fn with_bag(workload: &Arc<dyn Workload>, counts: &Arc<AnswerCounts>, stop: Stop) -> Self {
        let (agents, counts) = (Arc::clone(workload), Arc::clone(counts));
        Self::Bag(Bag::new(workload.agents(), move |agent| {
            if !stop.is_asked() {
                counts.add(agent, agents.run(agent));
            }
        }))
    }

    fn with_flow(
        graph: Arc<Graph>,
        workload: &Arc<dyn Workload>,
        counts: &Arc<AnswerCounts>,
        stop: Stop,
    ) -> Self {
        let (agents, counts, needs) = (Arc::clone(workload), Arc::clone(counts), Arc::clone(&graph));
        let latest: Arc<[AtomicU64]> = (0..workload.agents()).map(|_| AtomicU64::new(0)).collect();
        let said = Arc::clone(&latest);
        let flow = Flow::new(graph, move |agent| {
            if stop.is_asked() {
                return;
            }
            let answer = agents.run_after(agent, &heard(&needs, &said, agent));
            said[agent].store(answer, Ordering::Relaxed);
            counts.add(agent, answer);
        });
        Self::Flow(flow, latest)
    }

    fn with_waiting_flow(
        graph: Arc<Graph>,
        workload: &Arc<dyn Workload>,
        counts: &Arc<AnswerCounts>,
        stop: Stop,
    ) -> Self {
        let latest: Arc<[AtomicU64]> = (0..workload.agents()).map(|_| AtomicU64::new(0)).collect();
        let (needs, said) = (Arc::clone(&graph), Arc::clone(&latest));
        let shared = Arc::new((Arc::clone(workload), Arc::clone(counts), stop));
        let flow = Flow::waiting(graph, move |agent, wait| {
            let (shared, needs, said) = (Arc::clone(&shared), Arc::clone(&needs), Arc::clone(&said));
            async move {
                let (agents, counts, stop) = &*shared;
                if stop.is_asked() {
                    return;
                }
                let answer = agents.start(agent, &heard(&needs, &said, agent), wait).await;
                said[agent].store(answer, Ordering::Relaxed);
                counts.add(agent, answer);
            }
        });
        Self::Flow(flow, latest)
    }
}

/// The latest answers of an agent's inputs.
fn heard(needs: &Graph, latest: &[AtomicU64], agent: usize) -> SmallVec<[u64; FEW]> {
    needs.inputs(agent).iter().map(|&input| latest[input as usize].load(Ordering::Relaxed)).collect()
}

impl Answers {
    /// The agents of a workload, with no answers yet. Once somebody asks to stop they do nothing any more.
    pub(crate) fn new(workload: Arc<dyn Workload>, stop: &Stop) -> Self {
        let counts = Arc::new(AnswerCounts::new(&*workload));
        let tasks = match (workload.graph(), workload.kind()) {
            (None, AgentKind::Computing) => Tasks::with_bag(&workload, &counts, stop.clone()),
            (None, AgentKind::Waiting) => Tasks::with_waiting_bag(&workload, &counts, stop.clone()),
            (Some(graph), AgentKind::Computing) => Tasks::with_flow(graph, &workload, &counts, stop.clone()),
            (Some(graph), AgentKind::Waiting) => {
                Tasks::with_waiting_flow(graph, &workload, &counts, stop.clone())
            }
        };
        Self { workload, counts, tasks }
    }

    /// Has an executor run every agent once. Where they need each other's answers, those of the execution
    /// before are forgotten first, so that none of them passes for one of this.
    pub(crate) fn execute_on(&self, executor: &dyn Executor) {
        match &self.tasks {
            Tasks::Bag(bag) => executor.execute(bag),
            Tasks::Flow(flow, latest) => {
                forget(latest);
                executor.execute_flow(flow);
            }
        }
        self.workload.end_execution();
    }

    /// Runs every agent once on this thread, in the order of their numbers.
    pub(crate) fn execute_here(&self) {
        match &self.tasks {
            Tasks::Bag(bag) => bag.run_range(0..bag.len()),
            Tasks::Flow(flow, latest) => {
                forget(latest);
                flow.run_range(0..flow.len());
            }
        }
        self.workload.end_execution();
    }

    /// Looks whether the executor had all its threads since this was last asked.
    ///
    /// # Errors
    /// When the system refused it some.
    pub(crate) fn check_threads(&self) -> Result<(), Refusal> {
        let refusal = match &self.tasks {
            Tasks::Bag(bag) => bag.take_refusal(),
            Tasks::Flow(flow, _) => flow.take_refusal(),
        };
        refusal.map_or(Ok(()), Err)
    }

    /// Names the first agent that panicked, if any has.
    ///
    /// # Errors
    /// With its message.
    pub(crate) fn check_panics(&self) -> Result<(), AnswerError> {
        let panics = match &self.tasks {
            Tasks::Bag(bag) => bag.panics(),
            Tasks::Flow(flow, _) => flow.panics(),
        };
        panics.into_iter().next().map_or(Ok(()), |(agent, panic)| {
            let (name, message) = (self.workload.agent_name(agent), panic.message);
            Err(if self.workload.are_processes() {
                AnswerError::Failed { agent, name, message }
            } else {
                AnswerError::Panicked { agent, name, message }
            })
        })
    }

    /// Checks every answer of `executions` executions since the last check.
    ///
    /// # Errors
    /// Names the first agent that panicked or whose answers are not right.
    pub(crate) fn check(&self, executions: u64) -> Result<(), AnswerError> {
        self.check_panics()?;
        let wrong = std::mem::take(&mut *self.counts.wrong.lock().unwrap_or_else(PoisonError::into_inner));
        for (agent, count) in self.counts.agents.iter().enumerate() {
            let runs = count.right.swap(0, Ordering::Relaxed);
            if let Some(&answer) = wrong.get(&agent) {
                return Err(wrong_answer(&*self.workload, agent, answer, executions));
            }
            if runs != executions {
                return Err(wrong_count(&*self.workload, agent, runs, executions));
            }
        }
        Ok(())
    }
}

/// Checks answers that were given elsewhere, of which only the sum over `executions` executions is known, wrapping.
///
/// # Errors
/// Names the first agent whose sum is not right.
pub(crate) fn check_sums(workload: &dyn Workload, sums: &[u64], executions: u64) -> Result<(), AnswerError> {
    let agents = workload.agents();
    if sums.len() != agents {
        return Err(AnswerError::Missing { answered: sums.len(), agents });
    }
    let is_wrong = |agent: &usize| sums[*agent] != workload.expected(*agent).wrapping_mul(executions);
    let wrong = (0..agents).find(is_wrong);
    wrong.map_or(Ok(()), |agent| Err(wrong_sum(workload, agent, sums[agent], executions)))
}

fn wrong_sum(workload: &dyn Workload, agent: usize, sum: u64, executions: u64) -> AnswerError {
    match sum.checked_rem(workload.expected(agent)) {
        _ if sum == 0 => wrong_count(workload, agent, 0, executions),
        Some(0) => wrong_count(workload, agent, sum / workload.expected(agent), executions),
        _ => wrong_answer(workload, agent, sum, executions),
    }
}

fn wrong_answer(workload: &dyn Workload, agent: usize, answer: u64, executions: u64) -> AnswerError {
    let (name, expected) = (workload.agent_name(agent), workload.answer_text(workload.expected(agent)));
    match executions {
        1 => AnswerError::Wrong { agent, name, answer: workload.answer_text(answer), expected },
        _ => AnswerError::OnceWrong { agent, name, expected, executions },
    }
}

fn wrong_count(workload: &dyn Workload, agent: usize, runs: u64, executions: u64) -> AnswerError {
    let name = workload.agent_name(agent);
    match runs {
        0 => AnswerError::NeverRun { agent, name },
        runs => AnswerError::Count { agent, name, runs, executions },
    }
}

fn forget(latest: &[AtomicU64]) {
    for answer in latest {
        answer.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
pub(crate) mod tests;
