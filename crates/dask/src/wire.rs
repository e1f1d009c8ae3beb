//! What is said between this program and the driver: requests and events, a JSON object a line each.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::Value;

use crate::DaskError;

/// Raised with every change of requests or events.
pub(crate) const PROTOCOL: u32 = 3;

/// The version and the digest of the sources that the module in Python must have.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
pub(crate) const BUILD: &str = centurion_agents::SOURCES_DIGEST;

/// What the driver says.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(crate) enum WireEvent {
    Hello(Versions),
    Started(Started),
    Sampled(Sampled),
    Outcomes { finished: usize, outcomes: Vec<WireOutcome> },
    Note { text: String },
    Finished { wall_ns: u64, cancelled: bool, workers: usize },
    Ready,
    Attempted(Attempted),
    Closed,
    Stopped,
    Error { reason: String },
}

/// What the driver is made of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Versions {
    /// Version of `centurion_agents`.
    pub version: String,
    /// Digest of the sources that its module was built from.
    pub build: String,
    /// Number of the protocol.
    pub protocol: u32,
    /// Version of Python.
    pub python: String,
    /// Version of Dask.
    pub dask: String,
    /// Version of Dask's distributed scheduler.
    pub distributed: String,
    /// Time that Python took to import all of it, in nanoseconds.
    pub import_ns: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Started {
    pub(crate) executor: u32,
    pub(crate) start_ns: u64,
    pub(crate) first_call_ns: u64,
    pub(crate) workers: usize,
    #[serde(default)]
    pub(crate) threads: usize,
    #[serde(default)]
    pub(crate) brought: usize,
    #[serde(default)]
    pub(crate) address: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Sampled {
    pub(crate) wall_ns: u64,
    pub(crate) cpu_ns: u64,
    pub(crate) first_call_ns: Option<u64>,
    pub(crate) executions: u64,
    pub(crate) sums: Vec<u64>,
    pub(crate) memory_bytes: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WireOutcome {
    pub(crate) agent: usize,
    pub(crate) attempts: u32,
    pub(crate) answer: Option<u64>,
    pub(crate) reason: Option<String>,
    pub(crate) worker: Option<String>,
    pub(crate) ns: Option<u64>,
}

/// What became of an attempt: an outcome of the outpost that made it, or a reason, or else its worker was lost too often.
#[derive(Debug, Deserialize)]
pub(crate) struct Attempted {
    pub(crate) attempt: u64,
    pub(crate) lost: u32,
    pub(crate) outcome: Option<String>,
    pub(crate) reason: Option<String>,
}

/// Requests to the driver. Clones write to the same driver.
#[derive(Clone)]
pub(crate) struct Requests(Arc<Mutex<Option<ChildStdin>>>);

impl Requests {
    pub(crate) fn new(stdin: ChildStdin) -> Self {
        Self(Arc::new(Mutex::new(Some(stdin))))
    }

    /// Sends a request. That nobody reads it any more shows when the answer is waited for.
    pub(crate) fn send(&self, request: &Value) {
        if let Some(stdin) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = writeln!(stdin, "{request}").and_then(|()| stdin.flush());
        }
    }

    /// Ends the requests, and with them the driver.
    pub(crate) fn end(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Events of the driver.
pub(crate) struct Events(BufReader<ChildStdout>);

impl Events {
    pub(crate) fn new(stdout: ChildStdout) -> Self {
        Self(BufReader::new(stdout))
    }

    /// Waits for the next event; `what` was asked for.
    ///
    /// # Errors
    /// When there is none, when it can't be understood, and when it is a refusal.
    pub(crate) fn next(&mut self, what: &'static str) -> Result<WireEvent, DaskError> {
        let mut line = String::new();
        if self.0.read_line(&mut line).unwrap_or(0) == 0 {
            return Err(DaskError::Ended { what });
        }
        match serde_json::from_str(&line) {
            Ok(WireEvent::Error { reason }) => Err(refused(&reason)),
            Ok(event) => Ok(event),
            Err(_) => Err(garbled(what, line.trim_end())),
        }
    }
}

/// An answer that does not belong to what was asked for.
pub(crate) fn garbled(what: &'static str, line: &str) -> DaskError {
    DaskError::Garbled { what, line: line.chars().take(200).collect() }
}

fn refused(reason: &str) -> DaskError {
    // Errors say what they failed to do; that they failed is added where they are shown.
    DaskError::Refused { reason: reason.strip_prefix("failed to ").unwrap_or(reason).to_owned() }
}
