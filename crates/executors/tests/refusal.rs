//! When the system refuses threads: every task runs all the same, and whoever times it is told.
//!
//! The refusals are real. Each test is run by another in a process of its own, whose threads get stacks that no
//! machine has, or few machines have more than once.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use centurion_executors::{
    Bag, Executor, Factory, Flow, MOST_UNDER_WAY, MOST_WORKERS, Placement, Start, StartError, Workers, all,
    find, map, run_scoped,
};
use centurion_graph::Graph;

/// Runs an ignored test of this file in a process whose threads have stacks of so many bytes.
fn run_alone(test: &str, stack: u64, shell_limit: &str) {
    let this = std::env::current_exe().expect("a test knows where it is");
    let arguments = format!("--ignored --exact {test} --test-threads=1 --nocapture");
    let script = format!("{shell_limit} exec \"$0\" {arguments}");
    let mut command = match shell_limit {
        "" => Command::new(&this),
        _ => Command::new("sh"),
    };
    match shell_limit {
        "" => command.args(arguments.split(' ')),
        _ => command.arg("-c").arg(script).arg(&this),
    };
    let output = command.env("RUST_MIN_STACK", stack.to_string()).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{output:?}");
}

/// Runs a bag that counts its tasks.
fn count_in_bag(executor: &dyn Executor, len: usize) -> (usize, Bag) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let bag = Bag::new(len, move |_| {
        std::thread::sleep(std::time::Duration::from_millis(1));
        counted.fetch_add(1, Ordering::Relaxed);
    });
    executor.execute(&bag);
    (count.load(Ordering::Relaxed), bag)
}

/// Runs a flow in which a root fans out to all but one, which needs these, and counts its tasks.
fn count_in_flow(executor: &dyn Executor, len: usize) -> (usize, Flow) {
    let inputs = (0..len).map(|task| match task {
        0 => vec![],
        task if task + 1 == len => (1..task).collect(),
        _ => vec![0],
    });
    let graph = Graph::new(inputs).expect("inputs come first");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let flow = Flow::new(graph.into(), move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    executor.execute_flow(&flow);
    (count.load(Ordering::Relaxed), flow)
}

fn born_per_call() -> impl Iterator<Item = Factory> {
    all().into_iter().filter(|factory| factory.placement == Placement::Spawned)
}

#[test]
fn where_every_thread_is_refused_the_caller_runs_every_task_and_the_bag_says_so() {
    run_alone("no_thread_is_born", 1 << 60, "");
}

#[test]
#[ignore = "runs in a process of its own, in which the system refuses threads"]
fn no_thread_is_born() {
    for factory in born_per_call() {
        let executor = factory.start(&Start::workers(8)).expect("nothing is born yet");
        let (count, bag) = count_in_bag(&*executor, 100);
        assert_eq!(count, 100, "{}", factory.name);
        let refusal = bag.take_refusal().expect("the bag says so");
        let threads = if factory.workers == Workers::PerAgent { 100 } else { 8 };
        assert_eq!(refusal.threads, threads, "{}: {refusal}", factory.name);
        assert!(!refusal.reason.is_empty() && bag.take_refusal().is_none());
        let (count, flow) = count_in_flow(&*executor, 100);
        assert_eq!(count, 100, "{}", factory.name);
        assert!(flow.take_refusal().is_some(), "{}", factory.name);
        assert_eq!(map(&*executor, 3, |index| index), [Ok(0), Ok(1), Ok(2)]);
    }
    let graph = Arc::new(Graph::independent(100));
    let count = AtomicUsize::new(0);
    run_scoped(&graph, 8, &|_| drop(count.fetch_add(1, Ordering::Relaxed).to_string()));
    assert_eq!(count.into_inner(), 100);
}

#[test]
fn a_pool_whose_threads_are_refused_does_not_start() {
    run_alone("no_pool_starts", 1 << 60, "");
}

#[test]
#[ignore = "runs in a process of its own, in which the system refuses threads"]
fn no_pool_starts() {
    let pools =
        ["rayon", "rayon-each", "rayon-unpinned", "tokio", "smol", "tokio-spawn-blocking", "tokio-blocking"];
    for name in pools {
        let error =
            find(name).expect("it is in the list").start(&Start::workers(2)).err().expect("it is refused");
        assert!(matches!(error, StartError::Refused { .. }), "{error}");
        let said = error.to_string();
        assert!(
            said.starts_with(&format!("start {name}")) && said.ends_with("; try fewer workers"),
            "{said}"
        );
    }
}

#[test]
fn a_runtime_on_the_calling_thread_needs_no_other_until_a_task_calls_it() {
    run_alone("the_caller_is_enough", 1 << 60, "");
}

#[test]
#[ignore = "runs in a process of its own, in which the system refuses threads"]
fn the_caller_is_enough() {
    for name in ["tokio-current-thread", "futures-unordered"] {
        let start = || find(name).expect("it is in the list").start(&Start::workers(5)).expect("it starts");
        let (executor, inside) = (start(), start());
        assert_eq!(map(&*executor, 3, |index| index), [Ok(0), Ok(1), Ok(2)]);
        let refused = map(&*executor, 2, move |_| {
            let (count, bag) = count_in_bag(&*inside, 10);
            (count, bag.take_refusal().map(|refusal| refusal.threads))
        });
        assert_eq!(refused, [Ok((10, Some(1))), Ok((10, Some(1)))], "{name}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_runtime_that_gets_some_of_its_threads_does_not_start() {
    run_alone("a_second_thread_is_refused", 400 << 20, "ulimit -v 700000;");
}

#[test]
#[ignore = "runs in a process of its own, in which the system refuses threads"]
fn a_second_thread_is_refused() {
    if std::thread::available_parallelism().map_or(1, std::num::NonZero::get) == 1 {
        return; // no runtime wants a second
    }
    for name in ["tokio", "tokio-blocking", "smol"] {
        let started = find(name).expect("it is in the list").start(&Start::workers(2));
        let error = started.err().expect("it is refused");
        assert!(matches!(error, StartError::Refused { .. }), "{error}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn where_some_threads_are_refused_the_others_and_the_caller_run_every_task() {
    run_alone("some_threads_are_born", 64 << 20, "ulimit -v 700000;");
}

#[test]
#[ignore = "runs in a process of its own, in which the system refuses threads"]
fn some_threads_are_born() {
    for factory in born_per_call() {
        let executor = factory.start(&Start::workers(100)).expect("nothing is born yet");
        let (count, bag) = count_in_bag(&*executor, 1_000);
        assert_eq!(count, 1_000, "{}", factory.name);
        let refusal = bag.take_refusal().expect("the bag says so");
        assert!(refusal.threads > 0 && (factory.workers == Workers::PerAgent || refusal.threads < 100));
        let (count, _) = count_in_flow(&*executor, 1_000);
        assert_eq!(count, 1_000, "{}", factory.name);
    }
    let blocking = find("tokio-spawn-blocking").expect("it is in the list").start(&Start::workers(100));
    let (count, bag) = count_in_bag(&*blocking.expect("it has a thread"), 1_000);
    assert_eq!(count, 1_000);
    let refusal = bag.take_refusal().expect("the bag says so");
    assert!(refusal.threads > 0 && refusal.threads < 100, "{refusal}");
    let error = find("rayon").expect("it is in the list").start(&Start::workers(100)).err();
    assert!(error.is_some_and(|error| error.to_string().ends_with("; try fewer workers")));
}

#[test]
fn more_workers_than_the_limit_are_refused_before_anything_is_started() {
    for factory in all().into_iter().filter(|factory| factory.workers == Workers::Any) {
        assert!(factory.supports(MOST_WORKERS).is_ok());
        for asked in [MOST_WORKERS + 1, 40_000, 1 << 32, usize::MAX] {
            let error = factory.start(&Start::workers(asked)).err().expect("it refuses");
            assert_eq!(
                error.to_string(),
                format!("start {} with {asked} workers: 1000 are the most", factory.name)
            );
        }
    }
}

#[test]
fn as_many_agents_as_memory_is_no_problem_for_are_under_way_but_not_with_a_thread_each() {
    for factory in all().into_iter().filter(|factory| factory.workers == Workers::UnderWay) {
        assert!(factory.supports(MOST_UNDER_WAY).is_ok());
        let error = factory.start(&Start::workers(MOST_UNDER_WAY + 1)).err().expect("it refuses");
        let said = format!("start {} with 1000001 workers: 1000000 are the most", factory.name);
        assert_eq!(error.to_string(), said);
    }
    let blocking = find("tokio-spawn-blocking").expect("it is in the list").start(&Start::workers(100_000));
    let said = "start tokio-spawn-blocking: each is a thread, and 10000 are the most; try fewer workers";
    assert_eq!(blocking.err().expect("it refuses").to_string(), said);
}

#[test]
fn nothing_is_said_to_be_refused_where_nothing_was() {
    for factory in all().into_iter().filter(|factory| factory.workers != Workers::One) {
        let executor = factory.start(&Start::workers(4)).expect("it starts");
        assert_eq!(count_in_bag(&*executor, 20).1.take_refusal(), None);
        assert_eq!(count_in_flow(&*executor, 20).1.take_refusal(), None);
    }
}
