//! Agents that are run one by one, by whoever asks on whatever thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::resident::Resident;
use crate::runner::{AgentRunner, CrewPlace};
use crate::{Brake, CommandOutcome, CrewRules, Invocation, Scenario};

/// Runs agents of a command for callers on any threads, who share its persistent workers.
pub struct CommandPool {
    runner: AgentRunner,
    idle: Mutex<Vec<Resident>>,
}

impl CommandPool {
    /// Runs this command, with nothing started yet.
    pub fn new(invocation: Invocation, rules: CrewRules, brake: Brake) -> Self {
        Self { runner: AgentRunner::new(CrewPlace::Here(invocation), rules, brake), idle: Mutex::default() }
    }

    /// Runs an agent on this thread until it answers, or has been tried often enough. A persistent worker that nobody uses is
    /// used, and a new one is started where there is none.
    pub fn run(&self, scenario: &Scenario) -> CommandOutcome {
        let mut worker = self.idle().pop();
        let outcome = self.runner.run(scenario, &mut worker);
        self.idle().extend(worker);
        outcome
    }

    /// Lets the persistent workers that nobody uses end, and waits until they have.
    pub fn dismiss(&self) {
        let workers = std::mem::take(&mut *self.idle());
        self.runner.dismiss(workers);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Resident>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
