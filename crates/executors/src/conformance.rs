//! What every executor must do. Run it on your own with [`check`].
//!
//! Nothing an executor does wrong makes the suite wait: each step is watched from another thread, and one in which
//! no task begins any more ends in a sentence that names the step. Waiting is counted in short sleeps, which take
//! longer on a busy machine, so that a right executor has time enough wherever it runs.

mod bags;
mod callers;
mod flows;
mod graphs;
mod stack;
mod subject;
mod tally;
mod threads;
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
    examine(None, any_workers, true, start);
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
    examine(None, any_workers, false, start);
}

/// [`check`] for an executor of the workspace's list.
///
/// # Panics
/// With a sentence that names the executor and the broken promise, or when it does not start.
pub fn check_factory(factory: &Factory) {
    let any_workers = matches!(factory.workers, Workers::Any | Workers::UnderWay);
    // Tasks that keep their thread are run at once on as many as a runtime has.
    let parallel = factory.workers != Workers::UnderWay;
    examine(Some(factory.name), any_workers, parallel, |workers| {
        factory.start(&Start::workers(workers)).expect("the executor starts")
    });
}

fn examine(
    name: Option<&str>,
    any_workers: bool,
    parallel: bool,
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
        threads::check(&subject, parallel);
        let other = begin(workers);
        callers::check(&subject, &other);
        other.end();
        subject.end();
    }
    let subject = begin(counts[counts.len() / 2]);
    stack::check(&subject);
    subject.end();
}
