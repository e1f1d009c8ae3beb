//! Executors that are wrong about their threads.

use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use centurion_executors::{Bag, Executor};

use crate::{Takes, WrongWithBags, caught, hang, is_caught, on_threads, run_rightly, unattended};

caught! { wrong_bag:
    has_four_threads_when_told_one(One) says "tasks ran at once, but it says it has 1 workers":
        |_| |bag: &Bag| run_rightly(4, bag);
    has_one_thread_more_than_it_was_told(Any) says "tasks ran at once, but it says it has":
        |workers: usize| move |bag: &Bag| run_rightly(workers + 1, bag);
    has_one_thread_fewer_than_it_was_told(Any) says "only 1 of 2 tasks ran at once":
        |workers: usize| move |bag: &Bag| run_rightly(workers.saturating_sub(1).max(1), bag);
    has_at_most_four_threads(Any) says "only 4 of 8 tasks ran at once":
        |workers: usize| move |bag: &Bag| run_rightly(workers.min(4), bag);
    runs_one_task_after_another_whatever_it_says(Any) says "only 1 of 2 tasks ran at once":
        |_| |bag: &Bag| bag.run_range(0..bag.len());
    changes_threads_for_every_task(One) says "threads ran tasks, but it says it has 1 workers":
        |_| |bag: &Bag| (0..bag.len()).for_each(|index| on_threads(1, |_| bag.run(index)));
    leaves_a_thread_behind_in_every_call(One) says "left behind": |_| |bag: &Bag| {
        unattended(|| hang());
        bag.run_range(0..bag.len());
    };
    leaves_its_workers_behind_in_every_call(One) says "left behind": |_| |bag: &Bag| {
        let (bag, (send, receive)) = (bag.clone(), channel());
        unattended(move || {
            bag.run_range(0..bag.len());
            drop(bag);
            send.send(()).unwrap();
            hang();
        });
        receive.recv().unwrap();
    };
}

/// Those beside the ones that differ in how they run a bag.
pub(crate) const OTHERS: usize = 6;

#[test]
fn says_four_whatever_it_is_told() {
    let name = "says_four_whatever_it_is_told";
    let make = |_| WrongWithBags { name, says: 4, run: |bag: &Bag| run_rightly(4, bag) };
    is_caught(name, Takes::Any, "it says it has 4 workers", make);
}

#[test]
fn says_a_worker_for_each_task_and_has_two() {
    let name = "says_a_worker_for_each_task_and_has_two";
    let make = |_| WrongWithBags { name, says: usize::MAX, run: |bag: &Bag| run_rightly(2, bag) };
    is_caught(name, Takes::One, "only 2 of 20 tasks ran at once", make);
}

/// A pool of one thread.
struct LastingPool(Mutex<Sender<(Bag, Sender<()>)>>);

impl LastingPool {
    fn start() -> Self {
        let (send, receive) = channel::<(Bag, Sender<()>)>();
        unattended(move || {
            for (bag, ended) in receive {
                bag.run_range(0..bag.len());
                drop(bag);
                ended.send(()).unwrap();
            }
        });
        Self(Mutex::new(send))
    }

    fn run(&self, bag: &Bag) {
        let (send, ended) = channel();
        self.0.lock().unwrap().send((bag.clone(), send)).unwrap();
        ended.recv().unwrap();
    }
}

#[test]
fn a_pool_waits_for_itself_inside_a_task() {
    let name = "a_pool_waits_for_itself_inside_a_task";
    let make = |_| {
        let pool = LastingPool::start();
        WrongWithBags { name, says: 1, run: move |bag: &Bag| pool.run(bag) }
    };
    is_caught(name, Takes::One, "from inside a task of one: it hangs", make);
}

/// One task after another on the thread that calls, and something else when it is dropped.
struct WrongWhenDropped<F: Fn()> {
    name: &'static str,
    drop: F,
}

impl<F: Fn() + Send + Sync> Executor for WrongWhenDropped<F> {
    fn name(&self) -> &str {
        self.name
    }
    fn workers(&self) -> usize {
        1
    }
    fn execute(&self, bag: &Bag) {
        bag.run_range(0..bag.len());
    }
}

impl<F: Fn()> Drop for WrongWhenDropped<F> {
    fn drop(&mut self) {
        (self.drop)();
    }
}

#[test]
fn waits_for_ever_when_it_is_dropped() {
    let name = "waits_for_ever_when_it_is_dropped";
    is_caught(name, Takes::One, "dropped: it hangs", |_| WrongWhenDropped { name, drop: || hang() });
}

#[test]
fn panics_when_it_is_dropped() {
    let name = "panics_when_it_is_dropped";
    let make = |_| WrongWhenDropped { name, drop: || panic!("not yet") };
    is_caught(name, Takes::One, "dropped: it panicked: not yet", make);
}

impl LastingPool {
    /// Runs a bag, on the thread that calls while the pool runs another.
    fn run_or_help(&self, bag: &Bag) {
        match self.0.try_lock() {
            Ok(send) => {
                let (ended, receive) = channel();
                send.send((bag.clone(), ended)).unwrap();
                receive.recv().unwrap();
            }
            Err(_) => bag.run_range(0..bag.len()),
        }
    }
}

#[test]
fn leaves_its_pool_behind_when_it_is_dropped() {
    let name = "leaves_its_pool_behind_when_it_is_dropped";
    let make = |_| {
        let pool: &'static LastingPool = Box::leak(Box::new(LastingPool::start()));
        WrongWithBags { name, says: 1, run: |bag: &Bag| pool.run_or_help(bag) }
    };
    is_caught(name, Takes::One, "dropped: threads of it live on", make);
}
