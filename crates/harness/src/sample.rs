//! One sample of one cell.

use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::time::Duration;

use centurion_agents::AgentKind;
use centurion_executors::{Bag, Executor, Placement, Start};

use crate::answers::{Answers, check_sums};
use crate::clock::{self, Moment};
use crate::cpus::Cpus;
use crate::error::SampleError;
use crate::matrix::{PlannedCell, Runner};
use crate::pace::pace_ns;
use crate::peer::PeerRunner;
use crate::usage::Usage;

/// A sample lasts at least this long: shorter bags are executed several times. Waiting agents take longer ones,
/// for what tells their executors apart is the birth of threads, which varies from one bag to the next.
pub(crate) fn shortest_sample(kind: AgentKind) -> Duration {
    Duration::from_millis(match kind {
        AgentKind::Computing => 10,
        AgentKind::Waiting => 50,
    })
}

/// What one sample showed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) wall: Duration,
    pub(crate) usage: Usage,
    pub(crate) startup: Duration,
    /// Of a peer's processes.
    pub(crate) memory_bytes: Option<u64>,
}

/// A sample and how fast the CPUs were: the mean pace right before and right after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PacedSample {
    pub(crate) sample: Sample,
    pub(crate) pace_ns: u64,
}

/// Executes a cell's bag once, checks its answers and returns how long it took.
///
/// # Errors
/// Names a wrong answer, a panic, or an executor that did not start.
pub fn try_once(cell: &PlannedCell, cpus: &Arc<Cpus>) -> Result<Duration, SampleError> {
    cell.sample(1, cpus).map(|sample| sample.wall)
}

impl PlannedCell {
    /// Restricts the process to the cell's cores and starts the executor under that mask: threads keep the
    /// mask they are born under. Workers of a lasting pool are pinned when there is a CPU for each.
    pub(crate) fn start(&self, cpus: &Arc<Cpus>) -> Result<Box<dyn Executor>, SampleError> {
        let Runner::Executor(factory) = &self.runner else {
            return Err(SampleError::NoExecutor(self.executor.clone()));
        };
        cpus.restrict(self.cores);
        let mut start = Start::workers(self.workers);
        if factory.placement == Placement::Pinned && self.workers <= self.cores {
            let cpus = Arc::clone(cpus);
            start.on_worker = Arc::new(move |worker| cpus.pin(worker));
        }
        Ok(factory.start(&start)?)
    }

    /// Takes a sample between two looks at the pace of the cell's CPUs.
    pub(crate) fn paced_sample(&self, batch: u64, cpus: &Arc<Cpus>) -> Result<PacedSample, SampleError> {
        let before = pace_ns(cpus, self.cores);
        let sample = self.sample(batch, cpus)?;
        let pace_ns = f64::midpoint(before, pace_ns(cpus, self.cores)) as u64;
        Ok(PacedSample { sample, pace_ns })
    }

    /// Takes one sample of `batch` executions of the bag. Short bags, those with a batch above 1, are run
    /// once more before it, so that the sample does not begin with cold caches on another CPU.
    ///
    /// Errors name a wrong answer, a panic, or an executor that did not start: then there is no time.
    pub(crate) fn sample(&self, batch: u64, cpus: &Arc<Cpus>) -> Result<Sample, SampleError> {
        let sample = match &self.runner {
            Runner::Executor(_) => self.sample_executor(batch, cpus),
            Runner::Hardware => self.sample_hardware(batch, cpus),
            Runner::Peer(peer) => self.sample_peer(peer, batch, cpus),
        };
        cpus.restrict(cpus.count());
        sample
    }

    fn sample_executor(&self, batch: u64, cpus: &Arc<Cpus>) -> Result<Sample, SampleError> {
        let answers = Answers::new(Arc::clone(&self.workload));
        let begun = clock::now();
        let executor = self.start(cpus)?;
        executor.execute(&Bag::new(self.workers, |_| ()));
        let startup = begun.elapsed();
        if batch > 1 {
            answers.execute_on(&*executor);
            answers.check(1)?;
        }
        let (usage, begun) = (Usage::read(), clock::now());
        for _ in 0..batch {
            answers.execute_on(&*executor);
        }
        let wall = begun.elapsed();
        let usage = Usage::read().since(usage);
        answers.check(batch)?;
        Ok(Sample { wall, usage, startup, memory_bytes: None })
    }

    /// What a peer says of itself; only its answers are not taken on trust.
    fn sample_peer(&self, peer: &PeerRunner, batch: u64, cpus: &Cpus) -> Result<Sample, SampleError> {
        cpus.restrict(self.cores);
        let said = (peer.run)(&*self.workload, batch)?;
        check_sums(&*self.workload, &said.sums, batch)?;
        let usage = Usage { cpu: said.cpu, switches: 0 };
        Ok(Sample { wall: said.wall, usage, startup: said.startup, memory_bytes: Some(said.memory_bytes) })
    }

    /// As many serial copies of the whole bag as cores, each on a CPU of its own, with no executor: from
    /// the moment all of them start until the last is done.
    #[expect(clippy::disallowed_methods, reason = "the hardware is measured without any executor")]
    fn sample_hardware(&self, batch: u64, cpus: &Arc<Cpus>) -> Result<Sample, SampleError> {
        let copies: Vec<Answers> =
            (0..self.cores).map(|_| Answers::new(Arc::clone(&self.workload))).collect();
        let ready = Barrier::new(self.cores);
        let spans: Mutex<Vec<(Moment, Moment)>> = Mutex::default();
        let usage = Usage::read();
        std::thread::scope(|scope| {
            for (index, copy) in copies.iter().enumerate() {
                let (ready, spans) = (&ready, &spans);
                scope.spawn(move || {
                    cpus.pin(index);
                    ready.wait();
                    let begun = clock::now();
                    (0..batch).for_each(|_| copy.execute_here());
                    spans.lock().unwrap_or_else(PoisonError::into_inner).push((begun, clock::now()));
                });
            }
        });
        let usage = Usage::read().since(usage);
        copies.iter().try_for_each(|copy| copy.check(batch))?;
        let spans = spans.into_inner().unwrap_or_else(PoisonError::into_inner);
        let first = spans.iter().map(|span| span.0).min();
        let last = spans.iter().map(|span| span.1).max();
        let wall = last.zip(first).map_or(Duration::ZERO, |(last, first)| last.since(first));
        Ok(Sample { wall, usage, startup: Duration::ZERO, memory_bytes: None })
    }

    /// How many executions of the bag a sample must have, found by trying, and how long they take.
    pub(crate) fn calibrate(&self, cpus: &Arc<Cpus>) -> Result<(u64, Duration), SampleError> {
        let mut batch = 1;
        let shortest = shortest_sample(self.workload.kind());
        loop {
            let wall = self.sample(batch, cpus)?.wall;
            if wall >= shortest {
                return Ok((batch, wall));
            }
            // Straight to where a constant rate leads, but not by more than a factor of 64 at once: the
            // first executions are slow.
            let factor = shortest.as_nanos() / wall.as_nanos().max(1) + 1;
            batch *= (factor as u64).clamp(2, 64);
        }
    }
}
