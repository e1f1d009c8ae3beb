//! Threads that are born for one execution, if the system lets them.
//!
//! Every one of them is joined. Dropping the handle of a thread detaches it, and where it ends at that very moment,
//! `pthread_detach` of the GNU C library (2.36) reads what may be unmapped already: the process ends with a segmentation
//! fault, on a busy machine after some million short threads.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

use std::io;
use std::thread::{Builder, Scope, ScopedJoinHandle};

/// Does `work` on so many new threads and returns when all have ended. `work` is handed the number of its thread.
/// What the system refuses a thread is done on this one, after `refused` was told why.
pub(crate) fn on_threads(count: usize, refused: impl Fn(&io::Error), work: impl Fn(usize) + Sync) {
    let work = &work;
    std::thread::scope(|scope| {
        let mut born = Vec::with_capacity(count);
        for number in 0..count {
            match spawn(scope, move || work(number)) {
                Ok(thread) => born.push(thread),
                Err(error) => {
                    refused(&error);
                    work(number);
                }
            }
        }
        born.into_iter().for_each(join);
    });
}

/// Starts a thread in a scope.
pub(crate) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    Builder::new().spawn_scoped(scope, work)
}

/// Waits for a thread, and for what it returns.
pub(crate) fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().expect("neither bags nor flows unwind")
}
