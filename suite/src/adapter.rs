//! What adapters share.

use std::cell::Cell;
use std::sync::mpsc;

use centurion_executors::{Bag, Executor, Factory, Placement, Start, StartError, Workers};

thread_local! {
    /// Whether this thread is running a task of an adapter.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// An executor that is a closure around its library. A bag that is executed from inside a task runs on the task's own
/// thread: in most of these libraries a worker that waits for others of its pool waits for ever.
struct Adapter<R> {
    workers: usize,
    run: R,
}

impl<R: Fn(&Bag) + Send + Sync> Executor for Adapter<R> {
    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        if INSIDE.get() {
            bag.run_range(0..bag.len());
        } else if !bag.is_empty() {
            (self.run)(bag);
        }
    }
}

/// What a [`Factory`] calls.
pub(crate) type Starter = fn(&Start) -> Result<Box<dyn Executor>, StartError>;

/// An executor with so many workers that runs a bag by `run`.
#[expect(clippy::unnecessary_wraps, reason = "it ends most builders, which may fail")]
pub(crate) fn adapter(
    workers: usize,
    run: impl Fn(&Bag) + Send + Sync + 'static,
) -> Result<Box<dyn Executor>, StartError> {
    Ok(Box::new(Adapter { workers, run }))
}

/// A library with as many threads as asked for, placed by the kernel.
pub(crate) const fn free(name: &'static str, summary: &'static str, build: Starter) -> Factory {
    Factory { name, summary, workers: Workers::Any, placement: Placement::Free, mistake: false, build }
}

/// The same where each thread can be told its CPU.
pub(crate) const fn pinned(name: &'static str, summary: &'static str, build: Starter) -> Factory {
    Factory { placement: Placement::Pinned, ..free(name, summary, build) }
}

/// Why a library did not start.
pub(crate) fn refused(executor: &'static str, reason: impl ToString) -> StartError {
    StartError::Refused { executor, reason: reason.to_string() }
}

/// Runs a task, which may execute bags of its own.
pub(crate) fn run(bag: &Bag, index: usize) {
    let outer = INSIDE.replace(true);
    bag.run(index);
    INSIDE.set(outer);
}

/// Hands a library that takes closures one for each task, and waits until all have ended.
pub(crate) fn submit_each<T>(bag: &Bag, submit: impl Fn(Box<dyn FnOnce() + Send>) -> T) {
    let (send, receive) = mpsc::channel::<()>();
    for index in 0..bag.len() {
        let (bag, ended) = (bag.clone(), send.clone());
        submit(Box::new(move || {
            run(&bag, index);
            drop(bag); // before the caller hears of it: nothing holds the bag any more
            drop(ended);
        }));
    }
    drop(send);
    let _all_dropped = receive.recv();
}
