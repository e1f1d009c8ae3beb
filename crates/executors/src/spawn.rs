//! Threads that are born for one execution, if the system lets them.
#![expect(clippy::disallowed_methods, reason = "this is where threads belong")]

use std::io;
use std::thread::{Builder, Scope};

/// Does `work` on so many new threads and returns when all have ended. `work` is handed the number of its thread.
/// What the system refuses a thread is done on this one, after `refused` was told why.
pub(crate) fn on_threads(count: usize, refused: impl Fn(&io::Error), work: impl Fn(usize) + Sync) {
    let work = &work;
    std::thread::scope(|scope| {
        for number in 0..count {
            spawn(scope, move || work(number)).unwrap_or_else(|error| {
                refused(&error);
                work(number);
            });
        }
    });
}

/// Starts a thread in a scope.
pub(crate) fn spawn<'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() + Send + 'scope,
) -> io::Result<()> {
    Builder::new().spawn_scoped(scope, work).map(drop)
}
