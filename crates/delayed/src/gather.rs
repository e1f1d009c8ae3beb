//! Tasks that need many.

use std::borrow::Borrow;
use std::iter;
use std::panic::Location;
use std::sync::Arc;

use crate::{Delayed, Failure, TaskFault};

/// Handles whose results one task is to receive. Made by [`all`].
pub struct All<'env, T>(pub(crate) Box<[Delayed<'env, T>]>);

/// Gathers handles, for a task that needs all their results.
///
/// ```
/// use centurion_delayed::{all, delayed};
///
/// let agents: Vec<_> = (0..100).map(|agent| delayed(move || agent * agent)).collect();
/// let best = all(&agents).then(|answers| answers.iter().copied().max().copied());
/// assert_eq!(best.compute_scoped(2).unwrap(), &Some(9_801));
/// ```
pub fn all<'env, T>(handles: impl IntoIterator<Item: Borrow<Delayed<'env, T>>>) -> All<'env, T> {
    All(handles.into_iter().map(|handle| handle.borrow().clone()).collect())
}

impl<'env, T: Send + Sync + 'env> All<'env, T> {
    /// A task that calls `task` with the results, in the order of the handles.
    #[track_caller]
    pub fn then<U>(self, task: impl FnOnce(&[&T]) -> U + Send + 'env) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
    {
        Delayed::new(Location::caller(), self.0, move |inputs| Ok(task(&values(&inputs))))
    }

    /// The same for a `task` that may fail, as in [`try_delayed`](crate::try_delayed).
    #[track_caller]
    pub fn try_then<U, E>(self, task: impl FnOnce(&[&T]) -> Result<U, E> + Send + 'env) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        E: TaskFault,
    {
        Delayed::new(Location::caller(), self.0, move |inputs| task(&values(&inputs)).map_err(Into::into))
    }

    /// A task that is given the results to keep, as by [`then_owned`](Delayed::then_owned).
    #[track_caller]
    pub fn then_owned<U>(self, task: impl FnOnce(Vec<T>) -> U + Send + 'env) -> Delayed<'env, U>
    where
        T: Clone,
        U: Send + Sync + 'env,
    {
        Delayed::new(Location::caller(), self.0, move |inputs| Ok(task(owned(inputs))))
    }

    /// The same for a `task` that may fail, as in [`try_delayed`](crate::try_delayed).
    #[track_caller]
    pub fn try_then_owned<U, E>(
        self,
        task: impl FnOnce(Vec<T>) -> Result<U, E> + Send + 'env,
    ) -> Delayed<'env, U>
    where
        T: Clone,
        U: Send + Sync + 'env,
        E: TaskFault,
    {
        Delayed::new(Location::caller(), self.0, move |inputs| task(owned(inputs)).map_err(Into::into))
    }

    /// Has the task run when all of these have ended, whether or not they failed, and carry on with those that did not.
    ///
    /// ```
    /// use centurion_delayed::{all, try_delayed};
    ///
    /// let agents = ["4", "no idea", "2"].map(|said| try_delayed(move || said.parse::<i32>()));
    /// let best = all(&agents).settled().then(|answers| answers.iter().flatten().copied().max().copied());
    /// assert_eq!(best.compute_scoped(2)?, &Some(4));
    /// # Ok::<(), centurion_delayed::Failure>(())
    /// ```
    #[must_use]
    pub fn settled(self) -> Settled<'env, T> {
        Settled(self.0)
    }
}

/// Handles whose results or failures one task is to receive. Made by [`All::settled`].
pub struct Settled<'env, T>(pub(crate) Box<[Delayed<'env, T>]>);

impl<'env, T: Send + Sync + 'env> Settled<'env, T> {
    /// A task that calls `task` with the results and failures, in the order of the handles.
    #[track_caller]
    pub fn then<U>(self, task: impl FnOnce(&[Result<&T, &Failure>]) -> U + Send + 'env) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
    {
        Delayed::new(Location::caller(), self, move |inputs| Ok(task(&inputs.outcomes())))
    }

    /// The same for a `task` that may fail, as in [`try_delayed`](crate::try_delayed).
    #[track_caller]
    pub fn try_then<U, E>(
        self,
        task: impl FnOnce(&[Result<&T, &Failure>]) -> Result<U, E> + Send + 'env,
    ) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        E: TaskFault,
    {
        Delayed::new(Location::caller(), self, move |inputs| task(&inputs.outcomes()).map_err(Into::into))
    }

    fn outcomes(&self) -> Vec<Result<&T, &Failure>> {
        self.0.iter().filter_map(Delayed::outcome).collect()
    }
}

fn owned<T: Clone>(inputs: Box<[Delayed<'_, T>]>) -> Vec<T> {
    inputs.into_iter().map(Delayed::into_value).collect()
}

fn values<'a, T>(inputs: &'a [Delayed<'_, T>]) -> Vec<&'a T> {
    inputs.iter().map(Delayed::value).collect()
}

/// Merges results two by two, then those two by two, until one is left: as many merges as from first to last,
/// but half of them need only their own two. Neighbours are merged, in the order of the handles, so `merge` has
/// to be associative only. `None` without handles.
///
/// ```
/// use centurion_delayed::{delayed, tree};
///
/// let words = ["a", "tree", "of", "tasks"].map(|word| delayed(move || word.to_owned()));
/// let sentence = tree(&words, |left, right| format!("{left} {right}")).unwrap();
/// assert_eq!(sentence.compute_scoped(2).unwrap(), "a tree of tasks");
/// ```
#[track_caller]
pub fn tree<'env, T: Send + Sync + 'env>(
    handles: impl IntoIterator<Item: Borrow<Delayed<'env, T>>>,
    merge: impl Fn(&T, &T) -> T + Send + Sync + 'env,
) -> Option<Delayed<'env, T>> {
    let (written, merge) = (Location::caller(), Arc::new(merge));
    halve(handles, |left, right| {
        let merge = Arc::clone(&merge);
        Delayed::new(written, (left, right), move |(left, right)| Ok(merge(left.value(), right.value())))
    })
}

/// The same for a `merge` that is given the results to keep, as by [`then_owned`](Delayed::then_owned): what it merges is
/// cloned only where somebody else holds a handle of it.
///
/// ```
/// use centurion_delayed::{delayed, tree_owned};
///
/// let lists = (0..4).map(|number| delayed(move || vec![number]));
/// let list = tree_owned(lists, |mut left, mut right| {
///     left.append(&mut right);
///     left
/// });
/// assert_eq!(list.unwrap().compute_scoped(2)?, &[0, 1, 2, 3]);
/// # Ok::<(), centurion_delayed::Failure>(())
/// ```
#[track_caller]
pub fn tree_owned<'env, T: Clone + Send + Sync + 'env>(
    handles: impl IntoIterator<Item: Borrow<Delayed<'env, T>>>,
    merge: impl Fn(T, T) -> T + Send + Sync + 'env,
) -> Option<Delayed<'env, T>> {
    let (written, merge) = (Location::caller(), Arc::new(merge));
    halve(handles, |left, right| {
        let merge = Arc::clone(&merge);
        let merged = move |(left, right): (Delayed<'env, T>, Delayed<'env, T>)| {
            Ok(merge(left.into_value(), right.into_value()))
        };
        Delayed::new(written, (left, right), merged)
    })
}

/// Makes one of every two neighbours until one is left.
fn halve<'env, T>(
    handles: impl IntoIterator<Item: Borrow<Delayed<'env, T>>>,
    merged: impl Fn(Delayed<'env, T>, Delayed<'env, T>) -> Delayed<'env, T>,
) -> Option<Delayed<'env, T>> {
    let mut row = Vec::from(all(handles).0);
    while row.len() > 1 {
        let mut last = row.into_iter();
        row = iter::from_fn(|| {
            let left = last.next()?;
            Some(match last.next() {
                Some(right) => merged(left, right),
                None => left,
            })
        })
        .collect();
    }
    row.pop()
}
