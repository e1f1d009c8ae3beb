//! The processes that run scenarios, on the workers of an executor.

use std::sync::Arc;
use std::time::Duration;

use centurion_executors::{Bag, Executor, Refusal};

use crate::runner::{AgentRunner, AwayAttempt, CrewPlace};
use crate::{CommandOutcome, Dispatcher, Invocation, WatchRules};

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
    runner: AgentRunner,
    dispatcher: Arc<Dispatcher>,
}

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
        Self { runner: AgentRunner::new(place, rules, dispatcher.brake().clone()), dispatcher }
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
            let outcome = self.runner.run(&scenario, &mut worker);
            self.dispatcher.finish(&scenario, &outcome);
        }
        self.runner.dismiss(worker.into_iter().collect());
    }
}
