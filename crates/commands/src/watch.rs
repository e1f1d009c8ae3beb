//! What agents may do, and when they must not go on.

use std::time::{Duration, Instant};

use crate::allowance::Allowance;
use crate::clock::now;
use crate::{Brake, CommandFailure, TimeLimit};

/// What agents may do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WatchRules {
    /// How long they may take.
    pub limit: Option<TimeLimit>,
    /// How long they have to end when they are asked to, before they are killed.
    pub grace: Duration,
    /// How many bytes they may print.
    pub most_output: u64,
}

/// The rules with what has become of them so far.
pub(crate) struct AgentWatch {
    rules: WatchRules,
    pub(crate) allowance: Allowance,
    pub(crate) brake: Brake,
}

impl AgentWatch {
    pub(crate) fn new(rules: WatchRules, brake: Brake) -> Self {
        Self { rules, allowance: Allowance::new(rules.limit), brake }
    }

    /// How long an agent may still take that began then.
    pub(crate) fn left(&self, since: Instant) -> Option<Duration> {
        let limit = self.allowance.limit()?;
        Some(limit.saturating_sub(now().duration_since(since)))
    }

    /// Why an agent that began then and has printed so much must not go on.
    pub(crate) fn objection(&self, since: Instant, printed: u64) -> Option<CommandFailure> {
        if self.brake.kills() {
            return Some(CommandFailure::Stopped);
        }
        if printed > self.rules.most_output {
            return Some(CommandFailure::TooMuch);
        }
        self.left(since).is_some_and(|left| left.is_zero()).then_some(CommandFailure::Late)
    }

    /// Whether an agent that was asked to end then has had its time.
    pub(crate) fn is_over(&self, asked: Instant) -> bool {
        self.brake.kills() || now().duration_since(asked) >= self.rules.grace
    }
}
