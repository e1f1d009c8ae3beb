//! Computing handles: plans that are computed and forgotten.

use std::num::NonZero;
use std::sync::OnceLock;
use std::thread::available_parallelism;

use centurion_executors::{Executor, MOST_WORKERS, Start, find};

use crate::plan::failure;
use crate::{Delayed, Failure, Plan};

impl<'env, T: Send + Sync + 'env> Delayed<'env, T> {
    /// Runs this task and whatever it needs that has not run, on scoped threads of its own, and returns its
    /// result. Tasks may borrow what outlives them:
    ///
    /// ```
    /// use centurion_delayed::{all, delayed};
    ///
    /// let words = vec!["lazy".to_owned(), "task".to_owned(), "graphs".to_owned()];
    /// let lengths = words.iter().map(|word| delayed(|| word.len()));
    /// let longest = all(lengths).then(|lengths| lengths.iter().copied().max().copied());
    /// assert_eq!(longest.compute_scoped(2).unwrap(), &Some(6));
    /// ```
    ///
    /// # Errors
    /// When this task has failed, now or before.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn compute_scoped(&self, workers: usize) -> Result<&T, Failure> {
        Plan::new([self]).compute_scoped(workers).map(|()| self.value())
    }
}

impl<T: Send + Sync + 'static> Delayed<'static, T> {
    /// Runs this task and whatever it needs that has not run, on the [default executor](default_executor), and returns its
    /// result.
    ///
    /// # Errors
    /// When this task has failed, now or before.
    pub fn run(&self) -> Result<&T, Failure> {
        self.compute(default_executor())
    }

    /// Runs this task and whatever it needs that has not run, on the executor, and returns its result.
    ///
    /// ```
    /// use centurion_delayed::{delayed, tree};
    /// use centurion_executors::{Start, find};
    ///
    /// let executor = find("rayon").unwrap().start(&Start::workers(2))?;
    /// let squares = (1..=100).map(|n| delayed(move || n * n));
    /// let sum = tree(squares, |a, b| a + b).unwrap();
    /// assert_eq!(sum.compute(&executor)?, &338_350);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When this task has failed, now or before.
    ///
    /// # Panics
    /// When the executor breaks its promise and skips a task.
    pub fn compute(&self, executor: &dyn Executor) -> Result<&T, Failure> {
        Plan::new([self]).compute(executor).map(|()| self.value())
    }
}

/// The executor for whoever has no wish of his own: a rayon pool with a worker for each CPU, started when it is first asked
/// for. Where the system refuses it, the caller's thread does the work.
///
/// ```
/// use centurion_delayed::{all, default_executor, delayed};
///
/// let squares = (1..=3).map(|n| delayed(move || n * n));
/// let sum = all(squares).then(|squares| squares.iter().copied().sum::<i32>());
/// assert_eq!(sum.run()?, &14); // the same as `sum.compute(default_executor())`
/// # assert_eq!(sum.compute(default_executor())?, &14);
/// # Ok::<(), centurion_delayed::Failure>(())
/// ```
pub fn default_executor() -> &'static dyn Executor {
    static STARTED: OnceLock<Box<dyn Executor>> = OnceLock::new();
    let start = |name, workers| find(name).and_then(|factory| factory.start(&Start::workers(workers)).ok());
    let workers = available_parallelism().map_or(1, NonZero::get).min(MOST_WORKERS);
    let pool = || start("rayon-unpinned", workers).or_else(|| start("serial", 1));
    STARTED.get_or_init(|| pool().expect("the caller's thread is there"))
}

/// Computes several results of one type at once, each with a failure of its own.
///
/// ```
/// use centurion_delayed::{compute_all, try_delayed};
/// use centurion_executors::{Start, find};
///
/// let executor = find("std-counter").unwrap().start(&Start::workers(2))?;
/// let numbers = ["1", "two", "3"].map(|text| try_delayed(move || text.parse::<i32>()).named(text));
/// let results = compute_all(&numbers, &*executor);
/// assert_eq!((results[0].as_ref().unwrap(), results[2].as_ref().unwrap()), (&&1, &&3));
/// assert_eq!(results[1].as_ref().unwrap_err().to_string(), "two failed: invalid digit found in string");
/// # Ok::<(), centurion_executors::StartError>(())
/// ```
///
/// # Panics
/// When the executor breaks its promise and skips a task.
pub fn compute_all<'a, T: Send + Sync + 'static>(
    handles: &'a [Delayed<'static, T>],
    executor: &dyn Executor,
) -> Vec<Result<&'a T, Failure>> {
    let why = Plan::new(handles).flow().run(executor);
    let result = |handle: &'a Delayed<'static, T>| {
        failure(&*handle.task, why.as_ref()).map_or_else(|| Ok(handle.value()), Err)
    };
    handles.iter().map(result).collect()
}
