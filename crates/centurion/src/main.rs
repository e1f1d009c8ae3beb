//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use centurion::compare::Compare;
use centurion::demo::Demo;
use centurion::duel::Duel;
use centurion::options::Options;
use centurion::prove::Prove;
use centurion::report::Report;
use centurion::session::Session;
use centurion::{cluster, interrupt, list, say, store, tables, verify};
use clap::{Args, Parser, Subcommand};

/// Runs a hundred agents under several executors and says which is fastest, by how much, and how sure that is.
///
/// Without a command it runs the demo: a hundred agents that think for half a second to one and a half.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    demo: Demo,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all is well; 1 it failed, a value can't be used, or an answer was wrong;
2 a flag can't be understood; 130 stopped by Ctrl-C.
`cargo bench` compares all executors; `cargo run --release -- help bench` lists what it can be told.";

#[derive(Subcommand)]
enum Command {
    /// Run the agents on one executor, or on a cluster: total time, serial time, speedup, ceiling
    Run(Run),
    /// List workloads and executors
    List(List),
    /// Run every workload under every executor once and check every answer
    Verify(Options),
    /// Measure as `cargo bench` does, without criterion, and show the tables
    ///
    /// Every flag can also be given to `cargo bench` as the variable named beside it.
    Bench(Options),
    /// Show the tables of a record
    Show(Show),
    /// Compare two runs: which cells became faster or slower
    ///
    /// Exits with 0 whatever it finds, unless --fail-on-regression is given.
    Compare(Compare),
    /// Measure another git revision and this build alternately, in one session
    ///
    /// The revision is unpacked and built in a folder of its own; the checkout, its index and its stash are not
    /// touched.
    Duel(Duel),
    /// Test the verdicts on runs known to be the same and executors known to be slower
    Prove(Prove),
    /// Render a record into reports/<machine>/, or check what is committed there
    Report(Report),
}

#[derive(Args)]
struct Run {
    /// What the agents do, in place of --workload
    #[arg(value_name = "WORKLOAD", conflicts_with = "workload")]
    name: Option<String>,
    #[command(flatten)]
    demo: Demo,
}

#[derive(Args)]
struct List {
    /// List the id of every cell instead, one a line: what filters of `cargo bench` are matched against
    #[arg(long)]
    cells: bool,
    #[command(flatten)]
    options: Options,
}

#[derive(Args)]
struct Show {
    /// The record [default: the latest]
    record: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let right = |right| if right { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    match cli.command.unwrap_or(Command::Run(Run { name: None, demo: cli.demo })) {
        Command::Run(Run { name, demo }) => {
            let workload = name.unwrap_or_else(|| demo.workload.clone());
            let demo = Demo { workload, ..demo };
            match demo.cluster()? {
                Some(address) => cluster::run(&demo, address),
                None => Ok(right(demo.run()?)),
            }
        }
        Command::List(List { cells: true, options }) => Ok(print(&list::cells(options)?)),
        Command::List(List { cells: false, options }) => Ok(print(&list::overview(&options)?)),
        Command::Verify(options) => {
            interrupt::watch();
            Ok(right(verify::verify(options, say)? == 0))
        }
        Command::Bench(options) => bench(options),
        Command::Compare(compare) => Ok(right(compare.run()?)),
        Command::Duel(duel) => {
            interrupt::watch();
            Ok(duel.run()?.map_or(ExitCode::from(interrupt::EXIT_CODE), right))
        }
        Command::Prove(prove) => {
            interrupt::watch();
            match prove.measure()? {
                Some(runs) => Ok(print(&runs.table())),
                None => Ok(ExitCode::from(interrupt::EXIT_CODE)),
            }
        }
        Command::Report(report) => Ok(right(report.run(say)?)),
        Command::Show(Show { record }) => {
            let path = record.map_or_else(store::latest_record, Ok)?;
            Ok(print(&tables(&store::read_record(&path)?)))
        }
    }
}

fn bench(options: Options) -> Result<ExitCode> {
    interrupt::watch();
    let Some(finished) = Session::new(options)?.run(&command())? else {
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    };
    say(&tables(&finished.record));
    say(&format!("record: {}", store::shown(&finished.path)));
    Ok(ExitCode::SUCCESS)
}

/// The command as typed, without the files it names.
fn command() -> String {
    let mut words = vec!["cargo centurion".to_owned()];
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.split('=').next() {
            Some("--record" | "--resume") if argument.contains('=') => (),
            Some("--record" | "--resume") => drop(arguments.next()),
            _ => words.push(argument),
        }
    }
    words.join(" ")
}

fn print(text: &str) -> ExitCode {
    say(text);
    ExitCode::SUCCESS
}
