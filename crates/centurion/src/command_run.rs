//! `centurion run -- COMMAND`: a command in any language for each of many scenarios.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use centurion_commands::{
    Brake, Crew, Dispatcher, Feed, GraphTimes, HaltRule, Invocation, Journal, Ledger, LedgerError, Lifetime,
    Totals,
};
use centurion_dask::DaskError;
use centurion_harness::clock;

use crate::args::DemoArgs;
use crate::command_args::CommandArgs;
use crate::command_cluster::CommandCluster;
use crate::command_files;
use crate::command_plan::{CommandOrder, CommandPlan, DrawnScenarios};
use crate::command_progress::CommandProgress;
use crate::command_summary::{CommandSummary, share_right};
use crate::error::failed_to;
use crate::interrupt;
use crate::output::{note, note_wrapped, say_failure, say_wrapped};

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
        let needed = [("--input", with.agents.input.as_deref()), ("--journal", with.journal.as_deref())];
        command_files::ensure_free(results, &needed, with.resume)?;
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
    let results: Box<dyn Write + Send> = match &with.results {
        Some(path) => command_files::results(path)?,
        None => progress.standard_output(),
    };
    let ledger = Ledger::new(results, journal);
    let crew = |dispatcher| match &cluster {
        None => Crew::new(plan.invocation.clone(), plan.rules, dispatcher),
        Some(cluster) => cluster.crew(&plan, dispatcher),
    };
    let ended = run_crew(&plan, plan.feed()?, ledger, with.halt, &progress, crew)?;
    let left = cluster.map(CommandCluster::close);
    let (persistent, wall) = (plan.rules.lifetime == Lifetime::Worker, ended.wall);
    let summary = CommandSummary {
        totals: &ended.totals,
        graph: ended.graph.as_ref(),
        wall,
        workers: plan.workers,
        persistent,
        count: plan.count,
    };
    let tell = if with.results.is_some() { say_wrapped } else { note_wrapped };
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
    let brake = Brake::default();
    let dispatcher = Arc::new(Dispatcher::new(scenarios, ledger, halt, brake.clone()));
    watch(&brake);
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
fn watch(brake: &Brake) {
    let (soon, now) = (brake.clone(), brake.clone());
    interrupt::watch_twice(
        move || {
            soon.soon();
            note("\nwaiting for the agents under way; press Ctrl-C again to kill them");
        },
        move || now.now(),
    );
}

/// Says what went wrong, and the exit code. `lost` is why the cluster could not go on, if it could not.
fn verdict(args: &DemoArgs, ended: &EndedRun, lost: Option<&DaskError>, count: Option<usize>) -> ExitCode {
    let (totals, trouble) = (&ended.totals, ended.trouble.as_ref());
    let journal = args.with_command.journal.as_ref();
    let unread = matches!(trouble, Some(LedgerError::Results(error)) if is_unread(error));
    let missing = count.is_some_and(|count| totals.ended() < count);
    if let Some(lost) = lost {
        say_failure(&failed_to(lost));
    }
    if unread {
        note("Stopped early: nobody reads the results any more.");
    }
    if let Some(trouble) = trouble.filter(|_| !unread) {
        say_failure(&failed_to(trouble));
    } else if let (true, Some(journal)) = (missing || interrupt::asked(), journal) {
        note(&format!("Stopped early. The same command with --resume goes on with {}.", journal.display()));
    }
    if interrupt::asked() {
        return ExitCode::from(interrupt::EXIT_CODE);
    }
    let well = trouble.is_none() && lost.is_none() && !missing;
    if well && is_enough(args.with_command.min_right, totals) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn is_unread(error: &io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
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
