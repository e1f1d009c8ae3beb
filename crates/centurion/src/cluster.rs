//! `centurion run --cluster`: the agents of the demo on a Dask cluster, their outcomes in order as they come.

mod sent;

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use centurion_agents::{Kind, Workload};
use centurion_dask::{Answer, Cluster, Definition, Driver, Outcome, Target, Tls, Work};
use centurion_harness::Cpus;
use centurion_report::units;
use clap::Args;

use crate::demo::Demo;
use crate::options::failed_to;
use crate::outcome::plural;
use crate::{interrupt, say, store};
use sent::Sent;

/// What `--executor` calls a cluster.
pub(crate) const EXECUTOR: &str = "dask";

/// Where in place of an executor of this machine the agents run.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "On a Dask cluster")]
pub struct OnCluster {
    /// Send the agents to a Dask cluster: the address of its scheduler, or `local` to start one on loopback
    #[arg(long, value_name = "tcp://HOST:PORT")]
    pub cluster: Option<String>,
    /// Agents that go to a worker together [default: chosen by the time they take]
    #[arg(long, requires = "cluster", value_name = "N")]
    pub batch: Option<NonZeroUsize>,
    /// Certificate of the authority of an encrypted cluster, tls://HOST:PORT
    #[arg(long, requires_all = ["cluster", "tls_cert", "tls_key"], value_name = "FILE")]
    pub tls_ca: Option<String>,
    /// Certificate to show there
    #[arg(long, requires = "tls_ca", value_name = "FILE")]
    pub tls_cert: Option<String>,
    /// Its key
    #[arg(long, requires = "tls_ca", value_name = "FILE")]
    pub tls_key: Option<String>,
    /// Run this command for each agent, in place of a workload
    ///
    /// It gets {"agent": N} on its standard input and N as `CENTURION_AGENT`; its answer is the last line it prints.
    #[arg(last = true, requires = "cluster", value_name = "COMMAND")]
    pub command: Vec<String>,
}

impl OnCluster {
    fn tls(&self) -> Option<Tls> {
        let (ca, cert, key) = (self.tls_ca.clone()?, self.tls_cert.clone()?, self.tls_key.clone()?);
        Some(Tls { ca, cert, key })
    }
}

/// Runs the demo on the cluster at `address`, and says what comes of it.
///
/// # Errors
/// When the options can't be followed, or the cluster can't be used.
pub fn run(demo: &Demo, address: &str) -> Result<ExitCode> {
    let agents = Agents::of(demo)?;
    let target = target(demo, address, &agents)?;
    let driver = Driver::launch().map_err(failed_to)?;
    let canceller = driver.canceller();
    interrupt::watch_and(move || {
        eprintln!("\ncancelling on the cluster; press Ctrl-C again to stop at once");
        canceller.cancel();
    });
    let cluster = driver.connect(&target).map_err(failed_to)?;
    if !demo.json {
        say(&agents.beginning(&cluster));
    }
    let sent = Sent::run(&agents, &cluster, demo)?;
    if demo.json {
        say(&format!("{:#}", sent.as_json(&cluster, demo.seed)));
    } else {
        sent.print();
    }
    Ok(sent.exit_code())
}

fn target(demo: &Demo, address: &str, agents: &Agents) -> Result<Target> {
    if address == "local" {
        ensure!(demo.workers != Some(0), "failed to start 0 workers; give --workers a number from 1");
        let workers = demo.workers.unwrap_or_else(|| agents.most_at_once());
        return Ok(Target::Local { workers });
    }
    ensure!(
        address.contains("://"),
        "failed to find the cluster {address:?}; give the address of its scheduler, such as \
         tcp://127.0.0.1:8786, or local to start one here"
    );
    ensure!(
        demo.workers.is_none(),
        "failed to start workers: {address} has its own; leave out --workers, or use --cluster local"
    );
    Ok(Target::Running { address: address.to_owned(), tls: demo.on_cluster.tls() })
}

/// What is sent to a cluster.
struct Agents {
    work: Work,
    /// The workload that is sent; a command is none.
    workload: Option<Arc<dyn Workload>>,
    count: usize,
}

impl Agents {
    fn of(demo: &Demo) -> Result<Self> {
        let command = demo.on_cluster.command.clone();
        if !command.is_empty() {
            let work = Work::Command { command, agents: demo.agents };
            return Ok(Self { work, workload: None, count: demo.agents });
        }
        let workload = demo.workload()?;
        let definition = match &demo.positions {
            Some(path) => {
                Definition::with_positions(&*workload, &store::read(path)?, &path.display().to_string())
            }
            None => Definition::of(&*workload),
        };
        let (work, count) = (Work::Workload(definition.map_err(failed_to)?), workload.agents());
        Ok(Self { work, workload: Some(workload), count })
    }

    /// Workers that are of use on this machine.
    fn most_at_once(&self) -> usize {
        let waiting = self.workload.as_ref().is_some_and(|workload| workload.kind() == Kind::Waiting);
        if waiting { self.count.clamp(1, 1_000) } else { Cpus::detect().count() }
    }

    fn kind(&self) -> String {
        self.workload.as_ref().map_or_else(|| "command".into(), |workload| workload.name())
    }

    fn name(&self, agent: usize) -> String {
        self.workload.as_ref().map_or_else(|| format!("agent {agent}"), |workload| workload.agent_name(agent))
    }

    fn text(&self, answer: &Answer) -> String {
        match (answer, &self.workload) {
            (Answer::Number(number), Some(workload)) => workload.answer_text(*number),
            (Answer::Number(number), None) => number.to_string(),
            (Answer::Text(text), _) => text.clone(),
        }
    }

    /// The answer that an agent should have given, if it gave another one. A command may answer what it likes.
    fn rather(&self, agent: usize, answer: &Answer) -> Option<String> {
        let workload = self.workload.as_ref()?;
        let expected = Answer::Number(workload.expected(agent));
        (*answer != expected).then(|| self.text(&expected))
    }

    fn beginning(&self, cluster: &Cluster) -> String {
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
    fn line(&self, outcome: &Outcome) -> String {
        let name = self.name(outcome.agent);
        let attempts =
            if outcome.attempts > 1 { format!(" ({} attempts)", outcome.attempts) } else { String::new() };
        match &outcome.result {
            Err(reason) => format!("FAILED  {name}: {reason}{attempts}"),
            Ok(answer) => match self.rather(outcome.agent, answer) {
                Some(expected) => format!("WRONG   {name}: {}, not {expected}{attempts}", self.text(answer)),
                None => format!("{name}: {}{attempts}", self.text(answer)),
            },
        }
    }
}

fn processes(count: usize) -> String {
    format!("{count} process{}", if count == 1 { "" } else { "es" })
}

fn time(duration: Duration) -> String {
    units::time(duration.as_nanos() as f64)
}
