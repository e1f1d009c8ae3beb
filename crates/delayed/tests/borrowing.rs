//! Tasks that borrow from the caller's stack.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use centurion_delayed::{Delayed, Plan, all, delayed, tree};

#[test]
fn tasks_read_and_results_borrow_what_the_caller_owns() {
    let text = String::from("the quick brown fox jumps over the lazy dog");
    let words: Vec<Delayed<'_, &str>> = text.split(' ').map(|word| delayed(move || word)).collect();
    let longest = tree(&words, |a, b| if b.len() > a.len() { *b } else { *a }).unwrap();
    let found: &str = longest.compute_scoped(3).unwrap();
    assert!(text.as_bytes().as_ptr_range().contains(&found.as_ptr()));
    assert_eq!(found, "quick");
}

#[test]
fn tasks_write_into_what_the_caller_owns() {
    let (sum, seen) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let adds = (0..100).map(|n| {
        let (sum, seen) = (&sum, &seen);
        delayed(move || {
            sum.fetch_add(n, Ordering::Relaxed);
            seen.lock().unwrap().push(n);
        })
    });
    all(adds).then(|_| ()).compute_scoped(2).unwrap();
    assert_eq!((sum.into_inner(), seen.into_inner().unwrap().len()), (4_950, 100));
}

#[test]
fn a_task_that_borrows_can_need_one_that_does_not() {
    fn lasting() -> Delayed<'static, usize> {
        delayed(|| 40)
    }
    fn add<'a>(forty: &Delayed<'static, usize>, words: &'a [&str]) -> Delayed<'a, usize> {
        let count: Delayed<'a, usize> = delayed(|| words.len());
        count.with(forty, |count, forty| count + forty)
    }
    let forty = lasting();
    assert_eq!(add(&forty, &["two", "words"]).compute_scoped(1), Ok(&42));
    assert_eq!(forty.outcome(), Some(Ok(&40)), "its result stays for others");
}

#[test]
fn closures_are_dropped_once_they_have_run_and_results_with_their_last_handle() {
    struct Counted<'a>(&'a AtomicUsize);
    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (captured, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let guard = Counted(&captured);
    let task = delayed(|| {
        drop(guard);
        Counted(&kept)
    });
    let unused = task.then(|_| ());
    let plan = Plan::new([&task]);
    plan.compute_scoped(1).unwrap();
    assert_eq!((captured.load(Ordering::Relaxed), kept.load(Ordering::Relaxed)), (1, 0));
    drop((task, plan));
    assert_eq!(kept.load(Ordering::Relaxed), 0, "the task that needs it may still run");
    drop(unused);
    assert_eq!(kept.load(Ordering::Relaxed), 1);
}

#[test]
fn what_never_ran_drops_its_closure() {
    let (borrowed, held) = (AtomicUsize::new(0), std::sync::Arc::new(()));
    let inner = std::sync::Arc::clone(&held);
    let task = delayed(|| {
        borrowed.fetch_add(1, Ordering::Relaxed);
        inner
    });
    drop(task);
    assert_eq!((borrowed.into_inner(), std::sync::Arc::strong_count(&held)), (0, 1));
}
