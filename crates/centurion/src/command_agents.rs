//! The agents of a command as closures that run it once for a scenario: agents of one's own, like those of a bench file.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, anyhow, ensure};
use centurion_agents::{OwnAgents, RightAnswers};
use centurion_commands::{Brake, CommandFailure, CommandOutcome, CommandPool, Lifetime, Scenario};
use centurion_graph::Bounds;
use serde_json::Value;

use crate::command_plan::CommandPlan;
use crate::error::failed_to;
use crate::files;
use crate::own_plan::check_name;

/// The folder of programs that run others' scripts.
const OF_PROGRAMS: &str = "bin";

/// A command's agents: its scenarios, all of them known, and what is known of each run.
pub(crate) struct CommandAgents {
    pub(crate) name: String,
    plan: CommandPlan,
    scenarios: Arc<[Scenario]>,
    unchecked: bool,
    seen: Arc<[SeenAgent]>,
}

/// How often an agent was run, and what it took last.
#[derive(Default)]
struct SeenAgent {
    runs: AtomicU64,
    wall_ns: AtomicU64,
    /// The part of that until it read its scenario; 0 where that is not known.
    start_ns: AtomicU64,
}

impl CommandAgents {
    /// The agents of a plan.
    ///
    /// # Errors
    /// When their scenarios can be read only once, or the name can't be used.
    pub(crate) fn new(plan: CommandPlan, name: String, unchecked: bool) -> Result<Self> {
        check_name("the command", &name)?;
        plan.ensure_no_needs("measure")?;
        plan.count.context(
            "failed to measure: scenarios are read many times, and a pipe can be read only once; name a file",
        )?;
        let scenarios: Arc<[Scenario]> = plan.scenarios()?.collect::<Result<_, _>>().map_err(failed_to)?;
        let seen = scenarios.iter().map(|_| SeenAgent::default()).collect();
        Ok(Self { name, plan, scenarios, unchecked, seen })
    }

    /// Those of them that answered, and were not wrong, by a file of results or a journal.
    ///
    /// # Errors
    /// When the file can't be read, or none did.
    pub(crate) fn answered_in(self, path: &Path) -> Result<Self> {
        let meant = "name the --results or the --journal of a run of these scenarios";
        let text = files::read(path).map_err(|error| anyhow!("{error:#}; {meant}"))?;
        ensure!(!text.is_empty(), "failed to find a result in {}: it is empty; {meant}", path.display());
        let whole = text.rfind('\n').map_or(0, |end| end + 1); // a run that was killed leaves half a line
        let results = text[..whole].lines().enumerate().map(|(line, text)| {
            let found: Result<Value, _> = serde_json::from_str(text);
            found.with_context(|| {
                format!(
                    "failed to read {}: in its line {} there is no JSON; {meant}",
                    path.display(),
                    line + 1
                )
            })
        });
        let mut answered = BTreeMap::new();
        for found in results {
            let found = found?;
            let result = found.get("result").unwrap_or(&found); // a journal has the key beside it
            let well = result.get("answer").is_some() && (self.unchecked || result["right"] != false);
            answered.insert(result["id"].to_string(), well); // of a journal's lines the last counts
        }
        let scenarios: Arc<[Scenario]> = self
            .scenarios
            .iter()
            .filter(|it| answered.get(&it.id.to_string()) == Some(&true))
            .cloned()
            .collect();
        ensure!(
            !scenarios.is_empty(),
            "failed to find an agent that answered in {}; {meant}",
            path.display()
        );
        let seen = scenarios.iter().map(|_| SeenAgent::default()).collect();
        Ok(Self { scenarios, seen, ..self })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.scenarios.len()
    }

    /// How often each may be tried again where it fails.
    pub(crate) fn retries(&self) -> u32 {
        self.plan.rules.retries
    }

    /// Whether it is known beforehand what is right; otherwise a rehearsal finds it out.
    pub(crate) fn know_what_is_right(&self) -> bool {
        self.unchecked || self.scenarios.iter().all(|scenario| scenario.expected.is_some())
    }

    /// What is right of their answers, where that is known beforehand.
    pub(crate) fn right(&self, own: &OwnAgents) -> Option<RightAnswers> {
        if self.unchecked {
            return Some(RightAnswers::Any);
        }
        let right: Option<Vec<String>> = self.scenarios.iter().map(expected).collect();
        right.map(|right| RightAnswers::Known(own.numbers(|agent| right[agent].clone())))
    }

    /// The agents, none of which is run more than `most` times. The brake ends those under way.
    pub(crate) fn own_agents(&self, most: u64, brake: Brake) -> OwnAgents {
        let pool = Arc::new(CommandPool::new(self.plan.invocation.clone(), self.plan.rules, brake));
        let (scenarios, seen) = (Arc::clone(&self.scenarios), Arc::clone(&self.seen));
        let (ended, unchecked) = (Arc::clone(&pool), self.unchecked);
        let run = move |agent: usize| {
            let (scenario, seen) = (&scenarios[agent], &seen[agent]);
            if seen.runs.fetch_add(1, Ordering::Relaxed) >= most {
                fail(format!("it was agreed to run it no more than {most} times"));
            }
            let outcome = pool.run(scenario);
            seen.wall_ns.store(outcome.wall.as_nanos() as u64, Ordering::Relaxed);
            let start = outcome.start.map_or(0, |start| start.as_nanos() as u64);
            seen.start_ns.store(start, Ordering::Relaxed);
            answer(scenario, &outcome, unchecked).unwrap_or_else(|reason| fail(reason))
        };
        let names = self.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
        OwnAgents::new(&self.name, self.count(), run).with_processes(names, move || ended.dismiss())
    }

    /// The share of their time in which agents start, of those of which that is known; `None` where it is known of none.
    pub(crate) fn starting(&self) -> Option<f64> {
        let known = self.seen.iter().map(|seen| (&seen.start_ns, &seen.wall_ns));
        let known = known.map(|(start, wall)| (start.load(Ordering::Relaxed), wall.load(Ordering::Relaxed)));
        let (start, wall) = known
            .filter(|&(start, _)| start > 0)
            .fold((0, 0), |(starts, walls), (start, wall)| (starts + start, walls + wall));
        (wall > 0).then(|| start as f64 / wall as f64)
    }

    /// Whether processes stay from one agent to the next.
    pub(crate) fn stay(&self) -> bool {
        self.plan.rules.lifetime == Lifetime::Worker
    }

    /// The least time in nanoseconds in which so many workers run all agents, by what each took last.
    pub(crate) fn least_ns(&self, workers: usize) -> u64 {
        let walls: Vec<u64> = self.seen.iter().map(|seen| seen.wall_ns.load(Ordering::Relaxed)).collect();
        Bounds::new(&walls, None).makespan(workers) as u64
    }
}

/// The right answer in words, where it is known.
fn expected(scenario: &Scenario) -> Option<String> {
    scenario.expected.as_ref().map(Value::to_string)
}

/// What an agent answered: all right answers as the one that was expected, however they are written.
///
/// # Errors
/// Why the run of it does not count.
fn answer(scenario: &Scenario, outcome: &CommandOutcome, unchecked: bool) -> Result<String, String> {
    match (&outcome.result, expected(scenario), outcome.is_right(scenario)) {
        (Err(CommandFailure::Stopped), ..) => Ok(String::new()), // nobody looks at it any more
        (Err(failure), ..) => Err(match outcome.stderr.lines().last() {
            Some(last) => format!("{failure} ({last})"),
            None => failure.to_string(),
        }),
        (Ok(answer), Some(expected), Some(false)) if !unchecked => {
            Err(format!("it answered {answer}, not {expected}"))
        }
        (Ok(_), Some(expected), Some(true)) => Ok(expected),
        (Ok(answer), ..) => Ok(answer.to_string()),
    }
}

/// Ends the run of an agent with a reason, which is no bug that anybody wants to see the place of.
fn fail(reason: String) -> ! {
    resume_unwind(Box::new(reason))
}

/// The script or program that a command is about: the first of its words that is a file, but not one of the system's
/// programs, which run others'.
pub(crate) fn subject(words: &[String]) -> &str {
    let is_own = |word: &&String| {
        let path = Path::new(word.as_str());
        path.is_file() && !path.parent().is_some_and(|folder| folder.ends_with(OF_PROGRAMS))
    };
    words.iter().find(is_own).unwrap_or(&words[0])
}

/// A name that can stand in ids and paths, from that of a program.
pub(crate) fn plain_name(program: &str) -> String {
    let file = Path::new(program).file_name().map_or(program.into(), |file| file.to_string_lossy());
    file.chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' })
        .take(60)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn outcome(result: Result<Value, CommandFailure>) -> CommandOutcome {
        CommandOutcome {
            result,
            end: None,
            attempts: 1,
            wall: Duration::ZERO,
            start: None,
            cpu: None,
            queued: None,
            peak_bytes: None,
            stderr: "first\nlast".into(),
        }
    }

    #[test]
    fn right_answers_are_one_however_they_are_written() {
        let scenario = Scenario::from_line(0, r#"{"expected": 42}"#).expect("it is one");
        for right in [Value::from(42), Value::from(42.0), Value::from("42")] {
            assert_eq!(answer(&scenario, &outcome(Ok(right)), false), Ok("42".into()));
        }
        let wrong = outcome(Ok(Value::from("no")));
        assert_eq!(answer(&scenario, &wrong, false), Err("it answered \"no\", not 42".into()));
        assert_eq!(answer(&scenario, &wrong, true), Ok("\"no\"".into()));
    }

    #[test]
    fn who_fails_says_why_and_what_it_complained_of_last() {
        let scenario = Scenario::with_number(0);
        let failed = answer(&scenario, &outcome(Err(CommandFailure::Code(3))), true);
        assert_eq!(failed, Err("ended with exit code 3 (last)".into()));
    }

    #[test]
    fn a_command_is_called_what_its_script_is() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(subject(&words("python3 src/lib.rs {}")), "src/lib.rs");
        assert_eq!(subject(&words("/bin/sh -c true")), "/bin/sh");
        assert_eq!(subject(&words("./no-such-file {}")), "./no-such-file");
        assert_eq!(plain_name("a folder/my agent.py"), "my-agent.py");
    }
}
