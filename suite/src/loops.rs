//! Libraries that run a loop, or scoped tasks, on their threads: tasks may borrow from the caller.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use centurion_executors::{Bag, Factory, Start, StartError};
use orx_parallel::{IntoParIter as _, Par as _, ThreadPool as _};
use paralight::prelude::{
    CpuPinningPolicy, ExactParallelSourceExt as _, IntoExactParallelSource as _, ParallelIteratorExt as _,
    RangeStrategy, ThreadCount, ThreadPoolBuilder,
};
use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

use crate::adapter::{adapter, free, pinned, refused, run};

pub(crate) const ALL: [Factory; 10] = [
    pinned("rayon-scope", "rayon: a task spawned into a scope for each agent", |start| {
        let pool = rayon_pool("rayon-scope", start)?;
        adapter(start.workers.get(), move |bag| {
            pool.scope(|scope| (0..bag.len()).for_each(|index| scope.spawn(move |_| run(bag, index))));
        })
    }),
    pinned("rayon-broadcast", "rayon: every thread of the pool draws from a counter", |start| {
        let pool = rayon_pool("rayon-broadcast", start)?;
        adapter(start.workers.get(), move |bag| {
            let next = AtomicUsize::new(0);
            pool.broadcast(|_| draw(bag, &next));
        })
    }),
    pinned("rayon-par-bridge", "rayon: a serial iterator bridged to its threads", |start| {
        let pool = rayon_pool("rayon-par-bridge", start)?;
        adapter(start.workers.get(), move |bag| {
            pool.install(|| (0..bag.len()).par_bridge().for_each(|index| run(bag, index)));
        })
    }),
    pinned(
        "spindle",
        "spindle: rayon's threads held for a loop, which draw jobs without sleeping",
        |start| {
            let (pool, workers) = (rayon_pool("spindle", start)?, start.workers.get());
            adapter(workers, move |bag| {
                pool.install(|| {
                    spindle::with_lock(workers, || spindle::for_each_raw(bag.len(), |index| run(bag, index)));
                });
            })
        },
    ),
    free("orx-parallel", "orx-parallel: a concurrent iterator drawn from in chunks that adapt", |start| {
        let workers = start.workers.get();
        let pool = orx_parallel::BasicPool::new(workers);
        let most = pool.max_num_threads().get();
        if most < workers {
            return Err(refused("orx-parallel", format!("it has no more than {most} threads here")));
        }
        adapter(workers, move |bag| {
            let runner = orx_parallel::Runner::adaptive_with_pool(&pool);
            (0..bag.len()).into_par().runner(runner).for_each(|index| run(bag, index));
        })
    }),
    free("paralight", "paralight: an equal share each, then stealing", |start| {
        paralight("paralight", start, RangeStrategy::WorkStealing)
    }),
    free("paralight-fixed", "paralight: an equal share each", |start| {
        paralight("paralight-fixed", start, RangeStrategy::Fixed)
    }),
    free("chili", "chili: halves joined, shared with others at a heartbeat", |start| {
        let workers = start.workers;
        let config = chili::Config { thread_count: Some(workers), ..chili::Config::default() };
        let pool = chili::ThreadPool::with_config(config);
        adapter(workers.get(), move |bag| halve(&mut pool.scope(), bag, 0..bag.len()))
    }),
    free("bevy-tasks", "bevy_tasks: futures spawned into a scope, in which the caller takes part", |start| {
        let workers = start.workers.get();
        let pool = bevy_tasks::TaskPoolBuilder::new().num_threads(workers - 1).build();
        adapter(workers, move |bag| {
            pool.scope(|scope| (0..bag.len()).for_each(|index| scope.spawn(async move { run(bag, index) })));
        })
    }),
    free("fork-union", "fork_union: threads that spin and draw from a counter, with the caller", |start| {
        let workers = start.workers.get();
        let pool = fork_union::ThreadPool::try_spawn(workers)
            .map_err(|error| refused("fork-union", format!("{error:?}")))?;
        let pool = Mutex::new(pool);
        adapter(workers, move |bag| {
            let mut pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
            drop(pool.for_n_dynamic(bag.len(), |prong| run(bag, prong.task_index))); // which runs it
        })
    }),
];

fn rayon_pool(executor: &'static str, start: &Start) -> Result<rayon::ThreadPool, StartError> {
    let on_worker = start.on_worker.clone();
    rayon::ThreadPoolBuilder::new()
        .num_threads(start.workers.get())
        .start_handler(move |worker| on_worker(worker))
        .build()
        .map_err(|error| refused(executor, error))
}

fn paralight(
    executor: &'static str,
    start: &Start,
    range_strategy: RangeStrategy,
) -> Result<Box<dyn centurion_executors::Executor>, StartError> {
    let workers = start.workers.get();
    let num_threads =
        ThreadCount::try_from(workers).map_err(|error| refused(executor, format!("{error:?}")))?;
    let pool = ThreadPoolBuilder { num_threads, range_strategy, cpu_pinning: CpuPinningPolicy::No }.build();
    let pool = Mutex::new(pool); // a loop borrows it for itself alone
    adapter(workers, move |bag| {
        let mut pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
        (0..bag.len()).into_par_iter().with_thread_pool(&mut *pool).for_each(|index| run(bag, index));
    })
}

fn draw(bag: &Bag, next: &AtomicUsize) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= bag.len() {
            return;
        }
        run(bag, index);
    }
}

fn halve(scope: &mut chili::Scope<'_>, bag: &Bag, tasks: Range<usize>) {
    if tasks.len() == 1 {
        return run(bag, tasks.start);
    }
    let middle = tasks.start + tasks.len() / 2;
    scope.join(|scope| halve(scope, bag, tasks.start..middle), |scope| halve(scope, bag, middle..tasks.end));
}
