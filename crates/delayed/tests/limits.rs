//! Cancelling and deadlines: nothing starts any more, what has run is kept, the rest can run later.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use centurion_delayed::{Cancel, Delayed, Limits, Plan, all, delayed, tree};
use centurion_executors::{Executor, Start, Workers, find};

/// Sixteen tasks whose results a tree sums up; the closure is called by every task with its number.
fn sums(run: impl Fn(usize) + Send + Sync + 'static) -> Vec<Delayed<'static, usize>> {
    let run = Arc::new(run);
    let mut handles: Vec<Delayed<'static, usize>> = Vec::new();
    for task in 0..31 {
        let run = Arc::clone(&run);
        handles.push(match task {
            0..16 => delayed(move || {
                run(task);
                1
            }),
            _ => handles[2 * task - 32].with(&handles[2 * task - 31], move |a, b| {
                run(task);
                a + b
            }),
        });
    }
    handles
}

fn executors() -> impl Iterator<Item = Box<dyn Executor>> {
    centurion_executors::all().into_iter().map(|factory| {
        let workers = if factory.workers == Workers::One { 1 } else { 3 };
        factory.start(&Start::workers(workers)).expect("it starts")
    })
}

type StartedTasks = Arc<Mutex<Vec<usize>>>;

#[test]
fn cancelled_at_any_point_a_computation_goes_on_later_where_it_stopped() {
    for executor in executors() {
        for last in 0..31 {
            let (cancel, log) = (Cancel::new(), StartedTasks::default());
            let (pulled, logged) = (cancel.clone(), Arc::clone(&log));
            let handles = sums(move |task| {
                logged.lock().unwrap().push(task);
                if task == last {
                    pulled.cancel();
                }
            });
            let plan = Plan::new(&handles).within(Limits::none().cancelled_by(&cancel));
            let stopped = plan.compute(&*executor);
            let ended = handles.iter().filter(|handle| handle.outcome().is_some()).count();
            assert_eq!(ended, log.lock().unwrap().len(), "what was begun was ended");
            assert_eq!(stopped.is_ok(), ended == 31);
            if let Err(failure) = stopped {
                assert!(failure.to_string().ends_with("was not started: cancelled"), "{failure}");
            }
            assert_eq!(handles[30].compute(&*executor), Ok(&16));
            let mut log = log.lock().unwrap().clone();
            log.sort_unstable();
            assert_eq!(log, (0..31).collect::<Vec<_>>(), "each ran once");
        }
    }
}

#[test]
fn one_worker_starts_nothing_after_the_task_that_cancels() {
    let serial = find("serial").unwrap().start(&Start::workers(1)).unwrap();
    for last in 0..31 {
        let (cancel, log) = (Cancel::new(), StartedTasks::default());
        let (pulled, logged) = (cancel.clone(), Arc::clone(&log));
        let handles = sums(move |task| {
            logged.lock().unwrap().push(task);
            if task == last {
                pulled.cancel();
            }
        });
        let plan = Plan::new([&handles[30]]).within(Limits::none().cancelled_by(&cancel));
        assert_eq!(plan.compute(&*serial).is_ok(), last == 30);
        assert_eq!(log.lock().unwrap().last(), Some(&last));
    }
}

#[test]
fn a_chain_is_cancelled_between_its_tasks() {
    let cancel = Cancel::new();
    let pull = cancel.clone();
    let first = delayed(|| 1);
    let second = first.then(move |one| {
        pull.cancel();
        one + 1
    });
    let third = second.then(|two| two + 1).named("third");
    let plan = Plan::new([&third]).within(Limits::none().cancelled_by(&cancel));
    assert_eq!(plan.explain().steps, 1);
    assert_eq!(plan.compute_scoped(1).unwrap_err().to_string(), "third was not started: cancelled");
    assert_eq!(second.outcome(), Some(Ok(&2)));
    assert_eq!(third.compute_scoped(1), Ok(&3));
}

#[test]
fn a_passed_deadline_starts_nothing() {
    let handles = sums(|task| panic!("task {task} ran"));
    let plan = Plan::new(&handles).within(Limits::none().deadline_in(Duration::ZERO));
    let failure = plan.compute_scoped(2).unwrap_err();
    assert!(failure.to_string().ends_with("was not started: the deadline had passed"), "{failure}");
    assert!(handles.iter().all(|handle| handle.outcome().is_none()));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "waits for a deadline to pass")]
fn a_deadline_that_passes_midway_keeps_what_was_begun() {
    let soon = Duration::from_millis(1);
    let limits = Limits::none().deadline_in(soon);
    let later = Instant::now() + soon;
    let slow = delayed(move || while Instant::now() < later {});
    let next = slow.then(|()| "ran").named("next");
    let plan = Plan::new([&next]).within(limits);
    let failure = plan.compute_scoped(1).unwrap_err();
    assert_eq!(failure.to_string(), "next was not started: the deadline had passed");
    assert_eq!(next.compute_scoped(1), Ok(&"ran"));
}

#[test]
fn a_distant_deadline_and_an_unused_token_stop_nothing() {
    for time in [Duration::from_secs(3_600), Duration::MAX] {
        let limits = Limits::none().deadline_in(time).cancelled_by(&Cancel::new());
        let sum = tree((0..100).map(|n| delayed(move || n)), |a, b| a + b).unwrap();
        assert_eq!(Plan::new([&sum]).within(limits).compute_scoped(2), Ok(()));
        assert_eq!(sum.outcome(), Some(Ok(&4_950)));
    }
}

#[test]
fn limits_do_not_take_away_a_result_that_is_there() {
    let answer = delayed(|| 42);
    answer.compute_scoped(1).unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    let limits = Limits::none().cancelled_by(&cancel);
    assert_eq!(Plan::new([&answer]).within(limits).compute_scoped(1), Ok(()));
}

#[test]
fn a_failure_reaches_what_needs_it_even_if_other_inputs_were_cancelled() {
    let cancel = Cancel::new();
    let pull = cancel.clone();
    let failed = centurion_delayed::try_delayed(|| Err::<i32, _>("no")).named("failed");
    let pulled = delayed(move || {
        pull.cancel();
        1
    });
    let never = pulled.then(|one| one + 1);
    let sum = all([&failed, &never]).then(|_| ()).named("sum");
    let plan = Plan::new([&sum]).within(Limits::none().cancelled_by(&cancel));
    plan.compute_scoped(1).unwrap_err();
    assert_eq!(sum.compute_scoped(1).unwrap_err().to_string(), "sum needs failed, which failed: no");
}
