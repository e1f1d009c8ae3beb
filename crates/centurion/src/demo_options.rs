//! What was typed for a demo, as the things it names.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use centurion_agents::{AgentKind, Parameters, Workload, WorkloadFamily};
use centurion_executors::{Factory, MOST_UNDER_WAY, MOST_WORKERS, Workers, find};
use centurion_harness::Cpus;

use crate::args::DemoArgs;
use crate::error::{UnknownName, failed_to};
#[cfg(unix)]
use crate::hints::BEHIND_DASHES;
use crate::hints::of_command;
use crate::options::{known, positions};

/// What `--executor` calls a cluster.
pub(crate) const CLUSTER: &str = "dask";

impl DemoArgs {
    /// The cluster to run on, as `--cluster` names it. `None` for an executor of this machine.
    ///
    /// # Errors
    /// When something else is asked for that only an executor of this machine can do.
    pub fn cluster_address(&self) -> Result<Option<&str>> {
        let on_dask = self.executor.as_deref() == Some(CLUSTER);
        let Some(address) = self.on_cluster.cluster.as_deref().or(on_dask.then_some("local")) else {
            return Ok(None);
        };
        ensure!(
            on_dask || self.executor.is_none(),
            "failed to run {} on a cluster: it is an executor of this machine; leave out --executor or --cluster",
            self.executor_name()
        );
        ensure!(
            !self.measure_serial && self.graph.is_none(),
            "failed to run on a cluster with --measure-serial or --graph, which need an executor of this machine; \
             leave them out"
        );
        ensure!(
            !self.has_command() || self.on_cluster.batch.is_none(),
            "failed to send agents of a command in batches: each is timed, cut off and tried again by itself; leave out \
             --batch"
        );
        Ok(Some(address))
    }

    /// Whether a command is run in place of a workload.
    pub fn has_command(&self) -> bool {
        !self.command.is_empty()
    }

    /// Refuses options that only a command has, where there is none.
    ///
    /// # Errors
    /// Names one.
    #[cfg(unix)]
    pub fn ensure_understood(&self) -> Result<()> {
        let Some(flag) = self.with_command.first_given().filter(|_| !self.has_command()) else {
            return Ok(());
        };
        let name = self.family()?.name;
        anyhow::bail!(
            "failed to run {name} with {flag}, which is for commands: {BEHIND_DASHES}, as in `-- python3 eval.py`; or leave \
             {flag} out"
        )
    }

    /// Whether there are scenarios, which only commands read.
    fn has_input(&self) -> bool {
        #[cfg(unix)]
        return self.with_command.agents.input.is_some();
        #[cfg(not(unix))]
        false
    }

    pub(crate) fn executor_name(&self) -> &str {
        self.executor.as_deref().unwrap_or("rayon")
    }

    pub(crate) fn family(&self) -> Result<WorkloadFamily> {
        WorkloadFamily::find(&self.workload).map_err(|error| {
            UnknownName(match of_command(&self.workload, self.has_input()) {
                Some(hint) => format!("failed to find the workload {:?}; {hint}", self.workload),
                None => format!("failed to {error}"),
            })
            .into()
        })
    }

    /// The workload, whose agents ask the server at that address.
    pub(crate) fn workload(&self, server: Option<SocketAddr>) -> Result<Arc<dyn Workload>> {
        let family = self.family()?;
        let parameters = Parameters {
            agents: Some(self.agents),
            seed: self.seed,
            scale: self.scale,
            iterations: self.iterations,
            positions: positions(self.positions.as_deref(), std::slice::from_ref(&family))?,
            server,
        };
        family.make(&parameters).map_err(failed_to)
    }

    pub(crate) fn factory(&self) -> Result<Factory> {
        let executors = centurion_executors::all();
        let names: Vec<&str> = executors.iter().map(|factory| factory.name).chain([CLUSTER]).collect();
        known("executor", &[self.executor_name().to_owned()], &names)?;
        find(self.executor_name()).context("failed to find the executor")
    }

    pub(crate) fn worker_count(&self, workload: &dyn Workload, factory: &Factory) -> Result<usize> {
        let agents = workload.agents().max(1);
        Ok(match (factory.workers, self.workers) {
            (Workers::PerAgent, Some(asked)) if asked != agents => anyhow::bail!(
                "failed to start {} with {asked} workers: it has one per agent; leave out --workers",
                factory.name
            ),
            (_, Some(asked)) => asked,
            (Workers::One, None) => 1,
            (Workers::PerAgent, None) => agents,
            (Workers::Any, None) if workload.kind() == AgentKind::Waiting => agents.min(MOST_WORKERS),
            (Workers::UnderWay, None) if workload.kind() == AgentKind::Waiting => agents.min(MOST_UNDER_WAY),
            (Workers::Any | Workers::UnderWay, None) => Cpus::detect().count(),
        })
    }
}
