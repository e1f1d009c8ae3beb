//! An executor of one's own, and the suite that every executor must pass:
//! `cargo run -p centurion-executors --example own_executor`.

use std::sync::atomic::{AtomicUsize, Ordering};

use centurion_executors::{Bag, Executor, conformance, map};

/// Threads that draw up to eight tasks at a time, and fewer of a bag that would not go round. Flows run on the shared scheduler, for `execute_flow` is left as it is.
struct Batches {
    workers: usize,
}

const LARGEST: usize = 8;

impl Executor for Batches {
    fn workers(&self) -> usize {
        self.workers
    }

    #[expect(clippy::disallowed_methods, reason = "this is an executor")]
    fn execute(&self, bag: &Bag) {
        let next = AtomicUsize::new(0);
        let batch = (bag.len() / (4 * self.workers)).clamp(1, LARGEST);
        let work = || {
            loop {
                let first = next.fetch_add(batch, Ordering::Relaxed);
                if first >= bag.len() {
                    return;
                }
                bag.run_range(first..bag.len().min(first + batch));
            }
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.workers).map(|_| scope.spawn(work)).collect();
            for thread in threads {
                thread.join().expect("a bag never unwinds");
            }
        });
    }
}

fn main() {
    let squares = map(&Batches { workers: 3 }, 100, |agent| agent * agent);
    println!("agent 99 says {:?}", squares[99]);
    conformance::check(true, |workers| Box::new(Batches { workers }));
    println!("it conforms, with 1, 2, 3 and 8 workers");
}
