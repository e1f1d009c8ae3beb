//! Attempts at agents that are commands, each asked for by itself.

use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Driver;
use crate::wire::{Attempted, Requests, WireEvent};
use crate::{Cluster, DaskError};

/// What happens while attempts are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEvent {
    /// Every worker can make attempts, which may be asked for from now on.
    Ready,
    /// What became of one.
    Ended(AttemptEnd),
    /// Something befell the cluster.
    Note(String),
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptEnd {
    /// Its number, as it was asked for.
    pub attempt: u64,
    /// How often its worker was lost with it; the cluster then tried again elsewhere.
    pub lost: u32,
    /// What the outpost says that made it. `None` when the cluster gave up.
    pub outcome: Option<Result<String, AttemptFailure>>,
}

/// Why an attempt has no outcome though its worker is there: in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptFailure(pub String);

impl From<Attempted> for AttemptEnd {
    fn from(told: Attempted) -> Self {
        let outcome = match (told.outcome, told.reason) {
            (Some(outcome), _) => Some(Ok(outcome)),
            (None, Some(reason)) => Some(Err(AttemptFailure(reason))),
            (None, None) => None,
        };
        Self { attempt: told.attempt, lost: told.lost, outcome }
    }
}

/// Asks for attempts on a cluster, from any thread, while [`Cluster::make_attempts`] hears what becomes of them.
#[derive(Clone)]
pub struct Attempter(Requests);

/// A time limit of agents: the number of its latest change, and the time, if there is any.
pub type NumberedLimit = (u64, Option<Duration>);

impl Attempter {
    /// Asks for an attempt of this number at the scenario of that number and line.
    pub fn ask(&self, attempt: u64, (number, line): (usize, &str), limit: NumberedLimit) {
        self.0.send(&json!({
            "do": "attempt", "attempt": attempt, "number": number, "line": line, "limit": wired(limit),
        }));
    }

    /// Changes the time limit, also of attempts under way.
    pub fn limit(&self, limit: NumberedLimit) {
        self.0.send(&json!({"do": "limit", "limit": wired(limit)}));
    }

    /// Kills the attempts under way.
    pub fn kill(&self) {
        self.0.send(&json!({"do": "kill"}));
    }

    /// Says that no more attempts will be asked for.
    pub fn close(&self) {
        self.0.send(&json!({"do": "close"}));
    }
}

fn wired((change, limit): NumberedLimit) -> Value {
    json!([change, limit.map(|limit| u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX))])
}

impl Cluster {
    /// Asks for attempts while they are made.
    pub fn attempter(&self) -> Attempter {
        Attempter(self.driver().requests())
    }

    /// Has attempts made that follow an order, as they are asked for, and tells `hear` what happens, until it is closed.
    ///
    /// # Errors
    /// When a worker can't follow the order, or the scheduler or the driver is gone. What befalls single attempts is told.
    pub fn make_attempts(&self, order: &str, mut hear: impl FnMut(AttemptEvent)) -> Result<(), DaskError> {
        let request = json!({"do": "attempts", "executor": self.executor(), "order": order});
        let driver: &Driver = self.driver();
        driver.converse("run agents on a cluster", &request, |event| {
            match event {
                WireEvent::Ready => hear(AttemptEvent::Ready),
                WireEvent::Attempted(told) => hear(AttemptEvent::Ended(told.into())),
                WireEvent::Note { text } => hear(AttemptEvent::Note(text)),
                WireEvent::Closed => return Some(()),
                _ => (),
            }
            None
        })
    }
}
