//! How agents are run: one small trait, one file per executor, one conformance suite they all pass.
//!
//! An [`Executor`] only schedules: it is handed a [`Bag`] of tasks and sees to it that each index is run
//! exactly once. Results, panics and time belong to the bag, so every library behaves alike and an
//! adapter is a handful of lines. Tasks that need each other's results come as a [`Flow`]. Tasks that wait are futures,
//! which keep their thread on threads and give it back on async runtimes.
//!
//! ```
//! use centurion_executors::{Start, find, map};
//!
//! let executor = find("rayon").unwrap().start(&Start::workers(2))?;
//! let squares = map(&*executor, 100, |agent| agent * agent);
//! assert_eq!(squares[7], Ok(49));
//! # Ok::<(), centurion_executors::StartError>(())
//! ```

mod bag;
mod channel;
mod chunks;
pub mod conformance;
mod countdown;
mod counter;
mod deque;
mod factory;
mod flow;
mod idle;
mod map;
#[cfg(all(test, loom))]
mod model;
mod per_agent;
mod rayon;
mod ready;
mod refusal;
mod registry;
#[cfg(feature = "runtimes")]
mod runtimes;
mod serial;
mod spawn;
mod started;
mod sync;
mod under_way;
mod virtual_time;

pub use bag::{Bag, Panic};
pub use countdown::Countdown;
pub use factory::{Factory, MOST_UNDER_WAY, MOST_WORKERS, Placement, Start, StartError, Workers};
pub use flow::Flow;
pub use map::{map, map_waiting};
pub use ready::run_scoped;
pub use refusal::Refusal;
pub use registry::{add, added, all, find, start_what_lasts};
#[cfg(feature = "runtimes")]
pub use runtimes::{Reactor, TokioBeside};
pub use under_way::AllEnded;
pub use virtual_time::VirtualTime;

/// A way to run a bag of tasks.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no executor",
    note = "one is started by name and number of workers: `find(\"rayon\").unwrap().start(&Start::workers(2))?`"
)]
pub trait Executor: Send + Sync {
    /// What messages call it: the name of its type, unless it has another.
    fn name(&self) -> &str {
        std::any::type_name::<Self>()
    }

    /// Workers it has: the most tasks it runs at once. [`usize::MAX`] when every task gets its own.
    fn workers(&self) -> usize;

    /// Runs every task of the bag exactly once, on any threads in any order, and returns when all of them
    /// have ended. May be called again, and from several threads or from inside a task.
    ///
    /// Where the system refuses it a thread, it [says so](Bag::refuse) to the bag and runs every task without.
    fn execute(&self, bag: &Bag);

    /// Runs every task of the flow exactly once, each after all its inputs have ended, on any threads, and
    /// returns when all of them have ended. May be called again, and from several threads or from inside a task.
    ///
    /// Unless overridden, a bag of loops, one per worker, draws from one queue of ready tasks. A loop blocks its
    /// thread while others have tasks in hand, so an executor whose threads turn to other tasks in the midst of
    /// one (as rayon's do) must override it, and so must one whose tasks wait as futures, with [`Flow::under_way`].
    fn execute_flow(&self, flow: &Flow) {
        ready::execute(self, flow);
    }
}

/// Whoever holds an executor is one.
macro_rules! holders {
    ($($holder:ty),*) => {$(
        impl<E: Executor + ?Sized> Executor for $holder {
            fn name(&self) -> &str {
                (**self).name()
            }

            fn workers(&self) -> usize {
                (**self).workers()
            }

            fn execute(&self, bag: &Bag) {
                (**self).execute(bag);
            }

            fn execute_flow(&self, flow: &Flow) {
                (**self).execute_flow(flow);
            }
        }
    )*};
}

holders!(&E, Box<E>, std::sync::Arc<E>);
