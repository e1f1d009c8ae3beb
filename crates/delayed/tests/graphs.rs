//! Random graphs on every executor: each task once, after its inputs, with the results of the serial order.

use std::sync::{Arc, Mutex};

use centurion_delayed::{Delayed, Plan, all, compute_all, delayed};
use centurion_executors::{Executor, Factory, Start, VirtualTime, Workers};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// The inputs of every task, all of them earlier tasks.
type InputLists = Vec<Vec<usize>>;

fn graphs(most: usize) -> impl Strategy<Value = InputLists> {
    let inputs = prop_oneof![
        Just(Vec::new()),
        vec(any::<Index>(), 1), // chains, that fuse
        vec(any::<Index>(), 1),
        vec(any::<Index>(), 2..5),
    ];
    vec(inputs, 1..most).prop_map(|tasks| tasks.into_iter().enumerate().map(before).collect())
}

/// Half of the inputs are the task right before, so that chains are long.
fn before((task, inputs): (usize, Vec<Index>)) -> Vec<usize> {
    let near = |input: Index| match input.index(2 * task) {
        input if input < task => input,
        _ => task - 1,
    };
    if task == 0 { Vec::new() } else { inputs.into_iter().map(near).collect() }
}

fn result(task: usize, inputs: impl IntoIterator<Item = u64>) -> u64 {
    let mix = |sum: u64, input: u64| (sum ^ input).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    inputs.into_iter().fold(task as u64 + 1, mix)
}

/// What running the tasks one after another gives.
fn serial(inputs: &InputLists) -> Vec<u64> {
    let mut results: Vec<u64> = Vec::new();
    for (task, inputs) in inputs.iter().enumerate() {
        results.push(result(task, inputs.iter().map(|&input| results[input])));
    }
    results
}

/// The tasks in the order in which they ran.
type RunOrder = Arc<Mutex<Vec<usize>>>;

/// Every way of making a task, by its number of inputs.
fn build(inputs: &InputLists, order: &RunOrder) -> Vec<Delayed<'static, u64>> {
    let mut handles: Vec<Delayed<'static, u64>> = Vec::new();
    for (task, inputs) in inputs.iter().enumerate() {
        let order = Arc::clone(order);
        let run = move |inputs: &[&u64]| {
            order.lock().unwrap().push(task);
            result(task, inputs.iter().map(|&&input| input))
        };
        handles.push(match inputs[..] {
            [] => delayed(move || run(&[])),
            [a] => handles[a].then(move |a| run(&[a])),
            [a, b] => handles[a].with(&handles[b], move |a, b| run(&[a, b])),
            _ => all(inputs.iter().map(|&input| &handles[input])).then(run),
        });
    }
    handles
}

fn needed(inputs: &InputLists, wanted: &[usize]) -> Vec<bool> {
    let mut needed = vec![false; inputs.len()];
    for &task in wanted {
        needed[task] = true;
    }
    for task in (0..inputs.len()).rev() {
        if needed[task] {
            inputs[task].iter().for_each(|&input| needed[input] = true);
        }
    }
    needed
}

fn executors() -> impl Iterator<Item = (String, Box<dyn Executor>)> {
    let start = |factory: Factory| {
        let workers = if factory.workers == Workers::One { 1 } else { 3 };
        (factory.name.to_owned(), factory.start(&Start::workers(workers)).expect("it starts"))
    };
    let virtual_time: Box<dyn Executor> = Box::new(VirtualTime::new(3, vec![3, 1, 2]));
    let virtual_time = ("virtual time".to_owned(), virtual_time);
    centurion_executors::all().into_iter().map(start).chain([virtual_time])
}

fn each_ran_once_after_its_inputs(inputs: &InputLists, order: &RunOrder, expected: &[bool], executor: &str) {
    let order = order.lock().unwrap();
    let mut position = vec![None; inputs.len()];
    for (place, &task) in order.iter().enumerate() {
        assert_eq!(position[task].replace(place), None, "{executor} ran task {task} twice");
    }
    for (task, inputs) in inputs.iter().enumerate() {
        assert_eq!(position[task].is_some(), expected[task], "{executor}: task {task} of {order:?}");
        for &input in inputs.iter().filter(|_| expected[task]) {
            assert!(position[input] < position[task], "{executor}: task {task} before {input} in {order:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_asked_for_is_as_in_serial_order_and_nothing_else_runs(
        inputs in graphs(40),
        wanted in vec(any::<Index>(), 0..4),
    ) {
        let wanted: Vec<usize> = wanted.iter().map(|wanted| wanted.index(inputs.len())).collect();
        let (expected, needed) = (serial(&inputs), needed(&inputs, &wanted));
        for (name, executor) in executors() {
            let order = RunOrder::default();
            let handles = build(&inputs, &order);
            let plan = Plan::new(wanted.iter().map(|&task| &handles[task]));
            assert_eq!(plan.compute(&*executor), Ok(()));
            each_ran_once_after_its_inputs(&inputs, &order, &needed, &name);
            for (task, handle) in handles.iter().enumerate() {
                assert_eq!(handle.outcome(), needed[task].then_some(Ok(&expected[task])), "{name}");
            }
        }
    }

    #[test]
    fn computing_bit_by_bit_gives_the_same_as_at_once(
        inputs in graphs(40),
        parts in vec(any::<Index>(), 1..5),
    ) {
        let expected = serial(&inputs);
        for (name, executor) in executors() {
            let order = RunOrder::default();
            let handles = build(&inputs, &order);
            for part in &parts {
                let task = part.index(inputs.len());
                assert_eq!(handles[task].compute(&*executor), Ok(&expected[task]), "{name}");
            }
            let results = compute_all(&handles, &*executor);
            assert_eq!(results, expected.iter().map(Ok).collect::<Vec<_>>(), "{name}");
            each_ran_once_after_its_inputs(&inputs, &order, &vec![true; inputs.len()], &name);
        }
    }

    #[test]
    fn scoped_workers_compute_the_same(inputs in graphs(60), workers in 1..5_usize) {
        let (order, expected) = (RunOrder::default(), serial(&inputs));
        let handles = build(&inputs, &order);
        assert_eq!(Plan::new(&handles).compute_scoped(workers), Ok(()));
        each_ran_once_after_its_inputs(&inputs, &order, &vec![true; inputs.len()], "scoped");
        let results: Vec<_> = handles.iter().map(|handle| *handle.outcome().unwrap().unwrap()).collect();
        assert_eq!(results, expected);
    }

    #[test]
    fn handles_dropped_before_or_midway_take_nothing_from_the_rest(
        inputs in graphs(40),
        kept in any::<Index>(),
        first in any::<Index>(),
    ) {
        let (order, expected) = (RunOrder::default(), serial(&inputs));
        let mut handles = build(&inputs, &order);
        let kept = kept.index(inputs.len());
        handles[first.index(inputs.len())].compute_scoped(1).unwrap();
        let kept_handle = handles.swap_remove(kept);
        drop(handles);
        assert_eq!(kept_handle.compute_scoped(2), Ok(&expected[kept]));
    }

    #[test]
    fn the_explanation_counts_what_is_planned(inputs in graphs(60)) {
        let handles = build(&inputs, &RunOrder::default());
        let last = inputs.len() - 1;
        let needed = needed(&inputs, &[last]);
        let planned = |task: &usize| needed[*task];
        let before = Plan::new([&handles[last]]).explain();
        assert_eq!(before.tasks, (0..=last).filter(planned).count());
        assert_eq!(before.inputs, (0..=last).filter(planned).map(|task| inputs[task].len()).sum::<usize>());
        assert_eq!(before.tasks - before.steps, before.inputs - before.step_inputs, "a fused input is a task less");
        assert!(before.longest_path <= before.tasks && before.ceiling(3) <= 3.0);

        // What has run is culled.
        let half = last / 2;
        handles[half].compute_scoped(1).unwrap();
        let after = Plan::new([&handles[last]]).explain();
        let ran = (0..=last).filter(|&task| needed[task] && handles[task].outcome().is_some()).count();
        assert_eq!(after.tasks, before.tasks - ran);
        assert!(after.culled <= ran);
    }
}
