//! A thread per agent, as people first write it.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

use crate::{Bag, Executor, Factory, Placement, Workers};

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
}
