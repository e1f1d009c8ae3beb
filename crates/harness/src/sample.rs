//! One sample of one cell.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use centurion_agents::{AgentKind, Inquiry};
use centurion_executors::{Bag, Factory, Panic, Placement, Start};
use centurion_wait::{Blocking, block_on};

use crate::answers::{Answers, check_sums};
use crate::clock::{self, Moment};
use crate::cpus::Cpus;
use crate::error::SampleError;
use crate::matrix::{PlannedCell, Runner};
use crate::pace::Pace;
use crate::peer::PeerRunner;
use crate::started::StartedExecutor;
use crate::testbed::Testbed;
use crate::together::at_once;
use crate::usage::Usage;

/// A sample lasts at least this long: shorter bags are executed several times. Waiting agents take longer ones,
/// for what tells their executors apart is the birth of threads, which varies from one bag to the next.
pub(crate) fn shortest_sample(kind: AgentKind) -> Duration {
    Duration::from_millis(match kind {
        AgentKind::Computing => 6,
        AgentKind::Waiting => 20,
    })
}

/// From here on an execution is so long that starting its executor does not matter.
const LONG_BAG: Duration = Duration::from_millis(60);

/// What one sample showed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) wall: Duration,
    pub(crate) usage: Usage,
    pub(crate) startup: Duration,
    /// Of a peer's processes.
    pub(crate) memory_bytes: Option<u64>,
    /// Of the server that the agents ask.
    pub(crate) server_cpu: Option<Duration>,
}

/// A sample and how fast the CPUs were: the mean pace right before and right after it; and what one bag takes from
/// nothing to nothing, where that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PacedSample {
    pub(crate) sample: Sample,
    pub(crate) pace: Pace,
    pub(crate) once: Option<Duration>,
}

/// Executes a cell's bag once, checks its answers and returns how long it took.
///
/// # Errors
/// Names a wrong answer, a panic, a refused thread, or an executor that did not start.
pub fn try_once(cell: &PlannedCell, testbed: &Testbed) -> Result<Duration, SampleError> {
    cell.sample(1, testbed).map(|sample| sample.wall)
}

impl PlannedCell {
    /// Restricts the process to the cell's cores and starts the executor under that mask: threads keep the
    /// mask they are born under. Workers of a lasting pool are pinned when there is a CPU for each, and each has run
    /// something when it returns; those that are born in every call are left to the calls.
    pub(crate) fn start(&self, cpus: &Arc<Cpus>) -> Result<StartedExecutor, SampleError> {
        let (factory, start) = self.restrict(cpus)?;
        let executor = StartedExecutor::new(guarded(|| factory.start(&start))??);
        let says = executor.workers();
        if says != self.workers && says != usize::MAX {
            return Err(SampleError::Workers { says, told: self.workers });
        }
        if factory.placement == Placement::Spawned {
            return Ok(executor);
        }
        let first = Bag::new(self.workers, |_| ());
        guarded(|| executor.execute(&first))?;
        first.take_refusal().map_or(Ok(executor), |refusal| Err(refusal.into()))
    }

    /// Restricts the process to the cell's cores. Returns what its executor is started from, and how.
    fn restrict(&self, cpus: &Arc<Cpus>) -> Result<(&Factory, Start), SampleError> {
        let Runner::Executor(factory) = &self.runner else {
            return Err(SampleError::NoExecutor(self.executor.clone()));
        };
        cpus.restrict(self.cores);
        let mut start = Start::workers(self.workers);
        if factory.placement == Placement::Pinned && self.workers <= self.cores {
            let cpus = Arc::clone(cpus);
            start.on_worker = Arc::new(move |worker| cpus.pin(worker));
        }
        Ok((factory, start))
    }

    /// Takes a sample between two looks at the pace of the cell's CPUs, and after that the time of one bag from nothing to
    /// nothing if it is to be had `once` and is not long.
    pub(crate) fn paced_sample(
        &self,
        batch: u64,
        once: bool,
        testbed: &Testbed,
    ) -> Result<PacedSample, SampleError> {
        let before = Pace::take(&testbed.cpus, self.cores)?;
        let sample = self.sample(batch, testbed)?;
        let pace = before.midpoint(Pace::take(&testbed.cpus, self.cores)?);
        let starts_matter = sample.wall.div_f64(batch as f64) < LONG_BAG;
        let once = (once && starts_matter).then(|| self.once(testbed)).transpose()?;
        Ok(PacedSample { sample, pace, once })
    }

    /// Starts the executor, executes the bag and drops the executor: what it takes somebody who has one bag.
    fn once(&self, testbed: &Testbed) -> Result<Duration, SampleError> {
        let answers = Answers::new(Arc::clone(&self.workload), &testbed.stop);
        let (factory, start) = self.restrict(&testbed.cpus)?;
        let begun = clock::now();
        let executed = guarded(|| factory.start(&start).map(|executor| answers.execute_on(&*executor)));
        let took = begun.elapsed();
        testbed.release();
        if testbed.stop.is_asked() {
            return Err(SampleError::Stopped);
        }
        executed??;
        answers.check_threads()?;
        answers.check(1)?;
        Ok(took)
    }

    /// Takes one sample of `batch` executions of the bag. Short bags, those with a batch above 1, are run
    /// once more before it, so that the sample does not begin with cold caches on another CPU.
    ///
    /// Errors name a wrong answer, a panic, a refused thread, or an executor that did not start: then there is no time.
    pub(crate) fn sample(&self, batch: u64, testbed: &Testbed) -> Result<Sample, SampleError> {
        let sample = match &self.runner {
            Runner::Executor(_) => self.sample_executor(batch, testbed),
            Runner::Hardware => self.sample_hardware(batch, testbed),
            Runner::Peer(peer) => self.sample_peer(peer, batch, &testbed.cpus),
        };
        testbed.release();
        // Whatever else went wrong: agents that do nothing give no answers.
        if testbed.stop.is_asked() { Err(SampleError::Stopped) } else { sample }
    }

    fn sample_executor(&self, batch: u64, testbed: &Testbed) -> Result<Sample, SampleError> {
        let answers = Answers::new(Arc::clone(&self.workload), &testbed.stop);
        let begun = clock::now();
        let executor = self.start(&testbed.cpus)?;
        let startup = begun.elapsed();
        if batch > 1 {
            guarded(|| answers.execute_on(&*executor))?;
            answers.check_threads()?;
            answers.check(1)?;
        }
        let served = self.server_cpu()?;
        let (usage, begun) = (Usage::read(), clock::now());
        guarded(|| (0..batch).for_each(|_| answers.execute_on(&*executor)))?;
        let wall = begun.elapsed();
        let usage = Usage::read().since(usage);
        answers.check_threads()?;
        answers.check(batch)?;
        let server_cpu = self.server_cpu()?.zip(served).map(|(now, then)| now.saturating_sub(then));
        executor.end()?;
        Ok(Sample { wall, usage, startup, memory_bytes: None, server_cpu })
    }

    /// CPU time that the server has used so far, where the agents ask one.
    pub(crate) fn server_cpu(&self) -> Result<Option<Duration>, SampleError> {
        let Some(server) = self.workload.server() else { return Ok(None) };
        let said = block_on(Inquiry::Cost.ask(server, &Blocking));
        said.map(|cost| Some(Duration::from_nanos(cost))).map_err(SampleError::Server)
    }

    /// What a peer says of itself; only its answers are not taken on trust.
    fn sample_peer(&self, peer: &PeerRunner, batch: u64, cpus: &Cpus) -> Result<Sample, SampleError> {
        cpus.restrict(self.cores);
        let said = (peer.run)(&*self.workload, batch)?;
        check_sums(&*self.workload, &said.sums, batch)?;
        let usage = Usage { cpu: said.cpu, switches: 0 };
        let memory_bytes = Some(said.memory_bytes);
        Ok(Sample { wall: said.wall, usage, startup: said.startup, memory_bytes, server_cpu: None })
    }

    /// As many serial copies of the whole bag as cores, each on a CPU of its own, with no executor: from
    /// the moment all of them start until the last is done.
    fn sample_hardware(&self, batch: u64, testbed: &Testbed) -> Result<Sample, SampleError> {
        let copy = |_| Answers::new(Arc::clone(&self.workload), &testbed.stop);
        let copies: Vec<Answers> = (0..self.cores).map(copy).collect();
        let usage = Usage::read();
        let spans = at_once(&testbed.cpus, self.cores, |index| {
            let begun = clock::now();
            (0..batch).for_each(|_| copies[index].execute_here());
            (begun, clock::now())
        })?;
        let usage = Usage::read().since(usage);
        copies.iter().try_for_each(|copy| copy.check(batch))?;
        Ok(Sample {
            wall: whole(&spans),
            usage,
            startup: Duration::ZERO,
            memory_bytes: None,
            server_cpu: None,
        })
    }

    /// How many executions of the bag a sample must have, found by trying, and how long they take.
    pub(crate) fn calibrate(&self, testbed: &Testbed) -> Result<(u64, Duration), SampleError> {
        let mut batch = 1;
        let shortest = shortest_sample(self.workload.kind());
        loop {
            let wall = self.sample(batch, testbed)?.wall;
            if wall >= shortest {
                let one = wall.div_f64(batch as f64);
                let fitting = shortest.div_duration_f64(one).ceil() as u64;
                return Ok((fitting, one.mul_f64(fitting as f64)));
            }
            // Straight to where a constant rate leads, but not by more than a factor of 64 at once: the
            // first executions are slow.
            let factor = shortest.as_nanos() / wall.as_nanos().max(1) + 1;
            batch *= (factor as u64).clamp(2, 64);
        }
    }
}

/// Calls what is an executor's: should it panic, its cell fails and the others are measured.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, SampleError> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|payload| SampleError::Panicked(Panic::from_payload(payload)))
}

/// From the first beginning to the last end.
fn whole(spans: &[(Moment, Moment)]) -> Duration {
    let first = spans.iter().map(|span| span.0).min();
    let last = spans.iter().map(|span| span.1).max();
    last.zip(first).map_or(Duration::ZERO, |(last, first)| last.since(first))
}
