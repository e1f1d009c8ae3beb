//! How a command is run: what can be typed for it.

use std::path::PathBuf;

use centurion_commands::{HaltRule, TimeLimit};
use clap::Args;

use crate::args::BenchArgs;
use crate::{command_values, number};

/// How the agents of a command are run.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "With a command of your own")]
pub struct CommandAgentArgs {
    /// Scenarios, one JSON object a line, in place of --agents; `-` is standard input
    ///
    /// `id` (text or a number) names it in the results, `expected` is its right answer, which the agent does not get to
    /// see, `needs` lists the ids whose answers `run` hands it; all may be left out. Standard input is read as the agents need
    /// it.
    #[arg(long, requires = "command", conflicts_with = "agents", value_name = "FILE.jsonl")]
    pub(crate) input: Option<PathBuf>,
    /// Time an agent may take: 30s, 500ms, 5m, 1h, or 300% of the median of those that answered; a number alone is seconds. Then
    /// its processes are ended
    #[arg(long, requires = "command", value_name = "TIME", value_parser = command_values::of_limit)]
    pub(crate) timeout: Option<TimeLimit>,
    /// Times an agent that fails is tried again, after pauses that double from 0.1 s [default: 0]
    #[arg(long, requires = "command", value_name = "N", value_parser = command_values::of_retries)]
    pub(crate) retries: Option<u32>,
    /// Bytes an agent may print, such as 500k, 64M or 1G; one that prints more fails [default: 64M]
    #[arg(long, requires = "command", value_name = "BYTES", value_parser = command_values::of_bytes)]
    pub(crate) max_output: Option<u64>,
    /// Run the command through `sh -c`; ids are quoted
    #[arg(long, requires = "command")]
    pub(crate) shell: bool,
    /// Keep one process for each worker, which reads scenarios line by line and answers each with a line
    /// {"id": the same, "answer": …}
    #[arg(long, requires = "command")]
    pub(crate) persistent: bool,
}

/// How a command is run, and where it is kept what came of it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "With a command of your own")]
pub struct CommandArgs {
    #[command(flatten)]
    pub(crate) agents: CommandAgentArgs,
    /// Start no more agents (`soon`) or kill those under way too (`now`) when so many have failed, or from ten on such a share
    /// of them
    #[arg(long, requires = "command", value_name = "soon|now,fail=3|10%", value_parser = command_values::of_halt)]
    pub(crate) halt: Option<HaltRule>,
    /// Where results are written, one JSON object a line in the order of the scenarios [default: standard output]
    #[arg(long, requires = "command", value_name = "FILE")]
    pub(crate) results: Option<PathBuf>,
    /// Where what became of each agent is kept as it ends [default: nowhere; with `advise` a new file, which it names]
    #[arg(long, requires = "command", value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// Go on with the journal: agents that answered are not run again
    #[arg(long, requires_all = ["command", "journal"])]
    pub(crate) resume: bool,
    /// Go on with the journal although a file that the command names has changed since it began
    #[arg(long, requires = "resume")]
    pub(crate) allow_changed: bool,
    /// Share of the known answers that must be right for an exit code of 0, such as 95% [default: all, and every agent must
    /// answer]
    #[arg(long, requires = "command", value_name = "PERCENT", value_parser = command_values::of_share)]
    pub(crate) min_right: Option<f64>,
}

impl CommandArgs {
    /// The first of them that was given. Clap drops what one requires where that conflicts with something else that was given.
    pub(crate) fn first_given(&self) -> Option<&'static str> {
        let agents = &self.agents;
        let flags = [
            ("--input", agents.input.is_some()),
            ("--timeout", agents.timeout.is_some()),
            ("--retries", agents.retries.is_some()),
            ("--max-output", agents.max_output.is_some()),
            ("--shell", agents.shell),
            ("--persistent", agents.persistent),
            ("--halt", self.halt.is_some()),
            ("--results", self.results.is_some()),
            ("--journal", self.journal.is_some()),
            ("--min-right", self.min_right.is_some()),
        ];
        flags.into_iter().find_map(|(flag, given)| given.then_some(flag))
    }
}

/// What to advise on.
#[derive(Debug, Clone, Args)]
pub struct AdviseArgs {
    /// Number of agents to advise on
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = number::of_agents)]
    pub(crate) agents: usize,
    /// Number of agents that are run for it, chosen by the seed
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = number::of_agents)]
    pub(crate) sample: usize,
    /// Agents that run at once meanwhile [default: one per CPU, so that none waits for one]
    #[arg(long, value_name = "N", value_parser = number::of_workers)]
    pub(crate) workers: Option<usize>,
    /// Seed of the agents, and of what is left to chance
    #[arg(long, default_value_t = 42, value_name = "N", value_parser = number::of_seed)]
    pub(crate) seed: u64,
    /// The agents wait whenever they don't compute, also where the machine is too busy to tell [default: it is measured]
    #[arg(long, conflicts_with = "computing")]
    pub(crate) waiting: bool,
    /// The agents do nothing but compute, however long a busy machine keeps them waiting [default: it is measured]
    #[arg(long)]
    pub(crate) computing: bool,
    /// The command, as `run` takes it
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
    /// How a command is run
    #[command(flatten)]
    pub(crate) with_command: CommandArgs,
}

/// What to measure: workloads, or a command.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct MeasureArgs {
    /// What of it, and for how long
    #[command(flatten)]
    pub bench: BenchArgs,
    /// Measure this command in place of workloads, as `run` takes it; of its scenarios every one is an agent
    ///
    /// It is run many times for each scenario: how many is said, and has to be agreed to, before anything is run.
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
    /// How a command is run
    #[command(flatten)]
    pub(crate) agents: CommandAgentArgs,
    /// Name of the command's agents in tables and reports [default: that of its script or program]
    #[arg(long, requires = "command", value_name = "NAME", help_heading = "With a command of your own")]
    pub(crate) name: Option<String>,
    /// Any answer of a command's agents is right [default: what is `expected`, and otherwise what they answer twice before
    /// anything is measured]
    #[arg(long, requires = "command", help_heading = "With a command of your own")]
    pub(crate) unchecked: bool,
    /// Measure only agents that answered, and were not wrong, by these results or this journal of `run`: one that fails can't be
    /// measured
    #[arg(
        long,
        requires = "command",
        value_name = "FILE.jsonl",
        help_heading = "With a command of your own"
    )]
    pub(crate) answered_in: Option<PathBuf>,
    /// The agents mostly wait, and are measured over workers [default: it is measured]
    #[arg(
        long,
        requires = "command",
        conflicts_with = "computing",
        help_heading = "With a command of your own"
    )]
    pub(crate) waiting: bool,
    /// The agents mostly compute, and are measured over cores [default: it is measured]
    #[arg(long, requires = "command", help_heading = "With a command of your own")]
    pub(crate) computing: bool,
    /// Run every agent as often as is said, without asking
    #[arg(long, requires = "command", help_heading = "With a command of your own")]
    pub(crate) yes: bool,
}
