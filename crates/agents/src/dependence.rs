//! The patterns in which agents need each other, after the dependence patterns of Task Bench.

use centurion_graph::Graph;
use rand::RngExt;

use crate::stream::agent_stream;

/// Agents side by side in a step of a grid.
const WIDTH: usize = 32;
/// Steps of a grid.
const STEPS: usize = 32;
/// Agents of the binary tree: ten full levels.
const TREE: usize = 1_023;
/// How often the fan opens and closes.
const FANS: usize = 31;
/// How far to either side [`DependencePattern::RandomNearest`] may reach, and the probability that it does.
const REACH: usize = 2;
const CHANCE: f64 = 0.25;

/// A way in which agents need each other.
///
/// All but the chain, the tree and the fan are grids of 32 agents by 32 steps, whose agents need answers of
/// the step before. They are the patterns of Slaughter et al., *Task Bench: A Parameterized Benchmark for
/// Evaluating Parallel Runtime Performance* (SC20), where an agent is written (step *t*, place *i*);
/// deviations are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependencePattern {
    /// No agent needs another: Task Bench's `trivial`. 1,024 agents.
    Trivial,
    /// (t, i) needs (t − 1, i): 32 chains side by side, Task Bench's `no_comm`.
    NoCommunication,
    /// Each of 1,024 agents needs the one before: Task Bench's `no_comm` one agent wide. Nothing runs at
    /// once.
    Chain,
    /// A binary tree that opens from its root: agent *k* needs agent ⌊(k − 1)/2⌋, 1,023 agents on ten levels.
    /// Task Bench's `tree` opens in the same way, but stops at the width of its grid.
    Tree,
    /// One agent, 32 that need it, one that needs those 32, and so on, 31 times: fork and join, 1,023 agents.
    /// Not one of Task Bench's, whose nearest is `all_to_all`.
    Fan,
    /// (t, i) needs (t − 1, i − 1), (t − 1, i) and (t − 1, i + 1), where they are there: Task Bench's
    /// `stencil_1d`.
    Stencil,
    /// (t, i) needs (t − 1, i − d), (t − 1, i) and (t − 1, i + d), where they are there, with *d* running
    /// through 1, 2, 4, 8, 16 from step to step: Task Bench's `fft`.
    Butterfly,
    /// (t, i) needs (t − 1, i), and each of the four nearest agents of that step with a probability of a
    /// quarter, drawn anew for each agent: Task Bench's `random_nearest` with a radix of 5.
    RandomNearest,
}

impl DependencePattern {
    /// Every pattern, from the freest to the most entangled.
    pub const ALL: [Self; 8] = [
        Self::Trivial,
        Self::NoCommunication,
        Self::Chain,
        Self::Tree,
        Self::Fan,
        Self::Stencil,
        Self::Butterfly,
        Self::RandomNearest,
    ];

    /// Its name, such as `stencil`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trivial => "trivial",
            Self::NoCommunication => "no-communication",
            Self::Chain => "chain",
            Self::Tree => "tree",
            Self::Fan => "fan",
            Self::Stencil => "stencil",
            Self::Butterfly => "butterfly",
            Self::RandomNearest => "random-nearest",
        }
    }

    /// Who needs whom, in a line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Trivial => "needs nobody",
            Self::NoCommunication => "needs the agent at its place in the step before",
            Self::Chain => "needs the agent before: one at a time",
            Self::Tree => "needs its parent in a binary tree",
            Self::Fan => "one, then 32 that need it, then one that needs those, and so on",
            Self::Stencil => "needs its place and both beside it in the step before",
            Self::Butterfly => "needs its place and two at a distance that doubles from step to step",
            Self::RandomNearest => "needs its place and, one time in four each, the four nearest",
        }
    }

    /// Who needs whom. The seed decides where chance does.
    pub fn graph(self, seed: u64) -> Graph {
        match self {
            Self::Trivial => Graph::independent(WIDTH * STEPS),
            Self::NoCommunication => grid(|_, place| [place]),
            Self::Chain => graph((0..WIDTH * STEPS).map(|agent| agent.checked_sub(1))),
            Self::Tree => graph((0..TREE).map(|agent| agent.checked_sub(1).map(|below| below / 2))),
            Self::Fan => graph((0..FANS * (1 + WIDTH)).map(fan_inputs)),
            Self::Stencil => grid(|_, place| neighbours(place, 1)),
            Self::Butterfly => grid(|step, place| {
                let distance = 1 << ((step - 1) % WIDTH.ilog2() as usize);
                let after = Some(place + distance).filter(|&other| other < WIDTH);
                [place.checked_sub(distance), Some(place), after].into_iter().flatten()
            }),
            Self::RandomNearest => grid(|step, place| random_nearest(seed, step, place)),
        }
    }
}

fn graph(inputs: impl Iterator<Item = impl IntoIterator<Item = usize>>) -> Graph {
    Graph::new(inputs).expect("agents are numbered after their inputs")
}

/// A grid whose agents need those at `places(step, place)` in the step before.
fn grid<P: IntoIterator<Item = usize>>(places: impl Fn(usize, usize) -> P) -> Graph {
    graph((0..WIDTH * STEPS).map(|agent| {
        let (step, place) = (agent / WIDTH, agent % WIDTH);
        let before = (step > 0).then(|| places(step, place)).into_iter().flatten();
        before.map(move |other| (step - 1) * WIDTH + other)
    }))
}

/// The places from `distance` before to `distance` after, within the grid.
fn neighbours(place: usize, distance: usize) -> std::ops::RangeInclusive<usize> {
    place.saturating_sub(distance)..=(place + distance).min(WIDTH - 1)
}

/// Every fan is one agent and the 32 that need it; the one needs the 32 of the fan before.
fn fan_inputs(agent: usize) -> std::ops::Range<usize> {
    let hub = agent / (1 + WIDTH) * (1 + WIDTH);
    if agent == hub { hub.saturating_sub(WIDTH)..hub } else { hub..hub + 1 }
}

fn random_nearest(seed: u64, step: usize, place: usize) -> impl Iterator<Item = usize> {
    let mut stream = agent_stream(seed, step * WIDTH + place);
    neighbours(place, REACH).filter(move |&other| other == place || stream.random_bool(CHANCE))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn inputs(pattern: DependencePattern, agent: usize) -> Vec<u32> {
        pattern.graph(1).inputs(agent).to_vec()
    }

    #[test]
    fn every_pattern_has_its_agents_its_inputs_and_its_depth() {
        let measures = DependencePattern::ALL.map(|pattern| {
            let graph = pattern.graph(1);
            let depth = graph.levels().into_iter().max().map(|level| level + 1);
            (pattern.name(), graph.len(), graph.edges(), depth.expect("there are agents"))
        });
        let expected = [
            ("trivial", 1_024, 0, 1),
            ("no-communication", 1_024, 31 * 32, 32),
            ("chain", 1_024, 1_023, 1_024),
            ("tree", 1_023, 1_022, 10),
            ("fan", 1_023, 31 * 32 + 30 * 32, 62),
            ("stencil", 1_024, 31 * (3 * 32 - 2), 32),
            // Of the 31 steps, seven each have d = 1 and six each the others; 2 d agents miss one input.
            ("butterfly", 1_024, 31 * 96 - 7 * 2 - 6 * (4 + 8 + 16 + 32), 32),
            ("random-nearest", 1_024, 1_921, 32),
        ];
        assert_eq!(measures, expected);
    }

    #[test]
    fn inputs_are_those_of_the_pattern_in_ascending_order() {
        assert_eq!(inputs(DependencePattern::NoCommunication, 5 * 32 + 3), [4 * 32 + 3]);
        assert_eq!(inputs(DependencePattern::Stencil, 5 * 32 + 3), [4 * 32 + 2, 4 * 32 + 3, 4 * 32 + 4]);
        assert_eq!(inputs(DependencePattern::Stencil, 2 * 32), [32, 33], "the edge is no ring");
        assert_eq!(inputs(DependencePattern::Tree, 1_022), [510]);
        assert_eq!(inputs(DependencePattern::Chain, 1_023), [1_022]);
        assert_eq!(inputs(DependencePattern::Fan, 33), (1..=32).collect::<Vec<_>>());
        assert_eq!(inputs(DependencePattern::Fan, 34), [33]);
    }

    #[test]
    fn a_butterfly_doubles_its_distance_and_begins_again() {
        let at = |step: u32| inputs(DependencePattern::Butterfly, step as usize * 32 + 16).into_iter();
        let distances =
            |step: u32| at(step).map(|input| input.abs_diff((step - 1) * 32 + 16)).collect::<Vec<_>>();
        assert_eq!(distances(1), [1, 0, 1]);
        assert_eq!(distances(2), [2, 0, 2]);
        assert_eq!(distances(5), [16, 0], "place 32 is not there");
        assert_eq!(distances(6), [1, 0, 1]);
    }

    #[test]
    fn random_agents_always_need_themselves_and_never_anyone_far() {
        let graph = DependencePattern::RandomNearest.graph(3);
        for agent in 32..1_024 {
            let inputs = graph.inputs(agent);
            let distances: HashSet<u32> =
                inputs.iter().map(|input| input.abs_diff(agent as u32 - 32)).collect();
            assert!(distances.contains(&0) && distances.iter().all(|&distance| distance <= 2), "{inputs:?}");
        }
        assert_ne!(graph, DependencePattern::RandomNearest.graph(4));
        assert_eq!(graph, DependencePattern::RandomNearest.graph(3));
    }
}
