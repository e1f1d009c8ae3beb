//! The bag of tasks an executor is handed.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crate::Refusal;
use crate::refusal::Refusals;

/// Independent tasks, numbered from 0. Cheap to clone, and `'static`, because many pools accept nothing
/// that borrows.
///
/// Running a task never unwinds: a panic is caught and kept as that task's failure, since libraries differ
/// wildly in what they do with one (some swallow it, some hang on their next use).
#[derive(Clone)]
pub struct Bag(Arc<dyn TaskSet>);

/// The bag's body behind one pointer, so that an executor is compiled once for all bags.
trait TaskSet: Send + Sync {
    fn len(&self) -> usize;
    fn run(&self, tasks: Range<usize>);
    fn panics(&self) -> BTreeMap<usize, Panic>;
    fn refusals(&self) -> &Refusals;
}

struct IndexedTasks<F> {
    len: usize,
    task: F,
    panics: Panics,
    refusals: Refusals,
}

impl Bag {
    /// A bag of `len` tasks; task `i` calls `task(i)`.
    pub fn new(len: usize, task: impl Fn(usize) + Send + Sync + 'static) -> Self {
        let (panics, refusals) = (Panics::default(), Refusals::default());
        Self(Arc::new(IndexedTasks { len, task, panics, refusals }))
    }

    /// Number of tasks.
    pub fn len(&self) -> usize {
        self.0.len()
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

    /// The panics caught so far, by task.
    pub fn panics(&self) -> BTreeMap<usize, Panic> {
        self.0.panics()
    }

    /// Notes that threads which should have run tasks were refused. To be called by an executor that then sees to
    /// it that every task is run without them.
    pub fn refuse(&self, refusal: impl Into<Refusal>) {
        self.0.refusals().add(refusal.into());
    }

    /// The threads refused since this was last asked: whoever times an execution must not take it for one on all
    /// workers then.
    pub fn take_refusal(&self) -> Option<Refusal> {
        self.0.refusals().take()
    }
}

impl<F: Fn(usize) + Send + Sync> TaskSet for IndexedTasks<F> {
    fn len(&self) -> usize {
        self.len
    }

    fn run(&self, tasks: Range<usize>) {
        for index in tasks {
            self.panics.catch(index, &self.task);
        }
    }

    fn panics(&self) -> BTreeMap<usize, Panic> {
        self.panics.caught()
    }

    fn refusals(&self) -> &Refusals {
        &self.refusals
    }
}

/// Panics of tasks, by task.
#[derive(Default)]
pub(crate) struct Panics(Mutex<BTreeMap<usize, Panic>>);

impl Panics {
    /// Calls `task(index)` and keeps its panic.
    pub(crate) fn catch(&self, index: usize, task: impl Fn(usize)) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| task(index))) {
            self.keep(index, payload);
        }
    }

    #[cold]
    fn keep(&self, index: usize, payload: Box<dyn Any + Send>) {
        let panic = Panic::from_payload(payload);
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

/// Runs `task(i)` for every `i` below `len` and returns the results in input order, a panicking task's
/// panic in its own place. Where the system refuses threads, results are as right on those it grants.
///
/// # Panics
/// When the executor breaks its promise and skips a task.
pub fn map<R: Send + 'static>(
    executor: &dyn crate::Executor,
    len: usize,
    task: impl Fn(usize) -> R + Send + Sync + 'static,
) -> Vec<Result<R, Panic>> {
    let slots: Arc<[Mutex<Option<R>>]> = (0..len).map(|_| Mutex::new(None)).collect();
    let filled = Arc::clone(&slots);
    let bag = Bag::new(len, move |index| {
        let result = task(index);
        *filled[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    });
    executor.execute(&bag);
    let mut panics = bag.panics();
    let take = |(index, slot): (usize, &Mutex<Option<R>>)| match panics.remove(&index) {
        Some(panic) => Err(panic),
        None => Ok(slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .expect("the executor ran every task")),
    };
    slots.iter().enumerate().map(take).collect()
}
