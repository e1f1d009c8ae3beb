//! A running Dask cluster, or one on loopback.

use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Driver;
use crate::wire::{Started, WireEvent, WireOutcome};
use crate::{AgentFailure, DaskError, Definition};

/// Which cluster, and how to enter it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One of its own on loopback, with so many workers in as many processes as there are CPUs.
    Local {
        /// Number of workers: threads that run agents.
        workers: usize,
    },
    /// A running one.
    Running {
        /// Address of its scheduler, such as `tcp://127.0.0.1:8786`.
        address: String,
        /// Certificates, for an address that begins with `tls://`.
        tls: Option<Tls>,
    },
}

/// Files with the certificates of an encrypted cluster, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Certificate of the authority that signed the others.
    pub ca: String,
    /// Certificate to show.
    pub cert: String,
    /// Its key.
    pub key: String,
}

impl Target {
    pub(crate) fn request(&self) -> Value {
        match self {
            Self::Local { workers } => json!({"do": "start", "scheduler": "local", "workers": workers}),
            Self::Running { address, tls } => {
                let tls = tls.as_ref().map(|tls| json!({"ca": tls.ca, "cert": tls.cert, "key": tls.key}));
                json!({"do": "start", "scheduler": address, "tls": tls})
            }
        }
    }
}

/// A cluster whose workers have the agents; left when dropped, as it was found.
pub struct Cluster {
    driver: Driver,
    executor: u32,
    /// Address of its scheduler.
    pub address: String,
    /// Worker processes it had when it was entered.
    pub processes: usize,
    /// Threads they had: agents that run at once.
    pub workers: usize,
    /// Worker processes that lacked the agents and were brought them.
    pub brought: usize,
    /// Time it took to connect, or to start the cluster.
    pub startup: Duration,
    /// Time it took to bring the agents to the workers and to look what they have.
    pub first_call: Duration,
}

/// What happens in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterEvent {
    /// So many agents have finished, in whatever order.
    Finished(usize),
    /// What became of the next agent, in their order, each once.
    Outcome(AgentOutcome),
    /// Something befell the cluster.
    Note(String),
}

/// What became of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentOutcome {
    /// The agent, from 0.
    pub agent: usize,
    /// Its answer, or the reason why there is none.
    pub result: Result<u64, AgentFailure>,
    /// Times it was handed to a worker: 2 when the first was lost with it.
    pub attempts: u32,
    /// Address of the worker that it ran on, if it ended there.
    pub worker: Option<String>,
    /// How long it ran there.
    pub time: Option<Duration>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Time from the first batch sent to the last outcome, inside the driver.
    pub wall: Duration,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Worker processes that there were at the end.
    pub processes: usize,
}

impl Cluster {
    pub(crate) fn new(driver: Driver, started: Started) -> Self {
        Self {
            driver,
            executor: started.executor,
            address: started.address,
            processes: started.workers,
            workers: started.threads,
            brought: started.brought,
            startup: Duration::from_nanos(started.start_ns),
            first_call: Duration::from_nanos(started.first_call_ns),
        }
    }

    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
    }

    pub(crate) fn executor(&self) -> u32 {
        self.executor
    }

    /// Runs the agents of a workload, in batches of `batch` or of a number that suits their times, and tells `hear` what happens.
    ///
    /// # Errors
    /// When the run can't begin, or the driver ends. What befalls single agents is in their outcomes.
    pub fn run(
        &self,
        workload: &Definition,
        batch: Option<usize>,
        mut hear: impl FnMut(ClusterEvent),
    ) -> Result<Ended, DaskError> {
        let mut next = 0;
        let request = json!({"do": "run", "executor": self.executor, "workload": workload, "batch": batch});
        self.driver.converse("run agents on a cluster", &request, |event| match event {
            WireEvent::Outcomes { finished, outcomes } => {
                hear(ClusterEvent::Finished(finished));
                for outcome in outcomes {
                    // The driver tells each once, in order; one that is told again is not counted again.
                    if outcome.agent == next {
                        next += 1;
                        hear(ClusterEvent::Outcome(outcome.into()));
                    }
                }
                None
            }
            WireEvent::Note { text } => {
                hear(ClusterEvent::Note(text));
                None
            }
            WireEvent::Finished { wall_ns, cancelled, workers } => {
                Some(Ended { wall: Duration::from_nanos(wall_ns), cancelled, processes: workers })
            }
            _ => None,
        })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A driver that is gone has left it already.
        let _ = self.driver.ask("leave a cluster", &json!({"do": "stop", "executor": self.executor}));
    }
}

impl From<WireOutcome> for AgentOutcome {
    fn from(outcome: WireOutcome) -> Self {
        let result = match (outcome.reason, outcome.answer) {
            (None, Some(answer)) => Ok(answer),
            (None, None) => Err(AgentFailure::Silent),
            (Some(reason), _) => Err(AgentFailure::from_reason(reason)),
        };
        Self {
            agent: outcome.agent,
            result,
            attempts: outcome.attempts,
            worker: outcome.worker,
            time: outcome.ns.map(Duration::from_nanos),
        }
    }
}
