//! Every executor passes the same suite. `wrong.rs` shows that the suite catches those that should not.

use std::sync::Mutex;

use centurion_executors::{Bag, Factory, Start, StartError, VirtualTime, all, conformance, find};

fn factory(name: &str) -> Factory {
    find(name).expect("it is in the list")
}

/// Its agents keep the threads, of which there are fewer than agents under way: that is the mistake.
const MISTAKEN: &str = "tokio-blocking";

macro_rules! conforms {
    ($($test:ident: $name:literal,)*) => {
        $(#[test] fn $test() { conformance::check_factory(&factory($name)); })*

        #[test]
        fn every_executor_of_the_list_has_a_test_here() {
            let listed: Vec<_> = all().iter().map(|factory| factory.name).collect();
            assert_eq!(listed, [$($name,)* MISTAKEN]);
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
    tokio_conforms: "tokio",
    tokio_on_the_calling_thread_conforms: "tokio-current-thread",
    smol_conforms: "smol",
    a_set_of_futures_conforms: "futures-unordered",
    tokio_with_threads_for_blocking_conforms: "tokio-spawn-blocking",
}

#[test]
fn tokio_that_is_blocked_conforms_but_for_how_many_are_under_way_at_once() {
    let start = |workers| factory(MISTAKEN).start(&Start::workers(workers)).expect("it starts");
    conformance::check_sequential(true, start);
}

#[test]
fn virtual_time_conforms() {
    conformance::check_sequential(true, |workers| Box::new(VirtualTime::new(workers, vec![5, 1, 4, 1, 3])));
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
