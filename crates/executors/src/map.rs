//! Running a closure, or a future, for every index: results in input order.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use centurion_wait::Wait;

use crate::{Bag, Executor, Panic};

/// Runs `task(i)` for every `i` below `len` and returns the results in input order, a panicking task's
/// panic in its own place. Where the system refuses threads, results are as right on those it grants.
///
/// # Panics
/// When the executor breaks its promise and skips a task.
pub fn map<R: Send + 'static>(
    executor: &dyn Executor,
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
    executor: &dyn Executor,
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
    fn of(&self, executor: &dyn Executor, bag: &Bag) -> Vec<Result<R, Panic>> {
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
