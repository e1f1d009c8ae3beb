//! Async runtimes: a task that waits gives its thread back, so workers are tasks under way and threads are few.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

mod beside;
mod births;
mod smol;
mod tokio;
mod unordered;

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use centurion_graph::Graph;

pub use beside::TokioBeside;
pub use smol::Reactor;

use crate::spawn::{join, spawn};
use crate::{Bag, Executor, Factory, Flow, Start, StartError};

/// Every runtime, in the order they are shown: first those that wait as they should, then the two mistakes that
/// people make.
pub(crate) fn all() -> [Factory; 6] {
    [
        tokio::MULTI_THREAD,
        tokio::CURRENT_THREAD,
        smol::FACTORY,
        unordered::FACTORY,
        tokio::SPAWN_BLOCKING,
        tokio::BLOCKING,
    ]
}

/// A thread that one of the runtimes starts for the whole process keeps the CPUs of whoever was first to need it.
pub(crate) fn start_what_lasts() {
    let _ = smol::start_what_lasts(); // where it is refused, so is the runtime that needs it
}

/// An async runtime.
trait Runtime: Send + Sync + Sized + 'static {
    /// Starts another of the same kind.
    fn start_like(&self, workers: usize) -> io::Result<Self>;

    /// Whether this thread is one that runs tasks of such a runtime.
    fn is_inside() -> bool;

    /// Runs the tasks of a bag, or of a flow if there is a graph, with at most so many under way at once, and returns
    /// when all have ended.
    fn run(&self, bag: &Bag, graph: Option<&Arc<Graph>>, workers: usize);
}

/// An executor on a runtime.
struct OnRuntime<R> {
    name: &'static str,
    runtime: R,
    workers: usize,
}

impl<R: Runtime> Executor for OnRuntime<R> {
    fn name(&self) -> &str {
        self.name
    }

    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        self.run(bag, None);
    }

    fn execute_flow(&self, flow: &Flow) {
        self.run(flow.bag(), Some(flow.graph()));
    }
}

impl<R: Runtime> OnRuntime<R> {
    /// A task that itself executes a bag keeps its thread, which may be the only one: the bag gets a runtime of its own,
    /// on a thread of its own, unless the system refuses it.
    fn run(&self, bag: &Bag, graph: Option<&Arc<Graph>>) {
        if !R::is_inside() {
            return self.runtime.run(bag, graph, self.workers);
        }
        let apart = || self.runtime.start_like(self.workers).map(|own| own.run(bag, graph, self.workers));
        let ended = thread::scope(|scope| join(spawn(scope, apart)?));
        if let Err(error) = ended {
            bag.refuse(&error);
            bag.run_range(0..bag.len());
        }
    }
}

/// Whether the system grants a thread. Libraries that panic where it does not are not asked to start then.
fn try_thread() -> io::Result<()> {
    thread::scope(|scope| spawn(scope, || ()).map(join))
}

/// The executor on a runtime that started, or why it did not.
fn executor<R: Runtime>(
    name: &'static str,
    start: &Start,
    runtime: io::Result<R>,
) -> Result<Box<dyn Executor>, StartError> {
    let workers = start.workers.get();
    match runtime {
        Ok(runtime) => Ok(Box::new(OnRuntime { name, runtime, workers })),
        Err(error) => Err(StartError::Refused { executor: name, reason: error.to_string() }),
    }
}

/// Threads of a runtime with so many tasks under way: no more than there are CPUs for.
fn threads(workers: usize) -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).min(workers)
}
