//! A thread per agent, as people first write it.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

use std::thread::Scope;

use crate::{Bag, Countdown, Executor, Factory, Flow, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "std-thread-per-agent",
    summary: "a new std thread for every agent",
    workers: Workers::PerAgent,
    placement: Placement::Spawned,
    build: |_| Ok(Box::new(ThreadPerAgent)),
};

struct ThreadPerAgent;

impl Executor for ThreadPerAgent {
    fn workers(&self) -> usize {
        usize::MAX
    }

    fn execute(&self, bag: &Bag) {
        std::thread::scope(|scope| {
            for index in 0..bag.len() {
                scope.spawn(move || bag.run(index));
            }
        });
    }

    fn execute_flow(&self, flow: &Flow) {
        let countdown = Countdown::new(flow.graph());
        std::thread::scope(|scope| {
            for &root in flow.graph().roots() {
                let countdown = &countdown;
                scope.spawn(move || follow(scope, flow, countdown, root as usize));
            }
        });
    }
}

/// Runs a task and the first it makes ready, and so on; every other gets a thread.
fn follow<'scope>(
    scope: &'scope Scope<'scope, '_>,
    flow: &'scope Flow,
    countdown: &'scope Countdown,
    task: usize,
) {
    flow.follow(countdown, task, |other| {
        scope.spawn(move || follow(scope, flow, countdown, other));
    });
}
