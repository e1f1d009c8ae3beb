//! A task of the graph: what it needs and does until it has begun, and what came of it.

use std::mem::{self, needs_drop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use centurion_executors::Panic;

use crate::card::{Card, Name};
use crate::inputs::Inputs;
use crate::nesting::{here, nested};
use crate::{Failure, Why};

/// A task, whatever its result.
pub(crate) trait Task: Send + Sync {
    fn card(&self) -> &Card;

    fn standing(&self) -> Standing<'_>;

    /// Appends the tasks it needs: none once it has begun.
    fn inputs<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e;

    /// Runs it on this thread, unless it has begun before or an input is missing. Never waits.
    fn run(&self) -> Turn;

    /// Waits until it has ended and returns true; returns false at once if it will not: because nobody has
    /// begun it, or this very thread has.
    fn wait(&self) -> bool;

    /// Drops what it does and what came of it, and appends what it needs.
    fn dismantle<'e>(&mut self, inputs: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e;
}

/// A task whose result is a `T`.
pub(crate) trait Typed<T>: Task {
    fn outcome(&self) -> Option<&Result<T, Failure>>;
}

/// A shared task. The trait has no lifetime of its own, so that a longer `'e` can stand for a shorter one.
pub(crate) type AnyTask<'e> = Arc<dyn Task + 'e>;

/// What has become of a task, or of several together.
pub(crate) enum Standing<'a> {
    Pending,
    Failed(&'a Failure),
    Done,
}

impl Standing<'_> {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed(failure), _) | (_, Self::Failed(failure)) => Self::Failed(failure),
            (Self::Pending, _) | (_, Self::Pending) => Self::Pending,
            (Self::Done, Self::Done) => Self::Done,
        }
    }

    pub(crate) fn is_pending(&self) -> bool {
        matches!(self, Self::Pending)
    }
}

/// What came of an attempt to run a task.
pub(crate) enum Turn {
    /// It has ended, now or before.
    Ended,
    /// Another computation has begun it.
    Elsewhere,
    /// An input is missing.
    Pending,
}

/// A task with inputs `I` that does `F`.
pub(crate) struct Node<T: Send + Sync, I: Inputs, F: Send> {
    card: Card,
    outcome: OnceLock<Result<T, Failure>>,
    work: Mutex<Work<I, F>>,
}

enum Work<I, F> {
    Waiting(I, F),
    /// On the thread that `here` called so.
    Begun(usize),
}

impl<T, I, F> Node<T, I, F>
where
    T: Send + Sync,
    I: Inputs,
    F: FnOnce(&I) -> Result<T, String> + Send,
{
    pub(crate) fn new(name: Name, inputs: I, task: F) -> Self {
        let work = Mutex::new(Work::Waiting(inputs, task));
        Self { card: Card::new(name), outcome: OnceLock::new(), work }
    }

    /// Does the work, unless an input failed. Never unwinds, for who waits for this task would wait forever.
    fn work(&self, inputs: &I, task: F) -> Result<T, Why> {
        if let Standing::Failed(cause) = inputs.standing() {
            // A panic of what the closure holds is not why this task has no result.
            let _ = attempt(|| {
                drop(task);
                Ok(())
            });
            return Err(Why::Needs(cause.clone()));
        }
        let begun = now();
        let result = attempt(|| task(inputs));
        self.card.took(now().duration_since(begun));
        result
    }

    /// Takes what is to be done, which only the first to ask gets, once all inputs have ended.
    fn begin(&self) -> Result<(I, F), Turn> {
        let mut work = lock(&self.work);
        match mem::replace(&mut *work, Work::Begun(here())) {
            Work::Waiting(inputs, task) if inputs.standing().is_pending() => {
                *work = Work::Waiting(inputs, task);
                Err(Turn::Pending)
            }
            Work::Waiting(inputs, task) => Ok((inputs, task)),
            begun @ Work::Begun(_) => {
                *work = begun;
                Err(if self.outcome.get().is_some() { Turn::Ended } else { Turn::Elsewhere })
            }
        }
    }
}

impl<T, I, F> Typed<T> for Node<T, I, F>
where
    T: Send + Sync,
    I: Inputs,
    F: FnOnce(&I) -> Result<T, String> + Send,
{
    fn outcome(&self) -> Option<&Result<T, Failure>> {
        self.outcome.get()
    }
}

impl<T, I, F> Task for Node<T, I, F>
where
    T: Send + Sync,
    I: Inputs,
    F: FnOnce(&I) -> Result<T, String> + Send,
{
    fn card(&self) -> &Card {
        &self.card
    }

    fn standing(&self) -> Standing<'_> {
        match self.outcome.get() {
            None => Standing::Pending,
            Some(Err(failure)) => Standing::Failed(failure),
            Some(Ok(_)) => Standing::Done,
        }
    }

    fn inputs<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        if let Work::Waiting(inputs, _) = &*lock(&self.work) {
            inputs.tasks(into);
        }
    }

    fn run(&self) -> Turn {
        if self.outcome.get().is_some() {
            return Turn::Ended;
        }
        let (inputs, task) = match self.begin() {
            Ok(begun) => begun,
            Err(turn) => return turn,
        };
        let outcome = self.work(&inputs, task).map_err(|why| Failure::new(self.card.name(), why));
        assert!(self.outcome.set(outcome).is_ok(), "a task begins once");
        Turn::Ended
    }

    fn wait(&self) -> bool {
        let begun = match &*lock(&self.work) {
            Work::Waiting(..) => false,
            Work::Begun(thread) => *thread != here() || self.outcome.get().is_some(),
        };
        if begun {
            self.outcome.wait();
        }
        begun
    }

    fn dismantle<'e>(&mut self, inputs: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        self.take_apart(inputs);
    }
}

impl<T: Send + Sync, I: Inputs, F: Send> Node<T, I, F> {
    fn take_apart<'e>(&mut self, inputs: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        let work = self.work.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Work::Waiting(needed, _) = work {
            needed.tasks(inputs);
        }
        *work = Work::Begun(0);
        self.outcome.take();
    }
}

/// What never ran needs what never ran, and so on for as long as the graph is deep: dropped one after another.
/// Only handles that a task's closure or result holds nest, which has an end as well.
impl<T: Send + Sync, I: Inputs, F: Send> Drop for Node<T, I, F> {
    fn drop(&mut self) {
        let work = self.work.get_mut().unwrap_or_else(PoisonError::into_inner);
        if matches!(work, Work::Begun(_)) && !needs_drop::<T>() {
            return;
        }
        nested(|| {
            let mut tasks = Vec::new();
            self.take_apart(&mut tasks);
            while let Some(mut task) = tasks.pop() {
                if let Some(task) = Arc::get_mut(&mut task) {
                    task.dismantle(&mut tasks);
                }
            }
        });
    }
}

fn attempt<T>(task: impl FnOnce() -> Result<T, String>) -> Result<T, Why> {
    match catch_unwind(AssertUnwindSafe(task)) {
        Ok(result) => result.map_err(Why::Failed),
        Err(payload) => Err(Why::Panicked(Panic::of(payload).message)),
    }
}

/// The time.
#[expect(clippy::disallowed_methods, reason = "deadlines, and durations that are known without a harness")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
