//! A thread per agent, as people first write it.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Scope;

use crate::spawn::spawn;
use crate::{Bag, Countdown, Executor, Factory, Flow, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "std-thread-per-agent",
    summary: "a new std thread for every agent",
    workers: Workers::PerAgent,
    placement: Placement::Spawned,
    build: |_| Ok(Box::new(ThreadPerAgent)),
};

struct ThreadPerAgent;

/// Most threads of one execution that are alive at once. Where the system itself has no limit of its own, it ends a
/// process with more than about 16,000: a thread can't set up its stack then.
const MOST_THREADS: usize = 10_000;

impl Executor for ThreadPerAgent {
    fn workers(&self) -> usize {
        usize::MAX
    }

    fn execute(&self, bag: &Bag) {
        let alive = AtomicUsize::new(0);
        let alive = &alive;
        std::thread::scope(|scope| {
            for index in 0..bag.len() {
                if let Err(error) = spawn_counted(scope, alive, move || bag.run(index)) {
                    bag.refuse(&error);
                    bag.run(index);
                }
            }
        });
    }

    fn execute_flow(&self, flow: &Flow) {
        let (countdown, alive) = (Countdown::new(flow.graph()), AtomicUsize::new(0));
        let shared = SharedThreads { flow, countdown, alive };
        std::thread::scope(|scope| {
            for &root in flow.graph().roots() {
                shared.begin(scope, root as usize);
            }
        });
    }
}

/// Starts a thread, unless too many are alive.
fn spawn_counted<'scope>(
    scope: &'scope Scope<'scope, '_>,
    alive: &'scope AtomicUsize,
    work: impl FnOnce() + Send + 'scope,
) -> io::Result<()> {
    let count = alive.fetch_add(1, Ordering::Relaxed);
    let work = move || {
        work();
        alive.fetch_sub(1, Ordering::Relaxed);
    };
    let born = match count {
        MOST_THREADS.. => Err(io::Error::other(format!("{MOST_THREADS} are alive already"))),
        _ => spawn(scope, work),
    };
    born.inspect_err(|_| {
        alive.fetch_sub(1, Ordering::Relaxed);
    })
}

/// What the threads of one flow share.
struct SharedThreads<'a> {
    flow: &'a Flow,
    countdown: Countdown,
    alive: AtomicUsize,
}

impl SharedThreads<'_> {
    /// Runs a task on a new thread, or on this one where it is refused one.
    fn begin<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>, task: usize) {
        if let Err(error) = spawn_counted(scope, &self.alive, move || self.follow(scope, task)) {
            self.flow.refuse(&error);
            self.follow(scope, task);
        }
    }

    /// Runs a task and the first it makes ready, and so on; every other gets a thread, or its turn on this one where
    /// it is refused one.
    fn follow<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>, task: usize) {
        let mut left = vec![task];
        while let Some(task) = left.pop() {
            self.flow.follow(&self.countdown, task, |other| {
                if let Err(error) = spawn_counted(scope, &self.alive, move || self.follow(scope, other)) {
                    self.flow.refuse(&error);
                    left.push(other);
                }
            });
        }
    }
}
