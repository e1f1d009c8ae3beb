//! What was typed for a command, as the things it names. All that can be said beforehand is said here.

use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use centurion_commands::{CrewRules, Invocation, Lifetime, WatchRules, ensure_open_files, find_program};
use centurion_executors::{Executor, Factory, MOST_WORKERS, Start, Workers, find};
use centurion_harness::Cpus;

use crate::args::DemoArgs;
use crate::command_files::Input;
use crate::error::failed_to;
use crate::options::known;

/// The executor that runs commands where none is named: threads that draw from a counter are all it takes.
const EXECUTOR: &str = "std-counter";
/// How long agents have to end when they are asked to.
const GRACE: Duration = Duration::from_secs(2);
/// The first pause before another attempt.
const PAUSE: Duration = Duration::from_millis(100);
const MOST_OUTPUT: u64 = 64_000_000;

/// A command, its scenarios, and how it is run.
pub(crate) struct CommandPlan {
    pub(crate) invocation: Invocation,
    pub(crate) rules: CrewRules,
    /// Where scenarios are read from; without it, they are nothing but numbers.
    pub(crate) input: Option<Input>,
    /// How many scenarios there are, where that is known.
    pub(crate) count: Option<usize>,
    pub(crate) factory: Factory,
    pub(crate) workers: usize,
}

impl CommandPlan {
    pub(crate) fn new(args: &DemoArgs) -> Result<Self> {
        let with = &args.with_command;
        ensure!(
            !args.json,
            "failed to print one JSON object: results are one a line already; leave out --json"
        );
        let invocation = invocation(args)?;
        let lifetime = if with.persistent { Lifetime::Worker } else { Lifetime::Agent };
        ensure!(
            !(with.persistent && invocation.differs()),
            "failed to keep one process for agents whose arguments differ: leave out {{}} and {{#}}, for a persistent \
             worker reads which agent it is, or leave out --persistent"
        );
        let input = with.input.as_deref().map(Input::new).transpose()?;
        let count = input.as_ref().map_or(Some(args.agents), |input| input.count);
        let factory = factory(args)?;
        let workers = worker_count(args, &factory, count)?;
        ensure_open_files(workers).map_err(failed_to)?;
        let watch = WatchRules {
            limit: with.timeout,
            grace: GRACE,
            most_output: with.max_output.unwrap_or(MOST_OUTPUT),
        };
        let rules = CrewRules { watch, lifetime, retries: with.retries.unwrap_or(0), pause: PAUSE };
        Ok(Self { invocation, rules, input, count, factory, workers })
    }

    /// Starts the executor.
    pub(crate) fn start(&self) -> Result<Box<dyn Executor>> {
        let threads = if self.factory.workers == Workers::Any { self.workers } else { 1 };
        let workers = NonZero::new(threads).expect("there is a worker");
        self.factory.start(&Start { workers, ..Start::workers(1) }).map_err(failed_to)
    }
}

fn invocation(args: &DemoArgs) -> Result<Invocation> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let program = |word: &str| -> Result<PathBuf> { find_program(word, &path).map_err(failed_to) };
    if args.with_command.shell {
        return Ok(Invocation::with_shell(&args.command, program("sh")?, args.seed));
    }
    Ok(Invocation::new(args.command.clone(), program(&args.command[0])?, args.seed))
}

fn factory(args: &DemoArgs) -> Result<Factory> {
    let name = args.executor.as_deref().unwrap_or(EXECUTOR);
    let executors = centurion_executors::all();
    let names: Vec<&str> = executors.iter().map(|factory| factory.name).collect();
    known("executor", &[name.to_owned()], &names)?;
    let factory = find(name).context("failed to find the executor")?;
    ensure!(
        factory.workers != Workers::UnderWay,
        "failed to run a command on {name}: it is for agents that give their thread back while they wait, and a command \
         needs one; leave out --executor"
    );
    Ok(factory)
}

/// How many agents run at once.
fn worker_count(args: &DemoArgs, factory: &Factory, count: Option<usize>) -> Result<usize> {
    let most = count.unwrap_or(MOST_WORKERS).min(MOST_WORKERS);
    let workers = match (factory.workers, args.workers) {
        (Workers::PerAgent, Some(asked)) if Some(asked) != count => bail!(
            "failed to start {} with {asked} workers: it has one per agent; leave out --workers",
            factory.name
        ),
        (Workers::One, None) => 1,
        (Workers::PerAgent, _) => most,
        (_, Some(asked)) => asked,
        (_, None) => Cpus::detect().count().min(most),
    };
    factory.supports(workers).map_err(failed_to)?;
    Ok(workers)
}
