//! Static chunks over std threads: each worker gets an equal, contiguous share up front.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

use crate::{Bag, Executor, Factory, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "std-chunks",
    summary: "std scoped threads, each with an equal share of the agents in order",
    workers: Workers::Any,
    placement: Placement::Spawned,
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
        let share = |worker: usize| worker * bag.len() / self.workers;
        std::thread::scope(|scope| {
            for worker in 0..self.workers {
                let tasks = share(worker)..share(worker + 1);
                if !tasks.is_empty() {
                    scope.spawn(move || bag.run_range(tasks));
                }
            }
        });
    }
}
