//! Static chunks over std threads: each worker gets an equal, contiguous share up front.

use crate::spawn::on_threads;
use crate::{Bag, Executor, Factory, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "std-chunks",
    summary: "std scoped threads, each with an equal share of the agents in order",
    workers: Workers::Any,
    placement: Placement::Spawned,
    mistake: false,
    build: |start| Ok(Box::new(Chunks { workers: start.workers.get() })),
};

struct Chunks {
    workers: usize,
}

impl Executor for Chunks {
    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        let workers = self.workers.min(bag.len());
        let first = |worker: usize| worker * bag.len() / workers;
        let work = |worker| bag.run_range(first(worker)..first(worker + 1));
        on_threads(workers, |error| bag.refuse(error), work);
    }
}
