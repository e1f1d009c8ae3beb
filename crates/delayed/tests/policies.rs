//! Retries, time limits, places, progress, and coming back in time.
#![expect(clippy::disallowed_methods, reason = "the tests need several callers")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use centurion_delayed::{
    Cancel, Delayed, Failure, Limits, Places, Plan, PlanProgress, Retries, Why, all, delayed, delayed_async,
    join, time_limit, try_delayed, try_delayed_async,
};
use centurion_executors::{Executor, Start, Workers, find};

const MOMENT: Duration = Duration::from_millis(1);

fn executors(workers: usize) -> impl Iterator<Item = (&'static str, Box<dyn Executor>)> {
    centurion_executors::all().into_iter().map(move |factory| {
        let workers = if factory.workers == Workers::One { 1 } else { workers };
        (factory.name, factory.start(&Start::workers(workers)).expect("it starts"))
    })
}

#[test]
fn calls_that_wait_are_tried_again_as_often_as_is_said() {
    for (name, executor) in executors(2) {
        let tries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&tries);
        let retries = Retries::new(3).pause(MOMENT);
        let call = try_delayed_async(move |wait| async move {
            let ask = || async { counted.fetch_add(1, Ordering::Relaxed).checked_sub(2).ok_or("busy") };
            retries.call_async(wait, ask).await
        });
        assert_eq!(call.compute(&executor), Ok(&0), "{name}");
        assert_eq!(tries.load(Ordering::Relaxed), 3, "{name}");
    }
}

#[test]
fn on_a_runtime_a_call_that_waits_too_long_fails_and_what_is_quick_does_not() {
    let executor = find("tokio-current-thread").unwrap().start(&Start::workers(2)).unwrap();
    let limited = |limit: Duration| {
        try_delayed_async(move |wait| {
            time_limit(wait, limit, async move {
                wait.sleep(MOMENT * 20).await;
                7
            })
        })
        .named("agent")
    };
    let told = limited(MOMENT).compute(&executor).unwrap_err().to_string();
    assert_eq!(told, "agent failed: took longer than its time limit of 1ms");
    assert_eq!(limited(Duration::from_secs(60)).compute(&executor), Ok(&7));
}

/// How many are inside at once, and the most there ever were.
#[derive(Default)]
struct Inside(AtomicUsize, AtomicUsize);

impl Inside {
    fn enter(&self) {
        let inside = self.0.fetch_add(1, Ordering::AcqRel) + 1;
        self.1.fetch_max(inside, Ordering::AcqRel);
    }

    fn leave(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[test]
fn no_more_calls_of_a_class_are_under_way_than_it_has_places() {
    for (name, executor) in executors(8) {
        let (server, inside) = (Places::new(2), Arc::new(Inside::default()));
        let waiting = (0..10).map(|_| {
            let (server, inside) = (server.clone(), Arc::clone(&inside));
            delayed_async(move |wait| async move {
                let ask = async {
                    inside.enter();
                    wait.sleep(MOMENT).await;
                    inside.leave();
                };
                server.call_async(ask).await;
            })
        });
        let calls = all(waiting).then(|calls| calls.len());
        assert_eq!(calls.compute(&executor), Ok(&10), "{name}");
        assert!(inside.1.load(Ordering::Acquire) <= 2, "{name}");
    }
    let (server, inside) = (Places::new(2), Inside::default());
    let calls = (0..20).map(|_| {
        delayed(|| {
            server.call(|| {
                inside.enter();
                inside.leave();
            });
        })
    });
    all(calls).then(|_| ()).compute_scoped(8).unwrap();
    assert!(inside.1.load(Ordering::Acquire) <= 2);
}

#[test]
fn a_place_is_free_again_after_a_panic() {
    let server = Places::new(1);
    let panics = delayed(|| server.call(|| std::panic::resume_unwind(Box::new("boom"))));
    assert!(Plan::new([&panics.then(|()| ())]).compute_scoped(1).is_err());
    assert_eq!(server.call(|| 1), 1);
}

#[test]
fn every_task_that_ends_is_told_once() {
    for (name, executor) in executors(2) {
        let told = Arc::new(Mutex::new(Vec::<PlanProgress>::new()));
        let listener = Arc::clone(&told);
        let failed = try_delayed(|| Err::<i32, _>("no")).named("bad");
        let last = join!(failed, delayed(|| 1).named("good")).then(|a, b| a + b).named("last");
        let plan = Plan::new([&last]).on_progress(move |progress| {
            listener.lock().unwrap().push(progress.clone());
            std::panic::resume_unwind(Box::new("fails nothing"));
        });
        plan.compute(&executor).unwrap_err();
        let mut told = std::mem::take(&mut *told.lock().unwrap());
        told.sort_by_key(|progress| progress.ended);
        assert!(told.iter().map(|progress| progress.ended).eq(1..=3) && told[0].tasks == 3, "{name}");
        assert_eq!((told[2].task.as_str(), told[2].failed, told[2].took), ("last", true, None), "{name}");
    }
}

/// A task that has begun when the first barrier is passed, and ends when the second is.
fn slow(begun: &Arc<Barrier>, go_on: &Arc<Barrier>) -> Delayed<'static, i32> {
    let (begun, go_on) = (Arc::clone(begun), Arc::clone(go_on));
    let wait = move || {
        begun.wait();
        go_on.wait();
        1
    };
    delayed(wait).named("slow")
}

/// Cancels a computation within a task of its plan, and checks what it says when it comes back.
fn is_left_behind(name: &str, compute: impl FnOnce(&Plan<'static>) -> Result<(), Failure> + Send) {
    let (begun, go_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let summary = slow(&begun, &go_on).then(|one| one + 1).named("summary");
    let cancel = Cancel::new();
    let plan = Plan::new([&summary]).within(Limits::none().cancelled_by(&cancel));
    let failure = std::thread::scope(|scope| {
        let computed = scope.spawn(|| compute(&plan).unwrap_err());
        begun.wait();
        cancel.cancel();
        computed.join().unwrap()
    });
    let told = "summary has no result in time, for these still run: slow";
    assert_eq!(failure.to_string(), told, "{name}");
    assert!(matches!(failure.why(), Why::LeftRunning(tasks) if tasks == &["slow"]), "{name}");
    go_on.wait();
    assert_eq!(summary.compute_scoped(1), Ok(&2), "{name}: what ran is kept");
}

#[test]
fn at_its_deadline_a_computation_comes_back_and_says_what_still_runs() {
    for (name, executor) in executors(2) {
        is_left_behind(name, |plan| plan.compute_in_time(executor));
    }
    is_left_behind("the default", Plan::run);
}

#[test]
fn on_threads_of_its_own_a_computation_waits_for_what_borrows() {
    let (words, cancel, told) = (vec!["a", "word"], Cancel::new(), Mutex::new(Vec::new()));
    let count = delayed(|| {
        cancel.cancel();
        told.lock().unwrap().push(words.len());
    });
    let next = count.then(|()| told.lock().unwrap().push(0)).named("next");
    let plan = Plan::new([&next]).within(Limits::none().cancelled_by(&cancel));
    assert_eq!(plan.compute_scoped(2).unwrap_err().to_string(), "next was not started: cancelled");
    assert_eq!(*told.lock().unwrap(), [2]);
}

#[test]
fn what_ends_in_time_is_there() {
    let sum = join!(delayed(|| 1), delayed(|| 2)).then_owned(|a, b| a + b);
    let plan = Plan::new([&sum]).within(Limits::none().deadline_in(Duration::from_secs(3_600)));
    let executor: Arc<dyn Executor> = find("rayon").unwrap().start(&Start::workers(2)).unwrap().into();
    assert_eq!(plan.compute_in_time(executor), Ok(()));
    assert_eq!(sum.outcome(), Some(Ok(&3)));
}

#[test]
fn who_waits_for_another_s_task_comes_back_when_cancelled() {
    let (begun, cancel, ended) = (Barrier::new(2), Cancel::new(), AtomicBool::new(false));
    let slow = delayed(|| {
        begun.wait();
        while !cancel.is_cancelled() {
            std::hint::spin_loop();
        }
        while !ended.load(Ordering::Acquire) {
            std::hint::spin_loop();
        }
    });
    let next = slow.then(|()| 1).named("next");
    std::thread::scope(|scope| {
        scope.spawn(|| slow.compute_scoped(1).unwrap());
        begun.wait();
        scope.spawn(|| cancel.cancel());
        let plan = Plan::new([&next]).within(Limits::none().cancelled_by(&cancel));
        assert_eq!(plan.compute_scoped(1).unwrap_err().to_string(), "next was not started: cancelled");
        ended.store(true, Ordering::Release);
    });
}

#[test]
fn eight_types_are_joined() {
    let joined = join!(
        delayed(|| 1_u8),
        delayed(|| 2_u16),
        delayed(|| 3_u32),
        delayed(|| 4_u64),
        delayed(|| 5_i8),
        delayed(|| 6_i16),
        delayed(|| "7"),
        delayed(|| 8.0),
    );
    let text = joined.then(|a, b, c, d, e, f, g, h| format!("{a}{b}{c}{d}{e}{f}{g}{h}"));
    assert_eq!(text.run().unwrap(), "12345678");
    assert!(join!(text, text).try_then(|_, _| Err::<(), _>("no")).run().is_err());
}
