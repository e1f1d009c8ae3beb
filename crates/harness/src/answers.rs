//! Collecting answers at the price of a load and a store, and checking every one of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use centurion_agents::Workload;
use centurion_executors::{Bag, Executor, Flow};
use smallvec::SmallVec;

/// Inputs of an agent that are gathered without allocating.
const FEW: usize = 32;

/// A workload as something to execute, whose answers are kept.
///
/// Each agent has a sum to which every run adds the answer. Answers are never 0, so after `n` executions a
/// sum differs from `n` times the right answer if a run was left out, made twice or wrong. Adding is a
/// relaxed load and store, no locked instruction: two runs of one agent never overlap unless the executor is
/// broken, and then the sum is wrong whichever of them wins.
///
/// Where agents need each other's answers, the latest of each is kept as well, and handed to those who need
/// it as it stands when they begin: 0 if there is none yet. Nothing but the executor sees to it that it is
/// there.
pub struct Answers {
    workload: Arc<dyn Workload>,
    sums: Arc<[AtomicU64]>,
    tasks: Tasks,
}

/// What an executor is handed.
enum Tasks {
    Bag(Bag),
    /// With the latest answer of each agent.
    Flow(Flow, Arc<[AtomicU64]>),
}

impl Answers {
    /// The agents of a workload, with no answers yet.
    pub fn of(workload: Arc<dyn Workload>) -> Self {
        let sums = zeros(workload.agents());
        let (agents, kept) = (Arc::clone(&workload), Arc::clone(&sums));
        let tasks = match workload.graph() {
            None => {
                Tasks::Bag(Bag::new(workload.agents(), move |agent| add(&kept[agent], agents.run(agent))))
            }
            Some(graph) => {
                let latest = zeros(workload.agents());
                let (needs, said) = (Arc::clone(&graph), Arc::clone(&latest));
                let flow = Flow::new(graph, move |agent| {
                    let inputs =
                        needs.inputs(agent).iter().map(|&input| said[input as usize].load(Ordering::Relaxed));
                    let answer = agents.run_after(agent, &inputs.collect::<SmallVec<[u64; FEW]>>());
                    said[agent].store(answer, Ordering::Relaxed);
                    add(&kept[agent], answer);
                });
                Tasks::Flow(flow, latest)
            }
        };
        Self { workload, sums, tasks }
    }

    /// Has an executor run every agent once. Where they need each other's answers, those of the execution
    /// before are forgotten first, so that none of them passes for one of this.
    pub fn execute_on(&self, executor: &dyn Executor) {
        match &self.tasks {
            Tasks::Bag(bag) => executor.execute(bag),
            Tasks::Flow(flow, latest) => {
                forget(latest);
                executor.execute_flow(flow);
            }
        }
    }

    /// Runs every agent once on this thread, in the order of their numbers.
    pub fn execute_here(&self) {
        match &self.tasks {
            Tasks::Bag(bag) => bag.run_range(0..bag.len()),
            Tasks::Flow(flow, latest) => {
                forget(latest);
                flow.run_range(0..flow.len());
            }
        }
    }

    /// Takes the sums of answers that were given elsewhere.
    ///
    /// # Errors
    /// When there is not one for each agent.
    pub(crate) fn add(&self, sums: &[u64]) -> Result<(), String> {
        if sums.len() != self.sums.len() {
            return Err(format!("{} of {} agents answered", sums.len(), self.sums.len()));
        }
        self.sums.iter().zip(sums).for_each(|(kept, &sum)| add(kept, sum));
        Ok(())
    }

    /// Names the first agent that panicked, if any has.
    ///
    /// # Errors
    /// With its message.
    pub fn check_panics(&self) -> Result<(), String> {
        let panics = match &self.tasks {
            Tasks::Bag(bag) => bag.panics(),
            Tasks::Flow(flow, _) => flow.panics(),
        };
        match panics.into_iter().next() {
            Some((agent, panic)) => {
                Err(format!("agent {agent} ({}) {panic}", self.workload.agent_name(agent)))
            }
            None => Ok(()),
        }
    }

    /// Checks every answer of `executions` executions since the last check.
    ///
    /// # Errors
    /// Names the first agent that panicked or whose answers are not right.
    pub fn check(&self, executions: u64) -> Result<(), String> {
        self.check_panics()?;
        for (agent, sum) in self.sums.iter().enumerate() {
            let (expected, sum) = (self.workload.expected(agent), sum.swap(0, Ordering::Relaxed));
            if sum != expected.wrapping_mul(executions) {
                return Err(self.describe(agent, expected, sum, executions));
            }
        }
        Ok(())
    }

    fn describe(&self, agent: usize, expected: u64, sum: u64, executions: u64) -> String {
        let name = self.workload.agent_name(agent);
        let expected_text = self.workload.answer_text(expected);
        match (sum, executions) {
            (0, _) => format!("agent {agent} ({name}) was never run"),
            (sum, _) if sum % expected == 0 => {
                format!("agent {agent} ({name}) was run {} times, not {executions}", sum / expected)
            }
            (sum, 1) => format!(
                "agent {agent} ({name}) answered {}, not {expected_text}",
                self.workload.answer_text(sum)
            ),
            _ => {
                format!("agent {agent} ({name}) did not answer {expected_text} in each of {executions} runs")
            }
        }
    }
}

fn zeros(count: usize) -> Arc<[AtomicU64]> {
    (0..count).map(|_| AtomicU64::new(0)).collect()
}

fn add(sum: &AtomicU64, answer: u64) {
    sum.store(sum.load(Ordering::Relaxed).wrapping_add(answer), Ordering::Relaxed);
}

fn forget(latest: &[AtomicU64]) {
    for answer in latest {
        answer.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::AtomicUsize;

    use centurion_agents::{AgentKind, DependencePattern, Pattern};
    use centurion_executors::{Start, Workers};

    use super::*;

    /// Ten agents; agent 3 does what `odd` says.
    pub(crate) struct Ten {
        pub(crate) odd: fn() -> u64,
    }

    impl Workload for Ten {
        fn name(&self) -> String {
            "ten".into()
        }
        fn family(&self) -> &'static str {
            "ten"
        }
        fn kind(&self) -> AgentKind {
            AgentKind::Computing
        }
        fn agents(&self) -> usize {
            10
        }
        fn run(&self, agent: usize) -> u64 {
            if agent == 3 { (self.odd)() } else { agent as u64 + 1 }
        }
        fn expected(&self, agent: usize) -> u64 {
            agent as u64 + 1
        }
        fn agent_name(&self, agent: usize) -> String {
            format!("number {agent}")
        }
        fn answer_text(&self, answer: u64) -> String {
            answer.to_string()
        }
        fn parameters(&self) -> BTreeMap<String, String> {
            BTreeMap::new()
        }
        fn work(&self, _: usize) -> Option<u64> {
            None
        }
    }

    /// An executor that runs the tasks it is told, in that order, in each of its executions.
    struct InOrder(Vec<Vec<usize>>, AtomicUsize);

    impl InOrder {
        fn of(executions: impl IntoIterator<Item = Vec<usize>>) -> Self {
            Self(executions.into_iter().collect(), AtomicUsize::new(0))
        }

        fn tasks(&self) -> &[usize] {
            &self.0[self.1.fetch_add(1, Ordering::Relaxed)]
        }
    }

    impl Executor for InOrder {
        fn workers(&self) -> usize {
            1
        }
        fn execute(&self, bag: &Bag) {
            self.tasks().iter().for_each(|&task| bag.run(task));
        }
        fn execute_flow(&self, flow: &Flow) {
            self.tasks().iter().for_each(|&task| flow.run(task));
        }
    }

    /// What the check says after executions that run these agents in this order.
    fn check_after<const N: usize>(
        workload: impl Workload + 'static,
        executions: [Vec<usize>; N],
    ) -> Result<(), String> {
        let (answers, executor) = (Answers::of(Arc::new(workload)), InOrder::of(executions));
        (0..N).for_each(|_| answers.execute_on(&executor));
        answers.check(N as u64)
    }

    fn all(count: usize) -> Vec<usize> {
        (0..count).collect()
    }

    #[test]
    fn right_answers_pass_and_are_forgotten() {
        let answers = Answers::of(Arc::new(Ten { odd: || 4 }));
        for _ in 0..2 {
            answers.execute_here();
            assert_eq!(answers.check(1), Ok(()));
        }
    }

    #[test]
    fn a_wrong_answer_is_named() {
        let error = check_after(Ten { odd: || 7 }, [all(10)]);
        assert_eq!(error, Err("agent 3 (number 3) answered 7, not 4".into()));
    }

    #[test]
    fn one_wrong_answer_among_many_runs_is_noticed() {
        let error = check_after(Ten { odd: || 5 }, [(); 5].map(|()| all(10)));
        assert_eq!(error, Err("agent 3 (number 3) did not answer 4 in each of 5 runs".into()));
    }

    #[test]
    fn a_run_left_out_or_made_twice_is_noticed() {
        let skipped = check_after(Ten { odd: || 4 }, [(1..10).collect()]);
        assert_eq!(skipped, Err("agent 0 (number 0) was never run".into()));
        let twice = check_after(Ten { odd: || 4 }, [(0..10).chain([5]).collect()]);
        assert_eq!(twice, Err("agent 5 (number 5) was run 2 times, not 1".into()));
    }

    #[test]
    fn a_panicking_agent_is_named_with_its_message() {
        let odd = || std::panic::resume_unwind(Box::new("lost its way"));
        let error = check_after(Ten { odd }, [all(10)]);
        assert_eq!(error, Err("agent 3 (number 3) panicked: lost its way".into()));
    }

    #[test]
    fn agents_that_need_each_other_receive_the_answers_of_the_execution() {
        for shape in DependencePattern::ALL {
            let pattern = Pattern::new(shape, 2, 1);
            let agents = pattern.agents();
            assert_eq!(check_after(pattern, [(); 3].map(|()| all(agents))), Ok(()), "{}", shape.name());
        }
    }

    #[test]
    fn an_agent_that_runs_before_its_inputs_is_found_out() {
        for shape in DependencePattern::ALL.into_iter().filter(|&shape| shape != DependencePattern::Trivial) {
            let pattern = Pattern::new(shape, 2, 1);
            let backwards = all(pattern.agents()).into_iter().rev().collect();
            let error = check_after(pattern, [backwards]).expect_err("no input was there");
            assert!(error.contains(" answered "), "{error}");
        }
    }

    #[test]
    fn the_first_agent_that_received_something_wrong_is_the_one_named() {
        let mut swapped = all(1_024);
        swapped.swap(700, 701);
        let error = check_after(Pattern::new(DependencePattern::Chain, 2, 1), [swapped])
            .expect_err("701 came too soon");
        assert!(error.starts_with("agent 701 (agent 701) answered "), "{error}");
    }

    #[test]
    fn an_answer_of_the_execution_before_does_not_pass_for_one_of_this() {
        let backwards = all(1_024).into_iter().rev().collect();
        let error = check_after(Pattern::new(DependencePattern::Stencil, 2, 1), [all(1_024), backwards]);
        assert!(error.is_err_and(|error| error.contains("in each of 2 runs")));
    }

    #[test]
    fn an_agent_left_out_is_named_before_those_who_missed_it() {
        let without_five = all(1_024).into_iter().filter(|&agent| agent != 5).collect();
        let error = check_after(Pattern::new(DependencePattern::Chain, 2, 1), [without_five]);
        assert_eq!(error, Err("agent 5 (agent 5) was never run".into()));
    }

    #[test]
    fn every_executor_hands_every_agent_what_it_needs() {
        for factory in centurion_executors::all() {
            let workers = if factory.workers == Workers::One { 1 } else { 3 };
            let executor = factory.start(&Start::workers(workers)).expect("it starts");
            for shape in DependencePattern::ALL {
                let answers = Answers::of(Arc::new(Pattern::new(shape, 2, 1)));
                (0..2).for_each(|_| answers.execute_on(&*executor));
                assert_eq!(answers.check(2), Ok(()), "{} on {}", shape.name(), factory.name);
            }
        }
    }
}
