//! Every executor passes the same suite, and the suite catches those that should not pass.

use std::sync::Mutex;

use centurion_executors::{
    Bag, Executor, Factory, Flow, Start, StartError, VirtualTime, all, conformance, find,
};

fn factory(name: &str) -> Factory {
    find(name).expect("it is in the list")
}

macro_rules! conforms {
    ($($test:ident: $name:literal,)*) => {
        $(#[test] fn $test() { conformance::check_factory(&factory($name)); })*

        #[test]
        fn every_executor_of_the_list_has_a_test_here() {
            let listed: Vec<_> = all().iter().map(|factory| factory.name).collect();
            assert_eq!(listed, [$($name),*]);
        }
    };
}

conforms! {
    serial_conforms: "serial",
    a_thread_per_agent_conforms: "std-thread-per-agent",
    static_chunks_conform: "std-chunks",
    the_shared_counter_conforms: "std-counter",
    the_channel_conforms: "crossbeam-channel",
    work_stealing_conforms: "crossbeam-deque",
    rayon_conforms: "rayon",
    rayon_split_to_single_agents_conforms: "rayon-each",
    rayon_unpinned_conforms: "rayon-unpinned",
}

#[test]
fn virtual_time_conforms() {
    conformance::check(true, |workers| Box::new(VirtualTime::new(workers, vec![5, 1, 4, 1, 3])));
}

#[test]
fn serial_refuses_a_second_worker() {
    let error = factory("serial").start(&Start::workers(2)).err().expect("it refuses");
    assert!(matches!(error, StartError::Workers { asked: 2, .. }));
    assert_eq!(error.to_string(), "start serial with 2 workers: it has 1");
}

#[test]
fn every_worker_of_a_pool_is_announced_once() {
    let seen = std::sync::Arc::new(Mutex::new(Vec::new()));
    let announced = seen.clone();
    let mut start = Start::workers(3);
    start.on_worker = std::sync::Arc::new(move |worker| announced.lock().unwrap().push(worker));
    let executor = factory("rayon").start(&start).expect("it starts");
    executor.execute(&Bag::new(10, |_| ()));
    let mut seen = seen.lock().unwrap().clone();
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 2]);
}

/// Runs the bag as `run` says, to show that the suite sees what is wrong with it.
struct Faulty<F>(F);

impl<F: Fn(&Bag) + Send + Sync> Executor for Faulty<F> {
    fn workers(&self) -> usize {
        1
    }
    fn execute(&self, bag: &Bag) {
        (self.0)(bag);
    }
}

#[test]
#[should_panic(expected = "task 0 of 1 ran 0 times")]
fn the_suite_catches_a_skipped_task() {
    conformance::check(false, |_| Box::new(Faulty(|bag: &Bag| bag.run_range(1..bag.len().max(1)))));
}

#[test]
#[should_panic(expected = "task 0 of 1 ran 2 times")]
fn the_suite_catches_a_task_run_twice() {
    let twice = |bag: &Bag| {
        bag.run_range(0..bag.len());
        bag.run_range(0..bag.len().min(1));
    };
    conformance::check(false, |_| Box::new(Faulty(twice)));
}

#[test]
#[should_panic(expected = "but it says it has 1 workers")]
fn the_suite_catches_more_workers_than_stated() {
    let pool = factory("std-thread-per-agent").start(&Start::workers(1)).expect("it starts");
    let pool = std::sync::Arc::<dyn Executor>::from(pool);
    conformance::check(false, move |_| {
        let pool = pool.clone();
        Box::new(Faulty(move |bag: &Bag| pool.execute(bag)))
    });
}

/// Runs flows as `run` says, and bags as it should.
struct FaultyFlows<F>(F);

impl<F: Fn(&Flow) + Send + Sync> Executor for FaultyFlows<F> {
    fn workers(&self) -> usize {
        1
    }
    fn execute(&self, bag: &Bag) {
        bag.run_range(0..bag.len());
    }
    fn execute_flow(&self, flow: &Flow) {
        (self.0)(flow);
    }
}

#[test]
#[should_panic(expected = "task 0 of a flow of 1 ran 0 times")]
fn the_suite_catches_a_skipped_task_of_a_flow() {
    conformance::check(false, |_| Box::new(FaultyFlows(|flow: &Flow| flow.run_range(1..flow.len().max(1)))));
}

#[test]
#[should_panic(expected = "task 0 of a flow of 1 ran 2 times")]
fn the_suite_catches_a_task_of_a_flow_run_twice() {
    let twice = |flow: &Flow| {
        flow.run_range(0..flow.len());
        flow.run_range(0..flow.len().min(1));
    };
    conformance::check(false, |_| Box::new(FaultyFlows(twice)));
}

#[test]
#[should_panic(expected = "task 126 of a flow began before its input 124 had ended")]
fn the_suite_catches_a_task_run_before_its_inputs() {
    let backwards = |flow: &Flow| (0..flow.len()).rev().for_each(|task| flow.run(task));
    conformance::check(false, |_| Box::new(FaultyFlows(backwards)));
}
