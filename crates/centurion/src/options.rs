//! What is to be measured: the same options as flags of `centurion bench` and as variables of `cargo bench`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use centurion_agents::{Parameter, Parameters, Positions, Workload, WorkloadFamily};
use centurion_dask::{Python, Scheduler};
use centurion_executors::{Factory, Workers, all};
use centurion_harness::{Cpus, Rounds, Sweep};
use clap::{Args, CommandFactory as _, Parser};

use crate::store;

/// Rounds of a full run. Criterion analyses no fewer than 10; with 12, verdicts between runs are as often right as
/// METHODOLOGY.md says.
pub const FULL_ROUNDS: u32 = 12;

/// What to measure, and for how long.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What to measure")]
pub struct Options {
    /// Workloads to measure, as the registry names them
    #[arg(long, env = "CENTURION_WORKLOADS", value_delimiter = ',', value_name = "NAMES", help = help_of_workloads())]
    pub workloads: Vec<String>,
    /// Executors to measure, as `centurion list` names them; serial is always the baseline. Schedulers of Python are
    /// among them where `just python` has set it up: dask-threads, dask-processes, dask-distributed, python-threads
    #[arg(long, env = "CENTURION_EXECUTORS", value_delimiter = ',', value_name = "NAMES")]
    pub executors: Vec<String>,
    /// Core counts to restrict the process to [default: 1, 2, 4 … all physical cores, then all CPUs]
    #[arg(long, env = "CENTURION_CORES", value_delimiter = ',', value_name = "COUNTS")]
    pub cores: Vec<usize>,
    /// Worker counts for waiting agents [default: powers of two up to one worker per agent]
    #[arg(long, env = "CENTURION_WORKERS", value_delimiter = ',', value_name = "COUNTS")]
    pub workers: Vec<usize>,
    /// Number of agents of every workload; of a council, those that decide. Patterns have about a thousand
    #[arg(long, env = "CENTURION_AGENTS", default_value_t = 100, value_name = "N", value_parser = agent_count)]
    pub agents: usize,
    /// File of positions for `deciding`, in the format of crates/agents/data/ffo.tsv
    #[arg(long, env = "CENTURION_POSITIONS", value_name = "FILE")]
    pub positions: Option<PathBuf>,
    /// Seed of the agents and of the shuffled order
    #[arg(long, env = "CENTURION_SEED", default_value_t = 42, value_name = "N")]
    pub seed: u64,
    /// Measure exactly this many rounds, however long they take
    #[arg(long, env = "CENTURION_ROUNDS", value_name = "N", help_heading = "How long")]
    pub rounds: Option<u32>,
    /// Seconds to go on measuring rounds for [default: 280, quick 40]
    #[arg(long, env = "CENTURION_BUDGET", value_name = "SECONDS", help_heading = "How long")]
    pub budget: Option<u64>,
    /// Measure less of everything, in under a minute (with cargo: `cargo bench -- --quick`)
    #[arg(long, env = "CENTURION_QUICK", help_heading = "How long")]
    pub quick: bool,
    /// Leave out the stamped executions that timelines are drawn from
    #[arg(long, env = "CENTURION_BARE", hide = true)]
    pub bare: bool,
    /// Record to go on with, as a stopped run names it
    #[arg(long, env = "CENTURION_RESUME", value_name = "RECORD", help_heading = "Files")]
    pub resume: Option<PathBuf>,
    /// Where to write the record [default: target/centurion/TIME.json]
    #[arg(long, env = "CENTURION_RECORD", value_name = "FILE", help_heading = "Files")]
    pub record: Option<PathBuf>,
}

/// The options by themselves, as `cargo bench` takes them from variables.
#[derive(Parser)]
struct Variables {
    #[command(flatten)]
    options: Options,
}

impl Options {
    /// The options of a `cargo bench`, which come from variables: its flags belong to criterion, but for
    /// `--quick`, which both heed.
    ///
    /// A variable with a value that can't be used ends the process, as a wrong flag does.
    pub fn from_variables(quick: bool) -> Self {
        let mut options =
            Variables::try_parse_from(["cargo bench"]).unwrap_or_else(|error| error.exit()).options;
        options.quick |= quick;
        options
    }

    /// Whether a bench with these flags would know what to measure.
    ///
    /// # Errors
    /// Names the flag or what it asks for in vain.
    pub(crate) fn check(flags: &[&str]) -> Result<()> {
        let options = Variables::try_parse_from(std::iter::once(&"centurion bench").chain(flags))?.options;
        options.workloads()?;
        options.executors()?;
        options.sweep(&Cpus::detect())?;
        Ok(())
    }

    /// The variables of `cargo bench`, a line each.
    pub fn help_of_variables() -> String {
        let command = Variables::command();
        let lines = command.get_arguments().filter_map(|argument| {
            let variable = argument.get_env()?.to_string_lossy();
            Some(format!("  {variable:<20}  {}", argument.get_help()?))
        });
        let lines: Vec<String> = lines.collect();
        format!(
            "What to measure is said by variables, the rest by criterion's flags:\n{}\n",
            lines.join("\n")
        )
    }

    /// The workloads asked for.
    ///
    /// # Errors
    /// Names a workload that does not exist or a malformed line of a file of positions.
    pub fn workloads(&self) -> Result<Vec<Arc<dyn Workload>>> {
        let families = self.families()?;
        let asked = Parameters {
            agents: Some(self.agents),
            seed: self.seed,
            positions: positions(self.positions.as_deref(), &families)?,
            ..Parameters::default()
        };
        let members = families.iter().flat_map(|family| {
            let members = (family.members)(&asked, self.quick);
            members.into_iter().map(|member| family.make(&member).map_err(failed_to))
        });
        members.collect()
    }

    /// The families of workloads asked for, in the order of the registry.
    fn families(&self) -> Result<Vec<WorkloadFamily>> {
        for name in &self.workloads {
            WorkloadFamily::find(name).map_err(failed_to)?;
        }
        let mut families = WorkloadFamily::all();
        families.retain(|family| {
            let unnamed = self.workloads.is_empty() && (family.quick || !self.quick);
            unnamed || self.workloads.iter().any(|name| name == family.name)
        });
        Ok(families)
    }

    /// The executors asked for, in the order of the list. The serial one is not among them: it is the
    /// baseline of every workload.
    ///
    /// # Errors
    /// Names an executor that does not exist.
    pub fn executors(&self) -> Result<Vec<Factory>> {
        let mut executors = all();
        let peers = Scheduler::ALL.map(Scheduler::name);
        let names: Vec<&str> = executors.iter().map(|factory| factory.name).chain(peers).collect();
        known("executor", &self.executors, &names)?;
        let wanted = |name: &str| self.executors.is_empty() || self.executors.iter().any(|n| n == name);
        executors.retain(|factory| factory.workers != Workers::One && wanted(factory.name));
        Ok(executors)
    }

    /// The schedulers of Python asked for: those named, or in a full run all of them, if Python is set up.
    /// If it is not, a line on standard error says so.
    ///
    /// # Errors
    /// When one is named but Python is not set up.
    pub fn peers(&self) -> Result<Vec<Scheduler>> {
        let mut peers = Scheduler::ALL.to_vec();
        peers.retain(|peer| {
            self.executors.is_empty() || self.executors.iter().any(|name| name == peer.name())
        });
        let by_itself = self.executors.is_empty();
        if peers.is_empty() || by_itself && (self.quick || self.bare) {
            return Ok(Vec::new());
        }
        match Python::find() {
            Ok(_) => Ok(peers),
            Err(error) if by_itself => {
                eprintln!("Dask and Python are left out: failed to {error}");
                Ok(Vec::new())
            }
            Err(error) => Err(failed_to(error)),
        }
    }

    /// What is swept on this machine.
    ///
    /// # Errors
    /// Names a core count the machine does not have, or a count of 0.
    pub fn sweep(&self, cpus: &Cpus) -> Result<Sweep> {
        let mut sweep = Sweep::of(cpus, self.agents);
        if self.quick {
            sweep.cores.drain(..sweep.cores.len() - 1);
        }
        let (available, sorted) = (cpus.count(), |counts: &[usize]| {
            let mut counts = counts.to_vec();
            counts.sort_unstable();
            counts.dedup();
            counts
        });
        if !self.cores.is_empty() {
            sweep.cores = sorted(&self.cores);
        }
        if !self.workers.is_empty() {
            sweep.workers = sorted(&self.workers);
        }
        for &cores in &sweep.cores {
            ensure!(
                (1..=available).contains(&cores),
                "failed to restrict the process to {cores} cores: it may use {available}; \
                 give --cores (CENTURION_CORES) numbers from 1 to {available}"
            );
        }
        ensure!(
            sweep.workers.iter().all(|&workers| workers > 0),
            "failed to start 0 workers; give --workers (CENTURION_WORKERS) numbers from 1"
        );
        Ok(sweep)
    }

    /// When to stop. A full run makes at least [`FULL_ROUNDS`].
    ///
    /// # Errors
    /// When no rounds are asked for.
    pub fn rounds(&self) -> Result<Rounds> {
        let (at_least, budget) = if self.quick { (3, 40) } else { (FULL_ROUNDS, 280) };
        let budget = Duration::from_secs(self.budget.unwrap_or(budget));
        match self.rounds {
            Some(0) => bail!("failed to measure 0 rounds; give --rounds (CENTURION_ROUNDS) a number from 1"),
            Some(rounds) => Ok(Rounds { at_least: rounds, at_most: rounds, budget }),
            None if self.budget.is_some() => Ok(Rounds { at_least: 1, at_most: 1_000, budget }),
            None => Ok(Rounds { at_least, at_most: 40, budget }),
        }
    }
}

/// Most agents that a run is made for: more would not fit a record.
const MOST_AGENTS: usize = 1_000_000;

/// A number of agents that can be measured.
fn agent_count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(agents @ 1..=MOST_AGENTS) => Ok(agents),
        _ => Err(format!("it is a number from 1 to {MOST_AGENTS}")),
    }
}

fn help_of_workloads() -> String {
    let names: Vec<&str> = WorkloadFamily::all().iter().map(|family| family.name).collect();
    format!("Workloads to measure: {}", names.join(", "))
}

/// The positions of a file, if there is one and one of these families heeds it.
pub(crate) fn positions(file: Option<&Path>, families: &[WorkloadFamily]) -> Result<Option<Positions>> {
    let heeded = families.iter().any(|family| family.parameters.contains(&Parameter::Positions));
    let own = file.filter(|_| heeded);
    own.map(|path| Ok(Positions { text: store::read(path)?, origin: path.display().to_string() })).transpose()
}

/// Libraries say what they failed to do; this says that it failed.
pub(crate) fn failed_to(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("failed to {error}")
}

/// Fails on the first name that is not one of those that exist.
pub(crate) fn known(kind: &str, names: &[String], existing: &[&str]) -> Result<()> {
    for name in names {
        ensure!(
            existing.contains(&name.as_str()),
            "failed to find the {kind} {name:?}; there are {}",
            existing.join(", ")
        );
    }
    Ok(())
}
