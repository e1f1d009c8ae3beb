//! Coding agents as they are in production: each asks a model, uses a tool, and so on, until its task ends.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use centurion_wait::{Blocking, Running, Wait, block_on};

use crate::error::scale_in_range;
use crate::grain::{spin, step};
use crate::turns::{CodingTask, Ending};
use crate::{AgentKind, Parameter, Parameters, Workload, WorkloadError, WorkloadFamily};

/// Scale where none is given: in real time the longest task takes most of an hour.
const USUAL_SCALE: f64 = 1e-3;
/// Scale in a bench, also in a quick one: at a smaller one timers would be later than most waits are long.
const BENCH_SCALE: f64 = 1e-4;

/// Time limit of limited agents, in medians of a task.
const LIMIT: f64 = 10.0;

const TURNS_BITS: u32 = 16;
const ENDING_BITS: u32 = 2;

/// Agents that each work on a task of many turns: a call of a model, for which they wait, and of a tool, for most of
/// which they wait as well and for the rest of which they compute. A few tasks take most of the time.
///
/// An answer holds how the task ended, in which turn, and a digest of what came of each of them. It does not depend on
/// what the tools compute, of which nobody could check the result without computing as long.
#[derive(Debug, Clone)]
pub struct Llm {
    agents: usize,
    seed: u64,
    scale: f64,
    limit: Option<f64>,
}

impl Llm {
    /// `agents` agents whose tasks take as long as they do in production times `scale`; 1 is real time.
    ///
    /// # Errors
    /// When `scale` is not a number above 0 and up to 100.
    pub fn new(agents: usize, seed: u64, scale: f64) -> Result<Self, WorkloadError> {
        Ok(Self { agents, seed, scale: scale_in_range("llm", scale)?, limit: None })
    }

    /// The same with a time limit of ten medians for a task, which then ends.
    #[must_use]
    pub fn with_limit(self) -> Self {
        Self { limit: Some(LIMIT), ..self }
    }

    /// How long an agent takes by itself, what it computes included as far as can be said beforehand.
    ///
    /// # Panics
    /// When there is no such agent.
    pub fn duration(&self, agent: usize) -> Duration {
        self.task(agent).time()
    }

    fn task(&self, agent: usize) -> CodingTask {
        assert!(agent < self.agents, "there is no agent {agent}");
        CodingTask::draw(self.seed, agent, self.scale, self.limit)
    }
}

/// Agents without a time limit of ours.
pub(crate) fn family() -> WorkloadFamily {
    WorkloadFamily {
        name: "llm",
        summary: "a coding task: calls of a model and of tools, as long as in production times a scale",
        parameters: &[Parameter::Agents, Parameter::Seed, Parameter::Scale],
        build: Arc::new(|asked| Ok(Arc::new(made(asked)?))),
        members: |asked, _| vec![Parameters { scale: Some(BENCH_SCALE), ..asked.clone() }],
        quick: false,
    }
}

/// Agents with a time limit.
pub(crate) fn limited_family() -> WorkloadFamily {
    WorkloadFamily {
        name: "llm-limited",
        summary: "as llm, with a time limit of ten medians for a task",
        build: Arc::new(|asked| Ok(Arc::new(made(asked)?.with_limit()))),
        ..family()
    }
}

fn made(asked: &Parameters) -> Result<Llm, WorkloadError> {
    Llm::new(asked.count(), asked.seed, asked.scale.unwrap_or(USUAL_SCALE))
}

impl Workload for Llm {
    fn name(&self) -> String {
        if self.limit.is_some() { "llm-limited".into() } else { "llm".into() }
    }

    fn is_swept(&self) -> bool {
        false
    }

    fn kind(&self) -> AgentKind {
        AgentKind::Waiting
    }

    fn agents(&self) -> usize {
        self.agents
    }

    fn run(&self, agent: usize) -> u64 {
        block_on(self.start(agent, &[], &Blocking))
    }

    fn start(&self, agent: usize, _: &[u64], wait: &'static dyn Wait) -> Running<u64> {
        let task = self.task(agent);
        Box::pin(async move {
            let mut report = Report::default();
            for turn in &task.turns {
                wait.sleep(turn.model).await;
                black_box(spin(turn.kernel));
                wait.sleep(turn.tool).await;
                report.add(turn.said);
            }
            report.answer(task.ending)
        })
    }

    fn waits(&self, agent: usize) -> Option<Duration> {
        Some(self.task(agent).waits())
    }

    fn expected(&self, agent: usize) -> u64 {
        let task = self.task(agent);
        let mut report = Report::default();
        task.turns.iter().for_each(|turn| report.add(turn.said));
        report.answer(task.ending)
    }

    fn answer_text(&self, answer: u64) -> String {
        let turn = answer >> ENDING_BITS & ((1 << TURNS_BITS) - 1);
        match answer & ((1 << ENDING_BITS) - 1) {
            ending if ending == Ending::Done as u64 => format!("done in turn {turn}"),
            ending if ending == Ending::Failed as u64 => format!("failed in turn {turn}"),
            ending if ending == Ending::OutOfTime as u64 => format!("timed out in turn {turn}"),
            _ => format!("{answer:016x}"),
        }
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("agents".into(), self.agents.to_string()),
            ("scale".into(), self.scale.to_string()),
            ("seed".into(), self.seed.to_string()),
        ])
    }

    /// Steps of the kernel.
    fn work(&self, agent: usize) -> Option<u64> {
        Some(self.task(agent).turns.iter().map(|turn| turn.kernel).sum())
    }
}

/// What an agent tells of its turns.
#[derive(Default)]
struct Report {
    turns: u64,
    digest: u64,
}

impl Report {
    fn add(&mut self, said: u64) {
        self.turns += 1;
        self.digest = step(self.digest ^ said);
    }

    /// From the lowest bits up: how it ended, in which turn, and the digest.
    fn answer(&self, ending: Ending) -> u64 {
        (self.digest << TURNS_BITS | self.turns) << ENDING_BITS | ending as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn llm(agents: usize, scale: f64) -> Llm {
        Llm::new(agents, 42, scale).expect("the scale is in range")
    }

    /// What the longest agent makes of the speedup, however many workers there are.
    fn ceiling(workload: &Llm) -> f64 {
        let times = (0..workload.agents()).map(|agent| workload.duration(agent));
        times.clone().sum::<Duration>().as_secs_f64() / times.max().unwrap_or_default().as_secs_f64()
    }

    #[test]
    fn the_longest_task_keeps_a_hundred_agents_from_going_faster_and_a_time_limit_lifts_that() {
        let (free, limited) = (ceiling(&llm(100, 1.0)), ceiling(&llm(100, 1.0).with_limit()));
        assert_eq!(format!("{free:.1} {limited:.1}"), "5.5 21.7");
    }

    #[test]
    fn every_agent_gives_its_expected_answer() {
        for workload in [llm(20, 1e-7), llm(20, 1e-7).with_limit()] {
            for agent in 0..workload.agents() {
                assert_eq!(workload.run(agent), workload.expected(agent));
            }
        }
    }

    #[test]
    fn an_answer_says_how_the_task_ended() {
        let workload = llm(100, 1.0);
        let texts: Vec<String> =
            (0..100).map(|agent| workload.answer_text(workload.expected(agent))).collect();
        let count = |start: &str| texts.iter().filter(|text| text.starts_with(start)).count();
        assert_eq!([count("done in"), count("failed in"), count("timed out in")], [88, 6, 6]);
        assert!(texts[..20].contains(&"done in turn 1".to_owned()), "{texts:?}");
    }

    #[test]
    fn a_turn_that_is_left_out_changes_the_answer() {
        let said = [3, 4, 5];
        let answer = |said: &[u64]| {
            let mut report = Report::default();
            for said in said {
                report.add(*said);
            }
            report.answer(Ending::Done)
        };
        assert!([&said[1..], &said[..2], &[4, 3, 5]].iter().all(|other| answer(other) != answer(&said)));
    }

    #[test]
    fn an_agent_has_the_same_task_however_many_others_there_are() {
        let (few, many) = (llm(3, 1.0), llm(300, 1.0));
        for agent in 0..3 {
            assert_eq!(few.task(agent), many.task(agent));
        }
    }

    #[test]
    fn agents_wait_for_nearly_all_of_their_time() {
        let workload = llm(100, 1e-3);
        for agent in 0..100 {
            let computing = workload.duration(agent).saturating_sub(workload.waits(agent).expect("it waits"));
            assert!(
                computing.mul_f64(19.0) <= workload.duration(agent),
                "a twentieth of tools' time at most"
            );
        }
    }
}
