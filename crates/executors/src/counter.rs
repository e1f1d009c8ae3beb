//! A shared counter over std threads: whoever is free takes the next agent.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::spawn::on_threads;
use crate::{Bag, Executor, Factory, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "std-counter",
    summary: "std scoped threads that draw the next agent from a shared counter",
    workers: Workers::Any,
    placement: Placement::Spawned,
    mistake: false,
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
        let work = |_| draw().take_while(|&index| index < bag.len()).for_each(|index| bag.run(index));
        on_threads(self.workers.min(bag.len()), |error| bag.refuse(error), work);
    }
}
