//! What a run comes to.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::scenario::text;
use crate::{CommandFailure, CommandOutcome, Scenario, TimeInLine};

/// How many are listed of what is listed.
const LISTED: usize = 5;
/// The reason of all that were not begun, whichever answer they lack.
const UNMET: &str = "was not begun, for another that it needs gave no answer";

/// What a run comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// Agents that ended in an earlier run and were not run again.
    pub earlier: usize,
    /// Agents that answered, earlier ones too.
    pub answered: usize,
    /// Agents that did not.
    pub failed: usize,
    /// Agents of those that were not begun, for others gave no answers that they need.
    pub unmet: usize,
    /// Scenarios of these whose right answer is known.
    pub known: usize,
    /// Those of them that were answered rightly.
    pub right: usize,
    /// Attempts beyond the first.
    pub retries: usize,
    /// What each agent of this run took, in nanoseconds: 8 bytes for each are the only memory that grows.
    pub costs_ns: Vec<u64>,
    /// The part of that until agents first read their scenarios, of those of which that is known.
    pub starts: Duration,
    /// What they stood in line for a CPU.
    pub in_line: TimeInLine,
    /// The same of those that the time limit ended.
    pub late_in_line: TimeInLine,
    /// The agents of this run that took longest, longest first.
    pub slowest: Vec<Slowest>,
    /// The first wrong answers: agent, answer, right answer.
    pub wrong: Vec<[String; 3]>,
    /// Failures by reason.
    pub failures: BTreeMap<String, FailureGroup>,
}

/// An agent that took long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slowest {
    /// Its id.
    pub name: String,
    /// What it took.
    pub wall: Duration,
}

/// Agents that failed for one reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailureGroup {
    /// How many.
    pub count: usize,
    /// Ids of the first of them.
    pub names: Vec<String>,
    /// The last line of standard error of the first that has one.
    pub stderr: String,
}

impl Totals {
    /// Agents that have ended.
    pub fn ended(&self) -> usize {
        self.answered + self.failed
    }

    /// Takes in an agent of this run.
    pub(crate) fn add(&mut self, scenario: &Scenario, outcome: &CommandOutcome) {
        if let Err(CommandFailure::Unmet(_)) = outcome.result {
            self.unmet += 1;
            return self.add_failure(scenario, UNMET.to_owned(), "");
        }
        self.costs_ns.push(u64::try_from(outcome.wall.as_nanos()).unwrap_or(u64::MAX));
        self.starts += outcome.start.unwrap_or_default();
        self.in_line.add(outcome);
        if outcome.result == Err(CommandFailure::Late) {
            self.late_in_line.add(outcome);
        }
        self.retries += outcome.attempts.saturating_sub(1) as usize;
        self.add_slow(scenario, outcome.wall);
        match &outcome.result {
            Ok(answer) => self.add_answer(scenario, answer, outcome.is_right(scenario)),
            Err(failure) => {
                self.add_failure(scenario, failure.to_string(), &outcome.stderr);
            }
        }
    }

    /// Takes in what became of an agent in an earlier run.
    pub(crate) fn add_earlier(&mut self, scenario: &Scenario, result: &Map<String, Value>) {
        self.earlier += 1;
        let text = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or_default();
        if !result.contains_key("answer") {
            return self.add_failure(scenario, text("failure").to_owned(), text("stderr"));
        }
        let right = result.get("right").and_then(Value::as_bool);
        self.add_answer(scenario, result.get("answer").unwrap_or(&Value::Null), right);
    }

    fn add_answer(&mut self, scenario: &Scenario, answer: &Value, right: Option<bool>) {
        self.answered += 1;
        self.known += usize::from(right.is_some());
        self.right += usize::from(right == Some(true));
        if let (Some(false), Some(expected)) = (right, &scenario.expected)
            && self.wrong.len() < LISTED
        {
            self.wrong.push([scenario.name.clone(), text(answer), text(expected)]);
        }
    }

    fn add_failure(&mut self, scenario: &Scenario, reason: String, stderr: &str) {
        self.failed += 1;
        self.known += usize::from(scenario.expected.is_some());
        self.failures.entry(reason).or_default().add(scenario, stderr);
    }

    fn add_slow(&mut self, scenario: &Scenario, wall: Duration) {
        let place = self.slowest.partition_point(|slow| slow.wall >= wall);
        if place < LISTED {
            self.slowest.insert(place, Slowest { name: scenario.name.clone(), wall });
            self.slowest.truncate(LISTED);
        }
    }
}

impl FailureGroup {
    fn add(&mut self, scenario: &Scenario, stderr: &str) {
        self.count += 1;
        if self.names.len() < LISTED {
            self.names.push(scenario.name.clone());
        }
        if self.stderr.is_empty() {
            stderr.lines().last().unwrap_or_default().clone_into(&mut self.stderr);
        }
    }
}
