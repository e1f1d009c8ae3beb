//! Work stealing on `crossbeam-deque`: an injector for all, a queue per worker, thieves when both run dry.

use crossbeam::deque::{Injector, Steal, Stealer, Worker};

use crate::{Bag, Executor, Factory, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "crossbeam-deque",
    summary: "crossbeam scoped threads that steal agents from each other's deques",
    workers: Workers::Any,
    placement: Placement::Spawned,
    build: |start| Ok(Box::new(Deque { workers: start.workers.get() })),
};

struct Deque {
    workers: usize,
}

impl Executor for Deque {
    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        let injector = Injector::new();
        (0..bag.len()).for_each(|index| injector.push(index));
        let locals: Vec<_> = (0..self.workers.min(bag.len())).map(|_| Worker::new_fifo()).collect();
        let stealers: Vec<_> = locals.iter().map(Worker::stealer).collect();
        crossbeam::scope(|scope| {
            for local in locals {
                let (injector, stealers) = (&injector, &stealers);
                scope.spawn(move |_| {
                    std::iter::from_fn(|| next(&local, injector, stealers)).for_each(|index| bag.run(index));
                });
            }
        })
        .expect("a bag never unwinds");
    }
}

/// The next task of a worker: its own, else a batch from the injector, else one of another worker's.
/// `None` once nothing is queued anywhere, for running tasks queue nothing new.
fn next(local: &Worker<usize>, injector: &Injector<usize>, stealers: &[Stealer<usize>]) -> Option<usize> {
    local.pop().or_else(|| {
        std::iter::repeat_with(|| {
            injector
                .steal_batch_and_pop(local)
                .or_else(|| stealers.iter().map(Stealer::steal).collect::<Steal<usize>>())
        })
        .find(|steal| !steal.is_retry())
        .and_then(Steal::success)
    })
}
