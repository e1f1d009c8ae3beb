//! What becomes of an agent.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::Scenario;
use crate::answer::is_same;

/// What became of an agent. Times are of its last attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommandOutcome {
    /// Its answer, or why there is none.
    pub result: Result<Value, CommandFailure>,
    /// How its process ended. A persistent worker goes on.
    pub end: Option<ProcessEnd>,
    /// How often it was tried.
    pub attempts: u32,
    /// From before its start until it had ended.
    pub wall: Duration,
    /// The part of that until it first read its scenario: what it did so far it would do for any. Not known of one that has
    /// not read it, of a persistent worker that was there already, and where the system does not tell.
    pub start: Option<Duration>,
    /// CPU time of it and of the children it waited for; of a persistent worker that of its process meanwhile, where the
    /// system tells, without its children.
    pub cpu: Option<Duration>,
    /// Of its time, what it was ready to run and had no CPU, or had ended and whoever looks after it had none. Known on
    /// Linux, of agents that took 5 ms and more most of whose work was done by the first thread of their process.
    pub queued: Option<Duration>,
    /// The most memory it had at once. Not known where it is no more than that of this process, whose memory Linux
    /// counts as the agent's until it has started.
    pub peak_bytes: Option<u64>,
    /// The end of what it wrote to standard error.
    pub stderr: String,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProcessEnd {
    /// With this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl From<ExitStatus> for ProcessEnd {
    fn from(status: ExitStatus) -> Self {
        status.code().map_or_else(|| Self::Signal(status.signal().unwrap_or(0)), Self::Code)
    }
}

/// Why an agent gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum CommandFailure {
    /// Its process was not born.
    #[error("could not be started: {0}")]
    NotStarted(String),
    /// Its program can't be run, so that no other agent's can.
    #[error(
        "could not be started: {0}; is it there, may it be executed, and does a script begin with #! and an interpreter that is there?"
    )]
    NoProgram(String),
    /// It said itself that it failed.
    #[error("ended with exit code {0}")]
    Code(i32),
    /// A signal ended it.
    #[error("was killed by {}", signal_name(*.0))]
    Signal(i32),
    /// It took longer than it may.
    #[error("took longer than the time limit")]
    Late,
    /// It printed more than it may.
    #[error("printed more than the output limit")]
    TooMuch,
    /// It said that all was well and printed nothing.
    #[error("printed no answer")]
    Silent,
    /// Its last line is no text.
    #[error("printed an answer that is not UTF-8")]
    NotText,
    /// A persistent worker did not answer with an object that has the id and an answer.
    #[error("answered out of turn: a line must be {{\"id\": the same, \"answer\": …}}")]
    OutOfTurn,
    /// A persistent worker ended before it answered.
    #[error("ended before it answered")]
    Gone,
    /// What ran it elsewhere is gone, each time that it was tried.
    #[error("was lost with its worker")]
    Lost,
    /// An agent whose answer it needs has none, so that it was not begun.
    #[error("needs the answer of {0}, which has none")]
    Unmet(String),
    /// The run was stopped.
    #[error("was stopped")]
    Stopped,
    /// Something that it was read or written through broke.
    #[error("could not be watched: {0}")]
    Unwatched(String),
}

fn signal_name(signal: i32) -> String {
    Signal::try_from(signal).map_or_else(|_| format!("signal {signal}"), |signal| signal.as_str().to_owned())
}

impl CommandOutcome {
    /// An agent of which nothing is known but that it gave no answer, after so long.
    pub fn with_failure(failure: CommandFailure, wall: Duration) -> Self {
        Self {
            result: Err(failure),
            end: None,
            attempts: 1,
            wall,
            start: None,
            cpu: None,
            queued: None,
            peak_bytes: None,
            stderr: String::new(),
        }
    }

    /// Whether its answer is right, where that is known.
    pub fn is_right(&self, scenario: &Scenario) -> Option<bool> {
        let expected = scenario.expected.as_ref()?;
        Some(self.result.as_ref().is_ok_and(|answer| is_same(answer, expected)))
    }

    /// As results and journals hold it.
    pub(crate) fn fields(&self, scenario: &Scenario) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut add = |name: &str, value: Option<Value>| {
            fields.extend(value.map(|value| (name.to_owned(), value)));
        };
        add("id", Some(scenario.id.clone()));
        add("answer", self.result.as_ref().ok().cloned());
        add("failure", self.result.as_ref().err().map(|failure| failure.to_string().into()));
        add("right", self.is_right(scenario).map(Value::from));
        match self.end {
            Some(ProcessEnd::Code(code)) => add("exit", Some(code.into())),
            Some(ProcessEnd::Signal(signal)) => add("signal", Some(signal.into())),
            None => (),
        }
        add("attempts", Some(self.attempts.into()));
        add("wall_ns", Some(nanoseconds(self.wall)));
        add("start_ns", self.start.map(nanoseconds));
        add("cpu_ns", self.cpu.map(nanoseconds));
        add("queued_ns", self.queued.map(nanoseconds));
        add("peak_bytes", self.peak_bytes.map(Value::from));
        add("stderr", Some(self.stderr.as_str()).filter(|text| !text.is_empty()).map(Value::from));
        fields
    }
}

fn nanoseconds(duration: Duration) -> Value {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX).into()
}
