//! Agents that compute a given amount and need each other in a given pattern, to find how small dependent
//! agents may get.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use centurion_graph::Graph;
use rand::Rng;

use crate::grain::{kernel, step};
use crate::stream::agent_stream;
use crate::{AgentKind, DependencePattern, Parameter, Workload, WorkloadFamily};

/// About a thousand agents that need each other as a [`DependencePattern`] says.
///
/// Each mixes the answers that it needs into a start of its own, one by one in their order, and does a given
/// number of steps of the kernel of [`Grain`](crate::Grain) from there. So its own answer tells whether it
/// received exactly what it should have: one that is missing, stale, another's or in another's place makes it
/// wrong, and with it all that depends on it. The first time an expected answer is asked for, every agent is
/// run once.
#[derive(Debug, Clone)]
pub struct Pattern {
    dependence: DependencePattern,
    iterations: u64,
    seed: u64,
    graph: Arc<Graph>,
    starts: Vec<u64>,
    answers: OnceLock<Vec<u64>>,
}

impl Pattern {
    /// The agents of a pattern, of `iterations` steps each; 0 steps leave the mixing only.
    pub fn new(dependence: DependencePattern, iterations: u64, seed: u64) -> Self {
        let graph = Arc::new(dependence.graph(seed));
        let starts = graph.tasks().map(|agent| agent_stream(seed, agent).next_u64()).collect();
        Self { dependence, iterations, seed, graph, starts, answers: OnceLock::new() }
    }

    /// Every agent's answer, worked out in the order of their numbers.
    fn answers(&self) -> Vec<u64> {
        let mut answers = Vec::with_capacity(self.agents());
        for agent in self.graph.tasks() {
            let inputs = self.graph.inputs(agent).iter().map(|&input| answers[input as usize]);
            answers.push(self.answer(agent, inputs));
        }
        answers
    }

    fn answer(&self, agent: usize, inputs: impl Iterator<Item = u64>) -> u64 {
        let heard = inputs.fold(self.starts[agent], |state, input| step(state ^ input));
        kernel(heard.max(1), self.iterations)
    }
}

/// Sizes that a bench measures: empty, then a quarter of a microsecond to about 16 in factors of four. A quick one
/// measures every second.
const SIZES: [u64; 5] = [0, 1 << 7, 1 << 9, 1 << 11, 1 << 13];

/// Patterns that a quick bench measures even when they aren't named.
const QUICK: [DependencePattern; 2] = [DependencePattern::Tree, DependencePattern::Stencil];

/// A family for each pattern of dependence.
pub(crate) fn families() -> [WorkloadFamily; DependencePattern::ALL.len()] {
    DependencePattern::ALL.map(|dependence| WorkloadFamily {
        name: dependence.name(),
        summary: dependence.summary(),
        parameters: &[Parameter::Iterations, Parameter::Seed],
        build: Arc::new(move |asked| Ok(Arc::new(Pattern::new(dependence, asked.iterations, asked.seed)))),
        members: |asked, quick| asked.with_iterations(SIZES.into_iter().step_by(if quick { 2 } else { 1 })),
        quick: QUICK.contains(&dependence),
    })
}

impl Workload for Pattern {
    fn name(&self) -> String {
        format!("{}-{}", self.dependence.name(), self.iterations)
    }

    fn family(&self) -> String {
        self.dependence.name().into()
    }

    fn kind(&self) -> AgentKind {
        AgentKind::Computing
    }

    fn agents(&self) -> usize {
        self.graph.len()
    }

    fn run(&self, agent: usize) -> u64 {
        self.run_after(agent, &[])
    }

    fn graph(&self) -> Option<Arc<Graph>> {
        Some(Arc::clone(&self.graph))
    }

    fn run_after(&self, agent: usize, inputs: &[u64]) -> u64 {
        self.answer(agent, inputs.iter().copied())
    }

    fn expected(&self, agent: usize) -> u64 {
        self.answers.get_or_init(|| self.answers())[agent]
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// What an agent receives when all is well.
    fn inputs(pattern: &Pattern, agent: usize) -> Vec<u64> {
        pattern.graph.inputs(agent).iter().map(|&input| pattern.expected(input as usize)).collect()
    }

    #[test]
    fn agents_that_receive_what_they_should_give_their_expected_answers() {
        for dependence in DependencePattern::ALL {
            let pattern = Pattern::new(dependence, 5, 7);
            for agent in 0..pattern.agents() {
                let answer = pattern.run_after(agent, &inputs(&pattern, agent));
                assert_eq!(answer, pattern.expected(agent), "{} {agent}", pattern.name());
            }
        }
    }

    #[test]
    fn any_input_that_is_missing_stale_or_misplaced_makes_a_wrong_answer() {
        for dependence in
            DependencePattern::ALL.into_iter().filter(|&dependence| dependence != DependencePattern::Trivial)
        {
            let (pattern, older) = (Pattern::new(dependence, 2, 7), Pattern::new(dependence, 3, 7));
            for agent in 0..pattern.agents() {
                let right = inputs(&pattern, agent);
                for place in 0..right.len() {
                    let with = |input| {
                        let mut inputs = right.clone();
                        inputs[place] = input;
                        pattern.run_after(agent, &inputs)
                    };
                    let stale = older.expected(pattern.graph.inputs(agent)[place] as usize);
                    assert!([with(0), with(stale)].iter().all(|&wrong| wrong != pattern.expected(agent)));
                }
                if right.len() > 1 {
                    let misplaced: Vec<u64> = right.iter().rev().copied().collect();
                    assert_ne!(pattern.run_after(agent, &misplaced), pattern.expected(agent));
                    assert_ne!(pattern.run_after(agent, &right[1..]), pattern.expected(agent));
                }
            }
        }
    }

    #[test]
    fn every_agent_has_an_answer_of_its_own_and_none_is_zero() {
        for dependence in DependencePattern::ALL {
            let pattern = Pattern::new(dependence, 0, 7);
            let answers: HashSet<u64> = pattern.answers().into_iter().collect();
            assert_eq!(answers.len(), pattern.agents());
            assert!(!answers.contains(&0));
        }
    }

    #[test]
    fn the_answers_stay_the_same() {
        let digest = |dependence| crate::definition(&Pattern::new(dependence, 16, 42));
        assert_eq!(
            DependencePattern::ALL.map(digest),
            [
                "b4853a1038f8557c",
                "f375e9ff39ecabb9",
                "24b95845e69d5e05",
                "b6bd91946e3e23b0",
                "df92c5f1823f7f99",
                "ef664323e76a62a1",
                "f27826cb0b53638f",
                "b868446a85f610ae",
            ]
        );
    }

    #[test]
    fn the_size_is_in_the_name_and_is_the_work() {
        let pattern = Pattern::new(DependencePattern::RandomNearest, 4096, 7);
        assert_eq!(
            (pattern.name().as_str(), pattern.family().as_str()),
            ("random-nearest-4096", "random-nearest")
        );
        assert_eq!(pattern.work(1), Some(4096));
    }
}
