//! Collecting answers at the price of a load and a store, and checking every one of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use centurion_agents::Workload;
use centurion_executors::Bag;

/// A workload as a bag whose answers are kept.
///
/// Each agent has a sum to which every run adds the answer. Answers are never 0, so after `n` executions
/// of the bag a sum differs from `n` times the right answer if a run was left out, made twice or wrong.
/// Adding is a relaxed load and store, no locked instruction: two runs of one agent never overlap unless
/// the executor is broken, and then the sum is wrong whichever of them wins.
pub struct Answers {
    workload: Arc<dyn Workload>,
    sums: Arc<[AtomicU64]>,
    bag: Bag,
}

impl Answers {
    /// The bag of a workload, with no answers yet.
    pub fn of(workload: Arc<dyn Workload>) -> Self {
        let sums: Arc<[AtomicU64]> = (0..workload.agents()).map(|_| AtomicU64::new(0)).collect();
        let (agents, kept) = (Arc::clone(&workload), Arc::clone(&sums));
        let bag = Bag::new(workload.agents(), move |agent| {
            let answer = agents.run(agent);
            let sum = &kept[agent];
            sum.store(sum.load(Ordering::Relaxed).wrapping_add(answer), Ordering::Relaxed);
        });
        Self { workload, sums, bag }
    }

    /// What to hand to an executor.
    pub fn bag(&self) -> &Bag {
        &self.bag
    }

    /// Checks every answer of `executions` executions of the bag since the last check.
    ///
    /// # Errors
    /// Names the first agent that panicked or whose answers are not right.
    pub fn check(&self, executions: u64) -> Result<(), String> {
        if let Some((agent, panic)) = self.bag.panics().into_iter().next() {
            return Err(format!("agent {agent} ({}) {panic}", self.workload.agent_name(agent)));
        }
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

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use centurion_agents::Kind;

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
        fn kind(&self) -> Kind {
            Kind::Computing
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

    fn check_after(odd: fn() -> u64, run: impl Fn(&Bag), executions: u64) -> Result<(), String> {
        let answers = Answers::of(Arc::new(Ten { odd }));
        run(answers.bag());
        answers.check(executions)
    }

    #[test]
    fn right_answers_pass_and_are_forgotten() {
        let answers = Answers::of(Arc::new(Ten { odd: || 4 }));
        for _ in 0..2 {
            answers.bag().run_range(0..10);
            assert_eq!(answers.check(1), Ok(()));
        }
    }

    #[test]
    fn a_wrong_answer_is_named() {
        let error = check_after(|| 7, |bag| bag.run_range(0..10), 1);
        assert_eq!(error, Err("agent 3 (number 3) answered 7, not 4".into()));
    }

    #[test]
    fn one_wrong_answer_among_many_runs_is_noticed() {
        let run = |bag: &Bag| (0..5).for_each(|_| bag.run_range(0..10));
        let error = check_after(|| 5, run, 5);
        assert_eq!(error, Err("agent 3 (number 3) did not answer 4 in each of 5 runs".into()));
    }

    #[test]
    fn a_run_left_out_or_made_twice_is_noticed() {
        let skipped = check_after(|| 4, |bag| bag.run_range(1..10), 1);
        assert_eq!(skipped, Err("agent 0 (number 0) was never run".into()));
        let run_twice = |bag: &Bag| {
            bag.run_range(0..10);
            bag.run(5);
        };
        assert_eq!(check_after(|| 4, run_twice, 1), Err("agent 5 (number 5) was run 2 times, not 1".into()));
    }

    #[test]
    fn a_panicking_agent_is_named_with_its_message() {
        let odd = || std::panic::resume_unwind(Box::new("lost its way"));
        let error = check_after(odd, |bag| bag.run_range(0..10), 1);
        assert_eq!(error, Err("agent 3 (number 3) panicked: lost its way".into()));
    }
}
