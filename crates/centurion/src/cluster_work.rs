//! What `cargo centurion run --cluster` sends: the agents of a workload, and how they are told of.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use centurion_agents::{AgentKind, Workload};
use centurion_dask::{AgentOutcome, Cluster, Definition};
use centurion_executors::MOST_WORKERS;
use centurion_harness::Cpus;
use centurion_report::units;

use crate::args::DemoArgs;
use crate::error::failed_to;
use crate::files;
use crate::output::plural;
use crate::server::NOWHERE;

/// What is sent to a cluster.
pub(crate) struct ClusterWork {
    pub(crate) definition: Definition,
    pub(crate) workload: Arc<dyn Workload>,
    pub(crate) count: usize,
}

impl ClusterWork {
    /// What a demo asks for.
    pub(crate) fn from_args(args: &DemoArgs) -> Result<Self> {
        let workload = args.workload(Some(NOWHERE))?;
        let definition = match &args.positions {
            Some(path) => {
                Definition::with_positions(&*workload, &files::read(path)?, &path.display().to_string())
            }
            None => Definition::new(&*workload),
        };
        let (definition, count) = (definition.map_err(failed_to)?, workload.agents());
        Ok(Self { definition, workload, count })
    }

    /// Workers that are of use on this machine.
    pub(crate) fn most_at_once(&self) -> usize {
        let waiting = self.workload.kind() == AgentKind::Waiting;
        if waiting { self.count.clamp(1, MOST_WORKERS) } else { Cpus::detect().count() }
    }

    pub(crate) fn kind(&self) -> String {
        self.workload.name()
    }

    pub(crate) fn name(&self, agent: usize) -> String {
        self.workload.agent_name(agent)
    }

    pub(crate) fn text(&self, answer: u64) -> String {
        self.workload.answer_text(answer)
    }

    /// The answer that an agent should have given, if it gave another one.
    pub(crate) fn rather(&self, agent: usize, answer: u64) -> Option<String> {
        let expected = self.workload.expected(agent);
        (answer != expected).then(|| self.text(expected))
    }

    pub(crate) fn beginning(&self, cluster: &Cluster) -> String {
        let brought = match cluster.brought {
            0 => String::new(),
            brought => format!(", the agents brought to {}", processes(brought)),
        };
        format!(
            "Starting with {} {} agents on {}: {} in {} (start-up {}, first call {}{brought}).",
            self.count,
            self.kind(),
            cluster.address,
            plural(cluster.workers, "worker"),
            processes(cluster.processes),
            time(cluster.startup),
            time(cluster.first_call),
        )
    }

    /// A line for what became of an agent.
    pub(crate) fn line(&self, outcome: &AgentOutcome) -> String {
        let name = self.name(outcome.agent);
        let attempts =
            if outcome.attempts > 1 { format!(" ({} attempts)", outcome.attempts) } else { String::new() };
        match &outcome.result {
            Err(reason) => format!("FAILED  {name}: {reason}{attempts}"),
            &Ok(answer) => match self.rather(outcome.agent, answer) {
                Some(expected) => format!("WRONG   {name}: {}, not {expected}{attempts}", self.text(answer)),
                None => format!("{name}: {}{attempts}", self.text(answer)),
            },
        }
    }
}

fn processes(count: usize) -> String {
    format!("{count} process{}", if count == 1 { "" } else { "es" })
}

/// A duration as people read it.
pub(crate) fn time(duration: Duration) -> String {
    units::time(duration.as_nanos() as f64)
}
