//! `centurion run -- COMMAND`: a command in any language for each of many scenarios.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use centurion_commands::{
    Brake, Crew, Dispatcher, Feed, GraphTimes, HaltRule, Invocation, Journal, Ledger, LedgerError, Lifetime,
    Slowest, Stopping, Totals,
};
use centurion_dask::DaskError;
use centurion_harness::{Cpus, clock};
use centurion_report::units;

use crate::args::DemoArgs;
use crate::command_args::CommandArgs;
use crate::command_cluster::CommandCluster;
use crate::command_files;
use crate::command_plan::{CommandOrder, CommandPlan, DrawnScenarios};
use crate::command_progress::CommandProgress;
use crate::command_summary::{CommandSummary, share_right, shortened};
use crate::error::failed_to;
use crate::interrupt;
use crate::output::{after_ctrl_c, note, plural, say_failure, say_wrapped};

/// Runs a command for each scenario, here or on the cluster at an address, and says what came of it: results one a line,
/// then a summary.
///
/// # Errors
/// When the options can't be followed. Nothing has been run then.
pub fn run(args: &DemoArgs, cluster: Option<&str>) -> Result<ExitCode> {
    ensure!(!args.json, "failed to print one JSON object: results are one a line already; leave out --json");
    let with = &args.with_command;
    let progress = CommandProgress::new();
    if let Some(results) = &with.results {
        let (input, journal) = (with.agents.input.as_deref(), with.journal.as_deref());
        command_files::ensure_free(results, input, journal, with.resume)?;
    }
    let (plan, cluster) = match cluster {
        None => (CommandPlan::new(order(args))?, None),
        Some(address) => {
            let mut plan = CommandPlan::elsewhere(CommandOrder { executor: None, ..order(args) })?;
            ensure_judged(with, &plan)?;
            let cluster = CommandCluster::new(args, address, &plan, progress.teller())?;
            plan.workers = cluster.workers;
            (plan, Some(cluster))
        }
    };
    ensure_judged(with, &plan)?;
    let journal = journal(with, &plan.invocation)?;
    let scenarios = plan.feed()?;
    let results: Box<dyn Write + Send> = match &with.results {
        Some(path) => command_files::results(path)?,
        None => progress.standard_output(),
    };
    let ledger = Ledger::new(results, journal);
    let crew = |dispatcher| match &cluster {
        None => Crew::new(plan.invocation.clone(), plan.rules, dispatcher),
        Some(cluster) => cluster.crew(&plan, dispatcher),
    };
    let ended = run_crew(&plan, scenarios, ledger, with.halt, &progress, crew)?;
    let cpus = cluster.is_none().then(|| Cpus::detect().count());
    let left = cluster.map(CommandCluster::close);
    let (persistent, wall) = (plan.rules.lifetime == Lifetime::Worker, ended.wall);
    let summary = CommandSummary {
        totals: &ended.totals,
        graph: ended.graph.as_ref(),
        wall,
        workers: plan.workers,
        cpus,
        persistent,
        count: plan.count,
    };
    let tell = if with.results.is_some() { say_wrapped } else { note };
    summary.lines().iter().for_each(|line| tell(line));
    let lost = left.as_ref().and_then(|(_, lost)| lost.as_ref().err());
    Ok(verdict(args, &ended, lost, plan.count))
}

/// Refuses to judge answers of which none can be known to be right.
fn ensure_judged(with: &CommandArgs, plan: &CommandPlan) -> Result<()> {
    ensure!(
        with.min_right.is_none() || plan.may_expect(),
        "failed to judge answers by --min-right: no scenario has an `expected` one; give them that, or leave it out"
    );
    Ok(())
}

fn order(args: &DemoArgs) -> CommandOrder<'_> {
    CommandOrder {
        words: &args.command,
        with: &args.with_command.agents,
        agents: args.agents,
        workers: args.workers,
        executor: args.executor.as_deref(),
        seed: args.seed,
    }
}

pub(crate) fn journal(with: &CommandArgs, invocation: &Invocation) -> Result<Option<Journal>> {
    let open = |path: &Path| command_files::journal(path, with.resume, invocation);
    let journal = with.journal.as_deref().map(open).transpose()?;
    if let Some(changed) =
        journal.as_ref().map(|journal| journal.changed().join(", ")).filter(|it| !it.is_empty())
    {
        ensure!(
            with.allow_changed,
            "failed to go on with the journal: {changed} has changed since it began, and its answers are of what was there then; \
             name another journal, or give --allow-changed, which mixes the two"
        );
        note(&format!(
            "warning: {changed} has changed since the journal began; its answers are of what was there then"
        ));
    }
    Ok(journal)
}

/// A run that has ended.
pub(crate) struct EndedRun {
    pub(crate) totals: Totals,
    pub(crate) trouble: Option<LedgerError>,
    pub(crate) wall: Duration,
    /// What the agents took, where they need each other.
    pub(crate) graph: Option<GraphTimes>,
}

/// Runs scenarios as planned, with progress and heeding Ctrl-C.
pub(crate) fn run_plan(
    plan: &CommandPlan,
    scenarios: DrawnScenarios,
    ledger: Ledger,
    halt: Option<HaltRule>,
    progress: &CommandProgress,
) -> Result<EndedRun> {
    let crew = |dispatcher| Crew::new(plan.invocation.clone(), plan.rules, dispatcher);
    run_crew(plan, scenarios.into(), ledger, halt, progress, crew)
}

fn run_crew(
    plan: &CommandPlan,
    scenarios: Feed,
    ledger: Ledger,
    halt: Option<HaltRule>,
    progress: &CommandProgress,
    crew: impl FnOnce(Arc<Dispatcher>) -> Crew,
) -> Result<EndedRun> {
    let executor = plan.start()?;
    let tell = progress.teller();
    let tell_why = move |why: Stopping<'_>, under_way: &[Slowest]| {
        if let Some(text) = stopping(why, under_way) {
            tell(&text);
        }
    };
    let dispatcher = Dispatcher::new(scenarios, ledger, halt, Brake::default()).with_teller(tell_why);
    let dispatcher = Arc::new(dispatcher);
    watch(&dispatcher, progress.teller());
    let crew = crew(Arc::clone(&dispatcher));
    progress.begin(&dispatcher, plan.count);
    let begun = clock::now();
    let refusal = crew.run(&*executor, plan.workers);
    let wall = begun.elapsed();
    progress.finish();
    if let Some(refusal) = refusal {
        note(&format!("warning: {refusal}"));
    }
    let graph = dispatcher.graph_times();
    let (totals, trouble) = dispatcher.close();
    Ok(EndedRun { totals, trouble, wall, graph })
}

/// The first Ctrl-C starts nothing more, the second kills what is under way.
fn watch(dispatcher: &Arc<Dispatcher>, tell: impl Fn(&str) + Send + 'static) {
    let (dispatcher, brake) = (Arc::clone(dispatcher), dispatcher.brake().clone());
    interrupt::watch_twice(
        move || {
            dispatcher.brake().soon();
            tell(&after_ctrl_c(&awaited(&dispatcher.under_way(), "again")));
        },
        move || brake.now(),
    );
}

/// Why a run starts nothing more by itself, and what becomes of the agents under way, if there are any.
fn stopping(why: Stopping<'_>, under_way: &[Slowest]) -> Option<String> {
    let no_more = match why {
        Stopping::Trouble(trouble) if trouble.is_unread() => return None,
        Stopping::Trouble(LedgerError::Results(_)) => "the results can't be written, so no more are started",
        Stopping::Trouble(LedgerError::Journal(_)) => "the journal can't be written, so no more are started",
        Stopping::Trouble(LedgerError::Input(_)) => "the rest of the scenarios can't be read",
        Stopping::NoProgram => "the command can't be started any more",
        Stopping::Halt(HaltRule { now: true, .. }) => "as many failed as --halt has it",
        Stopping::Halt(HaltRule { now: false, .. }) => {
            "as many failed as --halt has it, so no more are started"
        }
    };
    let kills = matches!(why, Stopping::Halt(HaltRule { now: true, .. }));
    let then = if kills { killed(under_way) } else { awaited(under_way, "twice") };
    (!under_way.is_empty()).then(|| format!("{no_more}: {then}"))
}

/// What a run waits for that starts nothing more: an agent that hangs is the one that has run longest.
fn awaited(under_way: &[Slowest], how_often: &str) -> String {
    format!(
        "waiting for {}; press Ctrl-C {how_often}, or send TERM {how_often}, to kill what is left of them",
        named(under_way)
    )
}

fn killed(under_way: &[Slowest]) -> String {
    format!("killing {}", named(under_way))
}

/// Agents under way, with how long they have run.
fn named(under_way: &[Slowest]) -> String {
    const NAMED: usize = 5;
    let name = |agent: &Slowest| {
        format!("{} for {}", shortened(&agent.name), units::time(agent.wall.as_nanos() as f64))
    };
    let named: Vec<String> = under_way.iter().take(NAMED).map(name).collect();
    let more = if under_way.len() > NAMED { ", …" } else { "" };
    format!("{} under way: {}{more}", plural(under_way.len(), "agent"), named.join(", "))
}

/// Says what went wrong, and the exit code. `lost` is why the cluster could not go on, if it could not.
fn verdict(args: &DemoArgs, ended: &EndedRun, lost: Option<&DaskError>, count: Option<usize>) -> ExitCode {
    let (totals, trouble) = (&ended.totals, ended.trouble.as_ref());
    let journal = args.with_command.journal.as_ref();
    let is_unread = trouble.is_some_and(LedgerError::is_unread);
    let missing = count.is_some_and(|count| totals.ended() < count);
    if let Some(lost) = lost {
        say_failure(&failed_to(lost));
    }
    if let Some(trouble) = trouble.filter(|_| !is_unread) {
        say_failure(&failed_to(format!("{trouble}{}", way_out(trouble, journal))));
    } else if is_unread || missing || interrupt::asked() {
        note(&stopped_early(is_unread, journal));
    }
    if interrupt::asked() {
        return ExitCode::from(interrupt::EXIT_CODE);
    }
    let is_empty = count.is_none() && totals.ended() == 0 && trouble.is_none() && lost.is_none();
    if is_empty {
        let input = args.with_command.agents.input.as_deref().filter(|path| path.as_os_str() != "-");
        let place = input.map_or_else(|| "on standard input".into(), |path| format!("in {}", path.display()));
        say_failure(&anyhow!(
            "failed to find a scenario {place}: it is empty; write one in each line, as a JSON object"
        ));
    }
    let well = trouble.is_none() && lost.is_none() && !missing && !is_empty;
    if well && is_enough(args.with_command.min_right, totals) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is to be done where results can't be written; other errors say it themselves.
fn way_out(trouble: &LedgerError, journal: Option<&PathBuf>) -> String {
    match (trouble, journal) {
        (LedgerError::Results(_), Some(journal)) => format!(
            "; make room: the same command with --resume writes them all again, and runs nothing again that is in {}",
            journal.display()
        ),
        (LedgerError::Results(_), None) => {
            "; make room, and run it again with --journal FILE, which keeps what --resume goes on with".into()
        }
        _ => String::new(),
    }
}

/// What is to be done about a run that stopped before its end.
fn stopped_early(is_unread: bool, journal: Option<&PathBuf>) -> String {
    let why = if is_unread { ": nobody reads the results any more" } else { "" };
    match journal {
        Some(journal) => {
            let journal = journal.display();
            format!("Stopped early{why}. The same command with --resume goes on with {journal}.")
        }
        None if is_unread => format!(
            "Stopped early{why}. What they did not read is lost: --results FILE keeps results, --journal FILE what --resume \
             goes on with."
        ),
        None => {
            "Stopped early. There is nothing to go on with: --journal FILE keeps what --resume goes on with."
                .into()
        }
    }
}

/// Whether answers are as good as they must be.
fn is_enough(min_right: Option<f64>, totals: &Totals) -> bool {
    match (min_right, share_right(totals)) {
        (None, share) => totals.failed == 0 && share.is_none_or(|_| totals.right == totals.known),
        (Some(least), Some(share)) => share >= least,
        (Some(_), None) => {
            note(
                "error: failed to tell whether --min-right is reached: no scenario has an `expected` answer",
            );
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_waits_for_is_named_with_how_long_it_has_run() {
        let agent = |name: &str, seconds| Slowest { name: name.into(), wall: Duration::from_secs(seconds) };
        let told = awaited(&[agent("q\n7", 340), agent("8", 2)], "again");
        assert!(
            told.starts_with("waiting for 2 agents under way: q… for 340 s, 8 for 2.00 s; press"),
            "{told}"
        );
        let many: Vec<_> = (0..6).map(|number| agent(&number.to_string(), 1)).collect();
        assert!(
            awaited(&many, "again")
                .contains(" 4 for 1.00 s, …; press Ctrl-C again, or send TERM again, to kill")
        );
    }
}
