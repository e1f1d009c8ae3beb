//! An agent that is a process of its own.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use nix::errno::Errno;
use serde_json::Value;

use crate::answer::answer;
use crate::clock::now;
use crate::interpreter::interpreter;
use crate::process::{AgentProcess, Attended};
use crate::watch::AgentWatch;
use crate::{CommandFailure, CommandOutcome, ProcessEnd, Scenario};

/// How long others may hold the pipes of an agent that has ended: what they print then is still its.
const DRAIN: Duration = Duration::from_millis(500);

/// Runs a command once.
pub(crate) fn run(command: Command, scenario: &Scenario, watch: &AgentWatch) -> CommandOutcome {
    let born = now();
    let mut process = match spawned(command) {
        Ok(process) => process,
        Err(failure) => return CommandOutcome::with_failure(failure, now().duration_since(born)),
    };
    process.pipes.feed(&scenario.line, true);
    let attended = process.attend(watch, process.born, |pipes| {
        pipes.printed.keep_last_line();
        false
    });
    let cut = match attended {
        Attended::Done | Attended::Ended => {
            process.drain(DRAIN);
            watch.objection(now(), process.pipes.printed.total())
        }
        Attended::Cut(reason) => {
            process.put_down(watch, &reason);
            Some(reason)
        }
    };
    ended(process, cut, scenario)
}

/// Starts a process.
///
/// # Errors
/// Why its agent gives no answer.
pub(crate) fn spawned(command: Command) -> Result<AgentProcess, CommandFailure> {
    let program = PathBuf::from(command.get_program());
    AgentProcess::spawn(command).map_err(|error| match error.raw_os_error().map(Errno::from_raw) {
        Some(Errno::ENOENT | Errno::EACCES | Errno::ENOEXEC) => {
            let run_by = interpreter(&program).map_or(String::new(), |line| format!(", run by {line}"));
            CommandFailure::NoProgram(format!("{}{run_by}: {error}", program.display()))
        }
        _ => CommandFailure::NotStarted(error.to_string()),
    })
}

fn ended(process: AgentProcess, cut: Option<CommandFailure>, scenario: &Scenario) -> CommandOutcome {
    let (born, start, stderr) = (process.born, process.start(), process.pipes.complained.end());
    let last_line = process.pipes.printed.last_line().to_vec();
    let reaped = process.reap();
    let end = reaped.as_ref().ok().map(|reaped| ProcessEnd::from(reaped.status));
    let result = match (cut, end) {
        (Some(reason), _) => Err(reason),
        (None, Some(end)) => judged(end, &last_line, scenario),
        (None, None) => Err(CommandFailure::Unwatched("it was waited for by something else".into())),
    };
    let (cpu, queued, peak_bytes) =
        reaped.map_or((None, None, None), |reaped| (Some(reaped.cpu), reaped.queued, reaped.peak_bytes));
    let wall = now().duration_since(born);
    let queued = queued.map(|queued| queued.min(wall));
    CommandOutcome { result, end, attempts: 1, wall, start, cpu, queued, peak_bytes, stderr }
}

fn judged(end: ProcessEnd, last_line: &[u8], scenario: &Scenario) -> Result<Value, CommandFailure> {
    match end {
        ProcessEnd::Code(0) if last_line.is_empty() => Err(CommandFailure::Silent),
        ProcessEnd::Code(0) => match std::str::from_utf8(last_line) {
            Ok(line) => Ok(answer(line, scenario)),
            Err(_) => Err(CommandFailure::NotText),
        },
        ProcessEnd::Code(code) => Err(CommandFailure::Code(code)),
        ProcessEnd::Signal(signal) => Err(CommandFailure::Signal(signal)),
    }
}
