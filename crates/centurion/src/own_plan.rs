//! What is measured of somebody's own agents: under which executors, whether they wait, and what they must answer.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow, bail, ensure};
use centurion_agents::{AgentKind, OwnAgents, RightAnswers, Workload};
use centurion_executors::{Factory, Workers, all};
use centurion_harness::{PlannedCell, Rehearsal, RehearsalError, Stop, TimeSpent, clock, try_first};
use centurion_record::Role;
use centurion_report::units;

use crate::error::failed_to;
use crate::options::known;
use crate::output::{note, plural, shown};
use crate::progress::Progress;
use crate::unfinished::Unfinished;
use crate::{interrupt, number};

/// Said when a rehearsal is interrupted.
pub(crate) const NOTHING_MEASURED: &str = "stopped before anything was measured";
/// What takes less need not be announced.
pub(crate) const WORTH_SAYING: Duration = Duration::from_secs(1);
/// Names are no longer than this.
const LONGEST_NAME: usize = 100;
/// What the cells of every run are called, beside those of executors.
const TAKEN: [&str; 2] = ["serial", "hardware"];
/// Ends the name of a copy.
const COPY: &str = "-again";

/// What a bench file says of its agents.
pub(crate) struct Known {
    /// What they spend their time on.
    pub(crate) kind: Option<AgentKind>,
    /// Which answers are right.
    pub(crate) right: Option<RightAnswers>,
}

/// Names stand in ids, paths and charts.
///
/// # Errors
/// When one can't.
pub(crate) fn check_name(of: &str, name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    ensure!(
        !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(plain) && !name.ends_with(COPY),
        "failed to use the name {name:?} of {of}: it needs 1 to {LONGEST_NAME} letters, digits, `-`, `_` and `.`, and \
         does not end in {COPY}"
    );
    Ok(())
}

/// The executors to measure: of the list those for such agents, as the bench file names them, and its own; of all of
/// them the ones asked for.
///
/// # Errors
/// Names an executor that does not exist, or exists twice.
pub(crate) fn factories(
    agents_are_futures: bool,
    named: &[String],
    own: Vec<Factory>,
    asked: &[String],
) -> Result<Vec<Factory>> {
    let mut factories = all();
    factories.retain(|factory| match factory.workers {
        Workers::One => false,
        Workers::UnderWay => agents_are_futures && !factory.mistake,
        Workers::Any | Workers::PerAgent => true,
    });
    check_own(&factories, &own)?;
    choose(&mut factories, named)?;
    factories.extend(own);
    choose(&mut factories, asked)?;
    Ok(factories)
}

fn choose(factories: &mut Vec<Factory>, names: &[String]) -> Result<()> {
    let existing: Vec<&str> = factories.iter().map(|factory| factory.name).collect();
    known("executor", names, &existing)?;
    factories.retain(|factory| names.is_empty() || names.iter().any(|name| name == factory.name));
    Ok(())
}

fn check_own(factories: &[Factory], own: &[Factory]) -> Result<()> {
    let mut taken: Vec<&str> = factories.iter().map(|factory| factory.name).chain(TAKEN).collect();
    for factory in own {
        check_name("an executor", factory.name)?;
        ensure!(
            !taken.contains(&factory.name),
            "failed to add the executor {}: there is one of that name; give it another",
            factory.name
        );
        ensure!(
            factory.workers != Workers::One,
            "failed to add the executor {}: it is said to have one worker, and `serial` is what has one; say which \
             numbers it can have, such as `Workers::Any`",
            factory.name
        );
        taken.push(factory.name);
    }
    Ok(())
}

/// Of the cells of agents that wait those on the most cores with numbers of workers that were asked for; all where nobody
/// asked.
///
/// # Errors
/// When that leaves none of an executor.
pub(crate) fn of_asked_workers(mut cells: Vec<PlannedCell>, asked: &[usize]) -> Result<Vec<PlannedCell>> {
    let is_tested = |cell: &PlannedCell| cell.role == Role::Executor;
    if asked.is_empty() || cells.iter().any(|cell| cell.workload.kind() == AgentKind::Computing) {
        return Ok(cells);
    }
    let most_cores = cells.iter().filter(|cell| is_tested(cell)).map(|cell| cell.cores).max();
    let is_asked = |cell: &PlannedCell| asked.contains(&cell.workers) && Some(cell.cores) == most_cores;
    cells.retain(|cell| !is_tested(cell) || is_asked(cell));
    ensure!(
        cells.iter().any(is_tested),
        "failed to find an executor to measure with the numbers of workers that were asked for: those named have one for each \
         agent; leave out --workers (CENTURION_WORKERS)"
    );
    Ok(cells)
}

/// The agents as a workload, rehearsed where something of them is not known. `None` when that was interrupted.
///
/// # Errors
/// Names agents that panic or do not answer the same twice; or says that the machine was too busy to tell whether they
/// wait, where it is to be measured.
pub(crate) fn rehearsed(
    agents: OwnAgents,
    known: Known,
    measures: bool,
    stop: &Stop,
) -> Result<Option<Arc<dyn Workload>>> {
    ensure!(agents.agents() > 0, "failed to measure {}: it has no agents", agents.name());
    number::of_agents(&agents.agents().to_string())
        .map_err(|why| anyhow!("failed to measure the agents of {}: {why} of them", agents.name()))?;
    let kind = known.kind.or(agents.are_futures().then_some(AgentKind::Waiting));
    let (kind, right) = match (kind, known.right) {
        (Some(kind), Some(right)) => (kind, right),
        (kind, right) => {
            let Some(rehearsal) = rehearse(&agents, measures && right.is_none(), stop)? else {
                return Ok(None);
            };
            let shown = rehearsal.time.kind();
            let kind = match kind {
                None if measures => told(&agents, &rehearsal.time)?,
                None => shown.unwrap_or(AgentKind::Computing), // nothing is measured
                Some(said) => {
                    warn_of_other(&agents, said, &rehearsal.time);
                    said
                }
            };
            (kind, right.unwrap_or(RightAnswers::Known(rehearsal.answers)))
        }
    };
    Ok(Some(Arc::new(agents.into_workload(kind, right))))
}

fn rehearse(agents: &OwnAgents, compared: bool, stop: &Stop) -> Result<Option<Rehearsal>> {
    let _unfinished = Unfinished::new();
    interrupt::set_last_words(Some(NOTHING_MEASURED.into()));
    let (count, times) = (agents.agents(), if compared { ", twice" } else { "" });
    note(&format!("{}: rehearsing {}, one after another{times}", agents.name(), plural(count, "agent")));
    let progress = Progress::with_agents("rehearsal", if compared { 2 * count } else { count }, true);
    let (begun, ended) = (clock::now(), Cell::new(0));
    let rehearsal = Rehearsal::new(agents, compared, stop, &|| {
        progress.tick();
        ended.set(ended.get() + 1);
        if compared && ended.get() == count && begun.elapsed() >= WORTH_SAYING {
            let took = units::time(begun.elapsed().as_nanos() as f64);
            progress.around(|| {
                note(&format!("{}: once took {took}, and so will the second time", agents.name()));
            });
        }
    });
    progress.finish();
    interrupt::set_last_words(None);
    rehearsal.map_err(|error| refusal(agents, error))
}

/// Runs the first of agents that are processes before anything is waited for: what is wrong with a command is so with all of them.
///
/// # Errors
/// Says why it gave no answer, or a wrong one.
pub(crate) fn tried(agents: &OwnAgents) -> Result<()> {
    let _unfinished = Unfinished::new();
    interrupt::set_last_words(Some(NOTHING_MEASURED.into()));
    note(&format!("{}: trying agent {}", agents.name(), shown(&agents.agent_name(0))));
    let tried = try_first(agents);
    interrupt::set_last_words(None);
    tried.map_err(|error| refusal(agents, error))
}

fn refusal(agents: &OwnAgents, error: RehearsalError) -> anyhow::Error {
    match error {
        RehearsalError::Differing { .. } => anyhow!(
            "failed to {error}; agents draw at random from a seed of their own, never from what others share. Where \
             any answer is right, {}",
            words(agents).unchecked
        ),
        RehearsalError::Failed { .. } => anyhow!(
            "failed to {error}; nothing is measured where an agent gives no answer, or a wrong one: give --retries, or \
             --unchecked where only answers are wrong, or leave out those that fail: --answered-in names results of `run`"
        ),
        RehearsalError::Panicked { .. } => failed_to(error),
    }
}

/// How the person who gave the agents says more of them.
struct Words {
    kind: &'static str,
    unchecked: &'static str,
}

fn words(agents: &OwnAgents) -> Words {
    if agents.are_processes() {
        Words { kind: "Give --waiting or --computing", unchecked: "give --unchecked" }
    } else {
        Words { kind: "Say .waiting() or .computing() in the bench file", unchecked: "say .unchecked()" }
    }
}

/// What the agents spend their time on, as it was measured, which is said.
fn told(agents: &OwnAgents, time: &TimeSpent) -> Result<AgentKind> {
    let (name, share) = (agents.name(), time.computing() * 100.0);
    let Some(kind) = time.kind() else {
        bail!(
            "failed to tell whether the agents of {name} wait or compute: this machine was too busy with other things. {}",
            words(agents).kind
        );
    };
    let then = match kind {
        AgentKind::Waiting => "they wait, and are measured over workers",
        AgentKind::Computing => "they compute, and are measured over cores",
    };
    note(&format!("{name}: the agents compute for {share:.0} % of their time: {then}"));
    Ok(kind)
}

/// Says it where agents spend their time otherwise than the bench file has it.
fn warn_of_other(agents: &OwnAgents, said: AgentKind, time: &TimeSpent) {
    let (name, share) = (agents.name(), time.computing() * 100.0);
    let instead = match (said, time.kind()) {
        (AgentKind::Waiting, Some(AgentKind::Computing)) if agents.are_futures() => {
            "as closures that are no futures they would be measured over cores"
        }
        (AgentKind::Waiting, Some(AgentKind::Computing)) => "without that they would be measured over cores",
        (AgentKind::Computing, Some(AgentKind::Waiting)) => {
            "without that they would be measured over workers"
        }
        _ => return,
    };
    let said = match said {
        AgentKind::Waiting => "waiting",
        AgentKind::Computing => "computing",
    };
    note(&format!(
        "warning: the agents of {name}, which are said to be {said}, compute for {share:.0} % of their time; {instead}"
    ));
}

#[cfg(test)]
mod tests {
    use centurion_executors::{Placement, StartError};

    use super::*;

    fn agents() -> OwnAgents {
        OwnAgents::new("squares", 3, |agent| agent * agent)
    }

    fn futures() -> OwnAgents {
        OwnAgents::with_futures("calls", 3, |agent| async move { agent })
    }

    fn own(name: &'static str) -> Factory {
        Factory {
            name,
            summary: "refuses",
            workers: Workers::Any,
            placement: Placement::Caller,
            mistake: false,
            build: |_| Err(StartError::Refused { executor: "own", reason: "always".into() }),
        }
    }

    fn names(
        agents: &OwnAgents,
        named: &[&str],
        own: Vec<Factory>,
        asked: &[&str],
    ) -> Result<Vec<&'static str>> {
        let [named, asked] =
            [named, asked].map(|names| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        Ok(factories(agents.are_futures(), &named, own, &asked)?.iter().map(|factory| factory.name).collect())
    }

    fn error<T: std::fmt::Debug>(result: Result<T>) -> String {
        result.expect_err("it can't be").to_string()
    }

    #[test]
    fn closures_run_on_threads_and_futures_on_runtimes_too_and_nobody_makes_mistakes() {
        let (closures, futures) = (
            names(&agents(), &[], Vec::new(), &[]).expect("all are there"),
            names(&futures(), &[], Vec::new(), &[]).expect("all are there"),
        );
        assert!(closures.contains(&"rayon") && !closures.contains(&"tokio") && !closures.contains(&"serial"));
        assert!(["rayon", "tokio", "smol"].iter().all(|name| futures.contains(name)));
        assert!(!futures.contains(&"tokio-blocking"));
    }

    #[test]
    fn an_own_executor_is_there_whatever_the_file_names_unless_others_are_asked_for() {
        let measured =
            |asked: &[&str]| names(&agents(), &["rayon"], vec![own("mine")], asked).expect("they are there");
        assert_eq!(measured(&[]), ["rayon", "mine"]);
        assert_eq!(measured(&["mine"]), ["mine"]);
    }

    #[test]
    fn an_executor_that_is_not_there_or_there_twice_is_named() {
        assert!(error(names(&agents(), &["raion"], Vec::new(), &[])).contains("did you mean rayon?"));
        let serial = Factory { workers: Workers::One, ..own("mine") };
        let one = "failed to add the executor mine: it is said to have one worker";
        assert!(error(names(&agents(), &[], vec![serial], &[])).starts_with(one));
        let twice = "failed to add the executor rayon: there is one of that name; give it another";
        assert_eq!(error(names(&agents(), &[], vec![own("rayon")], &[])), twice);
        assert!(error(names(&agents(), &[], vec![own("mine"), own("mine")], &[])).contains("executor mine"));
        assert!(error(names(&agents(), &[], vec![own("hardware")], &[])).contains("executor hardware"));
    }

    #[test]
    fn names_that_could_not_stand_in_a_path_are_refused() {
        for name in ["", "a/b", "two words", "copy-again", "ä", &"x".repeat(101)] {
            assert!(error(check_name("the bench", name)).contains("failed to use the name"), "{name}");
        }
        assert!(check_name("the bench", "Hash_2.0-beta").is_ok());
    }

    #[test]
    fn what_the_file_says_is_not_measured() {
        let known = Known { kind: Some(AgentKind::Waiting), right: Some(RightAnswers::Any) };
        let stopped = Stop::default();
        stopped.ask();
        let workload = rehearsed(agents(), known, true, &stopped).expect("nothing is wrong");
        assert_eq!(workload.expect("nothing was rehearsed").kind(), AgentKind::Waiting);
        let known = Known { kind: Some(AgentKind::Waiting), right: None };
        assert!(
            rehearsed(agents(), known, true, &stopped).expect("nothing is wrong").is_none(),
            "it was stopped"
        );
    }

    #[test]
    fn a_machine_too_busy_to_tell_is_said_and_nothing_is_guessed() {
        let wall = Duration::from_secs(1);
        let stolen = TimeSpent { wall, untold: wall, ..TimeSpent::default() };
        assert!(error(told(&agents(), &stolen)).contains("Say .waiting() or .computing() in the bench file"));
        let computed = TimeSpent { wall, cpu: wall, ..TimeSpent::default() };
        assert_eq!(told(&agents(), &computed).expect("it is plain"), AgentKind::Computing);
    }

    #[test]
    fn a_bench_without_agents_is_refused_and_one_with_more_than_a_record_holds() {
        let refused = |count| {
            let agents = OwnAgents::new("some", count, |agent| agent);
            let known = Known { kind: None, right: None };
            rehearsed(agents, known, true, &Stop::default()).err().expect("it is refused").to_string()
        };
        assert_eq!(refused(0), "failed to measure some: it has no agents");
        let too_many = "failed to measure the agents of some: give a number from 1 to 1000000 of them";
        assert_eq!(refused(1_000_001), too_many);
    }
}
