//! A thread per agent, as people first write it.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};

use crate::spawn::{join, spawn};
use crate::{Bag, Countdown, Executor, Factory, Flow, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "std-thread-per-agent",
    summary: "a new std thread for every agent",
    workers: Workers::PerAgent,
    placement: Placement::Spawned,
    mistake: false,
    build: |_| Ok(Box::new(ThreadPerAgent)),
};

struct ThreadPerAgent;

/// Most threads of one execution that are alive at once. Where the system itself has no limit of its own, it ends a
/// process with more than about 16,000: a thread can't set up its stack then.
pub(crate) const MOST_THREADS: usize = 10_000;

impl Executor for ThreadPerAgent {
    fn workers(&self) -> usize {
        usize::MAX
    }

    fn execute(&self, bag: &Bag) {
        std::thread::scope(|scope| {
            let threads = ThreadsOfAgents::new(scope);
            for index in 0..bag.len() {
                if let Err(error) = threads.spawn(move || bag.run(index)) {
                    bag.refuse(&error);
                    bag.run(index);
                }
            }
            threads.join_all();
        });
    }

    fn execute_flow(&self, flow: &Flow) {
        let countdown = Countdown::new(flow.graph());
        std::thread::scope(|scope| {
            let threads = ThreadsOfAgents::new(scope);
            for &root in flow.graph().roots() {
                threads.begin(flow, &countdown, root as usize);
            }
            threads.join_all();
        });
    }
}

/// The threads of one execution. Clones are the same threads.
#[derive(Clone)]
struct ThreadsOfAgents<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    unjoined: Arc<Mutex<Unjoined<'scope>>>,
}

struct Unjoined<'scope> {
    threads: Vec<ScopedJoinHandle<'scope, ()>>,
    /// Number of threads at which those that have ended are joined.
    full: usize,
}

impl Unjoined<'_> {
    /// Joins threads that have ended, when there are twice as many as were left the last time: threads that have
    /// ended take memory until then. Returns how many there are.
    fn make_room(&mut self) -> usize {
        if self.threads.len() >= self.full.min(MOST_THREADS) {
            self.threads.extract_if(.., |thread| thread.is_finished()).for_each(join);
            self.full = 64 + 2 * self.threads.len();
        }
        self.threads.len()
    }
}

impl<'scope, 'env> ThreadsOfAgents<'scope, 'env> {
    fn new(scope: &'scope Scope<'scope, 'env>) -> Self {
        Self { scope, unjoined: Arc::new(Mutex::new(Unjoined { threads: Vec::new(), full: 64 })) }
    }

    /// Starts a thread, unless too many are alive.
    fn spawn(&self, work: impl FnOnce() + Send + 'scope) -> io::Result<()> {
        if self.unjoined().make_room() >= MOST_THREADS {
            return Err(io::Error::other(format!("{MOST_THREADS} are alive already")));
        }
        spawn(self.scope, work).map(|thread| self.unjoined().threads.push(thread))
    }

    /// Runs a task of a flow on a new thread, or on this one where it is refused one.
    fn begin(&self, flow: &'scope Flow, countdown: &'scope Countdown, task: usize) {
        let threads = self.clone();
        if let Err(error) = self.spawn(move || threads.follow(flow, countdown, task)) {
            flow.refuse(&error);
            self.follow(flow, countdown, task);
        }
    }

    /// Runs a task and the first it makes ready, and so on; every other gets a thread, or its turn on this one where
    /// it is refused one.
    fn follow(&self, flow: &'scope Flow, countdown: &'scope Countdown, task: usize) {
        let mut left = vec![task];
        while let Some(task) = left.pop() {
            flow.follow(countdown, task, |other| {
                let threads = self.clone();
                if let Err(error) = self.spawn(move || threads.follow(flow, countdown, other)) {
                    flow.refuse(&error);
                    left.push(other);
                }
            });
        }
    }

    /// Waits for all threads. One that is not joined yet was either started by this one, or by one that is not
    /// joined yet.
    fn join_all(&self) {
        while let Some(thread) = self.next() {
            join(thread);
        }
    }

    fn next(&self) -> Option<ScopedJoinHandle<'scope, ()>> {
        self.unjoined().threads.pop()
    }

    fn unjoined(&self) -> MutexGuard<'_, Unjoined<'scope>> {
        self.unjoined.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
