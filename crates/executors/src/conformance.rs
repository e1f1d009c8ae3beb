//! What every executor must do. Run it on your own with [`check`].
//!
//! Nothing an executor does wrong makes the suite wait: each step is watched from another thread, and one in which
//! no task begins any more ends in a sentence that names the step. Waiting is counted in short sleeps, which take
//! longer on a busy machine, so that a right executor has time enough wherever it runs.

mod bags;
mod callers;
mod flows;
mod futures;
mod graphs;
mod stack;
mod subject;
mod tally;
mod threads;
mod under_way;
mod waiting;
mod watchdog;

use crate::{Executor, Factory, Start, Workers};
use subject::Subject;

/// Checks an executor that `start` starts with a given number of workers. `any_workers` says whether it
/// takes every number; otherwise it is only started with one.
///
/// # Panics
/// With a sentence that names the executor and the broken promise.
///
/// ```
/// use centurion_executors::{Start, conformance, find};
/// let factory = find("std-counter").unwrap();
/// conformance::check(true, |workers| factory.start(&Start::workers(workers)).unwrap());
/// ```
pub fn check(any_workers: bool, start: impl Fn(usize) -> Box<dyn Executor>) {
    examine(None, any_workers, AtOnce::All, start);
}

/// [`check`] for an executor that runs one task at a time, whatever number of workers it says it has, as
/// [`VirtualTime`](crate::VirtualTime) does.
///
/// # Panics
/// With a sentence that names the executor and the broken promise.
///
/// ```
/// use centurion_executors::{VirtualTime, conformance};
/// conformance::check_sequential(true, |workers| Box::new(VirtualTime::new(workers, vec![3, 1, 2])));
/// ```
pub fn check_sequential(any_workers: bool, start: impl Fn(usize) -> Box<dyn Executor>) {
    examine(None, any_workers, AtOnce::Fewer, start);
}

/// [`check`] for an executor that has as many tasks under way at once as it says it has workers while they wait as
/// futures, as on async runtimes, but not while they keep their threads.
///
/// # Panics
/// With a sentence that names the executor and the broken promise.
///
/// ```
/// # #[cfg(feature = "runtimes")] {
/// use centurion_executors::{Start, conformance, find};
/// let factory = find("futures-unordered").unwrap();
/// conformance::check_under_way(|workers| factory.start(&Start::workers(workers)).unwrap());
/// # }
/// ```
pub fn check_under_way(start: impl Fn(usize) -> Box<dyn Executor>) {
    examine(None, true, AtOnce::Waiting, start);
}

/// [`check`] for an executor of the workspace's list.
///
/// # Panics
/// With a sentence that names the executor and the broken promise, or when it does not start.
pub fn check_factory(factory: &Factory) {
    let (any_workers, at_once) = match factory.workers {
        Workers::One | Workers::PerAgent => (false, AtOnce::All),
        Workers::Any => (true, AtOnce::All),
        Workers::UnderWay => (true, AtOnce::Waiting),
    };
    examine(Some(factory.name), any_workers, at_once, |workers| {
        factory.start(&Start::workers(workers)).expect("the executor starts")
    });
}

/// Of which tasks as many are under way at once as there are workers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtOnce {
    All,
    Waiting,
    Fewer,
}

fn examine(
    name: Option<&str>,
    any_workers: bool,
    at_once: AtOnce,
    start: impl Fn(usize) -> Box<dyn Executor>,
) {
    let counts: &[usize] = if any_workers { &[1, 2, 3, 8] } else { &[1] };
    let begin = |workers| Subject::new(name, workers, start(workers).into());
    for &workers in counts {
        let subject = begin(workers);
        subject.step("being asked for its workers", move |subject| {
            threads::says_its_workers(subject, any_workers)
        });
        bags::check(&subject);
        flows::check(&subject);
        threads::check(&subject, at_once == AtOnce::All);
        futures::check(&subject, at_once != AtOnce::Fewer);
        subject.step("called again and again", threads::leaves_none_behind);
        let other = begin(workers);
        callers::check(&subject, &other);
        futures::check_callers(&subject);
        other.end();
        subject.end();
    }
    let subject = begin(counts[counts.len() / 2]);
    stack::check(&subject);
    subject.end();
}
