//! Pools that take closures, or futures, that borrow nothing: each agent is one.

use beekeeper::bee::stock::ThunkWorker as BeeWorker;
use beekeeper::hive::OpenBuilder;
use beekeeper::hive::prelude::Builder as _;
use centurion_executors::Factory;
use executors::Executor as _;
use futures_executor::{ThreadPoolBuilder, block_on};
use switchyard::Switchyard;
use switchyard::threads::ThreadAllocationOutput;
use workerpool::thunk::{Thunk, ThunkWorker};

use crate::adapter::{adapter, free, pinned, refused, submit_each};

pub(crate) const ALL: [Factory; 8] = [
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
        let pool = executors::crossbeam_channel_pool::ThreadPool::new(start.workers.get());
        adapter(start.workers.get(), move |bag| submit_each(bag, |task| pool.execute(task)))
    }),
    free("executors-stealing", "executors: closures through a channel, then stealing", |start| {
        let pool = executors::crossbeam_workstealing_pool::pool_with_auto_parker(start.workers.get());
        adapter(start.workers.get(), move |bag| submit_each(bag, |task| pool.execute(task)))
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
