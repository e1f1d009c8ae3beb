//! What is to be measured: the same options as flags of `cargo centurion bench` and as variables of `cargo bench`.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use centurion_agents::{Parameter, Parameters, Positions, Workload, WorkloadFamily};
use centurion_dask::{Python, Scheduler};
use centurion_executors::{Factory, MOST_WORKERS, Workers, all};
use centurion_harness::{Cpus, Rounds, Sweep};
use clap::{CommandFactory as _, FromArgMatches as _, Parser};

use crate::args::{BenchArgs, CellArgs, FULL_ROUNDS};
use crate::error::{UnknownName, did_you_mean, failed_to};
use crate::output::note;
use crate::server::NOWHERE;
use crate::turn::MachineTurn;
use crate::{files, variables};

/// The options by themselves, as `cargo bench` takes them from variables.
#[derive(Parser)]
struct Variables {
    #[command(flatten)]
    bench: BenchArgs,
}

/// Variables that are about the agents of the registry.
#[cfg(feature = "bench")]
const OF_REGISTRY: [&str; 4] =
    ["CENTURION_WORKLOADS", "CENTURION_AGENTS", "CENTURION_POSITIONS", "CENTURION_NO_FOOTPRINTS"];

/// The options, deaf to those variables.
#[cfg(feature = "bench")]
fn without_registry() -> clap::Command {
    let of_registry = |argument: &clap::Arg| {
        argument.get_env().is_some_and(|name| OF_REGISTRY.iter().any(|of| name == *of))
    };
    Variables::command()
        .mut_args(|argument| if of_registry(&argument) { argument.env(None) } else { argument })
}

fn help_of(command: &clap::Command) -> String {
    let lines = command.get_arguments().filter_map(|argument| {
        let variable = argument.get_env()?.to_string_lossy();
        Some(format!("  {variable:<20}  {}", argument.get_help()?))
    });
    let lines: Vec<String> = lines.collect();
    format!("What to measure is said by variables, the rest by criterion's flags:\n{}\n", lines.join("\n"))
}

impl BenchArgs {
    /// The options of a `cargo bench`, which come from variables: its flags belong to criterion, but for
    /// `--quick`, which both heed.
    ///
    /// A variable with a value that can't be used ends the process, as a wrong flag does.
    pub fn from_variables(quick: bool) -> Self {
        Self::from_variables_of(&Variables::command(), quick)
    }

    /// The same where a bench file says what the agents are, and no variable does.
    #[cfg(feature = "bench")]
    pub(crate) fn from_variables_of_own(quick: bool) -> Self {
        for name in
            OF_REGISTRY.iter().filter(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
        {
            note(&format!("warning: {name} changes nothing: the bench file says what the agents are"));
        }
        Self::from_variables_of(&without_registry(), quick)
    }

    fn from_variables_of(command: &clap::Command, quick: bool) -> Self {
        let parsed = variables::parse::<Variables>(command, &["cargo bench".into()]);
        let mut bench = parsed.unwrap_or_else(|error| error.exit()).bench;
        bench.cells.quick |= quick;
        bench.wait.has_no_flags = true;
        bench
    }

    /// What these flags say, whatever the variables.
    ///
    /// # Errors
    /// Names the flag.
    pub(crate) fn from_flags(flags: &[&str]) -> Result<Self> {
        let words = std::iter::once("centurion bench").chain(flags.iter().copied());
        let mut matches = variables::deaf(Variables::command()).try_get_matches_from(words)?;
        Ok(Variables::from_arg_matches_mut(&mut matches)?.bench)
    }

    /// A bench of these cells, for as long as usual.
    ///
    /// # Errors
    /// Never: no flag is given.
    pub(crate) fn from_cells(cells: CellArgs) -> Result<Self> {
        Ok(Self { cells, ..Self::from_flags(&[])? })
    }

    /// Whether a bench with these flags would know what to measure.
    ///
    /// # Errors
    /// Names the flag or what it asks for in vain.
    pub(crate) fn check(flags: &[&str]) -> Result<()> {
        let cells = Self::from_flags(flags)?.cells;
        cells.make_workloads(Some(NOWHERE))?;
        cells.factories()?;
        cells.sweep(&Cpus::detect())?;
        Ok(())
    }

    /// What was left out, or measured in another way, by asking for something else than everything.
    pub(crate) fn narrowed_to(&self) -> Vec<String> {
        let chosen = &self.cells;
        let usual_agents = Self::from_flags(&[]).map_or(0, |usual| usual.cells.agents);
        let mut narrowed: Vec<String> = [
            ("workloads", listed(chosen.workloads())),
            ("executors", listed(&chosen.executors)),
            ("cores", listed(&chosen.cores)),
            ("workers", listed(&chosen.workers)),
        ]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| format!("{what} {names}"))
        .collect();
        if chosen.agents != usual_agents {
            narrowed.push(format!("agents {}", chosen.agents));
        }
        narrowed.extend(chosen.positions.is_some().then(|| "positions of its own".into()));
        narrowed.extend(self.bare.then(|| "no timelines".into()));
        narrowed.extend((!self.takes_footprints()).then(|| "no footprints".into()));
        narrowed
    }

    /// Whether executions in processes of their own are looked at.
    pub(crate) fn takes_footprints(&self) -> bool {
        !self.bare && !self.no_footprints
    }

    /// The run's turn to measure. One that is bare has it from whoever asked for it. `None` when it was asked to stop
    /// meanwhile.
    pub(crate) fn turn(&self) -> Option<MachineTurn> {
        if self.bare { Some(MachineTurn::default()) } else { MachineTurn::take(&self.wait) }
    }

    /// The variables of `cargo bench`, a line each.
    pub fn help_of_variables() -> String {
        help_of(&Variables::command())
    }

    /// Those of a bench of somebody's own agents.
    #[cfg(feature = "bench")]
    pub(crate) fn help_of_variables_of_own() -> String {
        help_of(&without_registry())
    }

    /// When to stop. A full run makes [`FULL_ROUNDS`], and on a slow machine at least the whole ones among them; its budget
    /// leaves a minute and a half of six for what is done before and after. Whoever says how many rounds gets exactly those.
    pub(crate) fn rounds(&self) -> Rounds {
        let (at_least, budget) = if self.cells.quick { (3, 38) } else { (FULL_ROUNDS, 255) };
        let budget = Duration::from_secs(self.budget.unwrap_or(budget));
        let full = !self.cells.quick;
        let planned =
            Rounds { at_least, at_most: 40, budget, alternate: true, retakes: if full { 2 } else { 0 } };
        match self.rounds {
            Some(rounds) => {
                Rounds { at_least: rounds, at_most: rounds, budget, alternate: false, retakes: 0 }
            }
            None if self.budget.is_some() => Rounds { at_least: 1, at_most: 1_000, ..planned },
            None => planned,
        }
    }
}

impl CellArgs {
    /// The workloads asked for, whose agents ask the server at that address.
    ///
    /// # Errors
    /// Names a workload that does not exist or a malformed line of a file of positions.
    pub(crate) fn make_workloads(&self, server: Option<SocketAddr>) -> Result<Vec<Arc<dyn Workload>>> {
        let members = self.members(server)?;
        members.iter().map(|(family, member)| family.make(member).map_err(failed_to)).collect()
    }

    /// What each of them is made from.
    ///
    /// # Errors
    /// Names a workload that does not exist, or a file of positions that can't be read.
    pub(crate) fn members(&self, server: Option<SocketAddr>) -> Result<Vec<(WorkloadFamily, Parameters)>> {
        let families = self.families()?;
        let asked = Parameters {
            agents: Some(self.agents),
            seed: self.seed,
            positions: positions(self.positions.as_deref(), &families)?,
            server,
            ..Parameters::default()
        };
        let members = families.into_iter().flat_map(|family| {
            let members = (family.members)(&asked, self.quick);
            members.into_iter().map(move |member| (family.clone(), member))
        });
        Ok(members.collect())
    }

    /// The families of workloads asked for, in the order of the registry.
    ///
    /// # Errors
    /// Names a workload that does not exist.
    pub(crate) fn families(&self) -> Result<Vec<WorkloadFamily>> {
        for name in self.workloads() {
            WorkloadFamily::find(name).map_err(|error| UnknownName(format!("failed to {error}")))?;
        }
        let mut families = WorkloadFamily::all();
        families.retain(|family| {
            let unnamed = self.workloads().is_empty() && (family.quick || !self.quick);
            unnamed || self.workloads().iter().any(|name| name == family.name)
        });
        Ok(families)
    }

    /// The executors asked for, in the order of the list. The serial one is not among them: it is the
    /// baseline of every workload.
    ///
    /// # Errors
    /// Names an executor that does not exist.
    pub(crate) fn factories(&self) -> Result<Vec<Factory>> {
        let mut executors = all();
        let peers = Scheduler::ALL.map(Scheduler::name);
        let names: Vec<&str> = executors.iter().map(|factory| factory.name).chain(peers).collect();
        known("executor", &self.executors, &names)?;
        let wanted = |name: &str| self.executors.is_empty() || self.executors.iter().any(|n| n == name);
        executors.retain(|factory| factory.workers != Workers::One && wanted(factory.name));
        Ok(executors)
    }

    /// The schedulers of Python asked for: those named, or in a full run that is not bare all of them, if Python is
    /// set up.
    /// If it is not, a line on standard error says so.
    ///
    /// # Errors
    /// When one is named but Python is not set up.
    pub(crate) fn peers(&self, bare: bool) -> Result<Vec<Scheduler>> {
        let mut peers = Scheduler::ALL.to_vec();
        peers.retain(|peer| {
            self.executors.is_empty() || self.executors.iter().any(|name| name == peer.name())
        });
        let by_itself = self.executors.is_empty();
        if peers.is_empty() || by_itself && (self.quick || bare) {
            return Ok(Vec::new());
        }
        match Python::find() {
            Ok(_) => Ok(peers),
            Err(error) if by_itself => {
                note(&format!("Dask and Python are left out: failed to {error}"));
                Ok(Vec::new())
            }
            Err(error) => Err(failed_to(error)),
        }
    }

    /// What is swept on this machine.
    ///
    /// # Errors
    /// Names a core count the machine does not have.
    pub(crate) fn sweep(&self, cpus: &Cpus) -> Result<Sweep> {
        let mut sweep = Sweep::from_cpus(cpus, self.agents.min(MOST_WORKERS));
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
            sweep = Sweep::new(sweep.cores, sorted(&self.workers));
        }
        for &cores in &sweep.cores {
            ensure!(
                (1..=available).contains(&cores),
                "failed to restrict the process to {cores} cores: it may use {available}; \
                 give --cores (CENTURION_CORES) numbers from 1 to {available}"
            );
        }
        Ok(sweep)
    }
}

fn listed<T: Ord + Display>(given: &[T]) -> String {
    let given: BTreeSet<&T> = given.iter().collect();
    given.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The positions of a file, if there is one and one of these families heeds it.
pub(crate) fn positions(file: Option<&Path>, families: &[WorkloadFamily]) -> Result<Option<Positions>> {
    let heeded = families.iter().any(|family| family.parameters.contains(&Parameter::Positions));
    let own = file.filter(|_| heeded);
    own.map(|path| {
        let meant = "name a file of positions, in the format of crates/agents/data/ffo.tsv";
        let text = files::read(path).map_err(|error| anyhow!("{error:#}; {meant}"))?;
        Ok(Positions { text, origin: path.display().to_string() })
    })
    .transpose()
}

/// The variables that stand for flags of `cargo centurion bench`.
pub(crate) fn variable_names() -> Vec<String> {
    let command = Variables::command();
    let names = command.get_arguments().filter_map(|argument| argument.get_env());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

/// Fails on the first name that is not one of those that exist.
pub(crate) fn known(kind: &str, names: &[String], existing: &[&str]) -> Result<()> {
    for name in names {
        ensure!(
            existing.contains(&name.as_str()),
            UnknownName(format!(
                "failed to find the {kind} {name:?}; there are {}{}",
                existing.join(", "),
                did_you_mean(name, existing)
            ))
        );
    }
    Ok(())
}
