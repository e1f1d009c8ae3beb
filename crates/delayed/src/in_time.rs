//! Coming back from what has not ended.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crate::lock::lock;

/// Threads with what was left to them. They are joined once they have ended, not detached: to detach a thread that ends just
/// then crashes some C libraries.
static LEFT: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// Does some work on a thread of its own and returns what came of it, or `None` if it has not ended when `is_over`, asked
/// every `look`, says so. Then the work goes on to its end. Where the system refuses a thread, the caller's does the work.
pub(crate) fn unless_over<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    is_over: impl Fn() -> bool,
    look: Duration,
) -> Option<T> {
    join_ended();
    let (say, said) = mpsc::channel();
    let work = Arc::new(Mutex::new(Some(work)));
    let taken = Arc::clone(&work);
    let take = move || lock(&taken).take().expect("it is done once");
    let born = Builder::new().spawn(move || {
        let _nobody_waits = say.send(take()());
    });
    let Ok(thread) = born else {
        let work = lock(&work).take()?;
        return Some(work());
    };
    lock(&LEFT).push(thread);
    loop {
        match said.recv_timeout(look) {
            Err(RecvTimeoutError::Timeout) if !is_over() => {}
            ended => return ended.ok(),
        }
    }
}

fn join_ended() {
    let ended: Vec<_> = lock(&LEFT).extract_if(.., |thread| thread.is_finished()).collect();
    for thread in ended {
        let _said_already = thread.join();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_over_is_waited_for() {
        assert_eq!(unless_over(|| 1, || false, Duration::from_millis(1)), Some(1));
    }

    #[test]
    fn what_is_over_is_left_and_joined_when_it_has_ended() {
        let (go_on, goes_on) = mpsc::channel::<()>();
        let left = unless_over(move || goes_on.recv().is_ok(), || true, Duration::from_millis(1));
        assert_eq!(left, None);
        go_on.send(()).unwrap();
        while lock(&LEFT).iter().any(|thread| !thread.is_finished()) {
            std::thread::yield_now();
        }
        join_ended();
        assert!(lock(&LEFT).iter().all(|thread| !thread.is_finished()));
    }
}
