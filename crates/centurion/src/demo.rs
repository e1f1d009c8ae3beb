//! `centurion run`: the original challenge. A hundred agents, one executor, and how much faster it was.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use centurion_agents::{Around, Kind, Parameters, Workload, WorkloadFamily};
use centurion_executors::{Factory, Start, Workers, find};
use centurion_harness::{Cpus, stamped};
use centurion_record::Timeline;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cluster::{self, OnCluster};
use crate::drawing::Drawing;
use crate::options::{failed_to, known, positions};
use crate::outcome::{Outcome, plural};
use crate::say;

/// Starting a pool takes time that grows with the square of its workers.
const MOST_WORKERS: usize = 1_000;

/// What to run.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// What the agents do: a workload as `centurion list` names it
    #[arg(long, default_value = "thinking", value_name = "NAME")]
    pub workload: String,
    /// How they are run, as `centurion list` names it; dask is `--cluster local` where no cluster is named [default:
    /// rayon]
    #[arg(long, value_name = "NAME")]
    pub executor: Option<String>,
    /// Number of agents; of a council, those that decide. Patterns have about a thousand
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub agents: usize,
    /// Number of workers [default: one per agent if they wait, one per CPU if they compute]
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// Scale of the thinking agents' time; 1 is the original 0.5 to 1.5 s
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR")]
    pub scale: f64,
    /// Size of an agent of grain or of a pattern in iterations of its kernel
    #[arg(long, default_value_t = 1 << 20, value_name = "N")]
    pub iterations: u64,
    /// File of positions for deciding agents, in the format of crates/agents/data/ffo.tsv
    #[arg(long, value_name = "FILE")]
    pub positions: Option<PathBuf>,
    /// Seed of the agents
    #[arg(long, default_value_t = 42, value_name = "N")]
    pub seed: u64,
    /// Run the agents one by one as well, instead of summing up the time each took
    #[arg(long)]
    pub measure_serial: bool,
    /// Draw who needs whom, and how long each took, into a file that ends in .svg or .dot
    #[arg(long, value_name = "FILE")]
    pub graph: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// Where else the agents can run
    #[command(flatten)]
    pub on_cluster: OnCluster,
}

impl Demo {
    /// The cluster to run on, as `--cluster` names it. `None` for an executor of this machine.
    ///
    /// # Errors
    /// When something else is asked for that only an executor of this machine can do.
    pub fn cluster(&self) -> Result<Option<&str>> {
        let on_dask = self.executor.as_deref() == Some(cluster::EXECUTOR);
        let Some(address) = self.on_cluster.cluster.as_deref().or(on_dask.then_some("local")) else {
            return Ok(None);
        };
        ensure!(
            on_dask || self.executor.is_none(),
            "failed to run {} on a cluster: it is an executor of this machine; leave out --executor or --cluster",
            self.executor()
        );
        ensure!(
            !self.measure_serial && self.graph.is_none(),
            "failed to run on a cluster with --measure-serial or --graph, which need an executor of this machine; \
             leave them out"
        );
        Ok(Some(address))
    }

    fn executor(&self) -> &str {
        self.executor.as_deref().unwrap_or("rayon")
    }

    /// Runs the demo and prints what it does. Returns whether every answer was right.
    ///
    /// # Errors
    /// When the options can't be followed, or an agent panics.
    pub fn run(&self) -> Result<bool> {
        let workload = self.workload()?;
        let factory = self.factory()?;
        let workers = self.worker_count(&*workload, &factory)?;
        let drawing = self.graph.as_deref().map(|path| Drawing::new(path, &*workload)).transpose()?;
        if !self.json {
            say(&format!(
                "Starting with {} {} agents on {}, {}.",
                workload.agents(),
                workload.name(),
                self.executor(),
                plural(workers, "worker")
            ));
            if let Some(graph) = workload.graph() {
                let chain = graph.levels().into_iter().max().map_or(0, |level| level as usize + 1);
                say(&format!(
                    "They need {} of each other; the longest chain has {}.",
                    plural(graph.edges(), "answer"),
                    plural(chain, "agent")
                ));
            }
            say(&format!("Scheduled {}. Nothing has run yet.", plural(workload.agents(), "task")));
        }
        let outcome = self.execute(&workload, &factory, workers)?;
        if self.json {
            say(&format!("{:#}", outcome.as_json(self.executor(), self.seed)));
        } else {
            outcome.print();
        }
        if let Some(drawing) = drawing {
            drawing.write(&*workload, &outcome.costs_ns)?;
            if !self.json {
                say(&format!("Drawn in {}.", drawing.path.display()));
            }
        }
        Ok(outcome.is_right())
    }

    pub(crate) fn workload(&self) -> Result<Arc<dyn Workload>> {
        let family = WorkloadFamily::find(&self.workload).map_err(failed_to)?;
        let parameters = Parameters {
            agents: Some(self.agents),
            seed: self.seed,
            scale: self.scale,
            iterations: self.iterations,
            positions: positions(self.positions.as_deref(), std::slice::from_ref(&family))?,
        };
        family.make(&parameters).map_err(failed_to)
    }

    fn factory(&self) -> Result<Factory> {
        let executors = centurion_executors::all();
        let names: Vec<&str> =
            executors.iter().map(|factory| factory.name).chain([cluster::EXECUTOR]).collect();
        known("executor", &[self.executor().to_owned()], &names)?;
        find(self.executor()).context("failed to find the executor")
    }

    fn worker_count(&self, workload: &dyn Workload, factory: &Factory) -> Result<usize> {
        let agents = workload.agents().max(1);
        ensure!(self.workers != Some(0), "failed to start 0 workers; give --workers a number from 1");
        Ok(match (factory.workers, self.workers) {
            (Workers::PerAgent, Some(asked)) if asked != agents => anyhow::bail!(
                "failed to start {} with {asked} workers: it has one per agent; leave out --workers",
                factory.name
            ),
            (_, Some(asked)) if asked > MOST_WORKERS => anyhow::bail!(
                "failed to start {asked} workers; give --workers a number up to {MOST_WORKERS}, \
                 more cost seconds to start and gain nothing"
            ),
            (_, Some(asked)) => asked,
            (Workers::One, None) => 1,
            (Workers::PerAgent, None) => agents,
            (Workers::Any, None) if workload.kind() == Kind::Waiting => agents.min(MOST_WORKERS),
            (Workers::Any, None) => Cpus::detect().count(),
        })
    }

    fn execute(&self, workload: &Arc<dyn Workload>, factory: &Factory, workers: usize) -> Result<Outcome> {
        let executor = factory.start(&Start::workers(workers)).map_err(failed_to)?;
        let timeline = self.computed(workload, &*executor, "computing")?;
        let serial_ns = if self.measure_serial {
            let serial = find("serial").context("failed to find the serial executor")?;
            let serial = serial.start(&Start::workers(1)).map_err(failed_to)?;
            Some(self.computed(workload, &*serial, "one by one")?.makespan_ns)
        } else {
            None
        };
        Ok(Outcome::new(workload, workers, timeline, serial_ns))
    }

    /// Runs the agents with a progress bar, on a terminal.
    fn computed(
        &self,
        workload: &Arc<dyn Workload>,
        executor: &dyn centurion_executors::Executor,
        what: &'static str,
    ) -> Result<Timeline> {
        let bar = if std::io::stderr().is_terminal() && !self.json {
            ProgressBar::new(workload.agents() as u64)
        } else {
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template("{prefix} [{bar:40}] {pos}/{len} agents, {elapsed}")?;
        bar.set_style(style.progress_chars("=> "));
        bar.set_prefix(what);
        let ticked = bar.clone();
        let watched: Arc<dyn Workload> = Arc::new(Around::new(Arc::clone(workload), move |_, work| {
            let answer = work();
            ticked.inc(1);
            answer
        }));
        let timeline =
            stamped("demo", &watched, executor).map_err(|reason| anyhow::anyhow!("failed: {reason}"));
        bar.finish_and_clear();
        timeline
    }
}
