//! Threads that begin at the same moment, one on each CPU, without any executor.

use std::io;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::Builder;

use crate::cpus::Cpus;

/// Calls `work(index)` on `count` threads at once, each kept on a CPU of its own, and returns what they return, in no
/// order. None begins before all of them are there.
///
/// # Errors
/// When the system refuses a thread; then none has begun.
#[expect(clippy::disallowed_methods, reason = "CPUs are timed without any executor")]
pub(crate) fn at_once<T: Send>(
    cpus: &Cpus,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Result<Vec<T>, io::Error> {
    let (gate, results) = (Gate::new(count), Mutex::new(Vec::with_capacity(count)));
    let run = |index: usize| {
        cpus.pin(index);
        if gate.is_passed() {
            let result = work(index);
            results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
        }
    };
    std::thread::scope(|scope| {
        let run = &run;
        let mut births = (0..count).map(|index| Builder::new().spawn_scoped(scope, move || run(index)));
        births.try_for_each(|birth| birth.map(|_| ())).inspect_err(|_| gate.close())
    })?;
    Ok(results.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Opens when all who are to pass it have come, or turns them away.
struct Gate {
    state: Mutex<Passage>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Passage {
    /// So many are still to come.
    Waiting(usize),
    Open,
    Closed,
}

impl Gate {
    fn new(count: usize) -> Self {
        Self { state: Mutex::new(Passage::Waiting(count)), changed: Condvar::new() }
    }

    /// Waits for the others. Returns whether all have come.
    fn is_passed(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = match *state {
            Passage::Waiting(1) => Passage::Open,
            Passage::Waiting(missing) => Passage::Waiting(missing - 1),
            decided => decided,
        };
        if *state == Passage::Open {
            self.changed.notify_all();
        }
        let waiting = |state: &mut Passage| matches!(state, Passage::Waiting(_));
        *self.changed.wait_while(state, waiting).unwrap_or_else(PoisonError::into_inner) == Passage::Open
    }

    fn close(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = Passage::Closed;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn every_thread_works_once_all_are_there() {
        let here = AtomicUsize::new(0);
        let mut seen = at_once(&Cpus::detect(), 8, |index| {
            here.fetch_add(1, Ordering::Relaxed);
            index
        })
        .expect("eight threads can be had");
        seen.sort_unstable();
        assert_eq!((seen, here.into_inner()), ((0..8).collect(), 8));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the gate is tried without any executor")]
    fn a_gate_that_closes_lets_nobody_wait_for_one_who_never_comes() {
        let gate = Gate::new(3);
        let passed = std::thread::scope(|scope| {
            let waiting = [(); 2].map(|()| scope.spawn(|| gate.is_passed()));
            gate.close();
            waiting.map(|waiting| waiting.join().expect("it only waits"))
        });
        assert_eq!(passed, [false, false]);
        assert!(!gate.is_passed(), "and nobody passes later");
    }
}
