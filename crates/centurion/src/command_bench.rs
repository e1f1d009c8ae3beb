//! `centurion bench -- COMMAND`: a command's agents, measured in rounds like those of any workload.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use centurion_agents::{AgentKind, OwnAgents, RightAnswers, Workload};
use centurion_commands::{Brake, ensure_open_files};
use centurion_executors::Factory;
use centurion_harness::{PlannedCell, Runner, Sweep, Testbed, cells, largest_cells, select};
use centurion_record::Role;
use centurion_report::units;

use crate::args::{BenchArgs, FULL_ROUNDS};
use crate::built_from::BuiltFrom;
use crate::command::CommandLine;
use crate::command_agents::{CommandAgents, plain_name, subject};
use crate::command_args::MeasureArgs;
use crate::command_plan::{CommandOrder, CommandPlan};
use crate::consent::ensure_agreed;
use crate::error::failed_to;
use crate::hints::of_scenarios;
use crate::options::variable_names;
use crate::output::{note, plural};
use crate::own_plan::{Known, NOTHING_MEASURED, WORTH_SAYING, factories, of_asked_workers, rehearsed, tried};
use crate::session::{Finished, Session};
use crate::{git, interrupt, store, variables};

/// Executors that are measured where none are named. What starting a process takes is a thousand times what executors
/// differ by: a loop over a counter, a pool that steals, and a thread for each agent show whether it matters.
const EXECUTORS: [&str; 3] = ["std-counter", "rayon", "std-thread-per-agent"];
/// The share of start-up from which on it is worth saving.
const MATTERS: f64 = 0.1;
/// Runs of the first agent that show whether the command works at all, before it is waited for a calm machine.
const OF_TRIAL: u64 = 1;
/// Rounds of a quick run.
const FEW_ROUNDS: u32 = 3;
/// Serial executions that show what each agent costs.
const OF_COSTS: u64 = 2;

/// Measures a command's agents into a record. `Ok(None)` when it was interrupted; what to do then has been said.
///
/// # Errors
/// When the options can't be followed, nobody agrees to it, or an agent fails before anything is measured.
pub fn run(args: MeasureArgs, command: &CommandLine) -> Result<Option<Finished>> {
    variables::warn_of_unknown(&variable_names());
    ensure_of_commands(&args.bench)?;
    ensure_same_command(&args.bench, command)?;
    let (agents, kind) = (agents(&args)?, kind(&args));
    let built_from = built_from(subject(&args.command));
    let mut bench = args.bench;
    let narrowed_to = narrowed_to(&bench);
    bench.cells.agents = agents.count();
    bench.no_footprints = true; // the processes of agents have nothing of the executor's
    if bench.budget.is_none() {
        let rounds = if bench.cells.quick { FEW_ROUNDS } else { FULL_ROUNDS };
        bench.rounds = bench.rounds.or(Some(rounds));
    }
    let testbed = Testbed::detect(interrupt::stop());
    let plan = CellPlan::new(&bench, &testbed)?;
    let most = plan.tell_most_runs(&agents, kind)?;
    ensure_agreed(args.yes, "Run them so often?")?;
    let brake = Brake::default();
    let own = agents.own_agents(most + OF_TRIAL, brake.clone());
    interrupt::watch_for(move || brake.now());
    tried(&own)?;
    let Some(_turn) = bench.turn() else {
        note(NOTHING_MEASURED);
        return Ok(None);
    };
    bench.wait.no_wait = true; // it has its turn
    let known = Known { kind, right: agents.right(&own) };
    let Some(workload) = rehearsed(own, known, true, &testbed.stop)? else {
        note(NOTHING_MEASURED);
        return Ok(None);
    };
    plan.warn_of_workers(&*workload);
    let cells = plan.cells(workload)?;
    plan.tell_time(&agents, &cells);
    tell_start_up(&agents);
    Session::with_own_cells(bench, narrowed_to, testbed, cells, built_from).run(command)
}

/// What helps where agents failed while they were measured.
pub fn help_with_failures(finished: &Finished) -> Option<String> {
    finished.record.cells.iter().any(|cell| cell.failure.is_some()).then(|| {
        "Agents that fail can't be measured: `run` them once with --results FILE, and leave out those that failed by \
         --answered-in FILE; or give --retries."
            .into()
    })
}

fn agents(args: &MeasureArgs) -> Result<CommandAgents> {
    let cells = &args.bench.cells;
    let order = CommandOrder {
        words: &args.command,
        with: &args.agents,
        agents: cells.agents,
        workers: None,
        executor: None,
        seed: cells.seed,
    };
    let name = args.name.clone().unwrap_or_else(|| plain_name(subject(&args.command)));
    let agents = CommandAgents::new(CommandPlan::new(order)?, name, args.unchecked)?;
    match &args.answered_in {
        Some(path) => agents.answered_in(path),
        None => Ok(agents),
    }
}

fn kind(args: &MeasureArgs) -> Option<AgentKind> {
    match (args.waiting, args.computing) {
        (true, _) => Some(AgentKind::Waiting),
        (_, true) => Some(AgentKind::Computing),
        _ => None,
    }
}

/// What is of workloads is refused with a command.
fn ensure_of_commands(bench: &BenchArgs) -> Result<()> {
    let cells = &bench.cells;
    if let Some(hint) = cells.workloads().iter().find_map(|name| of_scenarios(name)) {
        bail!("failed to measure a command: {hint}");
    }
    ensure!(
        cells.workloads().is_empty() && cells.positions.is_none(),
        "failed to measure a command and workloads at once: leave out the command, or the workloads and positions that \
         flags (--workloads, --positions) or variables (CENTURION_WORKLOADS, CENTURION_POSITIONS) name"
    );
    Ok(())
}

/// Rounds of one command are no rounds of another.
fn ensure_same_command(bench: &BenchArgs, command: &CommandLine) -> Result<()> {
    let Some(path) = &bench.resume else { return Ok(()) };
    let (earlier, now) = (store::read_record(path)?.run.command, command.recorded());
    ensure!(
        compared(&earlier) == compared(&now),
        "failed to resume {}: it is of another command line, `{earlier}`; resume with that",
        store::shown(path)
    );
    Ok(())
}

/// A command line without what changes nothing: how this program was started, and who agreed.
fn compared(line: &str) -> String {
    line.strip_prefix("cargo ").unwrap_or(line).replacen(" --yes", "", 1)
}

/// How many agents there are is no less than everything: that is what the command is given.
fn narrowed_to(bench: &BenchArgs) -> Vec<String> {
    bench.narrowed_to().into_iter().filter(|what| !what.starts_with("agents ")).collect()
}

/// The commit that the script or program is at, and the Centurion that measures it.
fn built_from(subject: &str) -> BuiltFrom {
    let mut here = BuiltFrom::here();
    here.libraries.insert("centurion".into(), here.version());
    let state = git::checked_out(Path::new("."), Path::new(subject));
    let (commit, dirty) =
        state.map_or((None, false), |(commit, dirty)| (Some(commit.chars().take(12).collect()), dirty));
    BuiltFrom { commit, dirty, ..here }
}

/// Says what part of the agents' time is start-up, as they showed one after another.
fn tell_start_up(agents: &CommandAgents) {
    if let (Some(share), false) = (agents.starting(), agents.stay()) {
        let so = if share > MATTERS { "; --persistent would have it once for each worker" } else { "" };
        let share = units::percent(share);
        note(&format!("start-up, until agents read their scenario, took {share} of their time{so}"));
    }
}

/// Which cells of a command's agents are measured, and how often.
struct CellPlan {
    factories: Vec<Factory>,
    sweep: Sweep,
    /// Numbers of workers that were asked for; none where nobody did.
    asked: Vec<usize>,
    rounds: u32,
    /// Seconds that rounds are measured for, where that was said in place of their number.
    budget: Option<u64>,
    /// Whether costs and timelines are taken after the rounds.
    stamps: bool,
}

impl CellPlan {
    fn new(bench: &BenchArgs, testbed: &Testbed) -> Result<Self> {
        let asked = &bench.cells.executors;
        let named = if asked.is_empty() { EXECUTORS.map(str::to_owned).to_vec() } else { Vec::new() };
        let factories = factories(false, &named, Vec::new(), asked)?;
        let sweep = bench.cells.sweep(&testbed.cpus)?;
        let asked = bench.cells.workers.clone();
        Ok(Self {
            factories,
            sweep,
            asked,
            rounds: bench.rounds().at_most,
            budget: bench.budget,
            stamps: !bench.bare,
        })
    }

    fn cells(&self, workload: Arc<dyn Workload>) -> Result<Vec<PlannedCell>> {
        let planned = cells(&[workload], &self.factories, &self.sweep);
        Ok(select(of_asked_workers(planned, &self.asked)?, |_| true))
    }

    /// Says it where a number of workers was asked for that means nothing.
    fn warn_of_workers(&self, workload: &dyn Workload) {
        if workload.kind() == AgentKind::Computing && !self.asked.is_empty() {
            note(
                "--workers is for agents that wait: these compute, and are measured with a worker for each core",
            );
        }
    }

    /// Says how often each agent is run at most, which is returned.
    fn tell_most_runs(&self, agents: &CommandAgents, kind: Option<AgentKind>) -> Result<u64> {
        let kinds = kind.map_or(vec![AgentKind::Waiting, AgentKind::Computing], |kind| vec![kind]);
        let before = match (agents.know_what_is_right(), kind) {
            (true, Some(_)) => 0,
            (true, None) => 1,
            (false, _) => 2,
        };
        let stand_in = |kind| -> Arc<dyn Workload> {
            let agents = OwnAgents::new(&agents.name, agents.count(), |agent| agent);
            Arc::new(agents.into_workload(kind, RightAnswers::Any))
        };
        let planned: Vec<Vec<PlannedCell>> =
            kinds.into_iter().map(|kind| self.cells(stand_in(kind))).collect::<Result<_>>()?;
        let workers = planned.iter().flatten().map(|cell| cell.workers).max().unwrap_or(1);
        ensure_open_files(workers).map_err(failed_to)?;
        let runs = planned.iter().map(|cells| self.runs(cells)).max().unwrap_or(0);
        let again = match agents.retries() {
            0 => String::new(),
            retries => format!(" One that fails is tried again, up to {retries} times."),
        };
        let in_round = planned.iter().map(|cells| in_round(cells)).max().unwrap_or(0);
        let most = before + runs;
        let rehearsed = match before {
            0 => String::new(),
            1 => ", once before anything is measured".into(),
            _ => format!(", {before} times before anything is measured"),
        };
        let often = match self.budget {
            None => format!("{most} times at most{rehearsed}"),
            Some(seconds) => format!(
                "about {in_round} times in each round, and rounds go on for {seconds} s{rehearsed}. It ends at {most} times \
                 at the latest"
            ),
        };
        note(&format!(
            "{}: each of {} will be run {often}.{again}\nThe first is run once more, to try the command.\nWhat must be run \
             only once is for `centurion run`.",
            agents.name,
            plural(agents.count(), "agent"),
        ));
        Ok(most)
    }

    /// How often each agent is run in and after the rounds.
    fn runs(&self, cells: &[PlannedCell]) -> u64 {
        let stamped: BTreeSet<&str> =
            cells.iter().filter(|cell| cell.role == Role::Executor).map(|cell| &*cell.executor).collect();
        let after = if self.stamps { OF_COSTS + stamped.len() as u64 } else { 0 };
        // In every other round, some once more by themselves.
        let once = u64::from(self.rounds.div_ceil(2)) * largest_cells(cells.iter()).len() as u64;
        u64::from(self.rounds) * in_round(cells) + once + after
    }

    /// Says how long it takes at least, if agents take as long as they did last.
    fn tell_time(&self, agents: &CommandAgents, cells: &[PlannedCell]) {
        let cell = |cell: &PlannedCell| match cell.workload.kind() {
            AgentKind::Waiting => agents.least_ns(cell.workers),
            AgentKind::Computing if matches!(cell.runner, Runner::Hardware) => agents.least_ns(1),
            AgentKind::Computing => agents.least_ns(cell.workers.min(cell.cores)),
        };
        let round: u64 = cells.iter().map(cell).sum();
        if Duration::from_nanos(round) >= WORTH_SAYING {
            let (round, rounds) = (round as f64, f64::from(self.rounds));
            note(&format!(
                "a round of {} takes {} at least, and up to {} rounds {}",
                plural(cells.len(), "cell"),
                units::time(round),
                self.rounds,
                units::time(round * rounds)
            ));
        }
    }
}

/// How often each agent is run in a round, but for those that are once more by themselves.
fn in_round(cells: &[PlannedCell]) -> u64 {
    cells.iter().map(executions).sum()
}

/// How often each agent is run in a sample of a cell.
fn executions(cell: &PlannedCell) -> u64 {
    match cell.runner {
        Runner::Hardware => cell.cores as u64,
        Runner::Executor(_) | Runner::Peer(_) => 1,
    }
}
