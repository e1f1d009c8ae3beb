//! A shared counter over std threads: whoever is free takes the next agent.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Bag, Executor, Factory, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "std-counter",
    summary: "std scoped threads that draw the next agent from a shared counter",
    workers: Workers::Any,
    placement: Placement::Spawned,
    build: |start| Ok(Box::new(Counter { workers: start.workers.get() })),
};

struct Counter {
    workers: usize,
}

impl Executor for Counter {
    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        let next = AtomicUsize::new(0);
        let draw = || std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        std::thread::scope(|scope| {
            for _ in 0..self.workers.min(bag.len()) {
                scope
                    .spawn(|| draw().take_while(|&index| index < bag.len()).for_each(|index| bag.run(index)));
            }
        });
    }
}
