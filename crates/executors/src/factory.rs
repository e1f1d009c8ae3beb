//! How executors are started.

use std::fmt;
use std::num::NonZero;
use std::sync::Arc;

use thiserror::Error;

use crate::Executor;

/// The most workers that an executor is started with. A pool that starts takes time that grows with the square of
/// its workers: 4 s for a thousand on two CPUs, 23 s for two thousand, and nothing is gained.
pub const MOST_WORKERS: usize = 1_000;

/// The most agents that a runtime has under way: each takes less than a kilobyte.
pub const MOST_UNDER_WAY: usize = 1_000_000;

/// Everything needed to start one executor again and again.
#[derive(Clone)]
pub struct Factory {
    /// Unique name, in lower case with hyphens.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// How many workers it can have.
    pub workers: Workers,
    /// Where its workers run when there is a CPU for each.
    pub placement: Placement,
    /// Whether it shows what a common mistake costs. It is measured as any other, and never recommended.
    pub mistake: bool,
    /// Starts it: called with a number of workers that `workers` allows.
    pub build: fn(&Start) -> Result<Box<dyn Executor>, StartError>,
}

/// How many workers an executor can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    /// Exactly one: the caller.
    One,
    /// One per agent.
    PerAgent,
    /// As many as asked for, each a thread.
    Any,
    /// As many as asked for, each an agent under way on few threads.
    UnderWay,
}

impl fmt::Display for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::One => "1",
            Self::PerAgent => "one per agent",
            Self::Any => "any number",
            Self::UnderWay => "any number under way",
        })
    }
}

/// Where workers run when there is a CPU for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// On the calling thread.
    Caller,
    /// Each stays on a CPU of its own, where it was put when the pool was started.
    Pinned,
    /// A lasting pool whose workers the kernel may move about.
    Free,
    /// Threads are born in every call, wherever the kernel puts them.
    Spawned,
    /// Agents under way share the few threads of a lasting runtime.
    Runtime,
}

impl fmt::Display for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Caller => "on the caller",
            Self::Pinned => "pool, pinned",
            Self::Free => "pool, free",
            Self::Spawned => "spawned per call",
            Self::Runtime => "async runtime",
        })
    }
}

/// How to start an executor.
#[derive(Clone)]
pub struct Start {
    /// Number of workers.
    pub workers: NonZero<usize>,
    /// Called on every worker of a lasting pool, with the worker's number, before its first task.
    pub on_worker: Arc<dyn Fn(usize) + Send + Sync>,
}

impl Start {
    /// `workers` workers, and nothing to do on each.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn workers(workers: usize) -> Self {
        let workers = NonZero::new(workers).expect("an executor needs at least one worker");
        Self { workers, on_worker: Arc::new(|_| ()) }
    }
}

/// Why an executor did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// It can't have that many workers.
    #[error("start {executor} with {asked} workers: it has {allowed}")]
    Workers {
        /// Name of the executor.
        executor: &'static str,
        /// Number asked for.
        asked: usize,
        /// What it can have.
        allowed: Workers,
    },
    /// Nothing here has that many.
    #[error("start {executor} with {asked} workers: {most} are the most")]
    TooMany {
        /// Name of the executor.
        executor: &'static str,
        /// Number asked for.
        asked: usize,
        /// The most that it can have.
        most: usize,
    },
    /// The library or the system refused.
    #[error("start {executor}: {reason}; try fewer workers")]
    Refused {
        /// Name of the executor.
        executor: &'static str,
        /// What the library said.
        reason: String,
    },
}

impl Factory {
    /// Starts the executor.
    ///
    /// # Errors
    /// When it can't have that many workers, or the library or the system refuses to start it.
    pub fn start(&self, start: &Start) -> Result<Box<dyn Executor>, StartError> {
        self.supports(start.workers.get())?;
        (self.build)(start)
    }

    /// Whether it can have that many workers: asked beforehand, it costs nothing. An executor with a worker per
    /// agent has as many as there are agents, whatever it is started with.
    ///
    /// # Errors
    /// When it can't.
    pub fn supports(&self, workers: usize) -> Result<(), StartError> {
        let (executor, asked, allowed) = (self.name, workers, self.workers);
        match allowed {
            Workers::One if asked != 1 => Err(StartError::Workers { executor, asked, allowed }),
            Workers::Any if asked > MOST_WORKERS => {
                Err(StartError::TooMany { executor, asked, most: MOST_WORKERS })
            }
            Workers::UnderWay if asked > MOST_UNDER_WAY => {
                Err(StartError::TooMany { executor, asked, most: MOST_UNDER_WAY })
            }
            _ => Ok(()),
        }
    }
}
