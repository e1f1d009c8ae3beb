//! The processes that run scenarios, on the workers of an executor.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use centurion_executors::{Bag, Executor, Refusal};

use crate::clock::now;
use crate::resident::Resident;
use crate::watch::AgentWatch;
use crate::{CommandFailure, CommandOutcome, Dispatcher, Invocation, Scenario, WatchRules, resident, single};

/// How agents are run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrewRules {
    /// What they may do.
    pub watch: WatchRules,
    /// How long a process lives.
    pub lifetime: Lifetime,
    /// How often one that fails is tried again.
    pub retries: u32,
    /// The pause before it is; it doubles from attempt to attempt, up to a hundred times this.
    pub pause: Duration,
}

/// How long a process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// As long as an agent.
    Agent,
    /// As long as a worker, which runs agent after agent.
    Worker,
}

/// Runs the scenarios of a dispatcher as processes of this machine.
pub struct Crew {
    invocation: Invocation,
    rules: CrewRules,
    watch: AgentWatch,
    dispatcher: Arc<Dispatcher>,
}

/// How often one that waits looks whether the run was stopped.
const LOOK: Duration = Duration::from_millis(50);

impl Crew {
    /// Runs the scenarios of the dispatcher by this command.
    pub fn new(invocation: Invocation, rules: CrewRules, dispatcher: Arc<Dispatcher>) -> Self {
        let watch = AgentWatch::new(rules.watch, dispatcher.brake().clone());
        Self { invocation, rules, watch, dispatcher }
    }

    /// Runs scenarios until there are no more: a bag of so many loops, each of which draws one scenario after the
    /// other, so that they are begun in order whatever order the executor has. Says so if threads were refused.
    pub fn run(self, executor: &dyn Executor, loops: usize) -> Option<Refusal> {
        let bag = Bag::new(loops, move |_| self.work());
        executor.execute(&bag);
        bag.take_refusal()
    }

    fn work(&self) {
        let mut worker = None;
        while let Some(scenario) = self.dispatcher.next() {
            let outcome = self.run_agent(&scenario, &mut worker);
            if outcome.result.is_ok() {
                self.watch.allowance.answered(outcome.wall);
            }
            self.dispatcher.finish(&scenario, &outcome);
        }
        if let Some(worker) = worker {
            worker.dismiss(&self.watch);
        }
    }

    /// Runs an agent until it answers, or has been tried often enough.
    fn run_agent(&self, scenario: &Scenario, worker: &mut Option<Resident>) -> CommandOutcome {
        let mut attempts = 1;
        loop {
            let outcome = self.attempt(scenario, worker);
            let hopeless =
                matches!(outcome.result, Ok(_) | Err(CommandFailure::Stopped | CommandFailure::NoProgram(_)));
            if hopeless || attempts > self.rules.retries || self.watch.brake.is_on() {
                return CommandOutcome { attempts, ..outcome };
            }
            self.pause(attempts);
            attempts += 1;
        }
    }

    fn attempt(&self, scenario: &Scenario, worker: &mut Option<Resident>) -> CommandOutcome {
        match self.rules.lifetime {
            Lifetime::Agent => single::run(self.invocation.command_of(scenario), scenario, &self.watch),
            Lifetime::Worker => {
                resident::ask(worker, || self.invocation.command_of_any(), scenario, &self.watch)
            }
        }
    }

    /// The pause after so many attempts, unless the run is stopped.
    fn pause(&self, attempts: u32) {
        let growth = 1 << (attempts - 1).min(7);
        let (begun, pause) = (now(), self.rules.pause * growth.min(100));
        while now().duration_since(begun) < pause && !self.watch.brake.is_on() {
            thread::sleep(LOOK.min(pause));
        }
    }
}
