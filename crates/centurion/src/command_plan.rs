//! What was typed for a command, as the things it names. All that can be said beforehand is said here.

use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use centurion_commands::{
    CrewRules, Feed, InputError, Invocation, Lifetime, Scenario, WatchRules, ensure_open_files, file_digests,
    find_program,
};
use centurion_executors::{Executor, Factory, MOST_WORKERS, Start, Workers, find};
use centurion_harness::Cpus;

use crate::command_args::CommandAgentArgs;
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

/// What was typed of a command and its agents.
#[derive(Clone, Copy)]
pub(crate) struct CommandOrder<'a> {
    pub(crate) words: &'a [String],
    pub(crate) with: &'a CommandAgentArgs,
    pub(crate) agents: usize,
    pub(crate) workers: Option<usize>,
    pub(crate) executor: Option<&'a str>,
    pub(crate) seed: u64,
}

/// Scenarios as they are drawn.
pub(crate) type DrawnScenarios = Box<dyn Iterator<Item = Result<Scenario, InputError>> + Send>;

/// A command, its scenarios, and how it is run.
pub(crate) struct CommandPlan {
    pub(crate) invocation: Invocation,
    pub(crate) rules: CrewRules,
    /// Where scenarios are read from; without it, they are nothing but numbers.
    input: Option<Input>,
    agents: usize,
    /// How many scenarios there are, where that is known.
    pub(crate) count: Option<usize>,
    pub(crate) factory: Factory,
    pub(crate) workers: usize,
}

impl CommandPlan {
    pub(crate) fn new(order: CommandOrder<'_>) -> Result<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let invocation = invocation(order, |word| find_program(word, &path).map_err(failed_to))?;
        Self::with_invocation(order, invocation.with_files(file_digests(order.words)))
    }

    /// A plan for workers elsewhere, who look for the program where they are.
    pub(crate) fn elsewhere(order: CommandOrder<'_>) -> Result<Self> {
        Self::with_invocation(order, invocation(order, |word| Ok(word.into()))?)
    }

    fn with_invocation(order: CommandOrder<'_>, invocation: Invocation) -> Result<Self> {
        let with = order.with;
        let lifetime = if with.persistent { Lifetime::Worker } else { Lifetime::Agent };
        ensure!(
            !(with.persistent && invocation.differs()),
            "failed to keep one process for agents whose arguments differ: leave out {{}} and {{#}}, for a persistent \
             worker reads which agent it is, or leave out --persistent"
        );
        let input = with.input.as_deref().map(Input::new).transpose()?;
        let count = input.as_ref().map_or(Some(order.agents), |input| input.count);
        let factory = factory(order.executor)?;
        let workers = worker_count(order.workers, &factory, count)?;
        ensure_open_files(workers).map_err(failed_to)?;
        let watch = WatchRules {
            limit: with.timeout,
            grace: GRACE,
            most_output: with.max_output.unwrap_or(MOST_OUTPUT),
        };
        let rules = CrewRules { watch, lifetime, retries: with.retries.unwrap_or(0), pause: PAUSE };
        Ok(Self { invocation, rules, input, agents: order.agents, count, factory, workers })
    }

    /// The scenarios, from the first on.
    pub(crate) fn scenarios(&self) -> Result<DrawnScenarios> {
        Ok(match &self.input {
            Some(input) => Box::new(input.open()?),
            None => Box::new((0..self.agents).map(|number| Ok(Scenario::with_number(number)))),
        })
    }

    /// The scenarios as a run draws them: where they need each other's answers, all at once.
    pub(crate) fn feed(&self) -> Result<Feed> {
        match &self.input {
            Some(input) if input.has_needs => Ok(input.graph()?.into()),
            _ => Ok(self.scenarios()?.into()),
        }
    }

    /// Refuses scenarios that need each other's answers for what can't give them.
    pub(crate) fn ensure_no_needs(&self, to: &str) -> Result<()> {
        ensure!(
            !self.input.as_ref().is_some_and(|input| input.has_needs),
            "failed to {to} agents that need each other's answers: take `needs` out of the scenarios, or say `centurion run`, \
             which tells what they take and what bounds them"
        );
        Ok(())
    }

    /// Whether a right answer may be known: not where scenarios were looked at, and none has one.
    pub(crate) fn may_expect(&self) -> bool {
        self.input.as_ref().is_some_and(|input| input.may_expect)
    }

    /// Starts the executor.
    pub(crate) fn start(&self) -> Result<Box<dyn Executor>> {
        let threads = if self.factory.workers == Workers::Any { self.workers } else { 1 };
        let workers = NonZero::new(threads).expect("there is a worker");
        self.factory.start(&Start { workers, ..Start::workers(1) }).map_err(failed_to)
    }
}

fn invocation(order: CommandOrder<'_>, program: impl Fn(&str) -> Result<PathBuf>) -> Result<Invocation> {
    if order.with.shell {
        return Ok(Invocation::with_shell(order.words, program("sh")?, order.seed));
    }
    Ok(Invocation::new(order.words.to_vec(), program(&order.words[0])?, order.seed))
}

fn factory(name: Option<&str>) -> Result<Factory> {
    let name = name.unwrap_or(EXECUTOR);
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
fn worker_count(asked: Option<usize>, factory: &Factory, count: Option<usize>) -> Result<usize> {
    let most = count.unwrap_or(MOST_WORKERS).min(MOST_WORKERS);
    let workers = match (factory.workers, asked) {
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
