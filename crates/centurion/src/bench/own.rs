//! A bench of somebody's own agents.

use std::future::Future;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use centurion_agents::{AgentKind, Answer, OwnAgents, RightAnswers};
use centurion_executors::{Factory, TokioBeside};
use centurion_graph::Graph;
use centurion_harness::{Testbed, cells, select};

use super::bench_crate::BenchCrate;
use super::own_advice;
use super::pair::PairBench;
use super::run::{BenchRun, ended};
use crate::args::BenchArgs;
use crate::options::variable_names;
use crate::output::{note, say};
use crate::own_plan::{Known, NOTHING_MEASURED, check_name, factories, of_asked_workers, rehearsed};
use crate::pair::of_executors;
use crate::session::Session;
use crate::turn::MachineTurn;
use crate::{interrupt, number, variables};

/// Agents of one's own, and how they are to be measured. [`bench!`](crate::bench!) runs it.
///
/// Agents run thousands of times, on many threads at once. What else an agent does than answer, it does each time.
#[must_use = "bench! runs it"]
pub struct Bench<A> {
    agents: Result<OwnAgents>,
    kind: Option<AgentKind>,
    right: Option<RightAnswers>,
    rounds: Option<u32>,
    executors: Vec<String>,
    own: Vec<Factory>,
    answer: PhantomData<fn() -> A>,
}

impl<A: Answer + 'static> Bench<A> {
    /// So many agents; agent `i` answers `run(i)`.
    pub fn new(name: &str, agents: usize, run: impl Fn(usize) -> A + Send + Sync + 'static) -> Self {
        Self::from_agents(Ok(OwnAgents::new(name, agents, run)))
    }

    /// So many agents that wait, as futures; agent `i` answers what `start(i)` gives. They run on executors with threads,
    /// each keeping its thread while it waits, and on async runtimes.
    ///
    /// They may use tokio: on executors of tokio they run on its own runtime, elsewhere their timers and sockets are
    /// served by a thread of tokio beside.
    pub fn with_futures<F: Future<Output = A> + Send + 'static>(
        name: &str,
        agents: usize,
        start: impl Fn(usize) -> F + Send + Sync + 'static,
    ) -> Self {
        let (tokio, start) = (tokio(), Arc::new(start));
        Self::from_agents(tokio.map(|tokio| {
            OwnAgents::with_futures(name, agents, move |agent| {
                let start = Arc::clone(&start);
                tokio.around(async move { start(agent).await })
            })
        }))
    }

    /// Agents that need others' answers; `inputs` says for each in turn whose. Agent `i` answers `run(i, heard)`, where
    /// `heard` are the answers of its inputs, in their order.
    ///
    /// ```no_run
    /// use centurion::bench::Bench;
    ///
    /// // Two who know something, and one who adds it up.
    /// centurion::bench!({
    ///     let inputs = [vec![], vec![], vec![0, 1]];
    ///     Bench::with_inputs("sum", inputs, |agent, heard: &[usize]| match heard {
    ///         [] => agent * 10,
    ///         heard => heard.iter().sum(),
    ///     })
    /// });
    /// ```
    pub fn with_inputs(
        name: &str,
        inputs: impl IntoIterator<Item = impl IntoIterator<Item = usize>>,
        run: impl Fn(usize, &[A]) -> A + Send + Sync + 'static,
    ) -> Self
    where
        A: Clone + Send + Sync,
    {
        let graph = Graph::new(inputs).map_err(|error| unusable(name, &error));
        Self::from_agents(graph.map(|graph| OwnAgents::with_inputs(name, graph, run)))
    }

    /// The same of agents that wait, as futures: agent `i` answers what `start(i, heard)` gives.
    pub fn with_inputs_and_futures<F: Future<Output = A> + Send + 'static>(
        name: &str,
        inputs: impl IntoIterator<Item = impl IntoIterator<Item = usize>>,
        start: impl Fn(usize, Vec<A>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        A: Clone + Send + Sync,
    {
        let (graph, start) = (Graph::new(inputs).map_err(|error| unusable(name, &error)), Arc::new(start));
        Self::from_agents(graph.and_then(|graph| Ok((graph, tokio()?))).map(|(graph, tokio)| {
            OwnAgents::with_inputs_and_futures(name, graph, move |agent, heard| {
                let start = Arc::clone(&start);
                tokio.around(async move { start(agent, heard).await })
            })
        }))
    }

    fn from_agents(agents: Result<OwnAgents>) -> Self {
        Self {
            agents,
            kind: None,
            right: None,
            rounds: None,
            executors: Vec::new(),
            own: Vec::new(),
            answer: PhantomData,
        }
    }

    /// The agents mostly wait: they are measured over workers, on threads. Otherwise whether they do is measured.
    pub fn waiting(self) -> Self {
        Self { kind: Some(AgentKind::Waiting), ..self }
    }

    /// The agents mostly compute: they are measured over cores. Otherwise whether they do is measured.
    pub fn computing(self) -> Self {
        Self { kind: Some(AgentKind::Computing), ..self }
    }

    /// The answer that each agent must give, known from elsewhere. Otherwise the agents are run one after another, twice,
    /// and what they answer both times is right.
    pub fn expect(self, right: impl Fn(usize) -> A) -> Self {
        let numbers = self.agents.as_ref().map(|agents| agents.numbers(right));
        Self { right: numbers.ok().map(RightAnswers::Known), ..self }
    }

    /// Any answer is right: agents need not answer the same twice. That each of them answered once is still checked.
    pub fn unchecked(self) -> Self {
        Self { right: Some(RightAnswers::Any), ..self }
    }

    /// How many rounds are measured, where neither `CENTURION_ROUNDS` nor `CENTURION_BUDGET` says it.
    pub fn rounds(self, rounds: u32) -> Self {
        Self { rounds: Some(rounds), ..self }
    }

    /// The executors to measure, as `centurion list` names them; all if nothing is said. Serial execution is always the
    /// baseline.
    pub fn executors<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { executors: names.into_iter().map(str::to_owned).collect(), ..self }
    }

    /// One more executor, of one's own.
    pub fn executor(mut self, factory: Factory) -> Self {
        self.own.push(factory);
        self
    }

    /// Does what `cargo bench` asked for. [`bench!`](crate::bench!) knows the crate.
    pub fn main(self, of: &BenchCrate) -> ExitCode {
        ended(if own_advice::is_asked() { self.advise() } else { self.run(of) })
    }

    fn advise(self) -> Result<ExitCode> {
        interrupt::watch();
        own_advice::advise(&self.agents?, self.kind, &interrupt::stop())
    }

    /// Measures the agents under two executors side by side, in pairs of short samples, within a second; the second is seen
    /// from the first. In place of [`bench!`](crate::bench!):
    ///
    /// ```no_run
    /// use std::process::ExitCode;
    ///
    /// use centurion::bench::Bench;
    ///
    /// fn main() -> ExitCode {
    ///     Bench::new("squares", 100, |agent| agent * agent).computing().pair("std-counter", "rayon")
    /// }
    /// ```
    pub fn pair(self, base: &str, now: &str) -> ExitCode {
        ended(self.run_pair([base, now], &PairBench::read()))
    }

    fn run_pair(self, pair: [&str; 2], bench: &PairBench) -> Result<ExitCode> {
        let agents = self.agents?;
        check_name("the bench", agents.name())?;
        if !bench.wants(agents.name()) || bench.lists(agents.name()) {
            return Ok(ExitCode::SUCCESS); // another bench may have what was asked for
        }
        let factories = factories(agents.are_futures(), &[], self.own, &pair.map(str::to_owned))?;
        let find = |name: &str| {
            let found = factories.iter().find(|factory| factory.name == name).cloned();
            found.with_context(|| format!("failed to find the executor {name}"))
        };
        let pair = [find(pair[0])?, find(pair[1])?];
        interrupt::watch();
        let known = Known { kind: self.kind, right: self.right };
        let Some(workload) = rehearsed(agents, known, bench.measures(), &interrupt::stop())? else {
            note(NOTHING_MEASURED);
            return Ok(ExitCode::from(interrupt::EXIT_CODE));
        };
        if !bench.measures() {
            say(&format!("{}: rehearsed", workload.name()));
            return Ok(ExitCode::SUCCESS);
        }
        of_executors(&workload, &pair, None, &bench.how)
    }

    fn run(self, of: &BenchCrate) -> Result<ExitCode> {
        let run =
            BenchRun::begin(&of.command(), Some("centurion report"), BenchArgs::help_of_variables_of_own);
        let mut bench = run.with_every_round(BenchArgs::from_variables_of_own(run.arguments.quick));
        variables::warn_of_unknown(&variable_names());
        let narrowed_to = bench.narrowed_to();
        if bench.budget.is_none() {
            let checked = |rounds| number::from_program("rounds of a bench", rounds, number::of_rounds);
            bench.rounds = bench.rounds.or(self.rounds.map(checked).transpose()?);
        }
        bench.no_footprints = true; // they are taken by processes that know the registry's agents only
        (bench.record, bench.resume) = (seen_from_shell(bench.record), seen_from_shell(bench.resume));
        let agents = self.agents?;
        let name = agents.name().to_owned();
        check_name("the bench", &name)?;
        let factories = factories(agents.are_futures(), &self.executors, self.own, &bench.cells.executors)?;
        let testbed = Testbed::detect(interrupt::stop());
        let turn = if run.measures() { bench.turn() } else { Some(MachineTurn::default()) };
        let Some(_turn) = turn else {
            note(NOTHING_MEASURED);
            return Ok(ExitCode::from(interrupt::EXIT_CODE));
        };
        bench.wait.no_wait = true; // it has its turn
        let known = Known { kind: self.kind, right: self.right };
        let Some(workload) = rehearsed(agents, known, run.measures(), &testbed.stop)? else {
            note(NOTHING_MEASURED);
            return Ok(ExitCode::from(interrupt::EXIT_CODE));
        };
        bench.cells.agents = workload.agents();
        let sweep = bench.cells.sweep(&testbed.cpus)?;
        let planned = of_asked_workers(cells(&[workload], &factories, &sweep), &bench.cells.workers)?;
        let cells = select(planned, |_| true);
        let session =
            Session::with_own_cells(bench, narrowed_to, testbed, cells, of.built_from()).beside("centurion");
        run.finish(session, &name)
    }
}

fn unusable(name: &str, error: &dyn std::fmt::Display) -> anyhow::Error {
    anyhow!("failed to make the agents of {name}: {error}")
}

/// A path as it was typed: cargo starts a bench in the folder of its package.
fn seen_from_shell(path: Option<PathBuf>) -> Option<PathBuf> {
    let shell = std::env::var_os("PWD").map(PathBuf::from).unwrap_or_default();
    path.map(|path| shell.join(path))
}

fn tokio() -> Result<TokioBeside> {
    TokioBeside::start().map_err(|error| anyhow!("failed to start a thread of tokio for the agents: {error}"))
}
