//! The executor under examination.

use std::collections::BTreeMap;
use std::future::{Future, ready};
use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::panicking;

use centurion_wait::{Running, Wait};

use super::tally::{Finding, Handed, RunTally};
use super::waiting::{LONG, SHORT, pause, until};
use super::watchdog::Watchdog;
use crate::{Bag, Executor, Panic, Refusal};

/// An executor, what it was asked for, and what became of the bags and flows it was handed.
#[derive(Clone)]
pub(super) struct Subject {
    watch: Watchdog,
    /// Number of workers it was started with.
    pub(super) asked: usize,
    pub(super) executor: Arc<dyn Executor>,
    tallies: Arc<Mutex<Vec<RunTally>>>,
    /// Threads alive that have run tasks which were to count them.
    pub(super) alive: Arc<AtomicUsize>,
}

impl Subject {
    pub(super) fn new(name: Option<&str>, asked: usize, executor: Arc<dyn Executor>) -> Self {
        let workers = if asked == 1 { "worker" } else { "workers" };
        let watch = Watchdog::new(&format!("{} with {asked} {workers}", name.unwrap_or(executor.name())));
        let (tallies, alive) = Default::default();
        Self { watch, asked, executor, tallies, alive }
    }

    /// Another executor, in the same examination.
    pub(super) fn beside(&self, other: &Arc<dyn Executor>) -> Self {
        let mut beside = self.clone();
        beside.executor = Arc::clone(other);
        beside
    }

    /// Does a step of the examination on a thread of its own.
    ///
    /// # Panics
    /// With what the executor does wrong `when`.
    pub(super) fn step(&self, when: &str, check: impl FnOnce(&Self) -> Finding + Send + 'static) {
        let subject = self.clone();
        self.watch.step(when, move || check(&subject));
    }

    /// Ends the examination: what was handed out is left alone, and so is the executor.
    pub(super) fn end(self) {
        self.step("left alone", Self::leaves_alone);
        let (watch, executor, alive) =
            (self.watch.clone(), Arc::clone(&self.executor), Arc::clone(&self.alive));
        drop(self);
        watch.step("dropped", move || {
            drop(executor);
            let ended = until(LONG, || alive.load(Ordering::Relaxed) == 0);
            ended.then_some(()).ok_or_else(|| "threads of it live on".into())
        });
    }

    /// Tells the watch that something takes long, but comes to an end.
    pub(super) fn goes_on(&self) {
        self.watch.progress.fetch_add(1, Ordering::Relaxed);
    }

    fn leaves_alone(&self) -> Finding {
        (0..SHORT).for_each(|_| pause());
        let tallies = mem::take(&mut *self.tallies.lock().unwrap_or_else(PoisonError::into_inner));
        tallies.iter().try_for_each(RunTally::check_again)?;
        let kept = || tallies.iter().filter(|tally| tally.holders() > 1).count();
        let let_go = until(LONG, || kept() == 0);
        let_go
            .then_some(())
            .ok_or_else(|| format!("{} of {} bags and flows are kept for good", kept(), tallies.len()))
    }

    /// Has the executor run a bag of so many tasks that do nothing else but be counted.
    pub(super) fn runs_bag(&self, len: usize) -> Finding {
        let (bag, tally) = self.bag(len, |_| ());
        self.execute(&bag, &tally)
    }

    /// Has the executor run a bag for the first time.
    pub(super) fn execute(&self, bag: &Bag, tally: &RunTally) -> Finding {
        self.executor.execute(bag);
        tally.check(1)?;
        none_panicked(&bag.panics())?;
        none_refused(bag.take_refusal())
    }

    /// A bag whose tasks are counted.
    pub(super) fn bag(&self, len: usize, task: impl Fn(usize) + Send + Sync + 'static) -> (Bag, RunTally) {
        let (tally, counted) = self.counted(Handed::Bag, len, move |_, index| task(index));
        (Bag::new(len, counted), tally)
    }

    /// A task that counts its runs, and is handed what was counted so far.
    pub(super) fn counted(
        &self,
        handed: Handed,
        len: usize,
        task: impl Fn(&RunTally, usize) + Send + Sync + 'static,
    ) -> (RunTally, impl Fn(usize) + Send + Sync + 'static) {
        let tally = RunTally::new(handed, len);
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner).push(tally.clone());
        let (counts, progress) = (tally.clone(), Arc::clone(&self.watch.progress));
        let counted = move |index| {
            if counts.has(index) {
                let _ended = EndOfTask { tally: &counts, task: index, progress: &progress };
                task(&counts, index);
            }
        };
        (tally, counted)
    }
}

impl Subject {
    /// A bag of tasks that wait, which are counted.
    pub(super) fn waiting_bag<F: Future<Output = ()> + Send + 'static>(
        &self,
        len: usize,
        start: impl Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
    ) -> (Bag, RunTally) {
        let (tally, counted) = self.counted_waiting(Handed::Bag, len, |_, _| (), start);
        (Bag::waiting(len, counted), tally)
    }

    /// A task that waits and counts its runs, from before it is a future until that has ended. `begin` is handed what was
    /// counted so far.
    pub(super) fn counted_waiting<F: Future<Output = ()> + Send + 'static>(
        &self,
        handed: Handed,
        len: usize,
        begin: impl Fn(&RunTally, usize) + Send + Sync + 'static,
        start: impl Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
    ) -> (RunTally, impl Fn(usize, &'static dyn Wait) -> Running<()> + Send + Sync + 'static) {
        let tally = RunTally::new(handed, len);
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner).push(tally.clone());
        let (counts, progress) = (tally.clone(), Arc::clone(&self.watch.progress));
        let counted = move |task, wait| -> Running<()> {
            if !counts.has(task) {
                return Box::pin(ready(()));
            }
            let (tally, progress) = (counts.clone(), Arc::clone(&progress));
            let end = EndOfFuture { tally, task, progress, ended: false };
            begin(&counts, task);
            let running = start(task, wait);
            Box::pin(async move {
                running.await;
                end.reached();
            })
        };
        (tally, counted)
    }
}

/// What was found to be wrong is not dropped as well: it might hang, or panic on top of the finding.
impl Drop for Subject {
    fn drop(&mut self) {
        if panicking() {
            mem::forget(Arc::clone(&self.executor));
        }
    }
}

/// Counts a task when it has ended, also if it panics.
struct EndOfTask<'a> {
    tally: &'a RunTally,
    task: usize,
    progress: &'a AtomicUsize,
}

impl Drop for EndOfTask<'_> {
    fn drop(&mut self) {
        let progress = usize::from(self.tally.end(self.task));
        self.progress.fetch_add(progress, Ordering::Relaxed);
    }
}

/// Counts a task that waits when it has ended, also if it panics, and notes it if it is dropped before.
struct EndOfFuture {
    tally: RunTally,
    task: usize,
    progress: Arc<AtomicUsize>,
    ended: bool,
}

impl EndOfFuture {
    fn reached(mut self) {
        self.ended = true;
    }
}

impl Drop for EndOfFuture {
    fn drop(&mut self) {
        if self.ended || panicking() {
            let progress = usize::from(self.tally.end(self.task));
            self.progress.fetch_add(progress, Ordering::Relaxed);
        } else {
            self.tally.drop_half_way(self.task);
        }
    }
}

pub(super) fn none_panicked(panics: &BTreeMap<usize, Panic>) -> Finding {
    panics.iter().next().map_or(Ok(()), |(task, panic)| Err(format!("task {task} {panic}")))
}

pub(super) fn none_refused(refusal: Option<Refusal>) -> Finding {
    refusal.map_or(Ok(()), |refusal| Err(refusal.to_string()))
}
