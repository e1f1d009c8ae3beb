//! How large what a record holds may be, so that whatever is read can be handled.
//!
//! What is measured stays far below; a number above was edited into the file, and would make its readers stall.

/// Characters of a name.
pub(crate) const NAME: usize = 200;
/// Characters of any other text.
pub(crate) const TEXT: usize = 10_000;
/// Agents of a workload.
pub(crate) const AGENTS: usize = 2_000_000;
/// Agents of all workloads together.
pub(crate) const ALL_AGENTS: usize = 100_000_000;
/// Inputs of all agents of a graph.
pub(crate) const EDGES: usize = 20_000_000;
/// Cells of a run.
pub(crate) const CELLS: usize = 10_000;
/// CPUs of a machine.
pub(crate) const CPUS: usize = 1 << 16;
/// A single number: below it, every whole number is a floating-point number too.
pub(crate) const NUMBER: u64 = 1 << 53;
/// Numbers that are added up.
pub(crate) const SUM: u64 = 1 << 63;
