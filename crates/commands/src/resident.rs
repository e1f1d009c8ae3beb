//! A persistent worker: a process that stays, and answers one scenario after another.

use std::process::Command;

use serde_json::Value;

use crate::answer::echoed;
use crate::clock::now;
use crate::process::{AgentProcess, Attended};
use crate::single::not_started;
use crate::watch::AgentWatch;
use crate::{CommandFailure, CommandOutcome, Scenario};

/// A process that reads a line and answers with a line, again and again.
pub(crate) struct Resident(AgentProcess);

/// Asks the worker, which is started if there is none, or if the one there is has ended or said something unasked. A
/// worker that does not answer as it should is ended, and the next scenario gets a new one.
pub(crate) fn ask(
    worker: &mut Option<Resident>,
    command: impl FnOnce() -> Command,
    scenario: &Scenario,
    watch: &AgentWatch,
) -> CommandOutcome {
    let asked = now();
    let ready = worker.take().filter(Resident::is_ready);
    let is_new = ready.is_none();
    let mut resident = match ready {
        Some(resident) => resident,
        None => match AgentProcess::spawn(command()) {
            Ok(process) => Resident(process),
            Err(error) => return not_started(&error, now().duration_since(asked)),
        },
    };
    let result = resident.answer(scenario, watch);
    let start = resident.0.start().filter(|_| is_new);
    let stderr = resident.0.pipes.complained.end();
    if result.is_ok() {
        *worker = Some(resident);
    }
    let wall = now().duration_since(asked);
    CommandOutcome { result, end: None, attempts: 1, wall, start, cpu: None, peak_bytes: None, stderr }
}

impl Resident {
    fn is_ready(&self) -> bool {
        self.0.pipes.printed.is_empty() && !self.0.has_ended()
    }

    fn answer(&mut self, scenario: &Scenario, watch: &AgentWatch) -> Result<Value, CommandFailure> {
        let asked = now();
        self.0.pipes.printed.clear();
        self.0.pipes.complained.clear();
        self.0.pipes.feed(&scenario.line, false);
        let result = match self.0.attend(watch, asked, |pipes| pipes.printed.has_line()) {
            Attended::Done => self.heard(scenario),
            Attended::Ended => Err(CommandFailure::Gone),
            Attended::Cut(reason) => Err(reason),
        };
        if let Err(reason) = &result {
            self.0.put_down(watch, reason);
        }
        result
    }

    fn heard(&mut self, scenario: &Scenario) -> Result<Value, CommandFailure> {
        let line = self.0.pipes.printed.take_line().expect("it was waited for");
        let line = std::str::from_utf8(&line).map_err(|_| CommandFailure::NotText)?;
        let value: Value = serde_json::from_str(line).map_err(|_| CommandFailure::OutOfTurn)?;
        echoed(&value, scenario).cloned().ok_or(CommandFailure::OutOfTurn)
    }

    /// Gives it nothing more to read.
    pub(crate) fn close_input(&mut self) {
        self.0.pipes.close_input();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.0.has_ended()
    }

    /// Lets it end by itself, for there is nothing more to read, and ends it if it does not.
    pub(crate) fn dismiss(mut self, watch: &AgentWatch) {
        self.close_input();
        self.0.let_end(watch);
    }
}
