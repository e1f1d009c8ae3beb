//! What the hundred agents compute, and the answers they must give.
//!
//! This room knows nothing of threads, clocks or files: a [`Workload`] is a list of agents, each a pure
//! function of its index and of the answers it needs from others, with an expected answer to check it
//! against.

mod answer;
mod council;
mod deciding;
mod decorated;
mod dependence;
mod error;
mod grain;
mod inquiry;
mod llm;
mod othello;
mod own;
mod pattern;
mod positions;
mod registry;
mod replying;
mod statement;
mod stream;
mod thinking;
mod turns;

use std::collections::BTreeMap;
use std::future::ready;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use centurion_graph::Graph;
use centurion_wait::{Running, Wait};

pub use answer::{Answer, AnswerDigest, Hashed, answer_number};
pub use council::Council;
pub use deciding::Deciding;
pub use decorated::Decorated;
pub use dependence::DependencePattern;
pub use error::WorkloadError;
pub use grain::{Grain, spin};
pub use inquiry::{Inquiry, reply};
pub use llm::Llm;
pub use own::{OwnAgents, OwnWorkload, RightAnswers};
pub use pattern::Pattern;
pub use registry::{Parameter, Parameters, Positions, WorkloadFamily};
pub use replying::Replying;
pub use thinking::Thinking;

/// Digest of the sources and data of this package, as 16 hex digits: two builds of one digest compute the same.
pub const SOURCES_DIGEST: &str = env!("CENTURION_AGENTS_SOURCES");

/// Agents with known answers, each on its own or in need of others' answers.
///
/// The same agent gives the same answer on every call, from every thread: randomness is seeded per agent,
/// never per worker.
pub trait Workload: Send + Sync {
    /// Unique name, such as `thinking` or `grain-4096`.
    fn name(&self) -> String;

    /// Name of the family it belongs to, such as `grain`; equal to the name when it stands alone.
    fn family(&self) -> String {
        self.name()
    }

    /// Whether it is measured on its own account and over cores; members of a family such as `grain` or `stencil` are
    /// points of one curve, drawn for all cores.
    fn stands_alone(&self) -> bool {
        self.name() == self.family()
    }

    /// Whether it is measured over cores and workers, and beside schedulers of other languages. One that is not is
    /// measured on all cores only, and where its agents wait, with all of them under way.
    fn is_swept(&self) -> bool {
        self.stands_alone()
    }

    /// What its agents spend their time on.
    fn kind(&self) -> AgentKind;

    /// Number of agents.
    fn agents(&self) -> usize;

    /// Lets agent `agent` (from 0) do its work, with no other agent's answer, and returns its own, which is
    /// never 0.
    ///
    /// # Panics
    /// When there is no such agent.
    fn run(&self, agent: usize) -> u64;

    /// Which agents need which others' answers; one task for each agent. `None` when every agent works by
    /// itself.
    fn graph(&self) -> Option<Arc<Graph>> {
        None
    }

    /// Lets agent `agent` do its work with the answers it needs: those of its inputs in the graph, in their
    /// order, 0 where there is none. What it answers depends on every one of them.
    ///
    /// # Panics
    /// When there is no such agent.
    fn run_after(&self, agent: usize, answers: &[u64]) -> u64 {
        debug_assert!(answers.is_empty(), "agent {agent} needs no answers");
        self.run(agent)
    }

    /// Agent `agent` as a future, with the answers it needs as in [`Self::run_after`]: what it waits for, it waits for
    /// with `wait`. An agent that only computes has done so by the time this returns.
    ///
    /// # Panics
    /// When there is no such agent.
    fn start(&self, agent: usize, answers: &[u64], _: &'static dyn Wait) -> Running<u64> {
        Box::pin(ready(self.run_after(agent, answers)))
    }

    /// How long an agent asks timers to let it wait, in all. `None` where it waits for something else, or not at all.
    fn waits(&self, agent: usize) -> Option<Duration> {
        let _ = agent;
        None
    }

    /// Whether its agents are processes of other programs: each run of one costs something, so a sample is a single
    /// execution, however short, and one that gives no answer has failed where others have panicked.
    fn are_processes(&self) -> bool {
        false
    }

    /// Called after every execution, as part of it: ends what agents keep from one to the next.
    fn end_execution(&self) {}

    /// The server that its agents ask, whose cost is none of theirs.
    fn server(&self) -> Option<SocketAddr> {
        None
    }

    /// The answer agent `agent` must give, never 0.
    ///
    /// # Panics
    /// When there is no such agent.
    fn expected(&self, agent: usize) -> u64;

    /// Name of an agent, to show beside its bar or failure.
    fn agent_name(&self, agent: usize) -> String {
        format!("agent {agent}")
    }

    /// An answer in words.
    fn answer_text(&self, answer: u64) -> String {
        format!("{answer:016x}")
    }

    /// Parameters that define the workload, by name.
    fn parameters(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    /// Work of one agent in the workload's own noise-free unit, when it has one: nodes, iterations.
    fn work(&self, agent: usize) -> Option<u64> {
        let _ = agent;
        None
    }
}

/// What agents spend their time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentKind {
    /// They mostly wait: the workload scales with workers.
    Waiting,
    /// They mostly compute: it scales with cores.
    Computing,
}

/// Digest of what defines a workload, as 16 hex digits: two records are of the same workload when theirs are
/// equal.
///
/// It is the FNV-1a hash (64 bits) of the name; each parameter's name and value, in order of the names; the
/// number of agents; every expected answer, in order of the agents; and, where there is a graph, the number
/// of inputs of each agent and then those inputs, in order of the agents. Texts are followed by a zero byte,
/// numbers are eight bytes, the lowest first.
pub fn definition(workload: &dyn Workload) -> String {
    let answers: Vec<u64> = (0..workload.agents()).map(|agent| workload.expected(agent)).collect();
    digest(&workload.name(), &workload.parameters(), &answers, workload.graph().as_deref())
}

fn digest(
    name: &str,
    parameters: &BTreeMap<String, String>,
    answers: &[u64],
    graph: Option<&Graph>,
) -> String {
    let mut bytes = Vec::new();
    let texts = parameters.iter().flat_map(|(name, value)| [name.as_str(), value]);
    for text in std::iter::once(name).chain(texts) {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    }
    let numbers = std::iter::once(answers.len() as u64).chain(answers.iter().copied());
    for number in numbers.chain(graph.into_iter().flat_map(needs)) {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    format!("{:016x}", fnv1a(&bytes))
}

/// A graph as numbers: how many inputs each agent has, and which.
fn needs(graph: &Graph) -> impl Iterator<Item = u64> {
    graph.tasks().flat_map(|agent| {
        let inputs = graph.inputs(agent);
        std::iter::once(inputs.len() as u64).chain(inputs.iter().map(|&input| u64::from(input)))
    })
}

/// Fowler, Noll and Vo's hash FNV-1a of 64 bits.
fn fnv1a(bytes: &[u8]) -> u64 {
    fnv1a_after(0xcbf2_9ce4_8422_2325, bytes)
}

/// The same of what had that hash and these bytes after it.
fn fnv1a_after(hash: u64, bytes: &[u8]) -> u64 {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(hash, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn the_same_workload_has_the_same_definition() {
        let definitions = [definition(&Grain::new(10, 5, 1)), definition(&Grain::new(10, 5, 1))];
        assert_eq!(definitions[0], definitions[1]);
        assert_eq!(definitions[0].len(), 16);
    }

    #[test]
    fn whatever_is_different_makes_another_definition() {
        let thinking =
            |agents, seed, scale| Thinking::new(agents, seed, scale).expect("the scale is in range");
        let workloads: [&dyn Workload; 13] = [
            &Grain::new(10, 5, 1),
            &Grain::new(11, 5, 1),
            &Grain::new(10, 6, 1),
            &Grain::new(10, 5, 2),
            &thinking(10, 1, 1.0),
            &thinking(10, 1, 0.01),
            &thinking(10, 2, 1.0),
            &Deciding::bundled(10),
            &Deciding::bundled(11),
            &Council::new(Deciding::bundled(10)).expect("so many can decide"),
            &Pattern::new(DependencePattern::Stencil, 5, 1),
            &Pattern::new(DependencePattern::Stencil, 6, 1),
            &Pattern::new(DependencePattern::Chain, 5, 1),
        ];
        let definitions: std::collections::HashSet<String> =
            workloads.iter().map(|workload| definition(*workload)).collect();
        assert_eq!(definitions.len(), workloads.len());
    }

    #[test]
    fn who_needs_whom_is_part_of_the_definition() {
        let graph = |inputs: [Vec<usize>; 3]| Graph::new(inputs).expect("it is a graph");
        let graphs = [
            None,
            Some(graph([vec![], vec![], vec![]])),
            Some(graph([vec![], vec![0], vec![]])),
            Some(graph([vec![], vec![], vec![0]])),
            Some(graph([vec![], vec![], vec![0, 1]])),
            Some(graph([vec![], vec![], vec![1, 0]])),
        ];
        let digests: std::collections::HashSet<String> =
            graphs.iter().map(|graph| digest("same", &BTreeMap::new(), &[1, 2, 3], graph.as_ref())).collect();
        assert_eq!(digests.len(), graphs.len());
    }

    #[test]
    fn the_bundled_hundred_keep_their_definition() {
        assert_eq!(definition(&Deciding::bundled(100)), "84fec6d2a46ba8fa");
        assert_eq!(definition(&Grain::new(100, 1000, 1)), "58d6612b4ccfc46e");
    }
}
