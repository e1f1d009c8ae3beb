//! How often each task ran.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is wrong, in a sentence whose subject is the executor's name.
pub(super) type Finding = Result<(), String>;

/// Runs of the tasks of a bag or flow. Clones are the same tally.
#[derive(Clone)]
pub(super) struct RunTally(Arc<Counts>);

struct Counts {
    handed: Handed,
    runs: Box<[AtomicUsize]>,
    /// One more than the greatest number without a task that was run.
    beyond: AtomicUsize,
    /// One more than the number of the last task that was started and dropped before its end.
    dropped: AtomicUsize,
    /// How often each task must have run by now.
    times: AtomicUsize,
}

/// What the tasks are in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Handed {
    Bag,
    Flow,
}

/// A task counts as progress only so often: one that is run again and again is none.
const MOST_RUNS: usize = 64;

impl RunTally {
    pub(super) fn new(handed: Handed, len: usize) -> Self {
        let runs = (0..len).map(|_| AtomicUsize::new(0)).collect();
        let (beyond, dropped, times) = Default::default();
        Self(Arc::new(Counts { handed, runs, beyond, dropped, times }))
    }

    /// How often a task has ended.
    pub(super) fn runs(&self, task: usize) -> usize {
        self.0.runs[task].load(Ordering::Acquire)
    }

    /// Whether there is such a task. Keeps its number if there is none.
    pub(super) fn has(&self, task: usize) -> bool {
        let has = task < self.0.runs.len();
        if !has {
            self.0.beyond.fetch_max(task.saturating_add(1), Ordering::Relaxed);
        }
        has
    }

    /// Notes that a task has ended. Whether that is progress.
    pub(super) fn end(&self, task: usize) -> bool {
        self.0.runs[task].fetch_add(1, Ordering::AcqRel) < MOST_RUNS
    }

    /// Notes that a task was started as a future, and dropped before its end.
    pub(super) fn drop_half_way(&self, task: usize) {
        self.0.dropped.store(task + 1, Ordering::Relaxed);
    }

    /// Checks that each task has run so often, and nothing else.
    pub(super) fn check(&self, times: usize) -> Finding {
        self.0.times.store(times, Ordering::Relaxed);
        self.check_each()?;
        let (of, execute) = match self.0.handed {
            Handed::Bag => ("", "execute"),
            Handed::Flow => ("a flow of ", "execute_flow"),
        };
        self.differs(times).map_or(Ok(()), |(task, runs)| {
            let len = self.0.runs.len();
            Err(format!("task {task} of {of}{len} ran {runs} times by the time {execute} returned"))
        })
    }

    /// Checks that nothing has run since.
    pub(super) fn check_again(&self) -> Finding {
        self.check_each()?;
        let times = self.0.times.load(Ordering::Relaxed);
        self.differs(times).map_or(Ok(()), |(task, runs)| {
            let len = self.0.runs.len();
            Err(format!("task {task} of {len} ran {} times after the execution had returned", runs - times))
        })
    }

    fn check_each(&self) -> Finding {
        let beyond = self.0.beyond.load(Ordering::Relaxed);
        if beyond > 0 {
            return Err(format!("task {} was run, of {} counted from 0", beyond - 1, self.0.runs.len()));
        }
        match self.0.dropped.load(Ordering::Relaxed) {
            0 => Ok(()),
            dropped => Err(format!("task {} was started and dropped before its end", dropped - 1)),
        }
    }

    fn differs(&self, times: usize) -> Option<(usize, usize)> {
        let counted = self.0.runs.iter().map(|runs| runs.load(Ordering::Acquire));
        counted.enumerate().find(|&(_, runs)| runs != times)
    }

    /// How many hold this tally.
    pub(super) fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }
}
