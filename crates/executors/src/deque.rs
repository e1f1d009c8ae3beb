//! Work stealing on `crossbeam-deque`: an injector for all, a queue per worker, thieves when both run dry.

use std::io;

use crossbeam::deque::{Injector, Steal, Stealer, Worker};
use crossbeam::thread::Scope;

use crate::idle::Idle;
use crate::sync::Backoff;
use crate::{Bag, Countdown, Executor, Factory, Flow, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "crossbeam-deque",
    summary: "crossbeam scoped threads that steal agents from each other's deques",
    workers: Workers::Any,
    placement: Placement::Spawned,
    mistake: false,
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
        let work = |local: Worker<usize>| {
            std::iter::from_fn(|| next(&local, &injector, &stealers)).for_each(|index| bag.run(index));
        };
        crossbeam::scope(|scope| spawn_each(scope, locals, |error| bag.refuse(error), &work))
            .expect("a bag never unwinds");
    }

    fn execute_flow(&self, flow: &Flow) {
        let roots = Injector::new();
        flow.graph().roots().iter().for_each(|&root| roots.push(root as usize));
        let locals: Vec<_> = (0..self.workers.min(flow.len())).map(|_| Worker::new_lifo()).collect();
        let stealers = locals.iter().map(Worker::stealer).collect();
        let (countdown, idle) = (Countdown::new(flow.graph()), Idle::new(flow.len()));
        let shared = SharedFlow { flow, countdown, roots, stealers, idle };
        let work = |local: Worker<usize>| shared.work(&local);
        crossbeam::scope(|scope| spawn_each(scope, locals, |error| flow.refuse(error), &work))
            .expect("a flow never unwinds");
    }
}

/// Starts a thread for each deque. What the system refuses a thread is done here, with a deque that nobody knows:
/// the one that was meant for the thread is empty, and went with it.
fn spawn_each<'env>(
    scope: &Scope<'env>,
    locals: Vec<Worker<usize>>,
    refused: impl Fn(&io::Error),
    work: &'env (impl Fn(Worker<usize>) + Sync),
) {
    for local in locals {
        if let Err(error) = scope.builder().spawn(move |_| work(local)) {
            refused(&error);
            work(Worker::new_fifo());
        }
    }
}

/// What the workers of one flow share.
struct SharedFlow<'a> {
    flow: &'a Flow,
    countdown: Countdown,
    roots: Injector<usize>,
    stealers: Vec<Stealer<usize>>,
    idle: Idle,
}

impl SharedFlow<'_> {
    /// Runs tasks until all have ended. What a task makes ready is put where this worker comes by next and
    /// others steal.
    fn work(&self, local: &Worker<usize>) {
        let share = |task| {
            local.push(task);
            self.idle.wake();
        };
        while !self.idle.all_ended() {
            let mut ended = 0;
            while let Some(task) = next(local, &self.roots, &self.stealers) {
                ended += self.flow.follow(&self.countdown, task, share);
            }
            self.idle.report(ended);
            self.wait();
        }
    }

    /// Waits until there may be something to do: awake at first, then asleep.
    fn wait(&self) {
        let backoff = Backoff::new();
        while self.nothing_queued() && !self.idle.all_ended() {
            if backoff.is_completed() {
                self.idle.sleep(|| self.nothing_queued());
            }
            backoff.snooze();
        }
    }

    fn nothing_queued(&self) -> bool {
        self.roots.is_empty() && self.stealers.iter().all(Stealer::is_empty)
    }
}

/// The next task of a worker: its own, else a batch from the injector, else one of another worker's.
/// `None` when nothing is queued anywhere: for good in a bag, whose tasks queue nothing new.
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
