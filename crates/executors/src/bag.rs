//! The bag of tasks an executor is handed.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::mem;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use centurion_wait::{Blocking, Running, Wait, block_on};

use crate::Refusal;
use crate::refusal::Refusals;
use crate::started::caught;

/// Independent tasks, numbered from 0. Cheap to clone, and `'static`, because many pools accept nothing
/// that borrows.
///
/// Running a task never unwinds: a panic is caught and kept as that task's failure, since libraries differ
/// wildly in what they do with one (some swallow it, some hang on their next use).
///
/// Every task can be run to its end on a thread, or started as a future. Tasks that wait give their thread back in
/// the second form only; all others are done when they are first polled.
#[derive(Clone)]
pub struct Bag(Arc<dyn TaskSet>);

/// The bag's body behind one pointer, so that an executor is compiled once for all bags.
trait TaskSet: Send + Sync {
    fn kept(&self) -> &Kept;
    fn run(&self, tasks: Range<usize>);
    fn start(self: Arc<Self>, task: usize, wait: &'static dyn Wait) -> Running<()>;
}

/// What a bag knows whatever its tasks do.
struct Kept {
    len: usize,
    panics: Panics,
    refusals: Refusals,
}

impl Kept {
    fn new(len: usize) -> Self {
        Self { len, panics: Panics::default(), refusals: Refusals::default() }
    }
}

impl Bag {
    /// A bag of `len` tasks; task `i` calls `task(i)`.
    pub fn new(len: usize, task: impl Fn(usize) + Send + Sync + 'static) -> Self {
        Self(Arc::new(IndexedTasks { task, kept: Kept::new(len) }))
    }

    /// A bag of `len` tasks that wait; task `i` is the future `start(i, wait)`, where `wait` waits as whoever runs it
    /// does.
    pub fn waiting<F: Future<Output = ()> + Send + 'static>(
        len: usize,
        start: impl Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(WaitingTasks { start, kept: Kept::new(len) }))
    }

    /// Number of tasks.
    pub fn len(&self) -> usize {
        self.0.kept().len
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Runs task `index` on this thread. Never unwinds.
    pub fn run(&self, index: usize) {
        self.0.run(index..index + 1);
    }

    /// Runs the tasks of a range in order on this thread, with a single dynamic call. Never unwinds.
    pub fn run_range(&self, tasks: Range<usize>) {
        self.0.run(tasks);
    }

    /// Task `index` as a future, to be polled to its end. Neither polling nor dropping it unwinds.
    pub fn start(&self, index: usize, wait: &'static dyn Wait) -> Running<()> {
        Arc::clone(&self.0).start(index, wait)
    }

    /// The panics caught so far, by task.
    pub fn panics(&self) -> BTreeMap<usize, Panic> {
        self.0.kept().panics.caught()
    }

    /// Notes that threads which should have run tasks were refused. To be called by an executor that then sees to
    /// it that every task is run without them.
    pub fn refuse(&self, refusal: impl Into<Refusal>) {
        self.0.kept().refusals.add(refusal.into());
    }

    /// The threads refused since this was last asked: whoever times an execution must not take it for one on all
    /// workers then.
    pub fn take_refusal(&self) -> Option<Refusal> {
        self.0.kept().refusals.take()
    }
}

struct IndexedTasks<F> {
    task: F,
    kept: Kept,
}

impl<F: Fn(usize) + Send + Sync + 'static> TaskSet for IndexedTasks<F> {
    fn kept(&self) -> &Kept {
        &self.kept
    }

    fn run(&self, tasks: Range<usize>) {
        for index in tasks {
            self.kept.panics.catch(index, || (self.task)(index));
        }
    }

    fn start(self: Arc<Self>, task: usize, _: &'static dyn Wait) -> Running<()> {
        Box::pin(async move { self.run(task..task + 1) })
    }
}

struct WaitingTasks<S> {
    start: S,
    kept: Kept,
}

impl<S, F> TaskSet for WaitingTasks<S>
where
    S: Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    fn kept(&self) -> &Kept {
        &self.kept
    }

    fn run(&self, tasks: Range<usize>) {
        for index in tasks {
            self.kept.panics.catch(index, || block_on((self.start)(index, &Blocking)));
        }
    }

    fn start(self: Arc<Self>, task: usize, wait: &'static dyn Wait) -> Running<()> {
        Box::pin(async move {
            caught(|| (self.start)(task, wait), |panic| self.kept.panics.keep(task, panic)).await;
        })
    }
}

/// Panics of tasks, by task.
#[derive(Default)]
pub(crate) struct Panics(Mutex<BTreeMap<usize, Panic>>);

impl Panics {
    /// Runs a task on this thread and keeps its panic.
    pub(crate) fn catch(&self, index: usize, task: impl FnOnce()) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(task)) {
            self.keep(index, Panic::from_payload(payload));
        }
    }

    #[cold]
    fn keep(&self, index: usize, panic: Panic) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(index, panic);
    }

    /// Those kept so far.
    pub(crate) fn caught(&self) -> BTreeMap<usize, Panic> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a task said when it panicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// The panic's message.
    pub message: String,
}

impl Panic {
    /// What a payload that was caught says. Never unwinds, although dropping a payload may panic.
    pub fn from_payload(payload: Box<dyn Any + Send>) -> Self {
        let text = payload.downcast_ref::<&str>().map(ToString::to_string);
        let message = text
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "without a message".into());
        if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(another); // which may panic as well, and so on
        }
        Self { message }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.message)
    }
}

impl std::error::Error for Panic {}
