//! `centurion run`: the original challenge. A hundred agents, one executor, and how much faster it was.

use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use centurion_agents::{Decorated, Workload};
use centurion_executors::{Executor, Factory, Start, find};
use centurion_harness::{Stop, stamped};
use centurion_record::{CellId, Timeline};

use crate::args::DemoArgs;
use crate::error::failed_to;
use crate::graph_file::GraphFile;
use crate::outcome::DemoOutcome;
use crate::output::{plural, say_in_lines, say_json};
use crate::progress::Progress;
use crate::server::RunningServer;
use crate::unfinished::Unfinished;

/// Runs the demo on an executor of this machine and prints what it does. Returns whether every answer was right.
///
/// # Errors
/// When the options can't be followed, or an agent panics.
pub fn run(args: &DemoArgs) -> Result<bool> {
    let server = RunningServer::for_families(&[args.family()?], args.agents)?;
    let workload = args.workload(server.as_ref().map(RunningServer::address))?;
    let factory = args.factory()?;
    let workers = args.worker_count(&*workload, &factory)?;
    let drawn = args.graph.as_deref().map(|path| GraphFile::new(path, &*workload)).transpose()?;
    if !args.json {
        say_beginning(&*workload, factory.name, workers);
    }
    let outcome = execute(args, &workload, &factory, workers)?;
    if args.json {
        say_json(&outcome.as_json(factory.name, args.seed));
    } else {
        outcome.print();
    }
    if let Some(drawn) = drawn {
        drawn.write(&*workload, &outcome.costs_ns)?;
        if !args.json {
            say_in_lines(&format!("Drawn in {}.", drawn.path.display()));
        }
    }
    Ok(outcome.is_right())
}

fn say_beginning(workload: &dyn Workload, executor: &str, workers: usize) {
    say_in_lines(&format!(
        "Starting with {} {} agents on {executor}, {}.",
        workload.agents(),
        workload.name(),
        plural(workers, "worker")
    ));
    if let Some(needed) = needed(workload) {
        say_in_lines(&needed);
    }
    say_in_lines(&format!("Scheduled {}. Nothing has run yet.", plural(workload.agents(), "task")));
}

/// What agents need of each other, as a sentence.
pub(crate) fn needed(workload: &dyn Workload) -> Option<String> {
    let graph = workload.graph()?;
    let chain = graph.levels().into_iter().max().map_or(0, |level| level as usize + 1);
    let (answers, agents) = (plural(graph.edges(), "answer"), plural(chain, "agent"));
    Some(format!("They need {answers} of each other; the longest chain has {agents}."))
}

fn execute(
    args: &DemoArgs,
    workload: &Arc<dyn Workload>,
    factory: &Factory,
    workers: usize,
) -> Result<DemoOutcome> {
    let _unfinished = Unfinished::new();
    let executor = factory.start(&Start::workers(workers)).map_err(failed_to)?;
    let timeline = watched(args, workload, &*executor, "computing")?;
    let serial_ns = if args.measure_serial {
        let serial = find("serial").context("failed to find the serial executor")?;
        let serial = serial.start(&Start::workers(1)).map_err(failed_to)?;
        Some(watched(args, workload, &*serial, "one by one")?.makespan_ns)
    } else {
        None
    };
    Ok(DemoOutcome::new(workload, workers, timeline, serial_ns))
}

/// Runs the agents with a progress bar.
fn watched(
    args: &DemoArgs,
    workload: &Arc<dyn Workload>,
    executor: &dyn Executor,
    what: &'static str,
) -> Result<Timeline> {
    let progress = Arc::new(Progress::with_agents(what, workload.agents(), !args.json));
    let ticked = Arc::clone(&progress);
    let watched: Arc<dyn Workload> =
        Arc::new(Decorated::new(Arc::clone(workload), |_| (), move |_, (), _| ticked.tick()));
    let place = (executor.workers(), executor.workers());
    let id = CellId::new(&workload.name(), &workload.family(), what, place);
    let timeline =
        stamped(&id, &watched, executor, &Stop::default()).map_err(|reason| anyhow!("failed: {reason}"));
    progress.finish();
    timeline
}
