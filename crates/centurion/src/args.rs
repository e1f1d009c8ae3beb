//! The command line as clap reads it: what can be typed, and nothing of what it does.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use centurion_agents::WorkloadFamily;
use centurion_findings::compare::Rules;
use clap::builder::BoolishValueParser;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

#[cfg(unix)]
use crate::command_args::{AdviseArgs, CommandArgs, MeasureArgs};
use crate::hints::with_hint;
pub use crate::pair_args::PairArgs;
use crate::{number, variables};

/// Rounds of a full run. Criterion analyses no fewer than 10; with 12, verdicts between runs are as often right as
/// METHODOLOGY.md says.
pub const FULL_ROUNDS: u32 = 11;

/// Runs a hundred agents under several executors and says which is fastest, by how much, and how sure that is.
#[derive(Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_value_name = "SUBCOMMAND",
    override_usage = "centurion [SUBCOMMAND]",
    after_help = EXAMPLES
)]
pub struct Cli {
    /// What to do; the demo if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What the demo is to run.
    #[command(flatten)]
    pub demo: DemoArgs,
}

impl Cli {
    /// Reads this process's command line and variables. What can't be understood ends it, as does `--help`.
    pub fn read() -> Self {
        let words: Vec<OsString> = std::env::args_os().collect();
        // What the demo can be told stands in the help of `run`.
        let command = Self::command().mut_args(|argument| argument.hide(true));
        variables::parse(&command, &words).unwrap_or_else(|error| with_hint(error, &words).exit())
    }
}

const EXAMPLES: &str = "\
Without a subcommand it runs the demo: a hundred agents that think for half a
second to one and a half. `centurion help run` lists what that can be told.

Examples:
  cargo bench                                 compare all executors
  cargo bench -- --quick                      the same with less of everything
  cargo centurion --workload council --graph a.svg
                                              dependent agents, drawn
  cargo centurion --cluster local             the demo on a Dask cluster
  cargo centurion run --input a.jsonl -- CMD  your own agents, in any language
  cargo centurion advise --input a.jsonl -- CMD
                                              how many workers suit them
  cargo centurion compare main                what changed since main's report
  cargo centurion duel main                   measure main and this in turns
  cargo centurion pair std-counter rayon      two executors, in a second

`cargo centurion` is for a checkout of Centurion; installed, it is `centurion`.

Exit codes: 0 all is well; 1 it failed, a value can't be used, an answer was
wrong, or --fail-on-regression saw a regression; 2 a flag, its number or a
name can't be understood; with --fail-on-regression 3 inconclusive, 4 not all
could be compared; 130 stopped by Ctrl-C.";

/// What can be done.
#[derive(Subcommand)]
pub enum Command {
    /// Run agents on one executor, or on a cluster: total time, serial time, speedup, ceiling
    ///
    /// Agents of a workload, or a command of your own in any language: `run --input scenarios.jsonl -- ./agent {}`.
    Run(Box<RunArgs>),
    /// Run a few agents of a command, once each, and say how many workers suit all of them and what limits them
    #[cfg(unix)]
    Advise(Box<AdviseArgs>),
    /// List workloads and executors
    List(ListArgs),
    /// Run every workload under every executor once and check every answer
    Verify(CellArgs),
    /// Measure as `cargo bench` does, without criterion, and show the tables
    ///
    /// Every flag can also be given to `cargo bench` as the variable named beside it.
    ///
    /// `bench --input scenarios.jsonl -- ./agent {}` measures a command of your own in the same way.
    #[cfg(unix)]
    #[command(
        override_usage = "centurion bench [OPTIONS] [WORKLOAD]...\n       centurion bench [OPTIONS] -- <COMMAND>..."
    )]
    Bench(Box<MeasureArgs>),
    /// Measure as `cargo bench` does, without criterion, and show the tables
    #[cfg(not(unix))]
    Bench(Box<BenchArgs>),
    /// Show the tables of a record
    Show(ShowArgs),
    /// Compare two runs: which cells became faster or slower
    ///
    /// Exits with 0 whatever it finds, unless --fail-on-regression is given.
    Compare(CompareArgs),
    /// Measure another git revision and this build alternately, in one session
    ///
    /// The revision is unpacked and built in a folder of its own; the checkout, its index and its stash are not
    /// touched.
    Duel(DuelArgs),
    /// Measure two executors side by side in this process, in pairs of short samples, within a second
    ///
    /// The second is seen from the first. For two versions of a function, or agents of your own, there is the same in
    /// bench files: docs/own-agents.md.
    #[command(after_help = crate::pair_args::EXAMPLES)]
    Pair(PairArgs),
    /// Test the verdicts on runs known to be the same and executors known to be slower
    Prove(ProveArgs),
    /// Render a record into `reports/<machine>/`, or check what is committed there
    Report(ReportArgs),
}

/// What the demo is to run.
#[derive(Args)]
pub struct RunArgs {
    /// What the agents do, in place of --workload
    #[arg(value_name = "WORKLOAD", conflicts_with_all = ["workload", "command"])]
    name: Option<String>,
    #[command(flatten)]
    demo: DemoArgs,
}

impl RunArgs {
    /// The demo with its workload, wherever that was named.
    pub fn into_demo(self) -> DemoArgs {
        let workload = self.name.unwrap_or(self.demo.workload);
        DemoArgs { workload, ..self.demo }
    }
}

/// What to list.
#[derive(Args)]
pub struct ListArgs {
    /// List the id of every cell instead, one a line: what filters of `cargo bench` are matched against
    #[arg(long)]
    pub cells: bool,
    /// Of what.
    #[command(flatten)]
    pub of: CellArgs,
}

/// What to show.
#[derive(Args)]
pub struct ShowArgs {
    /// Show every cell, and not only those on the cores and workers that won
    #[arg(long)]
    pub all: bool,
    /// The record [default: the latest]
    pub record: Option<PathBuf>,
}

/// What to run.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// What the agents do: a workload as `cargo centurion list` names it
    #[arg(
        long,
        alias = "workloads",
        default_value = "thinking",
        value_name = "NAME",
        conflicts_with = "command"
    )]
    pub(crate) workload: String,
    /// How they are run, as `cargo centurion list` names it; dask is `--cluster local` where no cluster is named [default:
    /// rayon; of a command std-counter]
    #[arg(long, alias = "executors", value_name = "NAME")]
    pub(crate) executor: Option<String>,
    /// Number of agents; of a council, those that decide. Patterns have about a thousand
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = number::of_agents)]
    pub(crate) agents: usize,
    /// Number of workers [default: one per agent if they wait, one per CPU if they compute or are a command's]
    #[arg(long, value_name = "N", value_parser = number::of_workers)]
    pub(crate) workers: Option<usize>,
    /// Scale of the time that agents wait; 1 is real time, for thinking the original 0.5 to 1.5 s [default: 1; 0.001
    /// for llm, whose longest task takes most of an hour]
    #[arg(long, value_name = "FACTOR", value_parser = number::of_scale, conflicts_with = "command")]
    pub(crate) scale: Option<f64>,
    /// Size of an agent of grain or of a pattern in iterations of its kernel
    #[arg(long, default_value_t = 1 << 20, value_name = "N", value_parser = number::of_iterations, conflicts_with = "command")]
    pub(crate) iterations: u64,
    /// File of positions for deciding agents, in the format of crates/agents/data/ffo.tsv
    #[arg(long, value_name = "FILE", conflicts_with = "command")]
    pub(crate) positions: Option<PathBuf>,
    /// Seed of the agents
    #[arg(long, default_value_t = 42, value_name = "N", value_parser = number::of_seed)]
    pub(crate) seed: u64,
    /// Run the agents one by one as well, instead of summing up the time each took
    #[arg(long, conflicts_with = "command")]
    pub(crate) measure_serial: bool,
    /// Draw who needs whom, and how long each took, into a file that ends in .svg or .dot
    #[arg(long, value_name = "FILE", conflicts_with = "command")]
    pub(crate) graph: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Run this command for each agent, in place of a workload
    ///
    /// It reads its scenario as a line of JSON on standard input; its answer is the last line it prints. `{}` in its
    /// arguments is the agent's id, `{#}` its number; `CENTURION_AGENT` and `CENTURION_SEED` are the id and the seed.
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
    /// How a command is run
    #[cfg(unix)]
    #[command(flatten)]
    pub(crate) with_command: CommandArgs,
    /// Where else the agents can run
    #[command(flatten)]
    pub(crate) on_cluster: ClusterArgs,
}

/// Where in place of an executor of this machine the agents run.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "On a Dask cluster")]
pub struct ClusterArgs {
    /// Send the agents to a Dask cluster: the address of its scheduler, or `local` to start one on loopback
    #[arg(long, value_name = "tcp://HOST:PORT")]
    pub(crate) cluster: Option<String>,
    /// Agents that go to a worker together [default: chosen by the time they take]
    #[arg(long, requires = "cluster", value_name = "N", value_parser = number::of_agents)]
    pub(crate) batch: Option<usize>,
    /// Certificate of the authority of an encrypted cluster, tls://HOST:PORT
    #[arg(long, requires_all = ["cluster", "tls_cert", "tls_key"], value_name = "FILE")]
    pub(crate) tls_ca: Option<String>,
    /// Certificate to show there
    #[arg(long, requires = "tls_ca", value_name = "FILE")]
    pub(crate) tls_cert: Option<String>,
    /// Its key
    #[arg(long, requires = "tls_ca", value_name = "FILE")]
    pub(crate) tls_key: Option<String>,
}

/// What to measure.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What to measure")]
pub struct CellArgs {
    /// Workloads, in place of --workloads
    #[arg(value_name = "WORKLOAD", value_delimiter = ',', value_parser = of_a_name, conflicts_with = "workloads")]
    names: Vec<String>,
    /// Workloads to measure, as the registry names them
    #[arg(long, alias = "workload", env = "CENTURION_WORKLOADS", value_delimiter = ',', value_name = "NAMES", value_parser = of_a_name, help = help_of_workloads())]
    workloads: Vec<String>,
    /// Executors to measure, as `cargo centurion list` names them; serial is always the baseline. Schedulers of Python are
    /// among them where `just python` has set it up: dask-threads, dask-processes, dask-distributed, python-threads
    #[arg(
        long,
        alias = "executor",
        env = "CENTURION_EXECUTORS",
        value_delimiter = ',',
        value_name = "NAMES",
        value_parser = of_a_name
    )]
    pub(crate) executors: Vec<String>,
    /// Core counts to restrict the process to [default: 1, 2, 4 … all physical cores, then all CPUs]
    #[arg(long, env = "CENTURION_CORES", value_delimiter = ',', value_name = "COUNTS", value_parser = number::of_cores)]
    pub(crate) cores: Vec<usize>,
    /// Worker counts for waiting agents [default: powers of two up to one worker per agent; 8, 32 and all on runtimes]
    #[arg(long, env = "CENTURION_WORKERS", value_delimiter = ',', value_name = "COUNTS", value_parser = number::of_workers)]
    pub(crate) workers: Vec<usize>,
    /// Number of agents of every workload; of a council, those that decide. Patterns have about a thousand
    #[arg(long, env = "CENTURION_AGENTS", default_value_t = 100, value_name = "N", value_parser = number::of_agents)]
    pub(crate) agents: usize,
    /// File of positions for `deciding`, in the format of crates/agents/data/ffo.tsv
    #[arg(long, env = "CENTURION_POSITIONS", value_name = "FILE")]
    pub(crate) positions: Option<PathBuf>,
    /// Seed of the agents and of the shuffled order
    #[arg(long, env = "CENTURION_SEED", default_value_t = 42, value_name = "N", value_parser = number::of_seed)]
    pub(crate) seed: u64,
    /// Measure less of everything, in about a minute (with cargo: `cargo bench -- --quick`)
    #[arg(long, env = "CENTURION_QUICK", value_parser = BoolishValueParser::new())]
    pub(crate) quick: bool,
}

impl CellArgs {
    /// The workloads asked for; none if all are.
    pub(crate) fn workloads(&self) -> &[String] {
        if self.names.is_empty() { &self.workloads } else { &self.names }
    }
}

/// What to measure, for how long, and into which file.
#[derive(Debug, Clone, Args)]
pub struct BenchArgs {
    #[command(flatten)]
    pub(crate) cells: CellArgs,
    /// Measure exactly this many rounds, however long they take
    #[arg(long, env = "CENTURION_ROUNDS", conflicts_with = "budget", value_name = "N", value_parser = number::of_rounds, help_heading = "How long")]
    pub(crate) rounds: Option<u32>,
    /// Seconds to measure rounds for: one that would end later is not begun, but for the first [default: 255, but for the
    /// six whole rounds of a full run; quick 38, but for two]
    #[arg(long, env = "CENTURION_BUDGET", value_name = "SECONDS", value_parser = number::of_seconds, help_heading = "How long")]
    pub(crate) budget: Option<u64>,
    /// Leave out memory, threads and waiting at scale, which are looked at in processes of their own after the rounds
    #[arg(long, env = "CENTURION_NO_FOOTPRINTS", value_parser = BoolishValueParser::new(), help_heading = "How long")]
    pub(crate) no_footprints: bool,
    /// Leave out the stamped executions that timelines are drawn from, and the footprints
    #[arg(long, env = "CENTURION_BARE", value_parser = BoolishValueParser::new(), hide = true)]
    pub(crate) bare: bool,
    /// Record to go on with, as a stopped run names it
    #[arg(
        long,
        env = "CENTURION_RESUME",
        conflicts_with = "record",
        value_name = "RECORD",
        help_heading = "Files"
    )]
    pub(crate) resume: Option<PathBuf>,
    /// Where to write the record [default: target/centurion/TIME.json]
    #[arg(long, env = "CENTURION_RECORD", value_name = "FILE", help_heading = "Files")]
    pub(crate) record: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// What a run waits for before it measures.
#[derive(Debug, Clone, Args)]
pub struct WaitArgs {
    /// Seconds to wait at most for the machine to calm down: for others to leave it 95 % of its CPUs' time [default: 60]
    #[arg(long, env = "CENTURION_WAIT_QUIET", conflicts_with = "no_wait", value_name = "SECONDS", value_parser = number::of_wait, help_heading = "Before it begins")]
    wait_quiet: Option<u64>,
    /// Begin at once, however busy the machine is and whether or not another run of Centurion measures on it
    #[arg(long, env = "CENTURION_NO_WAIT", value_parser = BoolishValueParser::new(), help_heading = "Before it begins")]
    pub(crate) no_wait: bool,
    /// Whether they come from variables alone, for flags are somebody else's.
    #[arg(skip)]
    pub(crate) has_no_flags: bool,
}

impl WaitArgs {
    /// What begins at once.
    pub(crate) fn how_to_begin(&self) -> &'static str {
        if self.has_no_flags { "CENTURION_NO_WAIT=1" } else { "--no-wait" }
    }

    /// How long the machine may take to calm down. `None` where nothing is waited for: so it is asked for, or the program
    /// is not optimised, whose figures say nothing, and nothing else is asked for.
    pub(crate) fn longest(&self) -> Option<Duration> {
        let usual = (!cfg!(debug_assertions)).then_some(60);
        let seconds = if self.no_wait { None } else { self.wait_quiet.or(usual) };
        seconds.map(Duration::from_secs)
    }
}

/// What to compare.
#[derive(Debug, Clone, Args)]
pub struct CompareArgs {
    /// The base: a record, or a git revision in which a report of this machine is committed
    pub(crate) base: String,
    /// The run to compare with it [default: the latest complete one of a full run]
    pub(crate) new: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

/// How a comparison is judged and shown.
#[derive(Debug, Clone, Args)]
pub struct JudgeArgs {
    /// The least change that is called one, in percent
    #[arg(long, default_value_t = Rules::default().least * 100.0, value_name = "PERCENT", value_parser = number::of_percent)]
    pub(crate) least: f64,
    /// Of comparisons of the same code, at most how many may call anything different, in percent
    #[arg(long, default_value_t = Rules::default().alarms * 100.0, value_name = "PERCENT", value_parser = number::of_alarms)]
    pub(crate) alarms: f64,
    /// How to show it
    #[arg(long, value_enum, default_value_t = ComparisonFormat::Table)]
    pub(crate) format: ComparisonFormat,
    /// Show every cell in the table, and not only those that became slower or faster
    #[arg(long)]
    pub(crate) all: bool,
    /// Exit with 0 if every cell was shown not to be slower by as much as counts, with 1 if a regression was shown, with
    /// 3 if neither was, and with 4 if cells of the base can't be compared
    #[arg(long)]
    pub(crate) fail_on_regression: bool,
    /// With --fail-on-regression, let cells of the base pass that could not be judged, unless none could
    #[arg(long, requires = "fail_on_regression")]
    pub(crate) allow_unjudged: bool,
}

/// How a comparison is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ComparisonFormat {
    /// A table for the terminal
    Table,
    /// For a pull request: ten findings at most, the rest folded
    Markdown,
    /// One JSON object
    Json,
}

/// What to measure against what.
#[derive(Debug, Clone, Args)]
pub struct DuelArgs {
    /// The git revision to measure this build against
    pub(crate) revision: String,
    /// Rounds of each, at least 6; both binaries are started anew for every round, in the order A B B A
    #[arg(long, default_value_t = 12, value_name = "N", value_parser = number::of_judged_rounds)]
    pub(crate) rounds: u32,
    /// Measure a bench of agents of one's own, of the crate in the current folder, in place of workloads
    #[arg(long, conflicts_with = "workloads", value_name = "NAME")]
    pub(crate) bench: Option<String>,
    /// Workloads to measure, as `cargo centurion list` names them
    #[arg(long, alias = "workload", default_value = "thinking,deciding", value_name = "NAMES")]
    pub(crate) workloads: String,
    /// Executors to measure, as `cargo centurion list` names them [default: all]
    #[arg(long, alias = "executor", value_name = "NAMES")]
    pub(crate) executors: Option<String>,
    /// Core counts [default: all cores]
    #[arg(long, value_name = "COUNTS", value_parser = number::of_core_list)]
    pub(crate) cores: Option<String>,
    /// Worker counts for waiting agents [default: 100, one per agent; of a bench, what it measures by itself]
    #[arg(long, value_name = "COUNTS", value_parser = number::of_worker_list)]
    pub(crate) workers: Option<String>,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// How much to prove.
#[derive(Debug, Clone, Args)]
pub struct ProveArgs {
    /// Runs to compare with each other
    #[arg(long, default_value_t = 7, value_name = "N", value_parser = number::of_runs)]
    pub(crate) runs: usize,
    /// Rounds of each run, at least 6; the default is what a full run has
    #[arg(long, default_value_t = FULL_ROUNDS, value_name = "N", value_parser = number::of_judged_rounds)]
    pub(crate) rounds: u32,
    /// Of these, runs in which the cells are measured one after another as well
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = number::of_runs_or_none)]
    pub(crate) sequential: usize,
    /// Runs of criterion by itself that are compared with its first
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = number::of_more_runs)]
    pub(crate) criterion: usize,
    /// Folder of the runs; those already there are used and not measured again
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// What to render.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// The record to render [default: the latest complete one of a full run]
    pub(crate) record: Option<PathBuf>,
    /// Folder of the reports [default: reports, at the top of the checkout]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) into: Option<PathBuf>,
    /// Show the changes against the report of this machine that is committed in a git revision
    #[arg(long, value_name = "REVISION")]
    pub(crate) against: Option<String>,
    /// Render what is committed there again and fail on any byte that differs
    #[arg(long, conflicts_with_all = ["record", "against", "allow_partial", "allow_failures"])]
    pub(crate) check: bool,
    /// Render a run that was stopped before its end
    #[arg(long)]
    pub(crate) allow_partial: bool,
    /// Render a run in which cells failed; they become rows with their reasons
    #[arg(long)]
    pub(crate) allow_failures: bool,
}

/// One of several names: between two commas there is one.
fn of_a_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let advice =
        "give names with one comma between two, such as deciding,grain; `cargo centurion list` has them";
    if name.is_empty() { Err(advice.into()) } else { Ok(name.into()) }
}

fn help_of_workloads() -> String {
    let names: Vec<&str> = WorkloadFamily::all().iter().map(|family| family.name).collect();
    format!("Workloads to measure: {}", names.join(", "))
}
