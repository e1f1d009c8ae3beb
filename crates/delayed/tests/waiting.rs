//! Tasks that wait: futures, begun when they are asked for, which give their thread back on a runtime.

use std::future::{Future, poll_fn};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use centurion_delayed::{
    Cancel, Delayed, Limits, Plan, all, compute_all, delayed, delayed_async, join, try_delayed_async,
};
use centurion_executors::{Executor, Start, Workers, find};

const MOMENT: Duration = Duration::from_millis(1);

fn executors() -> impl Iterator<Item = (&'static str, Box<dyn Executor>)> {
    centurion_executors::all().into_iter().map(|factory| {
        let workers = if factory.workers == Workers::One { 1 } else { 4 };
        (factory.name, factory.start(&Start::workers(workers)).expect("it starts"))
    })
}

/// Two who wait for each other. Clones are the same two.
#[derive(Clone, Default)]
struct Rendezvous(Arc<(AtomicUsize, Mutex<Option<Waker>>)>);

impl Rendezvous {
    fn meet(&self) -> impl Future<Output = ()> + Send + use<> {
        let (here, mut came) = (Arc::clone(&self.0), false);
        poll_fn(move |context| {
            let mut other = here.1.lock().unwrap();
            if !came {
                came = true;
                here.0.fetch_add(1, Ordering::AcqRel);
                other.take().into_iter().for_each(Waker::wake);
            }
            if here.0.load(Ordering::Acquire) == 2 {
                return Poll::Ready(());
            }
            *other = Some(context.waker().clone());
            Poll::Pending
        })
    }
}

/// Has two calls meet that both need a third, and returns what comes of them.
fn two_that_meet() -> Delayed<'static, u32> {
    let meeting = Rendezvous::default();
    let first = delayed_async(|wait| async move {
        wait.sleep(MOMENT).await;
        20
    });
    let meets = |add: u32| {
        let meeting = meeting.clone();
        first.then_async(move |first, _| async move {
            meeting.meet().await;
            *first + add
        })
    };
    meets(1).with(&meets(2), |one, other| one + other)
}

#[test]
fn dependent_calls_that_wait_for_each_other_overlap_on_the_calling_thread_alone() {
    for name in ["tokio-current-thread", "futures-unordered"] {
        let executor = find(name).unwrap().start(&Start::workers(2)).unwrap();
        assert_eq!(two_that_meet().compute(&*executor), Ok(&43), "{name}");
    }
}

#[test]
fn dependent_calls_that_wait_for_each_other_overlap_wherever_there_are_two_workers() {
    let right = |name: &&str| !matches!(*name, "serial" | "tokio-blocking");
    for (name, executor) in executors().filter(|(name, _)| right(name)) {
        assert_eq!(two_that_meet().compute(&*executor), Ok(&43), "{name}");
    }
    assert_eq!(two_that_meet().compute_scoped(2), Ok(&43));
}

#[test]
fn calls_that_wait_and_calls_that_do_not_feed_each_other() {
    for (name, executor) in executors() {
        let numbers: Vec<_> = (0..10)
            .map(|number| {
                delayed_async(move |wait| async move {
                    wait.sleep(MOMENT).await;
                    number
                })
            })
            .collect();
        let texts: Vec<_> = numbers.iter().map(|number| number.then(ToString::to_string)).collect();
        let joined = all(&texts).then_async(|texts, wait| async move {
            wait.sleep(MOMENT).await;
            texts.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(" ")
        });
        let sum = all(&numbers).then(|numbers| numbers.iter().copied().sum::<i32>());
        let both = joined.with_async(&sum, |joined, sum, _| async move { format!("{} = {}", *joined, *sum) });
        assert_eq!(both.compute(&*executor).unwrap(), "0 1 2 3 4 5 6 7 8 9 = 45", "{name}");
        assert!(numbers[3].duration().unwrap() >= MOMENT, "{name}");
    }
}

#[test]
fn a_call_that_borrows_waits_on_scoped_threads() {
    let words = ["a".to_owned(), "word".to_owned()];
    let lengths = words.iter().map(|word| delayed_async(move |_| async move { word.len() }));
    assert_eq!(all(lengths).then(|lengths| lengths.iter().copied().sum::<usize>()).compute_scoped(2), Ok(&5));
}

#[test]
fn panics_and_errors_of_calls_that_wait_fail_what_needs_them_and_nothing_else() {
    let at_once = |_| -> std::future::Ready<i32> { resume_unwind(Box::new("no future")) };
    for (name, executor) in executors() {
        let calls = [
            delayed_async(at_once).named("at once"),
            delayed_async(|_| async { resume_unwind(Box::new("first poll")) }).named("early"),
            delayed_async(|wait| async move {
                wait.sleep(MOMENT).await;
                resume_unwind(Box::new("later poll"))
            })
            .named("late"),
            try_delayed_async(|wait| async move {
                wait.sleep(MOMENT).await;
                "4x2".parse::<i32>()
            })
            .named("number"),
            delayed_async(|_| async { 42 }).named("good"),
        ];
        let needing: Vec<_> = calls
            .iter()
            .map(|call| call.then_async(|one, _| async move { *one + 1 }).named("next"))
            .collect();
        let said = compute_all(&needing, &*executor).into_iter().map(|result| match result {
            Ok(number) => number.to_string(),
            Err(failure) => failure.to_string(),
        });
        let expected = [
            "next needs at once, which panicked: no future",
            "next needs early, which panicked: first poll",
            "next needs late, which panicked: later poll",
            "next needs number, which failed: invalid digit found in string",
            "43",
        ];
        assert!(said.eq(expected), "{name}");
    }
}

#[test]
fn all_ways_to_fail_while_waiting_keep_the_text() {
    let one = delayed(|| 1).named("one");
    let text = |task: Delayed<'_, ()>| task.named("it").compute_scoped(1).unwrap_err().to_string();
    assert_eq!(text(try_delayed_async(|_| async { Err("text") })), "it failed: text");
    assert_eq!(text(one.try_then_async(|one, _| async move { Err(one.to_string()) })), "it failed: 1");
    assert_eq!(
        text(one.try_with_async(&one, |a, b, _| async move { Err((*a + *b).to_string()) })),
        "it failed: 2"
    );
    assert_eq!(
        text(all([&one; 3]).try_then_async(|ones, _| async move { Err(ones.len().to_string()) })),
        "it failed: 3"
    );
    let settled = all([&one; 4]).settled();
    assert_eq!(
        text(settled.try_then_async(|ones, _| async move { Err(ones.len().to_string()) })),
        "it failed: 4"
    );
    let pair = join!(one, delayed(|| 4)).try_then_async(|a, b, _| async move { Err((*a + *b).to_string()) });
    assert_eq!(text(pair), "it failed: 5");
}

#[test]
fn results_of_several_types_are_waited_with() {
    for (name, executor) in executors() {
        let parts = join!(delayed(|| "one"), delayed(|| 1), delayed(|| 'I'));
        let text = parts.then_async(|a, b, c, wait| async move {
            wait.sleep(MOMENT).await;
            format!("{} {} {}", *a, *b, *c)
        });
        assert_eq!(text.compute(&executor).map(String::as_str), Ok("one 1 I"), "{name}");
    }
}

/// A future that panics when it is dropped.
struct PanicsAtItsEnd;

impl Future for PanicsAtItsEnd {
    type Output = i32;

    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<i32> {
        Poll::Ready(7)
    }
}

impl Drop for PanicsAtItsEnd {
    fn drop(&mut self) {
        resume_unwind(Box::new("boom"));
    }
}

#[test]
fn a_future_that_panics_when_it_is_dropped_does_not_unwind_out_of_the_computation() {
    for (name, executor) in executors() {
        let call = delayed_async(|_| PanicsAtItsEnd);
        let outcome = call.compute(&*executor).map_err(|failure| failure.root().why().to_string());
        assert_eq!(outcome, Err("panicked: boom".into()), "{name}");
    }
}

#[test]
fn what_waits_when_a_computation_is_cancelled_is_waited_for_and_what_needs_it_runs_later() {
    let executor = find("tokio-current-thread").unwrap().start(&Start::workers(4)).unwrap();
    let cancel = Cancel::new();
    let pulled = cancel.clone();
    let first = delayed_async(move |wait| async move {
        pulled.cancel();
        wait.sleep(MOMENT).await;
        1
    });
    let next = first.then_async(|one, _| async move { *one + 1 }).named("next");
    let plan = Plan::new([&next]).within(Limits::none().cancelled_by(&cancel));
    assert_eq!(plan.compute(&*executor).unwrap_err().to_string(), "next was not started: cancelled");
    assert_eq!(first.outcome(), Some(Ok(&1)));
    assert_eq!(next.compute(&*executor), Ok(&2));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test needs several callers")]
fn callers_on_one_thread_s_runtime_wait_for_what_another_has_under_way() {
    let executor = find("tokio-current-thread").unwrap().start(&Start::workers(4)).unwrap();
    for _ in 0..20 {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let shared = delayed_async(move |wait| async move {
            counted.fetch_add(1, Ordering::Relaxed);
            wait.sleep(MOMENT).await;
            1
        });
        std::thread::scope(|scope| {
            for caller in 0..4 {
                let (shared, executor) = (&shared, &executor);
                scope.spawn(move || {
                    let own = shared.then_async(move |one, _| async move { *one + caller });
                    assert_eq!(own.compute(&**executor), Ok(&(1 + caller)));
                });
            }
        });
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }
}
