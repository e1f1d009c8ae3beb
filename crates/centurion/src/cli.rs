//! The command line, as a program runs it: this one, or one that brings executors of its own.

use std::process::ExitCode;

use anyhow::Result;
use centurion_executors::{Factory, add};

use crate::args::{BenchArgs, Cli, Command, DemoArgs};
use crate::built_from::build_by;
use crate::command::{CommandLine, program, quoted};
#[cfg(unix)]
use crate::command_args::MeasureArgs;
use crate::last_screen::last_screen;
use crate::output::{exit_code, note, say, say_failure, tables, width};
use crate::session::{Finished, Session};
use crate::{
    child, cluster, compare, demo, duel, duel_child, interrupt, list, pair, prove, report, store, verify,
};

/// [`main`] of a program that brings executors of its own: they are listed, found and measured as all others. Records
/// state the versions of these libraries, as the program's lock file has them.
pub fn main_with(
    executors: Vec<Factory>,
    lock: &'static str,
    libraries: &'static [&'static str],
) -> ExitCode {
    add(executors);
    build_by(lock, libraries);
    main()
}

/// Does what this process's arguments say.
pub fn main() -> ExitCode {
    if let Some(code) = child::run_if_asked() {
        return code;
    }
    interrupt::outlive_file_limits();
    match run(Cli::read()) {
        Ok(code) => code,
        Err(error) => {
            say_failure(&error);
            exit_code(&error)
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        None if std::env::args_os().len() == 1 => {
            let ended = run_demo(&cli.demo)?;
            note(&format!("\nThis was the demo. `{} --help` says what else there is.", program()));
            Ok(ended)
        }
        None => run_demo(&cli.demo),
        Some(Command::Run(args)) => run_demo(&args.into_demo()),
        #[cfg(unix)]
        Some(Command::Advise(args)) => crate::advise::run(&args),
        Some(Command::List(args)) if args.cells => Ok(print(&list::cells(args.of)?)),
        Some(Command::List(args)) => Ok(print(&list::overview(&args.of)?)),
        Some(Command::Verify(args)) => {
            interrupt::watch();
            Ok(verify::verify(args, say)?.map_or_else(stopped, |wrong| right(wrong == 0)))
        }
        Some(Command::Bench(args)) => bench(*args),
        Some(Command::Compare(args)) => compare::run(&args),
        Some(Command::Duel(args)) => {
            interrupt::watch_for(duel_child::end);
            Ok(duel::run(&args)?.unwrap_or_else(stopped))
        }
        Some(Command::Pair(args)) => {
            interrupt::watch();
            pair::run(&args)
        }
        Some(Command::Prove(args)) => {
            interrupt::watch();
            Ok(prove::measure(&args, &command())?.map_or_else(stopped, |runs| print(&runs.table())))
        }
        Some(Command::Report(args)) => Ok(right(report::run(&args, say)?)),
        Some(Command::Show(args)) => {
            let path = store::named_or_latest(args.record.as_deref())?;
            Ok(print(&tables(&store::read_record(&path)?, args.all)))
        }
    }
}

fn right(all: bool) -> ExitCode {
    if all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn stopped() -> ExitCode {
    ExitCode::from(interrupt::EXIT_CODE)
}

fn run_demo(args: &DemoArgs) -> Result<ExitCode> {
    #[cfg(unix)]
    args.ensure_understood()?;
    match args.cluster_address()? {
        address if args.has_command() => run_command(args, address),
        Some(address) => cluster::run(args, address),
        None => Ok(right(demo::run(args)?)),
    }
}

#[cfg(unix)]
fn run_command(args: &DemoArgs, cluster: Option<&str>) -> Result<ExitCode> {
    crate::command_run::run(args, cluster)
}

#[cfg(not(unix))]
fn run_command(_: &DemoArgs, _: Option<&str>) -> Result<ExitCode> {
    anyhow::bail!("failed to run a command: what ends it with all its children is Unix's; use Linux or macOS")
}

#[cfg(unix)]
fn bench(args: MeasureArgs) -> Result<ExitCode> {
    if args.command.is_empty() {
        bench_workloads(args.bench)
    } else {
        let finished = crate::command_bench::run(args, &command())?;
        let help = finished.as_ref().and_then(crate::command_bench::help_with_failures);
        Ok(finish(finished, help))
    }
}

#[cfg(not(unix))]
fn bench(args: BenchArgs) -> Result<ExitCode> {
    bench_workloads(args)
}

fn bench_workloads(args: BenchArgs) -> Result<ExitCode> {
    interrupt::watch();
    let finished = Session::new(args)?.run(&command())?;
    if let Some(finished) = &finished {
        finished.spent.tell();
    }
    Ok(finish(finished, None))
}

fn finish(finished: Option<Finished>, help: Option<String>) -> ExitCode {
    let Some(finished) = finished else { return stopped() };
    let next = format!("Next: {} show {}", program(), quoted(&store::shown(&finished.path)));
    say(&tables(&finished.record, false));
    let ends: Vec<String> = help.into_iter().chain([next]).collect();
    say(&last_screen(&finished.record, width(), &ends));
    right(finished.record.cells.iter().all(|cell| cell.failure.is_none()))
}

/// The command as typed.
fn command() -> CommandLine {
    CommandLine::new(program(), std::env::args_os().skip(1))
}

fn print(text: &str) -> ExitCode {
    say(text);
    ExitCode::SUCCESS
}
