//! `centurion run -- COMMAND`: a command in any language for each of many scenarios.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use centurion_commands::{
    Brake, Crew, Dispatcher, InputError, Invocation, Journal, Ledger, LedgerError, Lifetime, Scenario, Totals,
};
use centurion_harness::clock;

use crate::args::DemoArgs;
use crate::command_files;
use crate::command_plan::CommandPlan;
use crate::command_progress::CommandProgress;
use crate::command_summary::{CommandSummary, share_right};
use crate::error::failed_to;
use crate::interrupt;
use crate::output::{note, say, say_failure};

/// Runs a command for each scenario and says what came of it: results one a line, then a summary.
///
/// # Errors
/// When the options can't be followed. Nothing has been run then.
pub fn run(args: &DemoArgs) -> Result<ExitCode> {
    let plan = CommandPlan::new(args)?;
    let executor = plan.start()?;
    let progress = CommandProgress::new();
    let brake = Brake::default();
    let dispatcher = Arc::new(dispatcher(args, &plan, &progress, &brake)?);
    watch(&brake);
    let crew = Crew::new(plan.invocation.clone(), plan.rules, Arc::clone(&dispatcher));
    progress.begin(&dispatcher, plan.count);
    let begun = clock::now();
    let refusal = crew.run(&*executor, plan.workers);
    let wall = begun.elapsed();
    progress.finish();
    if let Some(refusal) = refusal {
        note(&format!("warning: {refusal}"));
    }
    let (totals, trouble) = dispatcher.close();
    let persistent = plan.rules.lifetime == Lifetime::Worker;
    let summary =
        CommandSummary { totals: &totals, wall, workers: plan.workers, persistent, count: plan.count };
    let tell = if args.with_command.results.is_some() { say } else { note };
    summary.lines().iter().for_each(|line| tell(line));
    Ok(verdict(args, &totals, trouble.as_ref(), plan.count))
}

type Feed = Box<dyn Iterator<Item = Result<Scenario, InputError>> + Send>;

fn dispatcher(
    args: &DemoArgs,
    plan: &CommandPlan,
    progress: &CommandProgress,
    brake: &Brake,
) -> Result<Dispatcher> {
    let with = &args.with_command;
    let scenarios: Feed = match &plan.input {
        Some(input) => Box::new(input.open()?),
        None => Box::new((0..args.agents).map(|number| Ok(Scenario::with_number(number)))),
    };
    let journal = journal(args, &plan.invocation)?;
    let results: Box<dyn Write + Send> = match &with.results {
        Some(path) => command_files::results(path, &[with.input.as_deref(), with.journal.as_deref()])?,
        None => progress.standard_output(),
    };
    Ok(Dispatcher::new(scenarios, Ledger::new(results, journal), with.halt, brake.clone()))
}

fn journal(args: &DemoArgs, invocation: &Invocation) -> Result<Option<Journal>> {
    let open = |path: &Path| command_files::journal(path, args.with_command.resume, invocation);
    args.with_command.journal.as_deref().map(open).transpose()
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

/// Says what went wrong, and the exit code.
fn verdict(
    args: &DemoArgs,
    totals: &Totals,
    trouble: Option<&LedgerError>,
    count: Option<usize>,
) -> ExitCode {
    let journal = args.with_command.journal.as_ref();
    let unread = matches!(trouble, Some(LedgerError::Results(error)) if is_unread(error));
    let missing = count.is_some_and(|count| totals.ended() < count);
    if let Some(trouble) = trouble.filter(|_| !unread) {
        say_failure(&failed_to(trouble));
    } else if let (true, Some(journal)) = (missing || interrupt::asked(), journal) {
        note(&format!("Stopped early. The same command with --resume goes on with {}.", journal.display()));
    }
    if interrupt::asked() {
        return ExitCode::from(interrupt::EXIT_CODE);
    }
    let well = trouble.is_none() && !missing && is_enough(args.with_command.min_right, totals);
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
