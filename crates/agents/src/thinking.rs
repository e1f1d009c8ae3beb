//! Agents that wait: the original challenge of a hundred agents "thinking" for about a second each.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use centurion_wait::{Blocking, Running, Wait, block_on};
use rand::{Rng, RngExt};

use crate::error::scale_in_range;
use crate::stream::agent_stream;
use crate::{AgentKind, Parameter, Parameters, Workload, WorkloadError, WorkloadFamily};

/// How long an agent thinks in real time, in seconds, drawn uniformly.
const SECONDS: Range<f64> = 0.5..1.5;

/// Agents that sleep, each for a time of its own.
#[derive(Debug, Clone)]
pub struct Thinking {
    seed: u64,
    scale: f64,
    thoughts: Vec<Thought>,
}

/// What one agent draws from its stream: first how long it sleeps, then what it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Thought {
    duration: Duration,
    answer: u64,
}

impl Thinking {
    /// `agents` agents that sleep 0.5 s to 1.5 s times `scale`, uniformly drawn; 1 is real time.
    ///
    /// # Errors
    /// When `scale` is not a number above 0 and up to 100.
    pub fn new(agents: usize, seed: u64, scale: f64) -> Result<Self, WorkloadError> {
        let scale = scale_in_range("thinking", scale)?;
        let thoughts = (0..agents).map(|agent| think(seed, agent, scale)).collect();
        Ok(Self { seed, scale, thoughts })
    }

    /// How long an agent sleeps.
    ///
    /// # Panics
    /// When there is no such agent.
    pub fn duration(&self, agent: usize) -> Duration {
        self.thoughts[agent].duration
    }
}

/// Scale in a bench, also in a quick one: at a smaller one the birth of threads would take most of the time.
const BENCH_SCALE: f64 = 0.005;

/// Agents that wait.
pub(crate) fn family() -> WorkloadFamily {
    WorkloadFamily {
        name: "thinking",
        summary: "sleeps 0.5 to 1.5 s times a scale",
        parameters: &[Parameter::Agents, Parameter::Seed, Parameter::Scale],
        build: Arc::new(|asked| {
            Ok(Arc::new(Thinking::new(asked.count(), asked.seed, asked.scale.unwrap_or(1.0))?))
        }),
        members: |asked, _| vec![Parameters { scale: Some(BENCH_SCALE), ..asked.clone() }],
        quick: true,
    }
}

impl Workload for Thinking {
    fn name(&self) -> String {
        "thinking".into()
    }

    fn kind(&self) -> AgentKind {
        AgentKind::Waiting
    }

    fn agents(&self) -> usize {
        self.thoughts.len()
    }

    fn run(&self, agent: usize) -> u64 {
        block_on(self.start(agent, &[], &Blocking))
    }

    fn start(&self, agent: usize, _: &[u64], wait: &'static dyn Wait) -> Running<u64> {
        assert!(agent < self.agents(), "there is no agent {agent}");
        let thought = think(self.seed, agent, self.scale);
        Box::pin(async move {
            wait.sleep(thought.duration).await;
            thought.answer
        })
    }

    fn waits(&self, agent: usize) -> Option<Duration> {
        Some(self.duration(agent))
    }

    fn expected(&self, agent: usize) -> u64 {
        self.thoughts[agent].answer
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("agents".into(), self.agents().to_string()),
            ("scale".into(), self.scale.to_string()),
            ("seed".into(), self.seed.to_string()),
        ])
    }
}

fn think(seed: u64, agent: usize, scale: f64) -> Thought {
    let mut stream = agent_stream(seed, agent);
    let seconds = stream.random_range(SECONDS) * scale;
    Thought { duration: Duration::from_secs_f64(seconds), answer: stream.next_u64().max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thinking(agents: usize, scale: f64) -> Thinking {
        Thinking::new(agents, 7, scale).expect("the scale is in range")
    }

    #[test]
    fn the_draws_stay_the_same_when_rand_changes() {
        let workload = thinking(4, 1.0);
        let nanos: Vec<u128> = (0..4).map(|agent| workload.duration(agent).as_nanos()).collect();
        assert_eq!(nanos, [657_796_097, 1_492_108_775, 800_128_381, 681_541_864]);
        let answers: Vec<u64> = (0..4).map(|agent| workload.expected(agent)).collect();
        assert_eq!(
            answers,
            [0x2b01_59d3_2e9b_293a, 0x0251_3177_1b7a_4e55, 0x60a6_c8a7_4d5f_f2f0, 0x17c5_f5ae_85a9_2d4e]
        );
    }

    #[test]
    fn a_hundred_thoughts_last_half_a_second_to_one_and_a_half_each_and_about_a_hundred_together() {
        let workload = thinking(100, 1.0);
        let seconds: Vec<f64> = (0..100).map(|agent| workload.duration(agent).as_secs_f64()).collect();
        assert!(seconds.iter().all(|second| (0.5..1.5).contains(second)), "{seconds:?}");
        // The standard deviation of the sum is sqrt(100 / 12) = 2.9 s: this is within four of them.
        let sum: f64 = seconds.iter().sum();
        assert!((88.5..111.5).contains(&sum), "{sum}");
    }

    #[test]
    fn the_scale_multiplies_every_sleep_and_leaves_the_answers() {
        let (real, hundredth) = (thinking(50, 1.0), thinking(50, 0.01));
        for agent in 0..50 {
            let scaled = real.duration(agent).as_secs_f64() / 100.0;
            assert!((hundredth.duration(agent).as_secs_f64() - scaled).abs() < 2e-9);
            assert_eq!(hundredth.expected(agent), real.expected(agent));
        }
    }

    #[test]
    fn an_agent_thinks_the_same_however_many_others_there_are() {
        let (few, many) = (thinking(3, 1.0), thinking(300, 1.0));
        assert_eq!(few.thoughts[..], many.thoughts[..3]);
    }

    #[test]
    fn another_seed_is_another_workload() {
        let other = Thinking::new(2, 8, 1.0).expect("the scale is in range");
        assert_ne!(other.thoughts, thinking(2, 1.0).thoughts);
    }

    #[test]
    fn every_agent_gives_its_expected_answer_and_none_is_zero() {
        let workload = thinking(20, 1e-6);
        for agent in 0..workload.agents() {
            assert_eq!(workload.run(agent), workload.expected(agent));
            assert_ne!(workload.expected(agent), 0);
        }
    }

    #[test]
    fn no_agents_is_a_workload_too() {
        assert_eq!(thinking(0, 1.0).agents(), 0);
    }

    #[test]
    #[should_panic(expected = "there is no agent 2")]
    fn an_agent_beyond_the_last_panics() {
        thinking(2, 1e-6).run(2);
    }

    #[test]
    fn a_scale_that_makes_no_sleeps_is_refused() {
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 100.1] {
            let error = Thinking::new(1, 7, scale).expect_err("the scale is out of range");
            assert_eq!(
                error.to_string(),
                format!(
                    "make the workload `thinking`: its scale is {scale}, expected a number above 0 and up to 100; \
                     1 is real time, try 0.01"
                )
            );
        }
        assert!(Thinking::new(1, 7, 100.0).is_ok());
    }
}
