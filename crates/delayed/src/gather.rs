//! Tasks that need many.

use std::borrow::Borrow;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use crate::Delayed;
use crate::delayed::text;

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
        Delayed::new(Location::caller(), self.0, move |inputs| Ok(task(&values(inputs))))
    }

    /// The same for a `task` that may fail, as in [`try_delayed`](crate::try_delayed).
    #[track_caller]
    pub fn try_then<U, E>(self, task: impl FnOnce(&[&T]) -> Result<U, E> + Send + 'env) -> Delayed<'env, U>
    where
        U: Send + Sync + 'env,
        E: fmt::Display,
    {
        Delayed::new(Location::caller(), self.0, move |inputs| task(&values(inputs)).map_err(text))
    }
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
    let pair = |pair: &[Delayed<'env, T>]| {
        let [left, right] = pair else { return pair[0].clone() };
        let (inputs, merge) = ((left.clone(), right.clone()), merge.clone());
        Delayed::new(written, inputs, move |(left, right)| Ok(merge(left.value(), right.value())))
    };
    let mut row = Vec::from(all(handles).0);
    while row.len() > 1 {
        row = row.chunks(2).map(pair).collect();
    }
    row.pop()
}
