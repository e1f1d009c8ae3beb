//! `centurion advise -- COMMAND`: a few agents are run, once each, and what follows from them for all is said.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, bail, ensure};
use centurion_agents::AgentKind;
use centurion_commands::{Journal, Ledger, Lifetime};
use centurion_executors::MOST_WORKERS;
use centurion_harness::Cpus;
use centurion_report::units;
use serde_json::Value;

use crate::advice::{AdviceOn, AgentAdvice, AgentCost};
use crate::command::quoted;
use crate::command_args::AdviseArgs;
use crate::command_files::{new_journal, remove_journal};
use crate::command_plan::{CommandOrder, CommandPlan};
use crate::command_progress::CommandProgress;
use crate::command_run::{EndedRun, journal, run_plan};
use crate::command_summary::failures;
use crate::error::failed_to;
use crate::heard_agent::{BusyMachine, HeardAgent, MachineReading, ensure_told, worker_start};
use crate::interrupt;
use crate::output::{note, plural, say_wrapped};
use crate::store::shown;

/// Agents without which nothing can be said.
const LEAST: usize = 3;

/// Runs a sample of the agents, and says what follows from it for all.
///
/// # Errors
/// When the options can't be followed, or nothing can be told.
pub fn run(args: &AdviseArgs) -> Result<ExitCode> {
    let plan = CommandPlan::new(order(args)?)?;
    plan.ensure_no_needs("choose a sample of")?;
    let agents =
        plan.count.context("failed to choose a sample: standard input can be read only once; name a file")?;
    let (journal, kept_in) = keep(args, &plan)?;
    let journal = journal.with_failures(); // what they took is known without running them again
    let (chosen, drawn) = chosen(args, agents, &held(&plan, &journal)?);
    let size = chosen.len();
    let results = Heard::default();
    let ledger = Ledger::new(Box::new(results.clone()), Some(journal));
    let sample =
        plan.scenarios()?.filter(move |it| it.as_ref().map_or(true, |it| chosen.contains(&it.number)));
    let before = MachineReading::now();
    let ended = run_plan(&plan, Box::new(sample), ledger, args.with_command.halt, &CommandProgress::new())?;
    let busy = before.until_now();
    let ran = ended.totals.ended() - ended.totals.earlier;
    // Of a sample that was not run to its end, those that took least have ended.
    let evidence = Evidence { agents, is_random: drawn && ended.totals.ended() == size, ended, busy };
    let told = tell(args, &plan, &evidence, &results.agents());
    tell_where_kept(args, ran, &kept_in);
    if interrupt::asked() {
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    }
    told.map(|()| ExitCode::SUCCESS)
}

/// The journal, so that nothing that was run is lost, and where it is.
fn keep(args: &AdviseArgs, plan: &CommandPlan) -> Result<(Journal, PathBuf)> {
    match (journal(&args.with_command, &plan.invocation)?, &args.with_command.journal) {
        (Some(journal), Some(path)) => Ok((journal, path.clone())),
        _ => new_journal(&plan.invocation),
    }
}

/// Says how to go on with what was run where nobody named a place for it; where nothing was, nothing is left.
fn tell_where_kept(args: &AdviseArgs, ran: usize, kept_in: &Path) {
    if args.with_command.journal.is_some() {
        return;
    }
    if ran == 0 {
        return remove_journal(kept_in);
    }
    let file = quoted(&shown(kept_in));
    note(&format!(
        "What was run is kept: `run` and `advise` go on from there with --journal {file} --resume."
    ));
}

/// What was run, and of how many.
struct Evidence {
    agents: usize,
    /// Whether those that ended were drawn at random, or are all.
    is_random: bool,
    ended: EndedRun,
    busy: BusyMachine,
}

/// Says what follows from what was run.
fn tell(args: &AdviseArgs, plan: &CommandPlan, evidence: &Evidence, heard: &[HeardAgent]) -> Result<()> {
    let &Evidence { agents, is_random, ref ended, busy } = evidence;
    if interrupt::asked() {
        return Ok(());
    }
    say_wrapped(&beginning(ended, agents, plan.workers));
    if let Some(trouble) = &ended.trouble {
        return Err(failed_to(trouble));
    }
    let totals = &ended.totals;
    ensure!(
        totals.answered > 0 || totals.failed == 0,
        "failed to advise, for no agent answered: mend what failed them, or name other scenarios"
    );
    let said = said(args);
    if said.is_none() {
        ensure_told(heard, ended.totals.earlier > 0, busy)?;
    }
    ensure!(heard.len() >= LEAST, "failed to advise on fewer than {LEAST} agents that ended; raise --sample");
    let persistent = plan.rules.lifetime == Lifetime::Worker;
    let start = worker_start(heard).filter(|_| persistent);
    let costs: Vec<AgentCost> = heard.iter().map(|agent| agent.cost(said, start)).collect();
    let shows_start = |(agent, cost): (&HeardAgent, &AgentCost)| agent.shows_start_in(cost.wall);
    let advice = AgentAdvice {
        starts_are_least: !heard.iter().zip(&costs).all(shows_start),
        on: if persistent { AdviceOn::Persistent(start) } else { AdviceOn::Command },
        said,
        sample: &costs,
        is_random,
        agents,
        at_once: (ended.totals.earlier == 0).then_some(plan.workers),
        late: heard.iter().filter(|agent| agent.late).count(),
        cpus: Cpus::detect().count(),
        most_workers: MOST_WORKERS,
        seed: args.seed,
    };
    advice.lines().iter().for_each(|line| say_wrapped(line));
    Ok(())
}

fn said(args: &AdviseArgs) -> Option<AgentKind> {
    match (args.waiting, args.computing) {
        (true, _) => Some(AgentKind::Waiting),
        (_, true) => Some(AgentKind::Computing),
        _ => None,
    }
}

fn order(args: &AdviseArgs) -> Result<CommandOrder<'_>> {
    let with = &args.with_command;
    if with.results.is_some() || with.min_right.is_some() {
        bail!("failed to advise with --results or --min-right, which are for `run`; leave them out");
    }
    let (agents, workers, seed) = (args.agents, args.workers, args.seed);
    Ok(CommandOrder { words: &args.command, with: &with.agents, agents, workers, executor: None, seed })
}

/// The numbers of the agents whose end the journal holds.
fn held(plan: &CommandPlan, journal: &Journal) -> Result<BTreeSet<usize>> {
    let held = plan.scenarios()?.filter(|it| it.as_ref().map_or(true, |it| journal.holds(it)));
    held.map(|scenario| scenario.map(|it| it.number)).collect::<Result<_, _>>().map_err(failed_to)
}

/// All agents that are held, and as many others, drawn by the seed, as the sample lacks then; and whether that is what would have
/// been drawn with none held, or all there are. Agents that an interrupted run left are not.
fn chosen(args: &AdviseArgs, agents: usize, held: &BTreeSet<usize>) -> (BTreeSet<usize>, bool) {
    let mut order: Vec<usize> = (0..agents).collect();
    order.sort_unstable_by_key(|&number| (drawn(args.seed, number), number));
    let lacking = args.sample.saturating_sub(held.len());
    let others = order.iter().filter(|number| !held.contains(number)).take(lacking);
    let chosen: BTreeSet<usize> = held.iter().chain(others).copied().collect();
    let is_random = order.iter().take(chosen.len()).all(|number| chosen.contains(number));
    (chosen, is_random)
}

fn drawn(seed: u64, number: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, number).hash(&mut hasher);
    hasher.finish()
}

fn beginning(ended: &EndedRun, agents: usize, workers: usize) -> String {
    let totals = &ended.totals;
    let ran = totals.ended() - totals.earlier;
    let earlier = match totals.earlier {
        0 => String::new(),
        earlier => format!(" {earlier} more were run earlier."),
    };
    let failed = match totals.failed {
        0 => String::new(),
        failed => {
            let lines = failures(totals).join("\n");
            format!("\n{failed} of these failed, and count as long as they took:\n{lines}")
        }
    };
    let time = units::time(ended.wall.as_nanos() as f64);
    let of = plural(agents, "agent");
    let were = if ran == 1 { "was" } else { "were" };
    format!("{ran} of {of} {were} run once, {workers} at once, in {time}.{earlier}{failed}\n")
}

/// Results that are kept.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Heard {
    /// What the agents took whose CPU time is known.
    fn agents(&self) -> Vec<HeardAgent> {
        let text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let results =
            text.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        results.filter_map(|result| HeardAgent::from_result(&result)).collect()
    }
}
