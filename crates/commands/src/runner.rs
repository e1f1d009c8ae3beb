//! One agent after another, each tried again where it fails.

use std::thread;
use std::time::Duration;

use crate::clock::now;
use crate::resident::Resident;
use crate::watch::AgentWatch;
use crate::{
    Brake, CommandFailure, CommandOutcome, CrewRules, Invocation, Lifetime, Scenario, resident, single,
};

/// How often one that waits looks whether the run was stopped.
const LOOK: Duration = Duration::from_millis(50);

/// Where attempts are made.
pub(crate) enum CrewPlace {
    Here(Invocation),
    Away(Away),
}

pub(crate) type Away = Box<dyn Fn(&AwayAttempt<'_>) -> CommandOutcome + Send + Sync>;

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

/// Runs agents of a command by the rules.
pub(crate) struct AgentRunner {
    place: CrewPlace,
    rules: CrewRules,
    watch: AgentWatch,
}

impl AgentRunner {
    pub(crate) fn new(place: CrewPlace, rules: CrewRules, brake: Brake) -> Self {
        Self { place, rules, watch: AgentWatch::new(rules.watch, brake) }
    }

    /// Runs an agent until it answers, or has been tried often enough.
    pub(crate) fn run(&self, scenario: &Scenario, worker: &mut Option<Resident>) -> CommandOutcome {
        // More than tries where workers were lost elsewhere.
        let (mut attempts, mut tries) = (0, 1);
        loop {
            let outcome = self.attempt(scenario, worker);
            attempts += outcome.attempts;
            if outcome.result.is_ok() {
                self.watch.allowance.answered(outcome.wall);
            }
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

    /// Lets persistent workers end by themselves, all at once, and ends those that do not.
    pub(crate) fn dismiss(&self, mut workers: Vec<Resident>) {
        workers.iter_mut().for_each(Resident::close_input);
        for worker in workers {
            worker.dismiss(&self.watch);
        }
    }
}
