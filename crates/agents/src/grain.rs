//! Agents that compute a given amount, from nothing upwards, to find what running a task costs by itself.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use rand::Rng;

use crate::stream::agent_stream;
use crate::{AgentKind, Parameter, Workload, WorkloadFamily};

/// Multiplier of the kernel, odd so that multiplying loses nothing: 2^64 divided by the golden ratio.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Agents that all do the same number of steps of a calibrated kernel.
///
/// The first time an expected answer is asked for, every agent is run once.
#[derive(Debug, Clone)]
pub struct Grain {
    iterations: u64,
    seed: u64,
    starts: Vec<u64>,
    answers: OnceLock<Vec<u64>>,
}

impl Grain {
    /// `agents` agents of `iterations` steps each; 0 steps is an empty task.
    pub fn new(agents: usize, iterations: u64, seed: u64) -> Self {
        let starts = (0..agents).map(|agent| agent_stream(seed, agent).next_u64().max(1)).collect();
        Self { iterations, seed, starts, answers: OnceLock::new() }
    }
}

/// Sizes that a bench measures: empty, then these powers of two. A quick one measures every third of them.
const POWERS: RangeInclusive<u32> = 5..=20;

/// Agents that all compute the same amount.
pub(crate) fn family() -> WorkloadFamily {
    WorkloadFamily {
        name: "grain",
        summary: "does so many steps of a calibrated kernel",
        parameters: &[Parameter::Agents, Parameter::Iterations, Parameter::Seed],
        build: Arc::new(|asked| Ok(Arc::new(Grain::new(asked.count(), asked.iterations, asked.seed)))),
        members: |asked, quick| {
            let powers = POWERS.step_by(if quick { 3 } else { 1 });
            asked.with_iterations(std::iter::once(0).chain(powers.map(|power| 1 << power)))
        },
        quick: true,
    }
}

impl Workload for Grain {
    fn name(&self) -> String {
        format!("grain-{}", self.iterations)
    }

    fn family(&self) -> String {
        "grain".into()
    }

    fn kind(&self) -> AgentKind {
        AgentKind::Computing
    }

    fn agents(&self) -> usize {
        self.starts.len()
    }

    fn run(&self, agent: usize) -> u64 {
        kernel(self.starts[agent], self.iterations)
    }

    fn expected(&self, agent: usize) -> u64 {
        let answers = || self.starts.iter().map(|&start| kernel(start, self.iterations)).collect();
        self.answers.get_or_init(answers)[agent]
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("agents".into(), self.agents().to_string()),
            ("iterations".into(), self.iterations.to_string()),
            ("seed".into(), self.seed.to_string()),
        ])
    }

    fn work(&self, _agent: usize) -> Option<u64> {
        Some(self.iterations)
    }
}

/// Computes for `steps` steps of the kernel and returns a number that can't be had without them: a calibrated
/// load for whoever needs one.
pub fn spin(steps: u64) -> u64 {
    kernel(1, steps)
}

/// A chain of xorshift-multiply steps, each waiting for the one before (about five cycles).
///
/// A linear congruential step alone would not do: LLVM folds several of them into one. `black_box` hides
/// the start, so that no run can be computed ahead or shared with another. Each step maps 0 to 0 and is a
/// bijection, so a start that is not 0 gives an answer that is not 0.
pub(crate) fn kernel(start: u64, iterations: u64) -> u64 {
    let mut state = black_box(start);
    for _ in 0..iterations {
        state = step(state);
    }
    state
}

/// One step of the kernel.
pub(crate) fn step(state: u64) -> u64 {
    (state ^ (state >> 32)).wrapping_mul(MULTIPLIER)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_kernel_gives_the_values_computed_apart_from_it() {
        assert_eq!(kernel(1, 0), 1);
        assert_eq!(kernel(1, 1), MULTIPLIER);
        assert_eq!(kernel(1, 2), 0xab16_9eb8_05b8_c71c);
        assert_eq!(kernel(1, 1000), 0x359f_a453_6384_5857);
        assert_eq!(kernel(0x0123_4567_89ab_cdef, 100), 0x6dc0_4fec_1cb3_7330);
    }

    #[test]
    fn every_step_changes_the_answer() {
        let states: HashSet<u64> = (0..1000).map(|iterations| kernel(42, iterations)).collect();
        assert_eq!(states.len(), 1000);
        for iterations in 0..64 {
            assert_eq!(kernel(kernel(42, iterations), 1), kernel(42, iterations + 1));
        }
    }

    #[test]
    fn every_agent_has_a_start_and_an_answer_of_its_own() {
        let workload = Grain::new(1000, 3, 7);
        let answers: HashSet<u64> = (0..1000).map(|agent| workload.run(agent)).collect();
        assert_eq!(answers.len(), 1000);
        assert!(!answers.contains(&0));
    }

    #[test]
    fn every_agent_gives_its_expected_answer() {
        for iterations in [0, 1, 17, 4096] {
            let workload = Grain::new(10, iterations, 7);
            for agent in 0..10 {
                assert_eq!(workload.run(agent), workload.expected(agent));
            }
        }
    }

    #[test]
    fn an_empty_task_answers_its_start() {
        let workload = Grain::new(5, 0, 7);
        let answers: Vec<u64> = (0..5).map(|agent| workload.expected(agent)).collect();
        assert_eq!(answers, workload.starts);
    }

    #[test]
    fn the_grain_size_is_in_the_name_and_is_the_work() {
        let workload = Grain::new(2, 4096, 7);
        assert_eq!((workload.name().as_str(), workload.family().as_str()), ("grain-4096", "grain"));
        assert_eq!(workload.work(1), Some(4096));
    }
}
