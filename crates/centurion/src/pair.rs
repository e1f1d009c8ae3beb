//! `centurion pair`: two executors side by side in one process, within a second; and what bench files share with it.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};
use centurion_agents::{AgentKind, Parameter, Parameters, Workload, WorkloadFamily};
use centurion_executors::{Factory, MOST_WORKERS, Workers, all, find};
use centurion_findings::compare::GateVerdict;
use centurion_findings::{FEWEST_PAIRS, SideBySide};
use centurion_harness::{PairSide, PlannedCell, SampleError, Stop, Testbed, measure_pairs};
use centurion_report::pair::{self as told, MeasuredPair};

use crate::args::PairArgs;
use crate::compare::{INCONCLUSIVE, NOT_COMPARABLE};
use crate::error::{UnknownName, failed_to};
use crate::options::known;
use crate::output::{note, say_in_lines, say_json, warn_if_unoptimised};
use crate::pair_args::{PairFormat, PairOptions};
use crate::server::RunningServer;
use crate::turn::MachineTurn;
use crate::unfinished::Unfinished;
use crate::{interrupt, number};

/// Seconds to measure for where nothing is said.
pub(crate) const SECONDS: f64 = 1.0;

/// Measures both executors and prints what they say about each other. Returns how the program ends.
///
/// # Errors
/// Names an executor or a workload that does not exist, or the executor that failed.
pub fn run(args: &PairArgs) -> Result<ExitCode> {
    let factories = [factory(&args.base)?, factory(&args.now)?];
    let (family, size) = family_and_size(&args.workload)?;
    let server = RunningServer::for_families(std::slice::from_ref(&family), args.agents)?;
    let asked = Parameters {
        agents: Some(args.agents),
        seed: args.how.seed,
        server: server.as_ref().map(RunningServer::address),
        ..Parameters::default()
    };
    // The largest of those that benches measure, where no size is named.
    let member = (family.members)(&asked, false).pop().context("failed to make the workload")?;
    let iterations = size.unwrap_or(member.iterations);
    let workload = family.make(&Parameters { iterations, ..member }).map_err(failed_to)?;
    of_executors(&workload, &factories, args.workers, &args.how)
}

/// Measures a workload under two executors.
///
/// # Errors
/// Names the executor that failed.
pub(crate) fn of_executors(
    workload: &Arc<dyn Workload>,
    factories: &[Factory; 2],
    workers: Option<usize>,
    how: &PairOptions,
) -> Result<ExitCode> {
    let testbed = Testbed::detect(interrupt::stop());
    let cores = testbed.cpus.count();
    let cell = |factory: &Factory| {
        let workers = worker_count(&**workload, factory, workers, cores);
        PlannedCell::from_factory(workload, factory, (cores, workers))
    };
    let cells = [cell(&factories[0]), cell(&factories[1])];
    let again = format!("{}-again", factories[1].name);
    let same = factories[0].name == factories[1].name;
    let names = [factories[0].name, if same { &again } else { factories[1].name }];
    let sides = [0, 1].map(|side| PairSide::from_cell(names[side], &cells[side], &testbed));
    measured(&workload.name(), sides, how, &testbed.stop)
}

/// Measures two sides, tells what they say about each other, and how the program ends.
///
/// # Errors
/// Names the side that failed.
pub(crate) fn measured(
    of: &str,
    sides: [PairSide<'_>; 2],
    how: &PairOptions,
    stop: &Stop,
) -> Result<ExitCode> {
    let names = [sides[0].name, sides[1].name];
    let budget = Duration::from_secs_f64(how.seconds.unwrap_or(SECONDS));
    warn_if_unoptimised();
    let Some(_turn) = MachineTurn::take(&how.wait) else {
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    };
    let pairs = {
        let _unfinished = Unfinished::new();
        measure_pairs(sides, (FEWEST_PAIRS, budget), how.seed, stop)
    };
    let pairs = match pairs {
        Ok(pairs) => pairs,
        Err(error) if matches!(error.reason, SampleError::Stopped) => {
            note(interrupt::IN_THE_MIDDLE);
            return Ok(ExitCode::from(interrupt::EXIT_CODE));
        }
        Err(error) => return Err(failed_to(error)),
    };
    let found = SideBySide::new(&pairs.times_ns, how.rules());
    let seconds = pairs.spent.as_secs_f64();
    let measured = MeasuredPair { of, names, executions: pairs.executions, seconds };
    match how.format {
        PairFormat::Text => say_in_lines(told::text(measured, &found).trim_end()),
        PairFormat::Json => say_json(&told::json(measured, &found)),
    }
    Ok(exit_code(found.gate(), how))
}

/// Tells why the two can't be compared, and how the program ends.
#[cfg(feature = "bench")]
pub(crate) fn refused(reason: &str, how: &PairOptions) -> ExitCode {
    match how.format {
        PairFormat::Text => say_in_lines(&told::not_comparable(reason)),
        PairFormat::Json => say_json(&told::json_not_comparable(reason)),
    }
    exit_code(GateVerdict::NotComparable { cells: 1 }, how)
}

/// A gate is passed only by what was shown.
fn exit_code(verdict: GateVerdict, how: &PairOptions) -> ExitCode {
    if !how.fail_on_regression {
        return ExitCode::SUCCESS;
    }
    let (reason, code) = match verdict {
        GateVerdict::Passed => return ExitCode::SUCCESS,
        GateVerdict::Regression { .. } => ("it became slower", ExitCode::FAILURE),
        GateVerdict::Inconclusive { .. } => {
            ("inconclusive: give more --seconds or a larger --margin", ExitCode::from(INCONCLUSIVE))
        }
        GateVerdict::NotComparable { .. } => ("nothing can be compared", ExitCode::from(NOT_COMPARABLE)),
    };
    note(&format!("error: --fail-on-regression is not passed: {reason}"));
    code
}

fn factory(name: &str) -> Result<Factory> {
    let executors = all();
    let names: Vec<&str> = executors.iter().map(|factory| factory.name).collect();
    known("executor", &[name.to_owned()], &names)?;
    find(name).context("failed to find the executor")
}

/// The family of a workload and, where its name ends in one, its size in iterations: `grain-64`.
fn family_and_size(name: &str) -> Result<(WorkloadFamily, Option<u64>)> {
    let whole = WorkloadFamily::find(name);
    let Some((family, size)) = name
        .rsplit_once('-')
        .filter(|(_, size)| size.bytes().all(|digit| digit.is_ascii_digit()))
        .and_then(|(family, size)| Some((WorkloadFamily::find(family).ok()?, size)))
    else {
        let family = whole.map_err(|error| UnknownName(format!("failed to {error}")))?;
        return Ok((family, None));
    };
    ensure!(
        family.parameters.contains(&Parameter::Iterations),
        anyhow!("failed to make {name}: {} has no sizes; name it without one", family.name)
    );
    let size =
        number::of_iterations(size).map_err(|why| anyhow!("failed to make {name}: of its size, {why}"))?;
    Ok((family, Some(size)))
}

/// How many workers an executor has, as asked for where it has a choice.
fn worker_count(workload: &dyn Workload, factory: &Factory, asked: Option<usize>, cores: usize) -> usize {
    let agents = workload.agents().max(1);
    match (factory.workers, workload.kind()) {
        (Workers::One, _) => 1,
        (Workers::PerAgent, _) => agents,
        (Workers::Any, AgentKind::Waiting) => asked.unwrap_or(agents.min(MOST_WORKERS)),
        (Workers::UnderWay, AgentKind::Waiting) => asked.unwrap_or(agents),
        (Workers::Any | Workers::UnderWay, AgentKind::Computing) => asked.unwrap_or(cores),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_the_number_at_the_end_of_a_name_that_is_no_workload_s() {
        let read = |name| family_and_size(name).map(|(family, size)| (family.name, size));
        assert_eq!(read("grain-64").expect("it has sizes"), ("grain", Some(64)));
        assert_eq!(read("no-communication").expect("it is a workload"), ("no-communication", None));
        assert_eq!(read("no-communication-128").expect("it has sizes"), ("no-communication", Some(128)));
        let error = |name| family_and_size(name).err().expect("there is none").to_string();
        assert_eq!(
            error("thinking-3"),
            "failed to make thinking-3: thinking has no sizes; name it without one"
        );
        assert!(error("grian-64").starts_with("failed to find the workload \"grian-64\""));
        assert_eq!(
            error("grain-18446744073709551616"),
            "failed to make grain-18446744073709551616: of its size, give a number from 0 to 1099511627776"
        );
    }

    #[test]
    fn both_have_as_many_workers_as_are_asked_for_where_they_can() {
        let (family, size) = family_and_size("grain-64").expect("it is there");
        let asked = Parameters { agents: Some(10), iterations: size.unwrap_or(0), ..Parameters::default() };
        let workload = family.make(&asked).expect("it can be made");
        let workers = |name, asked| worker_count(&*workload, &factory(name).expect("it is there"), asked, 2);
        assert_eq!((workers("rayon", Some(4)), workers("rayon", None)), (4, 2));
        assert_eq!((workers("serial", Some(4)), workers("std-thread-per-agent", Some(4))), (1, 10));
    }
}
