//! Pools that take closures, or futures, that borrow nothing: each agent is one.

use std::sync::atomic::{AtomicUsize, Ordering};

use beekeeper::bee::stock::ThunkWorker as BeeWorker;
use beekeeper::hive::OpenBuilder;
use beekeeper::hive::prelude::Builder as _;
use centurion_executors::{Factory, Start, StartError};
use futures_executor::{ThreadPoolBuilder, block_on};
use switchyard::Switchyard;
use switchyard::threads::ThreadAllocationOutput;
use workerpool::thunk::{Thunk, ThunkWorker};

use crate::adapter::{adapter, free, pinned, refused, submit_each};

pub(crate) const ALL: [Factory; 9] = [
    free("threadpool", "threadpool: closures through one locked channel", |start| {
        let pool = threadpool::ThreadPool::new(start.workers.get());
        adapter(start.workers.get(), move |bag| submit_each(bag, |task| pool.execute(task)))
    }),
    free("workerpool", "workerpool: closures through one locked channel, to workers with a state", |start| {
        let pool = workerpool::Pool::<ThunkWorker<()>>::new(start.workers.get());
        adapter(start.workers.get(), move |bag| submit_each(bag, |task| pool.execute(Thunk::of(task))))
    }),
    free("beekeeper", "beekeeper: closures through a lock-free channel, to workers with a state", |start| {
        let hive = OpenBuilder::empty()
            .num_threads(start.workers.get())
            .with_worker_default::<BeeWorker<()>>()
            .with_channel_queues()
            .build();
        adapter(start.workers.get(), move |bag| {
            submit_each(bag, |task| hive.apply_store(beekeeper::bee::stock::Thunk::from(task)));
        })
    }),
    pinned(
        "rusty-pool",
        "rusty_pool: closures through one crossbeam channel, to threads that it adds",
        |start| {
            let (workers, on_worker, next) =
                (start.workers.get(), start.on_worker.clone(), AtomicUsize::new(0));
            let pool = rusty_pool::Builder::new()
                .core_size(workers)
                .max_size(workers)
                .on_worker_start(move || on_worker(next.fetch_add(1, Ordering::Relaxed)))
                .build();
            pool.start_core_threads();
            adapter(workers, move |bag| submit_each(bag, |task| pool.execute(task)))
        },
    ),
    free("affinitypool", "affinitypool: closures through a queue in shards, awaited as futures", |start| {
        let pool = affinitypool::Threadpool::new(start.workers.get());
        adapter(start.workers.get(), move |bag| {
            let spawn = |index| {
                let bag = bag.clone();
                pool.spawn(move || crate::adapter::run(&bag, index))
            };
            let tasks: Vec<_> = (0..bag.len()).map(spawn).collect();
            tasks.into_iter().for_each(block_on);
        })
    }),
    free("executors-channel", "executors: closures through one crossbeam channel", |start| {
        shut_down_at_end(start, executors::crossbeam_channel_pool::ThreadPool::new(start.workers.get()))
    }),
    free("executors-stealing", "executors: closures through a channel, then stealing", |start| {
        shut_down_at_end(
            start,
            executors::crossbeam_workstealing_pool::pool_with_auto_parker(start.workers.get()),
        )
    }),
    pinned("futures-pool", "futures: its ThreadPool, a future spawned for each agent", |start| {
        let on_worker = start.on_worker.clone();
        let pool = ThreadPoolBuilder::new()
            .pool_size(start.workers.get())
            .after_start(move |worker| on_worker(worker))
            .create()
            .map_err(|error| refused("futures-pool", error))?;
        adapter(start.workers.get(), move |bag| submit_each(bag, |task| pool.spawn_ok(async move { task() })))
    }),
    free("switchyard", "switchyard: futures through one queue with priorities", |start| {
        let thread = |ident| ThreadAllocationOutput { name: None, ident, stack_size: None, affinity: None };
        let yard = Switchyard::new((0..start.workers.get()).map(thread), || ())
            .map_err(|error| refused("switchyard", format!("{error:?}")))?;
        adapter(start.workers.get(), move |bag| {
            submit_each(bag, |task| drop(yard.spawn(0, async move { task() })));
        })
    }),
];

/// A pool of `executors`, whose threads complain where it ends in another way.
struct ShutDown<E: executors::Executor>(E);

impl<E: executors::Executor> Drop for ShutDown<E> {
    fn drop(&mut self) {
        let _ = self.0.clone().shutdown(); // fails where its threads have ended already
    }
}

fn shut_down_at_end(
    start: &Start,
    pool: impl executors::Executor + Sync + 'static,
) -> Result<Box<dyn centurion_executors::Executor>, StartError> {
    let pool = ShutDown(pool);
    adapter(start.workers.get(), move |bag| {
        let pool = &pool;
        submit_each(bag, |task| pool.0.execute(task));
    })
}
