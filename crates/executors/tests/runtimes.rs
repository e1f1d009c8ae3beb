//! What async runtimes promise beyond the suite: few threads, their own timers, nothing left behind.
#![cfg(feature = "runtimes")]

use std::collections::HashSet;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread::{ThreadId, available_parallelism, current};
use std::time::Duration;

use centurion_executors::{Bag, Executor, Flow, Panic, Start, Workers, all, find, map_waiting};
use centurion_graph::Graph;

const MOMENT: Duration = Duration::from_millis(2);

fn start(name: &str, workers: usize) -> Box<dyn Executor> {
    find(name).expect("it is in the list").start(&Start::workers(workers)).expect("it starts")
}

fn runtimes() -> impl Iterator<Item = &'static str> {
    let runtimes = all().into_iter().filter(|factory| factory.workers == Workers::UnderWay);
    runtimes.map(|factory| factory.name)
}

#[test]
fn thousands_of_agents_are_under_way_at_once_on_no_more_threads_than_there_are_cpus() {
    for name in ["tokio", "tokio-current-thread", "smol", "futures-unordered"] {
        let threads = Arc::new(Mutex::new(HashSet::<ThreadId>::new()));
        let polled = Arc::clone(&threads);
        let results = map_waiting(&*start(name, 5_000), 5_000, move |agent, wait| {
            let polled = Arc::clone(&polled);
            async move {
                polled.lock().unwrap().insert(current().id());
                wait.sleep(MOMENT).await;
                polled.lock().unwrap().insert(current().id());
                agent
            }
        });
        assert!(results.into_iter().eq((0..5_000).map(Ok)), "{name}");
        let (threads, cpus) = (threads.lock().unwrap().len(), available_parallelism().unwrap().get());
        assert!(threads <= cpus, "{name} polled on {threads} threads, with {cpus} CPUs");
    }
}

#[test]
fn futures_that_need_the_timers_of_tokio_run_under_tokio() {
    for name in ["tokio", "tokio-current-thread", "tokio-spawn-blocking", "futures-unordered"] {
        let slept = map_waiting(&*start(name, 10), 30, |agent, _| async move {
            tokio::time::sleep(MOMENT).await;
            let other = tokio::spawn(async move { agent * 2 });
            other.await.expect("it is not cancelled")
        });
        assert!(slept.into_iter().eq((0..30).map(|agent| Ok(agent * 2))), "{name}");
    }
}

#[test]
fn futures_that_need_the_timers_of_smol_run_everywhere() {
    for factory in all() {
        let workers = if factory.workers == Workers::One { 1 } else { 10 };
        let slept = map_waiting(&*start(factory.name, workers), 30, |agent, _| async move {
            async_io::Timer::after(MOMENT).await;
            agent
        });
        assert!(slept.into_iter().eq((0..30).map(Ok)), "{}", factory.name);
    }
}

#[test]
fn nothing_holds_a_bag_or_a_flow_that_has_been_run() {
    for name in runtimes() {
        let (executor, held) = (start(name, 3), Arc::new(()));
        for _ in 0..100 {
            let (in_bag, in_flow) = (Arc::clone(&held), Arc::clone(&held));
            executor.execute(&Bag::new(7, move |_| drop(Arc::clone(&in_bag))));
            executor.execute_flow(&Flow::waiting(Graph::independent(7).into(), move |_, wait| {
                let held = Arc::clone(&in_flow);
                async move {
                    wait.sleep(Duration::ZERO).await;
                    drop(held);
                }
            }));
            assert_eq!(Arc::strong_count(&held), 1, "{name}");
        }
    }
}

#[test]
fn a_panic_stays_with_its_task_whichever_poll_it_happens_in() {
    for name in runtimes() {
        let results = map_waiting(&*start(name, 4), 40, |agent, wait| async move {
            wait.sleep(MOMENT * (agent as u32 % 2)).await;
            if agent % 4 < 2 {
                std::panic::resume_unwind(Box::new(format!("agent {agent} gave up")));
            }
            agent
        });
        let right = (0..40).map(|agent| match agent % 4 {
            0 | 1 => Err(Panic { message: format!("agent {agent} gave up") }),
            _ => Ok(agent),
        });
        assert!(results.into_iter().eq(right), "{name}");
    }
}

#[test]
fn an_executor_is_called_from_inside_a_runtime_of_the_caller() {
    let own = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    for name in runtimes() {
        let executor = start(name, 3);
        let slept = own.block_on(async move {
            tokio::time::sleep(MOMENT).await;
            map_waiting(&*executor, 10, |agent, wait| async move {
                wait.sleep(MOMENT).await;
                agent
            }) // and is dropped there
        });
        assert!(slept.into_iter().eq((0..10).map(Ok)), "{name}");
    }
}

/// Threads of this process, where the system tells.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

/// Threads when no more than these are left, or after a second: one that was joined is listed for a moment more.
fn threads_at_last(expected: usize) -> usize {
    let looks = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(1));
        threads()
    });
    looks.take(1_000).find(|&now| now <= expected).unwrap_or_else(threads)
}

#[test]
fn a_thousand_starts_leave_no_thread_behind() {
    let this = std::env::current_exe().expect("a test knows where it is");
    let mut alone = Command::new(this);
    alone.args(["--ignored", "--exact", "runtimes_come_and_go", "--test-threads=1", "--nocapture"]);
    let output = alone.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{output:?}");
}

#[test]
#[ignore = "runs in a process of its own, whose threads are all its own"]
fn runtimes_come_and_go() {
    centurion_executors::start_what_lasts();
    for name in runtimes() {
        let before = threads();
        for _ in 0..1_000 {
            start(name, 3).execute(&Bag::waiting(3, |_, wait| wait.sleep(Duration::ZERO)));
        }
        let after = threads_at_last(before);
        assert!(after <= before, "{name}: {before} threads became {after}");
    }
}
