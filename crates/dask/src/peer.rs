//! Schedulers of Python and Dask on this machine, to be measured.

use std::fmt;
use std::time::Duration;

use serde_json::json;

use crate::driver::Driver;
use crate::wire::{Started, WireEvent, garbled};
use crate::{DaskError, Definition};

/// A scheduler of Python or Dask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheduler {
    /// Dask's threaded scheduler.
    DaskThreads,
    /// Dask's multiprocessing scheduler.
    DaskProcesses,
    /// Dask's distributed scheduler, with worker processes on loopback.
    DaskDistributed,
    /// Python's own `ThreadPoolExecutor`.
    PythonThreads,
}

impl Scheduler {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 4] =
        [Self::DaskThreads, Self::DaskProcesses, Self::DaskDistributed, Self::PythonThreads];

    /// Unique name, such as `dask-threads`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DaskThreads => "dask-threads",
            Self::DaskProcesses => "dask-processes",
            Self::DaskDistributed => "dask-distributed",
            Self::PythonThreads => "python-threads",
        }
    }

    /// What it does, in a line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::DaskThreads => "dask.compute on Dask's threaded scheduler, a thread pool that lasts",
            Self::DaskProcesses => {
                "dask.compute on Dask's multiprocessing scheduler, a process pool that lasts"
            }
            Self::DaskDistributed => {
                "dask.compute on Dask's distributed scheduler, worker processes on loopback"
            }
            Self::PythonThreads => "map on Python's own ThreadPoolExecutor",
        }
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A scheduler that has been started in a driver; stopped when dropped.
pub struct Peer {
    driver: Driver,
    executor: u32,
    /// Which it is.
    pub scheduler: Scheduler,
    /// Workers it has.
    pub workers: usize,
    /// Time it took to start.
    pub startup: Duration,
    /// Time it took until every worker had done something for the first time.
    pub first_call: Duration,
}

/// What one sample of a [`Peer`] showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerTiming {
    /// Makespan of all executions, inside Python: from the first call of the scheduler to its last return.
    pub wall: Duration,
    /// CPU time of the driver and the processes below it meanwhile, in steps of about 10 ms.
    pub cpu: Duration,
    /// What the answers of each agent add up to, wrapping at 2^64.
    pub sums: Vec<u64>,
    /// Answers that came back: agents times executions.
    pub answers: u64,
    /// Time of one execution before, which the first sample of a workload makes: it is made in each process then.
    pub first_call: Option<Duration>,
    /// Memory of the driver and the processes below it, in bytes.
    pub memory_bytes: u64,
}

impl Peer {
    pub(crate) fn new(driver: Driver, scheduler: Scheduler, started: &Started) -> Self {
        Self {
            driver,
            executor: started.executor,
            scheduler,
            workers: started.workers,
            startup: Duration::from_nanos(started.start_ns),
            first_call: Duration::from_nanos(started.first_call_ns),
        }
    }

    /// Runs the workload's bag so many times and says how long that took and what came of it. Between samples the
    /// driver and all its processes are stopped, so that they take nothing from what else is measured.
    ///
    /// # Errors
    /// When an agent fails, or Python has another workload of that name.
    pub fn sample(&self, workload: &Definition, executions: u64) -> Result<PeerTiming, DaskError> {
        let what = "sample a scheduler of Python";
        let request = json!({
            "do": "sample", "executor": self.executor, "workload": workload, "executions": executions,
        });
        let event = self.driver.ask(what, &request);
        self.driver.rest();
        match event? {
            WireEvent::Sampled(sampled) => Ok(PeerTiming {
                wall: Duration::from_nanos(sampled.wall_ns),
                cpu: Duration::from_nanos(sampled.cpu_ns),
                sums: sampled.sums,
                answers: sampled.executions,
                first_call: sampled.first_call_ns.map(Duration::from_nanos),
                memory_bytes: sampled.memory_bytes,
            }),
            other => Err(garbled(what, &format!("{other:?}"))),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // A driver that is gone has stopped it already.
        let _ = self.driver.ask("stop a scheduler", &json!({"do": "stop", "executor": self.executor}));
    }
}
