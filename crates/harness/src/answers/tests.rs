//! What the answers of executions say of an executor.

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
}

/// An executor that runs the tasks it is told, in that order, in each of its executions.
struct InOrder(Vec<Vec<usize>>, AtomicUsize);

impl InOrder {
    fn new(executions: impl IntoIterator<Item = Vec<usize>>) -> Self {
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
fn check_after(
    workload: impl Workload + 'static,
    executions: impl IntoIterator<Item = Vec<usize>>,
) -> Result<(), String> {
    let (answers, executor) = (Answers::new(Arc::new(workload), &Stop::default()), InOrder::new(executions));
    let count = executor.0.len();
    (0..count).for_each(|_| answers.execute_on(&executor));
    answers.check(count as u64).map_err(|error| error.to_string())
}

fn all(count: usize) -> Vec<usize> {
    (0..count).collect()
}

#[test]
fn right_answers_pass_and_are_forgotten() {
    let answers = Answers::new(Arc::new(Ten { odd: || 4 }), &Stop::default());
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

/// One agent that should answer one thing and answers another.
struct Lone {
    expected: u64,
    answer: u64,
}

impl Workload for Lone {
    fn name(&self) -> String {
        "lone".into()
    }
    fn kind(&self) -> AgentKind {
        AgentKind::Computing
    }
    fn agents(&self) -> usize {
        1
    }
    fn run(&self, _: usize) -> u64 {
        self.answer
    }
    fn expected(&self, _: usize) -> u64 {
        self.expected
    }
    fn agent_name(&self, _: usize) -> String {
        "it".into()
    }
    fn answer_text(&self, answer: u64) -> String {
        answer.to_string()
    }
}

#[test]
fn whatever_the_right_answer_is_a_wrong_one_and_a_missing_one_are_noticed() {
    const HALF: u64 = 1 << 63;
    for (expected, answer) in [(0, 7), (7, 0), (0, HALF), (HALF, 0), (HALF, u64::MAX), (1, HALF + 1)] {
        for executions in 1..=4_usize {
            let run = vec![vec![0]; executions];
            let errors = [
                check_after(Lone { expected, answer }, run.clone()),
                check_after(Lone { expected, answer: expected }, vec![vec![]; executions]),
                check_after(Lone { expected, answer: expected }, vec![vec![0, 0]; executions]),
            ];
            assert!(errors.iter().all(Result::is_err), "{expected} {answer} {executions}: {errors:?}");
            assert_eq!(check_after(Lone { expected, answer: expected }, run), Ok(()));
        }
    }
}

#[test]
fn sums_of_answers_given_elsewhere_are_checked_without_a_division_by_zero() {
    let check = |expected, sums: &[u64]| {
        let lone = Lone { expected, answer: 0 };
        check_sums(&lone, sums, 3).map_err(|error| error.to_string())
    };
    assert_eq!(check(5, &[15]), Ok(()));
    assert_eq!(check(0, &[0]), Ok(()));
    assert_eq!(check(5, &[10]), Err("agent 0 (it) was run 2 times, not 3".into()));
    assert_eq!(check(5, &[0]), Err("agent 0 (it) was never run".into()));
    assert_eq!(check(0, &[1]), Err("agent 0 (it) did not answer 0 in each of 3 runs".into()));
    assert_eq!(check(5, &[]), Err("0 of 1 agents answered".into()));
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
    let error =
        check_after(Pattern::new(DependencePattern::Chain, 2, 1), [swapped]).expect_err("701 came too soon");
    assert!(error.starts_with("agent 701 answered "), "{error}");
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
    assert_eq!(error, Err("agent 5 was never run".into()));
}

#[test]
fn every_executor_hands_every_agent_what_it_needs() {
    for factory in centurion_executors::all() {
        let workers = if factory.workers == Workers::One { 1 } else { 3 };
        let executor = factory.start(&Start::workers(workers)).expect("it starts");
        for shape in DependencePattern::ALL {
            let answers = Answers::new(Arc::new(Pattern::new(shape, 2, 1)), &Stop::default());
            (0..2).for_each(|_| answers.execute_on(&*executor));
            assert_eq!(answers.check(2), Ok(()), "{} on {}", shape.name(), factory.name);
        }
    }
}
