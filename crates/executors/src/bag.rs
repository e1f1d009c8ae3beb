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
use crate::started::StartedTask;

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
    fn len(&self) -> usize;
    fn run(&self, tasks: Range<usize>);
    fn start(self: Arc<Self>, task: usize, wait: &'static dyn Wait) -> Running<()>;
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

    /// A bag of `len` tasks that wait; task `i` is the future `start(i, wait)`, where `wait` waits as whoever runs it
    /// does.
    pub fn waiting<F: Future<Output = ()> + Send + 'static>(
        len: usize,
        start: impl Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
    ) -> Self {
        let (panics, refusals) = (Panics::default(), Refusals::default());
        Self(Arc::new(WaitingTasks { len, start, panics, refusals }))
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

    /// Task `index` as a future, to be polled to its end. Neither polling nor dropping it unwinds.
    pub fn start(&self, index: usize, wait: &'static dyn Wait) -> Running<()> {
        Arc::clone(&self.0).start(index, wait)
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

impl<F: Fn(usize) + Send + Sync + 'static> TaskSet for IndexedTasks<F> {
    fn len(&self) -> usize {
        self.len
    }

    fn run(&self, tasks: Range<usize>) {
        for index in tasks {
            self.panics.catch(index, &self.task);
        }
    }

    fn start(self: Arc<Self>, task: usize, _: &'static dyn Wait) -> Running<()> {
        Box::pin(async move { self.run(task..task + 1) })
    }

    fn panics(&self) -> BTreeMap<usize, Panic> {
        self.panics.caught()
    }

    fn refusals(&self) -> &Refusals {
        &self.refusals
    }
}

struct WaitingTasks<S> {
    len: usize,
    start: S,
    panics: Panics,
    refusals: Refusals,
}

impl<S, F> TaskSet for WaitingTasks<S>
where
    S: Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    fn len(&self) -> usize {
        self.len
    }

    fn run(&self, tasks: Range<usize>) {
        for index in tasks {
            self.panics.catch(index, |index| block_on((self.start)(index, &Blocking)));
        }
    }

    fn start(self: Arc<Self>, task: usize, wait: &'static dyn Wait) -> Running<()> {
        let tasks = Arc::clone(&self);
        let started = async move { (tasks.start)(task, wait).await };
        Box::pin(StartedTask::new(started, move |panic| self.panics.keep(task, panic)))
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
    let results = Results::new(len);
    let filled = results.clone();
    results.of(executor, &Bag::new(len, move |index| filled.fill(index, task(index))))
}

/// [`map`] for tasks that wait: `start(i, wait)` is a future, which waits with `wait`, or for whatever the executor's
/// runtime can wait for.
///
/// # Panics
/// When the executor breaks its promise and skips a task.
///
/// ```
/// use std::time::Duration;
/// use centurion_executors::{Start, find, map_waiting};
///
/// let executor = find("tokio").unwrap().start(&Start::workers(100))?;
/// let slept = map_waiting(&*executor, 100, |agent, wait| async move {
///     wait.sleep(Duration::from_millis(5)).await;
///     agent
/// });
/// assert_eq!(slept[7], Ok(7));
/// # Ok::<(), centurion_executors::StartError>(())
/// ```
pub fn map_waiting<R: Send + 'static, F: Future<Output = R> + Send + 'static>(
    executor: &dyn crate::Executor,
    len: usize,
    start: impl Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
) -> Vec<Result<R, Panic>> {
    let results = Results::new(len);
    let filled = results.clone();
    let bag = Bag::waiting(len, move |index, wait| {
        let (running, filled) = (start(index, wait), filled.clone());
        async move { filled.fill(index, running.await) }
    });
    results.of(executor, &bag)
}

/// Where tasks leave their results. Clones are the same places.
struct Results<R>(Arc<[Mutex<Option<R>>]>);

impl<R> Clone for Results<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R> Results<R> {
    fn new(len: usize) -> Self {
        Self((0..len).map(|_| Mutex::new(None)).collect())
    }

    fn fill(&self, index: usize, result: R) {
        *self.0[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    /// Has a bag run that fills them, and takes them.
    fn of(&self, executor: &dyn crate::Executor, bag: &Bag) -> Vec<Result<R, Panic>> {
        executor.execute(bag);
        let mut panics = bag.panics();
        let take = |(index, slot): (usize, &Mutex<Option<R>>)| match panics.remove(&index) {
            Some(panic) => Err(panic),
            None => Ok(slot
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take()
                .expect("the executor ran every task")),
        };
        self.0.iter().enumerate().map(take).collect()
    }
}
