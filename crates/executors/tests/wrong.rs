//! Executors that are wrong, each in a way of its own, and the sentence with which the suite catches it.
//!
//! What hangs here sleeps, so that it takes no time from the others.

#[path = "wrong/bags.rs"]
mod bags;
#[path = "wrong/flows.rs"]
mod flows;
#[path = "wrong/futures.rs"]
mod futures;
#[path = "wrong/threads.rs"]
mod threads;

use futures::{wrong_bag_under_way, wrong_flow_under_way};
use std::panic::catch_unwind;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use centurion_executors::{Bag, Executor, Flow, conformance};

/// Runs bags as `run` says, and flows by the shared scheduler on it.
struct WrongWithBags<F> {
    name: &'static str,
    says: usize,
    run: F,
}

impl<F: Fn(&Bag) + Send + Sync> Executor for WrongWithBags<F> {
    fn name(&self) -> &str {
        self.name
    }
    fn workers(&self) -> usize {
        self.says
    }
    fn execute(&self, bag: &Bag) {
        (self.run)(bag);
    }
}

/// Runs flows as `run` says, and bags as it should.
struct WrongWithFlows<F> {
    name: &'static str,
    workers: usize,
    run: F,
}

impl<F: Fn(&Flow) + Send + Sync> Executor for WrongWithFlows<F> {
    fn name(&self) -> &str {
        self.name
    }
    fn workers(&self) -> usize {
        self.workers
    }
    fn execute(&self, bag: &Bag) {
        run_rightly(self.workers, bag);
    }
    fn execute_flow(&self, flow: &Flow) {
        (self.run)(flow);
    }
}

/// How many workers it can be started with.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    One,
    Any,
    /// Any number of tasks under way.
    UnderWay,
}

/// Checks that the suite catches an executor that `make` makes for a number of workers, and says so.
fn is_caught<E: Executor + 'static>(name: &str, takes: Takes, sentence: &str, make: impl Fn(usize) -> E) {
    let examined = catch_unwind(AssertUnwindSafe(|| {
        let start = |workers| -> Box<dyn Executor> { Box::new(make(workers)) };
        match takes {
            Takes::One | Takes::Any => conformance::check(takes == Takes::Any, start),
            Takes::UnderWay => conformance::check_under_way(start),
        }
    }));
    let payload = examined.expect_err("the suite finds nothing wrong with it");
    let Some(said) = payload.downcast_ref::<String>() else { resume_unwind(payload) };
    assert!(said.starts_with(name) && said.contains(sentence), "{said}");
}

/// A test for each wrong executor: its name, how many workers it takes, what the suite says, and what it does.
macro_rules! caught {
    ($kind:ident: $($name:ident($takes:ident) says $sentence:literal: $make:expr;)*) => {
        $(#[test] fn $name() {
            let name = stringify!($name);
            let make = $make;
            crate::is_caught(name, crate::Takes::$takes, $sentence, move |workers| {
                crate::$kind(name, workers, make(workers))
            });
        })*

        pub(crate) const COUNT: usize = [$(stringify!($name)),*].len();
    };
}
pub(crate) use caught;

fn wrong_bag<F: Fn(&Bag) + Send + Sync>(name: &'static str, workers: usize, run: F) -> WrongWithBags<F> {
    WrongWithBags { name, says: workers, run }
}

fn wrong_flow<F: Fn(&Flow) + Send + Sync>(name: &'static str, workers: usize, run: F) -> WrongWithFlows<F> {
    WrongWithFlows { name, workers, run }
}

/// Does `work` on so many threads.
#[expect(clippy::disallowed_methods, reason = "executors are made here")]
fn on_threads(count: usize, work: impl Fn(usize) + Sync) {
    let work = &work;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|worker| scope.spawn(move || work(worker))).collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

/// Starts a thread for which nobody waits.
#[expect(clippy::disallowed_methods, reason = "executors are made here")]
fn unattended(work: impl FnOnce() + Send + 'static) {
    drop(std::thread::spawn(work));
}

fn run_rightly(workers: usize, bag: &Bag) {
    let next = AtomicUsize::new(0);
    on_threads(workers.min(bag.len()), |_| {
        std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
            .take_while(|&index| index < bag.len())
            .for_each(|index| bag.run(index));
    });
}

fn sleep(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

fn hang() -> ! {
    loop {
        sleep(1_000);
    }
}

#[test]
fn as_many_wrong_executors_are_caught_as_the_readme_says() {
    let count = bags::COUNT + threads::COUNT + flows::COUNT + futures::COUNT + threads::OTHERS;
    let readme = include_str!("../README.md");
    assert!(readme.contains(&format!("{count} wrong executors")), "there are {count} by now");
}
