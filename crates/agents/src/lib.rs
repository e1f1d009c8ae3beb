//! What the hundred agents compute, and the answers they must give.
//!
//! This room knows nothing of threads, clocks or files: a [`Workload`] is a list of agents, each a pure
//! function of its index, with an expected answer to check it against.

use std::collections::BTreeMap;

/// A bag of independent agents with known answers.
///
/// The same agent gives the same answer on every call, from every thread: randomness is seeded per agent,
/// never per worker.
pub trait Workload: Send + Sync {
    /// Unique name, such as `thinking` or `grain-4096`.
    fn name(&self) -> String;

    /// Name of the family it belongs to, such as `grain`; equal to the name when it stands alone.
    fn family(&self) -> &'static str;

    /// What its agents spend their time on.
    fn kind(&self) -> Kind;

    /// Number of agents.
    fn agents(&self) -> usize;

    /// Lets agent `agent` (from 0) do its work and returns its answer, which is never 0.
    ///
    /// # Panics
    /// When there is no such agent.
    fn run(&self, agent: usize) -> u64;

    /// The answer agent `agent` must give.
    ///
    /// # Panics
    /// When there is no such agent.
    fn expected(&self, agent: usize) -> u64;

    /// Name of an agent, to show beside its bar or failure.
    fn agent_name(&self, agent: usize) -> String;

    /// An answer in words.
    fn answer_text(&self, answer: u64) -> String;

    /// Parameters that define the workload, by name.
    fn parameters(&self) -> BTreeMap<String, String>;

    /// Work of one agent in the workload's own noise-free unit, when it has one: nodes, iterations.
    fn work(&self, agent: usize) -> Option<u64>;
}

/// What agents spend their time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// They mostly wait: the workload scales with workers.
    Waiting,
    /// They mostly compute: it scales with cores.
    Computing,
}
