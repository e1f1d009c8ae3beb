//! `centurion advise -- COMMAND`: a few agents are run, once each, and what follows from them for all is said.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use centurion_commands::Ledger;
use centurion_executors::MOST_WORKERS;
use centurion_harness::Cpus;
use centurion_report::units;
use serde_json::Value;

use crate::advice::{AdviceOn, AgentAdvice, AgentCost};
use crate::command_args::AdviseArgs;
use crate::command_plan::{CommandOrder, CommandPlan, DrawnScenarios};
use crate::command_progress::CommandProgress;
use crate::command_run::{EndedRun, journal, run_plan};
use crate::error::failed_to;
use crate::interrupt;
use crate::machine_time::MachineTime;
use crate::output::{plural, say};

/// Agents without which nothing can be said.
const LEAST: usize = 3;
/// The share of the CPUs' time from which on others keep agents waiting.
const BUSY: f64 = 0.15;

/// Runs a sample of the agents, and says what follows from it for all.
///
/// # Errors
/// When the options can't be followed, or nothing can be told.
pub fn run(args: &AdviseArgs) -> Result<ExitCode> {
    let plan = CommandPlan::new(order(args)?)?;
    let agents =
        plan.count.context("failed to choose a sample: standard input can be read only once; name a file")?;
    let results = Heard::default();
    let ledger = Ledger::new(Box::new(results.clone()), journal(&args.with_command, &plan.invocation)?);
    let sample = sample(plan.scenarios()?, agents, args);
    let machine = MachineTime::read();
    let ended = run_plan(&plan, sample, ledger, args.with_command.halt, &CommandProgress::new())?;
    let busy = machine.zip(MachineTime::read()).map(|(before, after)| after.since(before));
    if interrupt::asked() {
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    }
    if let Some(trouble) = ended.trouble {
        return Err(failed_to(trouble));
    }
    let costs = results.costs();
    say(&beginning(&ended, agents, plan.workers));
    ensure_quiet(&ended, busy, &costs)?;
    ensure!(costs.len() >= LEAST, "failed to advise on fewer than {LEAST} agents that ended; raise --sample");
    let advice = AgentAdvice {
        on: AdviceOn::Command,
        sample: &costs,
        agents,
        at_once: plan.workers,
        cpus: Cpus::detect().count(),
        most_workers: MOST_WORKERS,
        seed: args.seed,
    };
    advice.lines().iter().for_each(|line| say(line));
    Ok(ExitCode::SUCCESS)
}

fn order(args: &AdviseArgs) -> Result<CommandOrder<'_>> {
    let with = &args.with_command;
    if with.results.is_some() || with.min_right.is_some() {
        bail!("failed to advise with --results or --min-right, which are for `run`; leave them out");
    }
    ensure!(
        !with.agents.persistent,
        "failed to advise on persistent workers: nobody counts what CPU time each of their agents takes; leave out \
         --persistent"
    );
    let (agents, workers, seed) = (args.agents, args.workers, args.seed);
    Ok(CommandOrder { words: &args.command, with: &with.agents, agents, workers, executor: None, seed })
}

/// So many of the scenarios, chosen by the seed.
fn sample(scenarios: DrawnScenarios, agents: usize, args: &AdviseArgs) -> DrawnScenarios {
    let mut numbers: Vec<(u64, usize)> =
        (0..agents).map(|number| (drawn(args.seed, number), number)).collect();
    numbers.sort_unstable();
    let chosen: BTreeSet<usize> = numbers.into_iter().take(args.sample).map(|(_, number)| number).collect();
    Box::new(
        scenarios.filter(move |scenario| scenario.as_ref().map_or(true, |it| chosen.contains(&it.number))),
    )
}

fn drawn(seed: u64, number: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, number).hash(&mut hasher);
    hasher.finish()
}

fn beginning(ended: &EndedRun, agents: usize, workers: usize) -> String {
    let totals = &ended.totals;
    let ran = totals.ended() - totals.earlier;
    let earlier = match totals.earlier {
        0 => String::new(),
        earlier => format!(
            " {earlier} more were run earlier: where the machine was busy, with them or with others, they may have waited \
             for a CPU, which counts as waiting here."
        ),
    };
    let failed = match totals.failed {
        0 => String::new(),
        failed => {
            format!(" {failed} failed: {}.", totals.failures.keys().cloned().collect::<Vec<_>>().join("; "))
        }
    };
    let time = units::time(ended.wall.as_nanos() as f64);
    let of = plural(agents, "agent");
    let were = if ran == 1 { "was" } else { "were" };
    format!("{ran} of {of} {were} run once, {workers} at once, in {time}.{earlier}{failed}\n")
}

/// Refuses to take waiting for a CPU for waiting.
fn ensure_quiet(ended: &EndedRun, busy: Option<Duration>, costs: &[AgentCost]) -> Result<()> {
    let all = ended.wall.as_nanos() as f64 * Cpus::detect().count() as f64;
    let own: u64 = costs.iter().map(|cost| cost.cpu).sum();
    let others = busy.map_or(0.0, |busy| (busy.as_nanos() as f64 - own as f64) / all.max(1.0));
    ensure!(
        ended.totals.costs_ns.is_empty() || others < BUSY,
        "failed to tell agents that wait from agents that are kept waiting: other programs used {} of the CPUs' time; try \
         again when the machine is quiet, or measure with `bench --waiting`",
        units::percent(others)
    );
    Ok(())
}

/// Results that are kept.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Heard {
    /// What the agents took whose CPU time is known.
    fn costs(&self) -> Vec<AgentCost> {
        let text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let results =
            text.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        let cost = |result: Value| {
            let time = |name: &str| result[name].as_u64();
            Some(AgentCost { wall: time("wall_ns")?, cpu: time("cpu_ns")?, start: time("start_ns") })
        };
        results.filter_map(cost).collect()
    }
}
