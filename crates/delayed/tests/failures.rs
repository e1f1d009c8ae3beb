//! A task that fails or panics fails what needs it, and nothing else, on every executor.

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use centurion_delayed::{Delayed, Failure, Limits, Plan, Why, all, compute_all, delayed, join, try_delayed};
use centurion_executors::{Executor, Start, Workers, find};

fn executors() -> impl Iterator<Item = Box<dyn Executor>> {
    centurion_executors::all().into_iter().map(|factory| {
        let workers = if factory.workers == Workers::One { 1 } else { 3 };
        factory.start(&Start::workers(workers)).expect("it starts")
    })
}

/// Panics without the hook's message on standard error.
fn quietly_panic(message: String) -> ! {
    resume_unwind(Box::new(message))
}

/// What each task of the small graph needs: two agents, a judge of each, a chain of two behind the second judge,
/// and a summary.
const SMALL: [&[usize]; 7] = [&[], &[], &[0], &[0, 1], &[3], &[4], &[2, 5, 1]];

/// The small graph, in which `task` does `instead`.
fn small(task: usize, instead: impl Fn() -> i32 + Send + Sync + 'static) -> Vec<Delayed<'static, i32>> {
    let instead = Arc::new(instead);
    let mut handles: Vec<Delayed<'static, i32>> = Vec::new();
    for (own, inputs) in SMALL.iter().enumerate() {
        let instead = Arc::clone(&instead);
        let inputs = all(inputs.iter().map(|&input| &handles[input]));
        let run = move |inputs: &[&i32]| {
            if own == task { instead() } else { 1 + inputs.iter().copied().sum::<i32>() }
        };
        handles.push(inputs.then(run).named(format!("task {own}")));
    }
    handles
}

/// Which tasks of the small graph need `task`, itself included.
fn needing(task: usize) -> Vec<bool> {
    let mut needing = vec![false; SMALL.len()];
    for (own, inputs) in SMALL.iter().enumerate() {
        needing[own] = own == task || inputs.iter().any(|&input| needing[input]);
    }
    needing
}

#[test]
fn a_panic_at_any_point_fails_what_needs_it_and_nothing_else() {
    for executor in executors() {
        for task in 0..SMALL.len() {
            let handles = small(task, move || quietly_panic(format!("boom in {task}")));
            for (own, result) in compute_all(&handles, &*executor).into_iter().enumerate() {
                assert_eq!(result.is_err(), needing(task)[own], "task {own} when {task} panics");
                if let Err(failure) = result {
                    let root = failure.root().to_string();
                    assert_eq!(root, format!("task {task} panicked: boom in {task}"));
                    assert_eq!(failure.task(), format!("task {own}"));
                }
            }
        }
    }
}

/// Panics when it is dropped, unless something else panics already.
struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            quietly_panic("boom".into());
        }
    }
}

#[test]
fn what_panics_when_it_is_dropped_keeps_no_one_waiting() {
    for executor in executors() {
        let thrown = delayed(|| -> i32 { resume_unwind(Box::new(PanicsOnDrop)) }).named("thrown");
        let held = PanicsOnDrop;
        let never_ran = thrown.then(move |_| drop(held)).named("never ran");
        let plan = Plan::new([never_ran.any(), delayed(|| ()).any()]);
        let failure = plan.compute(&*executor).unwrap_err();
        let shown = "never ran needs thrown, which panicked: without a message";
        assert_eq!(failure.to_string(), shown);
        assert_eq!(never_ran.compute(&*executor), Err(failure));
    }
}

#[test]
fn a_result_that_panics_when_it_is_dropped_does_not_unwind_out_of_the_computation() {
    for executor in executors() {
        // The last handle is the plan's, which goes when the result is there.
        let after = delayed(|| PanicsOnDrop).then(|_| 1);
        assert_eq!(after.compute(&*executor), Ok(&1));
        let both = all([delayed(|| PanicsOnDrop), delayed(|| PanicsOnDrop)]).then(|both| both.len());
        assert_eq!(both.compute(&*executor), Ok(&2));
        assert_eq!(delayed(|| PanicsOnDrop).then(|_| 3).compute_scoped(2), Ok(&3));
    }
}

#[test]
fn an_input_that_panics_when_it_is_dropped_fails_neither_its_reader_nor_the_rest_of_a_chain() {
    let computed_and_forgotten = || {
        let input = delayed(|| PanicsOnDrop);
        assert!(input.compute_scoped(1).is_ok());
        input.then(|_| 1).then(|one| one + 1)
    };
    for executor in executors() {
        // The last handle is the reader's, dropped by the worker that has run it.
        assert_eq!(computed_and_forgotten().compute(&*executor), Ok(&2));
        assert_eq!(computed_and_forgotten().compute_scoped(2), Ok(&2));
    }
}

#[test]
fn a_handle_of_what_panics_when_it_is_dropped_can_be_dropped() {
    let task = delayed(|| PanicsOnDrop);
    assert!(task.compute_scoped(1).is_ok());
    drop(task);
    let held = PanicsOnDrop;
    let inner = delayed(|| PanicsOnDrop);
    drop(delayed(move || drop((held, inner))));
}

#[test]
fn a_failed_task_stays_failed_and_does_not_run_again() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let handles = small(3, move || {
        counted.fetch_add(1, Ordering::Relaxed);
        quietly_panic("boom".into())
    });
    let first = handles[6].compute_scoped(2).unwrap_err();
    assert_eq!(handles[6].compute_scoped(1), Err(first.clone()));
    assert_eq!(handles[6].outcome(), Some(Err(&first)));
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    assert_eq!(handles[2].outcome(), Some(Ok(&2)), "what it did not need was computed and kept");
}

#[test]
fn tasks_added_to_a_failed_one_fail_with_it() {
    let failed = try_delayed(|| Err::<i32, _>("no luck")).named("first");
    failed.compute_scoped(1).unwrap_err();
    let later = failed.then(|number| number + 1).named("later");
    let failure = later.compute_scoped(1).unwrap_err();
    assert_eq!(failure.to_string(), "later needs first, which failed: no luck");
    assert!(matches!(failure.why(), Why::Needs(causes) if Some(Err(&causes[0])) == failed.outcome()));
}

#[test]
fn of_several_failed_inputs_the_first_is_named_and_all_are_kept() {
    let failing = |name: &str| try_delayed(|| Err::<(), _>("no")).named(name);
    let inputs = [delayed(|| ()).named("a"), failing("b"), failing("c")];
    let judges = [0, 1].map(|judge| all(&inputs).then(|_| ()).named(format!("judge {judge}")));
    let failure = judges[0].compute_scoped(3).unwrap_err();
    assert_eq!(failure.to_string(), "judge 0 needs b (and 1 more that failed), which failed: no");
    let summary = all(&judges).then(|_| ()).compute_scoped(1).unwrap_err();
    let at_fault: Vec<_> = summary.roots().into_iter().map(Failure::task).collect();
    assert_eq!(at_fault, ["b", "c"], "each once");
}

#[test]
fn the_error_itself_is_kept_with_its_source() {
    let number = try_delayed(|| "4x2".parse::<i32>());
    let failure = number.then(|number| number + 1).compute_scoped(1).unwrap_err();
    assert!(failure.error().unwrap().is::<std::num::ParseIntError>());
    assert!(failure.source().unwrap().is::<std::num::ParseIntError>());
    assert!(try_delayed(|| Err::<(), _>("text")).compute_scoped(1).unwrap_err().error().is_some());
}

#[test]
fn a_panic_says_where_it_was() {
    let line = line!() + 1;
    let index_out_of_bounds = |index: usize| [1, 2, 3][index];
    for executor in executors() {
        let task = delayed(move || index_out_of_bounds(3)).named("agent");
        let failure = task.then(|one| one + 1).compute(&*executor).unwrap_err();
        let Why::Panicked(panicked) = failure.root().why() else { panic!("{failure}") };
        let place = panicked.place.as_ref().unwrap();
        assert_eq!((place.line, place.file.ends_with("failures.rs")), (line, true));
        assert!(
            failure.to_string().contains(&format!("failures.rs:{line}: index out of bounds")),
            "{failure}"
        );
    }
}

#[test]
fn whoever_settles_carries_on_with_those_that_answered_panics_included() {
    for executor in executors() {
        let agents = [
            delayed(|| 4),
            delayed(|| quietly_panic("boom".into())),
            try_delayed(|| Err("no")),
            delayed(|| 2).then(|two| two + 1),
        ];
        let judge = all(&agents).settled().then(|answers| {
            let said = |answer: &Result<&i32, &Failure>| {
                answer.map_or_else(ToString::to_string, ToString::to_string)
            };
            answers
                .iter()
                .map(said)
                .map(|said| said.rsplit(' ').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        });
        assert_eq!(judge.compute(&*executor).unwrap(), &["4", "boom", "no", "3"]);
    }
}

#[test]
fn at_the_first_failure_nothing_more_starts_and_the_cause_is_told() {
    for executor in executors() {
        let bad = try_delayed(|| Err::<i32, _>("no")).named("bad");
        let gate = all([&bad]).settled().then(|_| 1).named("gate");
        let later = gate.then(|one| one + 1).named("later");
        let plan = Plan::new([&later]).within(Limits::none().until_a_failure());
        let failure = plan.compute(&*executor).unwrap_err();
        let told = "later was not started, to stop at the first failure: bad failed: no";
        assert_eq!((failure.to_string().as_str(), failure.root().task().as_str()), (told, "bad"));
        assert_eq!(later.compute(&*executor), Ok(&2), "it can run later");
    }
}

#[test]
fn failures_name_the_line_of_a_task_without_a_name() {
    let failure = try_delayed(|| Err::<(), _>("no")).compute_scoped(1).unwrap_err();
    assert_eq!(failure.to_string(), format!("failures.rs:{} failed: no", line!() - 1));
}

#[test]
fn all_ways_to_fail_keep_the_text() {
    let one = delayed(|| 1).named("one");
    let text = |task: Delayed<'_, ()>| task.named("it").compute_scoped(1).unwrap_err().to_string();
    assert_eq!(text(try_delayed(|| Err("text"))), "it failed: text");
    assert_eq!(text(one.try_then(|one| Err(one.to_string()))), "it failed: 1");
    assert_eq!(text(one.try_with(&one, |a, b| Err((a + b).to_string()))), "it failed: 2");
    assert_eq!(text(all([&one; 3]).try_then(|ones| Err(ones.len().to_string()))), "it failed: 3");
    assert_eq!(text(all([&one; 4]).try_then_owned(|ones| Err(ones.len().to_string()))), "it failed: 4");
    assert_eq!(text(join!(one, one).try_then_owned(|a, b| Err((a * 5 * b).to_string()))), "it failed: 5");
    assert_eq!(text(delayed(|| resume_unwind(Box::new("str")))), "it panicked: str");
    assert_eq!(text(delayed(|| resume_unwind(Box::new(1)))), "it panicked: without a message");
}

#[test]
fn a_long_path_is_shown_from_both_ends() {
    let mut task = try_delayed(|| Err::<u32, _>("no")).named("0");
    for depth in 1..20 {
        task = task.then(|depth| depth + 1).named(depth.to_string());
    }
    let failure = task.compute_scoped(1).unwrap_err();
    let shown = "19 needs 18, which needs 17, which needs 16, which needs 15, which needs … (12 more) …, \
        which needs 2, which needs 1, which needs 0, which failed: no";
    assert_eq!(failure.to_string(), shown);
    assert_eq!(failure.path().count(), 20);
    assert_eq!(failure.path().map(Failure::task).last().as_deref(), Some("0"));
}

#[test]
fn a_task_that_asks_for_itself_fails_instead_of_waiting_forever() {
    let cell: Arc<OnceLock<Delayed<'static, String>>> = Arc::default();
    let own = Arc::clone(&cell);
    let task = delayed(move || own.get().unwrap().compute_scoped(1).unwrap_err().to_string()).named("snake");
    cell.set(task.clone()).unwrap();
    let serial = find("serial").unwrap().start(&Start::workers(1)).unwrap();
    let told = "snake was asked for on top of a task it needs; make it an input of that task instead";
    assert_eq!(task.compute(&*serial).unwrap(), told);
}

#[test]
fn a_plan_reports_the_first_of_its_failures_and_keeps_the_other_results() {
    let (good, bad) = (delayed(|| 1), try_delayed(|| Err::<String, _>("no")).named("bad"));
    let plan = Plan::new([good.any(), bad.any()]);
    assert_eq!(plan.compute_scoped(2).unwrap_err().to_string(), "bad failed: no");
    assert_eq!(good.outcome(), Some(Ok(&1)));
}
