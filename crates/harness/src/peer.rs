//! What is measured beside the executors but runs outside this process.

use std::fmt;
use std::time::Duration;

use centurion_agents::Workload;

use crate::error::PeerError;

/// Something that runs a workload's agents outside this process, and says itself how long that took.
///
/// It is started when it is first asked, under the core mask of its cell, and stays until it is dropped.
pub struct PeerRunner {
    /// Unique name among peers and executors.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Number of workers.
    pub workers: usize,
    /// Runs every agent of a workload that many times.
    pub run: Box<PeerCall>,
}

/// Runs every agent of a workload a number of times.
pub type PeerCall = dyn Fn(&dyn Workload, u64) -> Result<PeerSample, PeerError> + Send + Sync;

/// What a peer says of some executions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerSample {
    /// From the first call to the last return.
    pub wall: Duration,
    /// CPU time of its processes meanwhile.
    pub cpu: Duration,
    /// Time its start took, once: until every worker had done something, and the workload was known.
    pub startup: Duration,
    /// What the answers of each agent add up to, wrapping.
    pub sums: Vec<u64>,
    /// Memory of its processes, in bytes.
    pub memory_bytes: u64,
}

impl fmt::Debug for PeerRunner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerRunner").field("name", &self.name).finish_non_exhaustive()
    }
}
