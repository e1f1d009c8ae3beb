//! An async executor of one's own, which passes the suite: `cargo run -p centurion-executors --example own_runtime`.

use std::sync::Arc;
use std::time::Duration;

use async_executor::Executor as Tasks;
use centurion_executors::{AllEnded, Bag, Executor, Flow, Reactor, conformance, map_waiting};
use futures_lite::future::block_on;

/// The tasks of a call take turns on the calling thread. At most `workers` of them are under way at once.
struct OneThread {
    workers: usize,
}

fn take_turns(begin: impl FnOnce(Arc<Tasks<'static>>) -> AllEnded) {
    let tasks = Arc::new(Tasks::new());
    block_on(tasks.run(begin(Arc::clone(&tasks))));
}

impl Executor for OneThread {
    fn workers(&self) -> usize {
        self.workers
    }
    fn execute(&self, bag: &Bag) {
        take_turns(|tasks| bag.under_way(self.workers, &Reactor, move |chain| tasks.spawn(chain).detach()));
    }
    fn execute_flow(&self, flow: &Flow) {
        take_turns(|tasks| flow.under_way(self.workers, &Reactor, move |chain| tasks.spawn(chain).detach()));
    }
}

fn main() {
    let slept = map_waiting(&OneThread { workers: 100 }, 100, |agent, wait| async move {
        wait.sleep(Duration::from_millis(10)).await;
        agent
    });
    println!("agent 99 says {:?}", slept[99]);
    conformance::check_under_way(|workers| Box::new(OneThread { workers }));
    println!("it conforms, with 1, 2, 3 and 8 tasks under way");
}
