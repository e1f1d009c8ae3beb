//! What Dask's users rely on, where it is written or works another way here: the rows of the table in README.md.

use std::num::ParseIntError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use centurion_delayed::{Delayed, Plan, all, delayed, join, try_delayed};

/// A call that counts how often it runs.
fn counting(runs: &Arc<AtomicUsize>) -> Delayed<'static, usize> {
    let runs = Arc::clone(runs);
    delayed(move || runs.fetch_add(1, Ordering::Relaxed) + 1)
}

#[test]
fn a_value_and_a_function_are_closures() {
    fn increment(number: &Delayed<'static, i32>) -> Delayed<'static, i32> {
        number.then(|number| number + 1)
    }
    let list = vec![1, 2, 3];
    let first = delayed(move || list).then(|list| list[0]);
    assert_eq!(increment(&first).run(), Ok(&2));
}

#[test]
fn operators_and_methods_are_closures() {
    let (a, b) = (delayed(|| "lazy task"), delayed(|| 5));
    let words: Delayed<'_, Vec<&str>> = a.then(|text| text.split(' ').collect());
    let sum = words.with(&b, |words, b| words[1].len() + b);
    assert_eq!(sum.run(), Ok(&9));
}

#[test]
fn handles_in_structures_are_gathered() {
    struct NestedStructure {
        x: i32,
        name: &'static str,
        ys: Vec<Vec<i32>>,
    }
    let rows = [[1, 2], [3, 4]].map(|row| all(row.map(|y| delayed(move || y))).then_owned(|ys| ys));
    let (x, name, ys) = (delayed(|| 1), delayed(|| "here"), all(rows).then_owned(|ys| ys));
    let nested = join!(x, name, ys).then_owned(|x, name, ys| NestedStructure { x, name, ys });
    let NestedStructure { x, name, ys } = nested.run().unwrap();
    assert_eq!((*x, *name, ys[1][0]), (1, "here", 3));
}

#[test]
fn a_result_of_several_parts_is_split() {
    let pair = delayed(|| ("agent", 7));
    let (name, answer) = (pair.then(|pair| pair.0), pair.then(|pair| pair.1));
    assert_eq!(join!(name, answer).then(|name, answer| format!("{name} {answer}")).run().unwrap(), "agent 7");
}

#[test]
fn a_handle_in_a_closure_is_not_computed() {
    let runs = Arc::default();
    let counted = counting(&runs);
    let kept = delayed(move || counted);
    let counted = kept.run().unwrap();
    assert_eq!((counted.outcome(), runs.load(Ordering::Relaxed)), (None, 0));
    assert_eq!(counted.run(), Ok(&1), "unless it is asked for");
}

#[test]
fn results_of_several_types_are_asked_for_at_once() {
    let (number, text) = (delayed(|| 1), delayed(|| "one"));
    Plan::new([number.any(), text.any()]).run().unwrap();
    assert_eq!((number.outcome(), text.outcome()), (Some(Ok(&1)), Some(Ok(&"one"))));
}

#[test]
fn the_same_call_is_another_task_and_a_clone_is_the_same() {
    let runs = Arc::default();
    all([counting(&runs), counting(&runs)]).then(|_| ()).run().unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    let one = counting(&runs);
    all([one.clone(), one]).then(|_| ()).run().unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 3);
}

#[test]
fn what_is_asked_for_twice_runs_once_and_made_anew_it_runs_again() {
    let runs = Arc::default();
    let one = counting(&runs);
    assert_eq!([one.run(), one.run(), counting(&runs).run()], [Ok(&1), Ok(&1), Ok(&2)]);
}

#[test]
fn an_error_comes_as_it_was_and_the_rest_has_run() {
    let (bad, good) = (try_delayed(|| "x".parse::<i32>()), delayed(|| 1));
    let failure = Plan::new([&bad, &good]).run().unwrap_err();
    assert!(failure.error().and_then(|error| error.downcast_ref::<ParseIntError>()).is_some());
    assert_eq!(good.outcome(), Some(Ok(&1)));
}

#[test]
fn an_order_without_data_is_an_input_that_is_not_looked_at() {
    let runs = Arc::default();
    let before = counting(&runs);
    let after = counting(&runs).then(|_| ());
    let bound = before.with(&after, |before, ()| *before);
    let last = delayed(|| 5).with(&bound, |five, _| *five);
    assert_eq!(last.run(), Ok(&5));
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[test]
fn what_a_task_is_to_know_is_captured() {
    thread_local!(static NAME: std::cell::Cell<&'static str> = const { std::cell::Cell::new("nobody") });
    NAME.set("caller");
    let captured = NAME.get();
    assert_eq!(delayed(move || captured).compute_scoped(2), Ok(&"caller"));
}

#[test]
fn names_are_labels_and_may_be_the_same() {
    let twins = [1, 2].map(|number| delayed(move || number).named("twin"));
    assert_eq!(all(twins).then(|twins| *twins[0] + *twins[1]).run(), Ok(&3));
}

#[test]
fn fused_tasks_are_still_told_apart() {
    let first = delayed(|| 1);
    let second = first.then(|one| one + 1);
    let plan = Plan::new([&second]);
    assert_eq!((plan.explain().tasks, plan.explain().steps), (2, 1));
    plan.run().unwrap();
    assert!(first.duration().is_some() && second.duration().is_some());
}

#[test]
fn a_listener_that_panics_fails_nothing() {
    let one = delayed(|| 1);
    let plan = Plan::new([&one]).on_progress(|_| std::panic::resume_unwind(Box::new("no")));
    assert_eq!(plan.run(), Ok(()));
}

/// Every test that the table names is there.
#[test]
fn the_tests_that_the_table_names_are_there() {
    let files = [
        ("dask", include_str!("dask.rs")),
        ("explaining", include_str!("explaining.rs")),
        ("failures", include_str!("failures.rs")),
        ("policies", include_str!("policies.rs")),
        ("sharing", include_str!("sharing.rs")),
    ];
    let readme = include_str!("../README.md");
    let (_, table) = readme.split_once("## Coming from Dask").expect("there is such a chapter");
    let (table, _) = table.split_once("\n## ").expect("another chapter follows");
    let is_file = |name: &str| name.chars().all(|letter| letter.is_ascii_lowercase());
    let codes = table.split('`').filter_map(|code| code.split_once("::"));
    let named: Vec<_> = codes.filter(|(file, _)| is_file(file)).collect();
    assert!(named.len() >= 15, "{named:?}");
    for (file, test) in named {
        let code =
            files.iter().find(|(name, _)| *name == file).unwrap_or_else(|| panic!("no tests/{file}.rs")).1;
        assert!(code.contains(&format!("fn {test}()")), "tests/{file}.rs has no test {test}");
    }
}
