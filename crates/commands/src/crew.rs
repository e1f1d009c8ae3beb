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

/// Runs the scenarios of a dispatcher: as processes of this machine, or by attempts that are made elsewhere.
pub struct Crew {
    place: CrewPlace,
    rules: CrewRules,
    watch: AgentWatch,
    dispatcher: Arc<Dispatcher>,
}

/// Where attempts are made.
enum CrewPlace {
    Here(Invocation),
    Away(Away),
}

type Away = Box<dyn Fn(&AwayAttempt<'_>) -> CommandOutcome + Send + Sync>;

/// An attempt that is made elsewhere, by an [`Outpost`](crate::Outpost).
pub struct AwayAttempt<'a> {
    /// At what.
    pub scenario: &'a Scenario,
    watch: &'a AgentWatch,
}

impl AwayAttempt<'_> {
    /// How long agents may take, as it stands: it may change while they are under way.
    pub fn limit(&self) -> Option<Duration> {
        self.watch.allowance.limit()
    }

    /// Whether those under way are to be killed.
    pub fn is_stopped(&self) -> bool {
        self.watch.brake.kills()
    }
}

/// How often one that waits looks whether the run was stopped.
const LOOK: Duration = Duration::from_millis(50);

impl Crew {
    /// Runs the scenarios of the dispatcher by this command.
    pub fn new(invocation: Invocation, rules: CrewRules, dispatcher: Arc<Dispatcher>) -> Self {
        Self::at(CrewPlace::Here(invocation), rules, dispatcher)
    }

    /// Runs the scenarios of the dispatcher by attempts that `away` has made elsewhere, and waits for.
    pub fn with_away(
        away: impl Fn(&AwayAttempt<'_>) -> CommandOutcome + Send + Sync + 'static,
        rules: CrewRules,
        dispatcher: Arc<Dispatcher>,
    ) -> Self {
        Self::at(CrewPlace::Away(Box::new(away)), rules, dispatcher)
    }

    fn at(place: CrewPlace, rules: CrewRules, dispatcher: Arc<Dispatcher>) -> Self {
        let watch = AgentWatch::new(rules.watch, dispatcher.brake().clone());
        Self { place, rules, watch, dispatcher }
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
        // More than tries where workers were lost elsewhere.
        let (mut attempts, mut tries) = (0, 1);
        loop {
            let outcome = self.attempt(scenario, worker);
            attempts += outcome.attempts;
            let hopeless =
                matches!(outcome.result, Ok(_) | Err(CommandFailure::Stopped | CommandFailure::NoProgram(_)));
            if hopeless || tries > self.rules.retries || self.watch.brake.is_on() {
                return CommandOutcome { attempts, ..outcome };
            }
            self.pause(tries);
            tries += 1;
        }
    }

    fn attempt(&self, scenario: &Scenario, worker: &mut Option<Resident>) -> CommandOutcome {
        match (&self.place, self.rules.lifetime) {
            (CrewPlace::Here(invocation), Lifetime::Agent) => {
                single::run(invocation.command_of(scenario), scenario, &self.watch)
            }
            (CrewPlace::Here(invocation), Lifetime::Worker) => {
                resident::ask(worker, || invocation.command_of_any(), scenario, &self.watch)
            }
            (CrewPlace::Away(away), _) => away(&AwayAttempt { scenario, watch: &self.watch }),
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
