//! A persistent worker: a process that stays, and answers one scenario after another.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::answer::echoed;
use crate::clock::now;
use crate::process::{AgentProcess, Attended};
use crate::single::spawned;
use crate::usage::{FirstThread, WORTH_READING};
use crate::watch::AgentWatch;
use crate::{CommandFailure, CommandOutcome, Scenario, long_numbers};

/// A process that reads a line and answers with a line, again and again.
pub(crate) struct Resident {
    process: AgentProcess,
    /// What it had used when it last answered.
    used: ResidentUse,
}

/// What a process has used so far, where the system tells.
#[derive(Clone, Copy, Default)]
struct ResidentUse {
    cpu: Option<Duration>,
    /// Read only where agents take long enough.
    thread: Option<FirstThread>,
}

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
        None => match spawned(command()) {
            Ok(process) => Resident::new(process),
            Err(failure) => return CommandOutcome::with_failure(failure, now().duration_since(asked)),
        },
    };
    let result = resident.answer(scenario, watch);
    let wall = now().duration_since(asked);
    let start = resident.process.start().filter(|_| is_new);
    let stderr = resident.process.pipes.complained.end();
    let (cpu, queued) = resident.used_in(wall);
    let queued = queued.map(|queued| (queued + resident.process.kept_waiting()).min(wall));
    if result.is_ok() {
        *worker = Some(resident);
    }
    CommandOutcome { result, end: None, attempts: 1, wall, start, cpu, queued, peak_bytes: None, stderr }
}

impl Resident {
    fn new(process: AgentProcess) -> Self {
        let nothing = ResidentUse { cpu: Some(Duration::ZERO), thread: Some(FirstThread::default()) };
        Self { process, used: nothing }
    }

    /// CPU time since it last answered, and how long it stood in line for a CPU: since then it was asked something that took
    /// so long.
    fn used_in(&mut self, wall: Duration) -> (Option<Duration>, Option<Duration>) {
        let is_long = wall >= WORTH_READING;
        let thread = if is_long { self.process.first_thread() } else { None };
        let used = ResidentUse { cpu: self.process.cpu(), thread };
        let before = std::mem::replace(&mut self.used, used);
        let cpu = used.cpu.zip(before.cpu).map(|(used, before)| used.saturating_sub(before));
        let threads = used.thread.zip(before.thread);
        let queued = threads.zip(cpu).and_then(|((used, before), cpu)| used.queued_since(before, cpu));
        (cpu, queued)
    }

    fn is_ready(&self) -> bool {
        self.process.pipes.printed.is_empty() && !self.process.has_ended()
    }

    fn answer(&mut self, scenario: &Scenario, watch: &AgentWatch) -> Result<Value, CommandFailure> {
        let asked = now();
        self.process.pipes.printed.clear();
        self.process.pipes.complained.clear();
        self.process.pipes.feed(&scenario.line, false);
        let result = match self.process.attend(watch, asked, |pipes| pipes.printed.has_line()) {
            Attended::Done => self.heard(scenario),
            Attended::Ended => Err(CommandFailure::Gone),
            Attended::Cut(reason) => Err(reason),
        };
        if let Err(reason) = &result {
            self.process.put_down(watch, reason);
        }
        result
    }

    fn heard(&mut self, scenario: &Scenario) -> Result<Value, CommandFailure> {
        let line = self.process.pipes.printed.take_line().expect("it was waited for");
        let line = std::str::from_utf8(&line).map_err(|_| CommandFailure::NotText)?;
        let value: Value =
            serde_json::from_str(&long_numbers::as_text(line)).map_err(|_| CommandFailure::OutOfTurn)?;
        echoed(&value, scenario).cloned().ok_or(CommandFailure::OutOfTurn)
    }

    /// Gives it nothing more to read.
    pub(crate) fn close_input(&mut self) {
        self.process.pipes.close_input();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.process.has_ended()
    }

    /// Lets it end by itself, for there is nothing more to read, and ends it if it does not.
    pub(crate) fn dismiss(mut self, watch: &AgentWatch) {
        self.close_input();
        self.process.let_end(watch);
    }
}
