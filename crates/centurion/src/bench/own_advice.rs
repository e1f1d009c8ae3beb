//! `cargo bench -- --advise`: agents of a bench file run once each, and what follows from what they took.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use centurion_agents::{AgentKind, OwnAgents};
use centurion_executors::MOST_WORKERS;
use centurion_harness::{Cpus, Stop, TimeSpent, times_spent};
use centurion_report::units;

use crate::advice::{AdviceOn, AgentAdvice, AgentCost};
use crate::error::failed_to;
use crate::interrupt;
use crate::output::{note, plural, say_wrapped};
use crate::progress::Progress;
use crate::unfinished::Unfinished;

const FLAG: &str = "--advise";
/// What cargo adds to a bench's arguments.
const OF_CARGO: &str = "--bench";
/// Resamples are drawn by this.
const SEED: u64 = 42;

/// Whether advice is asked for in place of measuring.
pub(super) fn is_asked() -> bool {
    std::env::args().skip(1).any(|word| word == FLAG)
}

/// Runs every agent once, one after another, and says what follows.
///
/// # Errors
/// When something else is asked for as well, an agent panics, or the machine was too busy to tell anything.
pub(super) fn advise(agents: &OwnAgents, said: Option<AgentKind>, stop: &Stop) -> Result<ExitCode> {
    let other = std::env::args().skip(1).find(|word| ![FLAG, OF_CARGO].contains(&word.as_str()));
    ensure!(other.is_none(), "failed to advise with {}: {FLAG} stands by itself", other.unwrap_or_default());
    ensure!(agents.agents() > 0, "failed to advise on {}: it has no agents", agents.name());
    note(&format!("{}: running {} once, one after another", agents.name(), plural(agents.agents(), "agent")));
    let progress = Progress::with_agents("advice", agents.agents(), true);
    let unfinished = Unfinished::new();
    let times = times_spent(agents, stop, &|| progress.tick());
    drop(unfinished);
    progress.finish();
    let Some(times) = times.map_err(failed_to)? else {
        note(interrupt::IN_THE_MIDDLE);
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    };
    let whole = times.iter().copied().fold(TimeSpent::default(), TimeSpent::and);
    ensure!(
        said.is_some() || whole.kind().is_some(),
        "failed to tell agents that wait from agents that are kept waiting: this machine was too busy with other things; \
         say .waiting() or .computing() in the bench file, or try again when it is quiet"
    );
    let costs: Vec<AgentCost> = times.into_iter().map(|time| cost(time, said)).collect();
    let took = units::time(whole.wall.as_nanos() as f64);
    say_wrapped(&format!("{} were run once, one after another, in {took}.\n", plural(costs.len(), "agent")));
    let advice = AgentAdvice {
        on: AdviceOn::Bench(agents.graph()),
        said,
        sample: &costs,
        starts_are_least: false,
        is_random: true, // it is all of them
        agents: costs.len(),
        at_once: Some(1),
        late: 0,
        cpus: Cpus::detect().count(),
        most_workers: MOST_WORKERS,
        seed: SEED,
    };
    advice.lines().iter().for_each(|line| say_wrapped(line));
    Ok(ExitCode::SUCCESS)
}

/// What an agent takes where it does not stand in line for a CPU, and where agents are said to compute, does nothing else.
fn cost(time: TimeSpent, said: Option<AgentKind>) -> AgentCost {
    let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let wall = match said {
        Some(AgentKind::Computing) => time.cpu,
        _ => time.wall.saturating_sub(time.queued).max(time.cpu),
    };
    AgentCost { wall: nanoseconds(wall), cpu: nanoseconds(time.cpu), start: None }
}
