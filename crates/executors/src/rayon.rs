//! Rayon on a pool of its own, never the global one: started for the number of workers asked for, and
//! primed, so that no sample pays for waking it the first time.

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

use crate::{Bag, Countdown, Executor, Factory, Flow, Placement, Start, StartError, Workers};

pub(crate) const SPLITTING: Factory = Factory {
    name: "rayon",
    summary: "rayon's parallel iterator with its default splitting",
    workers: Workers::Any,
    placement: Placement::Pinned,
    mistake: false,
    build: |start| Ok(Box::new(Rayon { pool: pool("rayon", start)?, longest_split: usize::MAX })),
};

pub(crate) const EACH: Factory = Factory {
    name: "rayon-each",
    summary: "rayon's parallel iterator split down to single agents",
    workers: Workers::Any,
    placement: Placement::Pinned,
    mistake: false,
    build: |start| Ok(Box::new(Rayon { pool: pool("rayon-each", start)?, longest_split: 1 })),
};

pub(crate) const UNPINNED: Factory = Factory {
    name: "rayon-unpinned",
    summary: "rayon's default splitting with workers the kernel may move about",
    workers: Workers::Any,
    placement: Placement::Free,
    mistake: false,
    build: |start| Ok(Box::new(Rayon { pool: pool("rayon-unpinned", start)?, longest_split: usize::MAX })),
};

struct Rayon {
    pool: ThreadPool,
    longest_split: usize,
}

fn pool(executor: &'static str, start: &Start) -> Result<ThreadPool, StartError> {
    let on_worker = start.on_worker.clone();
    let pool = ThreadPoolBuilder::new()
        .num_threads(start.workers.get())
        .start_handler(move |worker| on_worker(worker))
        .build()
        .map_err(|error| StartError::Refused { executor, reason: error.to_string() })?;
    pool.broadcast(|_| ());
    Ok(pool)
}

impl Executor for Rayon {
    fn workers(&self) -> usize {
        self.pool.current_num_threads()
    }

    fn execute(&self, bag: &Bag) {
        self.pool.install(|| {
            (0..bag.len()).into_par_iter().with_max_len(self.longest_split).for_each(|index| bag.run(index));
        });
    }

    fn execute_flow(&self, flow: &Flow) {
        let (countdown, roots) = (Countdown::new(flow.graph()), flow.graph().roots());
        self.pool.scope(|scope| {
            let begin = |&root: &u32| follow(scope, flow, &countdown, root as usize);
            roots.par_iter().with_max_len(self.longest_split).for_each(begin);
        });
    }
}

/// Runs a task and what it makes ready. What is spawned lies where this worker comes by next and idle ones
/// steal.
fn follow<'scope>(scope: &Scope<'scope>, flow: &'scope Flow, countdown: &'scope Countdown, task: usize) {
    flow.follow(countdown, task, |other| scope.spawn(move |scope| follow(scope, flow, countdown, other)));
}
