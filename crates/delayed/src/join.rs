//! Tasks that need up to eight others of several types.

use std::future::Future;
use std::panic::Location;

use centurion_wait::Wait;

use crate::waiting::{done, tried};
use crate::{Computed, Delayed, TaskFault};

/// Handles whose results one task is to receive, each of a type of its own. Made by [`join!`](crate::join).
pub struct Join<I>(#[doc(hidden)] pub I);

/// Gathers two to eight handles of any types, for a task that needs all their results: `then` and `try_then` are handed
/// each by reference, `then_owned` and `try_then_owned` to keep, as by [`Delayed::then_owned`], `then_async` and
/// `try_then_async` while they wait.
///
/// ```
/// use centurion_delayed::{delayed, join};
///
/// let (name, age, tall) = (delayed(|| "Ada"), delayed(|| 36), delayed(|| 1.65));
/// let text = join!(name, age, tall).then(|name, age, tall| format!("{name}, {age}, {tall} m"));
/// assert_eq!(text.compute_scoped(2)?, "Ada, 36, 1.65 m");
/// # Ok::<(), centurion_delayed::Failure>(())
/// ```
#[macro_export]
macro_rules! join {
    ($($handle:expr),+ $(,)?) => {
        $crate::Join(($(::std::clone::Clone::clone(&$handle),)+))
    };
}

macro_rules! joins {
    ($(($($handle:ident),*))*) => {$(
        #[expect(non_snake_case, reason = "a handle is called as its type")]
        impl<'env, $($handle: Send + Sync + 'env),*> Join<($(Delayed<'env, $handle>,)*)> {
            /// A task that calls `task` with the results.
            #[track_caller]
            pub fn then<U>(self, task: impl FnOnce($(&$handle),*) -> U + Send + 'env) -> Delayed<'env, U>
            where
                U: Send + Sync + 'env,
            {
                Delayed::new(Location::caller(), self.0, move |($($handle,)*)| Ok(task($($handle.value()),*)))
            }

            /// The same for a `task` that may fail, as in [`try_delayed`](crate::try_delayed).
            #[track_caller]
            pub fn try_then<U, F>(
                self,
                task: impl FnOnce($(&$handle),*) -> Result<U, F> + Send + 'env,
            ) -> Delayed<'env, U>
            where
                U: Send + Sync + 'env,
                F: TaskFault,
            {
                let task = move |($($handle,)*): ($(Delayed<'env, $handle>,)*)| {
                    task($($handle.value()),*).map_err(Into::into)
                };
                Delayed::new(Location::caller(), self.0, task)
            }

            /// A task that is given the results to keep.
            #[track_caller]
            pub fn then_owned<U>(self, task: impl FnOnce($($handle),*) -> U + Send + 'env) -> Delayed<'env, U>
            where
                $($handle: Clone,)*
                U: Send + Sync + 'env,
            {
                let task = move |($($handle,)*): ($(Delayed<'env, $handle>,)*)| {
                    Ok(task($($handle.into_value()),*))
                };
                Delayed::new(Location::caller(), self.0, task)
            }

            /// The same for a `task` that may fail, as in [`try_delayed`](crate::try_delayed).
            #[track_caller]
            pub fn try_then_owned<U, F>(
                self,
                task: impl FnOnce($($handle),*) -> Result<U, F> + Send + 'env,
            ) -> Delayed<'env, U>
            where
                $($handle: Clone,)*
                U: Send + Sync + 'env,
                F: TaskFault,
            {
                let task = move |($($handle,)*): ($(Delayed<'env, $handle>,)*)| {
                    task($($handle.into_value()),*).map_err(Into::into)
                };
                Delayed::new(Location::caller(), self.0, task)
            }

            /// A task that waits, with the results, as by [`then_async`](Delayed::then_async).
            #[track_caller]
            pub fn then_async<U, F>(
                self,
                task: impl FnOnce($(Computed<'env, $handle>,)* &'static dyn Wait) -> F + Send + 'env,
            ) -> Delayed<'env, U>
            where
                U: Send + Sync + 'env,
                F: Future<Output = U> + Send + 'env,
            {
                let begin = move |($($handle,)*): ($(Delayed<'env, $handle>,)*), wait| {
                    done(task($(Computed($handle),)* wait))
                };
                Delayed::waiting(Location::caller(), self.0, begin)
            }

            /// The same for a `task` that may fail, as in [`try_delayed_async`](crate::try_delayed_async).
            #[track_caller]
            pub fn try_then_async<U, X, F>(
                self,
                task: impl FnOnce($(Computed<'env, $handle>,)* &'static dyn Wait) -> F + Send + 'env,
            ) -> Delayed<'env, U>
            where
                U: Send + Sync + 'env,
                X: TaskFault + 'env,
                F: Future<Output = Result<U, X>> + Send + 'env,
            {
                let begin = move |($($handle,)*): ($(Delayed<'env, $handle>,)*), wait| {
                    tried(task($(Computed($handle),)* wait))
                };
                Delayed::waiting(Location::caller(), self.0, begin)
            }
        }
    )*};
}

joins! { (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, G) (A, B, C, D, E, G, H) (A, B, C, D, E, G, H, I) }
