//! Graphs a hundred thousand tasks deep: nothing recurses, neither at work nor in any order of dropping.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ThreadId};

use centurion_delayed::{Delayed, Plan, all, delayed, try_delayed};
use centurion_executors::{Start, Workers, find};

const DEPTH: usize = 100_000;

fn chain(first: Delayed<'static, usize>) -> Delayed<'static, usize> {
    (0..DEPTH).fold(first, |last, _| last.then(|depth| depth + 1))
}

/// As deep, and with nothing to fuse: every task needs the two before it.
fn ladder() -> Delayed<'static, usize> {
    let (mut last, mut before) = (delayed(|| 1_usize), delayed(|| 1));
    for _ in 0..DEPTH {
        (last, before) = (last.with(&before, |a, b| a.wrapping_add(*b)), last);
    }
    last
}

#[test]
fn a_deep_chain_runs_as_one_step_on_every_executor() {
    for factory in centurion_executors::all() {
        let workers = if factory.workers == Workers::One { 1 } else { 2 };
        let executor = factory.start(&Start::workers(workers)).expect("it starts");
        let last = chain(delayed(|| 0));
        assert_eq!(Plan::new([&last]).explain().steps, 1);
        assert_eq!(last.compute(&*executor), Ok(&DEPTH), "{}", factory.name);
    }
}

#[test]
fn a_deep_ladder_runs_on_every_executor_with_few_workers() {
    for factory in centurion_executors::all() {
        let workers = match factory.workers {
            Workers::One => 1,
            Workers::Any | Workers::UnderWay => 2,
            Workers::PerAgent => continue, // a hundred thousand threads
        };
        let executor = factory.start(&Start::workers(workers)).expect("it starts");
        assert!(ladder().compute(&*executor).is_ok(), "{}", factory.name);
    }
}

#[test]
fn deep_graphs_are_dropped_without_having_run() {
    drop(chain(delayed(|| 0)));
    drop(ladder());
    let each = (0..DEPTH).fold(delayed(|| 0), |last, _| all([last]).then(|last| *last[0]));
    drop(each);
}

#[test]
fn what_never_ran_is_dropped_on_the_thread_that_drops_its_last_handle() {
    struct Watch(ThreadId, Arc<AtomicUsize>);
    impl Drop for Watch {
        fn drop(&mut self) {
            let here = thread::current().id() == self.0;
            self.1.fetch_add(usize::from(here), Ordering::Relaxed);
        }
    }
    let dropped_here = Arc::new(AtomicUsize::new(0));
    let mut last = delayed(|| ());
    for _ in 0..DEPTH {
        let watch = Watch(thread::current().id(), Arc::clone(&dropped_here));
        last = last.then(move |()| drop(watch));
    }
    drop(last);
    assert_eq!(dropped_here.load(Ordering::Relaxed), DEPTH);
}

#[test]
fn a_plan_keeps_a_deep_graph_and_drops_it() {
    let plan = Plan::new([&chain(delayed(|| 0))]);
    assert_eq!(plan.explain().tasks, DEPTH + 1);
    assert_eq!(plan.explain().longest_path, DEPTH + 1);
    drop(plan);
}

#[test]
fn a_failure_as_deep_as_the_graph_is_shown_and_dropped() {
    let last = chain(try_delayed(|| Err("no")).named("first"));
    let failure = last.compute_scoped(1).unwrap_err();
    assert_eq!(failure.path().count(), DEPTH + 1);
    assert!(format!("{failure:?}").ends_with("which needs first, which failed: no)"), "{failure:?}");
    drop(last);
    drop(failure);
}

#[test]
fn handles_in_closures_of_tasks_in_closures_are_dropped() {
    let mut last = delayed(|| 0);
    for _ in 0..DEPTH {
        let held = last;
        last = delayed(move || *held.outcome().unwrap().unwrap());
    }
    drop(last);
}

#[test]
fn handles_in_results_of_tasks_in_results_are_dropped() {
    struct Held {
        _inner: Option<Delayed<'static, Held>>,
    }
    let serial = find("serial").unwrap().start(&Start::workers(1)).unwrap();
    let mut last = delayed(|| Held { _inner: None });
    for _ in 0..DEPTH {
        let held = last;
        last = delayed(move || Held { _inner: Some(held) });
        last.compute(&*serial).unwrap();
    }
    drop(last);
}

#[test]
fn a_wide_graph_is_dropped_by_its_last_handle_wherever_that_is() {
    let shared = Arc::new(chain(delayed(|| 0)));
    let holders: Vec<_> = (0..4).map(|_| Arc::clone(&shared)).collect();
    drop(shared);
    #[expect(clippy::disallowed_methods, reason = "the last handle is to be dropped by any of four threads")]
    thread::scope(|scope| {
        for holder in holders {
            scope.spawn(move || drop(holder));
        }
    });
}

#[test]
fn where_threads_are_refused_drops_nest_on_the_stack_there_is() {
    let this = std::env::current_exe().expect("a test knows where it is");
    let arguments = ["--ignored", "--exact", "drops_nest_where_no_thread_is_born", "--test-threads=1"];
    let absurd_stack = (1_u64 << 60).to_string();
    let output = std::process::Command::new(this)
        .args(arguments)
        .env("RUST_MIN_STACK", absurd_stack)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
#[ignore = "runs in a process of its own, in which the system refuses threads"]
fn drops_nest_where_no_thread_is_born() {
    let mut last = delayed(|| 0);
    for _ in 0..350 {
        let held = last;
        last = delayed(move || *held.outcome().unwrap().unwrap());
    }
    drop(last);
    let sum = all((0..100).map(|n| delayed(move || n))).then(|all| all.iter().copied().sum::<i32>());
    assert_eq!(sum.compute_scoped(8), Ok(&4_950));
}
