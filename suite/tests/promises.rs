//! What the rows say of panics, borrowing and nesting, tried on the libraries themselves: used as their users use them,
//! without an adapter. Tasks of the rows that may borrow do so here, or this would not compile.
#![expect(
    clippy::disallowed_methods,
    reason = "what may hang or end the process is tried on a thread or in a process of its own"
)]

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use beekeeper::hive::OpenBuilder;
use beekeeper::hive::prelude::Builder as _;
use centurion_suite::{PROMISES, Promise};
use executors::Executor as _;
use futures_executor::block_on;
use orx_parallel::{IntoParIter as _, Par as _};
use paralight::prelude::{
    CpuPinningPolicy, ExactParallelSourceExt as _, IntoExactParallelSource as _, ParallelIteratorExt as _,
    RangeStrategy, ThreadCount, ThreadPool, ThreadPoolBuilder,
};
use rayon::iter::{ParallelBridge as _, ParallelIterator as _};
use switchyard::Switchyard;
use switchyard::threads::ThreadAllocationOutput;

/// Long enough for whatever comes, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(60);
/// After which a task that has not begun is taken never to begin. Too short, it can only hide a thread that is replaced.
const SILENCE: Duration = Duration::from_millis(500);
/// Names the executor that this process tries.
const CHILD: &str = "CENTURION_SUITE_PANICS";

type BoxedTask = Box<dyn FnOnce() + Send>;

fn promise(executor: &str) -> &'static Promise {
    PROMISES.iter().find(|row| row.executor == executor).expect("it has a row")
}

fn panics_so(executor: &str, seen: &str) {
    assert_eq!(seen, promise(executor).panic, "{executor}");
}

/// What becomes of a panic where whoever hands out tasks waits for them.
fn reaches_caller(call: impl FnOnce()) -> &'static str {
    let said = catch_unwind(AssertUnwindSafe(call));
    if said.is_err() { "reaches the caller" } else { "is lost" }
}

/// What becomes of it in a pool of one thread that runs what it is handed some time.
fn ends_thread(executor: &str, submit: impl Fn(BoxedTask)) -> &'static str {
    struct AtEnd(Sender<()>);
    impl Drop for AtEnd {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    thread_local! {
        static LAST: RefCell<Option<AtEnd>> = const { RefCell::new(None) };
    }
    let (ended, end) = channel();
    submit(Box::new(move || {
        LAST.set(Some(AtEnd(ended)));
        panic!("meant to");
    }));
    end.recv_timeout(PATIENCE).expect("its thread has ended");
    let replaced = promise(executor).panic.ends_with("replaced");
    let (ran, run) = channel();
    let another = || {
        submit(Box::new(move || {
            let _ = ran.send(());
        }));
    };
    let _ = catch_unwind(AssertUnwindSafe(another)); // some say that nobody is there any more
    match run.recv_timeout(if replaced { PATIENCE } else { SILENCE }) {
        Ok(()) => "ends its thread, which is replaced",
        Err(_) => "ends its thread",
    }
}

fn rayon_pool() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("the pool starts")
}

fn yard() -> Switchyard<()> {
    let thread = |ident| ThreadAllocationOutput { name: None, ident, stack_size: None, affinity: None };
    Switchyard::new((0..2).map(thread), || ()).expect("the pool starts")
}

fn paralight_pool(range_strategy: RangeStrategy) -> ThreadPool {
    let num_threads = ThreadCount::try_from(2).expect("it is not none");
    ThreadPoolBuilder { num_threads, range_strategy, cpu_pinning: CpuPinningPolicy::No }.build()
}

/// A loop in which the middle one of three tasks panics.
fn middle(index: usize) {
    assert_ne!(index, 1, "meant to");
}

/// Runs one of these tests in a process of its own, which a panic may end, or what comes after it: `None` where it was not
/// the one that `call` ends it with.
fn in_process(executor: &str, test: &str, call: impl FnOnce() -> u8) -> Option<u8> {
    if std::env::var(CHILD).is_ok_and(|name| name == executor) {
        std::process::exit(call().into());
    }
    let this = std::env::current_exe().expect("it has a name");
    let output = Command::new(this).args(["--exact", test]).env(CHILD, executor).output().expect("it starts");
    output.status.code().and_then(|code| u8::try_from(code).ok())
}

/// What the process of [`in_process`] ends with.
const CAUGHT: u8 = 10;
const CAUGHT_AGAIN: u8 = 11;

#[test]
fn panic_in_rayon() {
    let pool = rayon_pool();
    panics_so("rayon-scope", reaches_caller(|| pool.scope(|scope| scope.spawn(|_| middle(1)))));
    panics_so("rayon-broadcast", reaches_caller(|| drop(pool.broadcast(|of| middle(of.index())))));
    let bridged = || pool.install(|| (0..3).par_bridge().for_each(middle));
    panics_so("rayon-par-bridge", reaches_caller(bridged));
}

#[test]
fn panic_in_spindle() {
    let pool = rayon_pool();
    let held = || pool.install(|| spindle::with_lock(2, || spindle::for_each_raw(3, middle)));
    panics_so("spindle", reaches_caller(held));
}

#[test]
fn panic_in_orx_parallel() {
    panics_so("orx-parallel", reaches_caller(|| (0..3).into_par().for_each(middle)));
}

/// The caller hears of it, and then whoever uses the pool once more waits for ever, or worse.
#[test]
fn panic_in_paralight() {
    for (executor, strategy) in
        [("paralight", RangeStrategy::WorkStealing), ("paralight-fixed", RangeStrategy::Fixed)]
    {
        let ended = in_process(executor, "panic_in_paralight", || {
            let (sees, seen) = channel();
            thread::spawn(move || {
                let mut pool = paralight_pool(strategy);
                for task in [middle, |_| ()] {
                    let call = || (0..3).into_par_iter().with_thread_pool(&mut pool).for_each(task);
                    let _ = sees.send(catch_unwind(AssertUnwindSafe(call)).is_ok());
                }
                thread::park(); // its pool may wait for its threads
            });
            assert_eq!(seen.recv_timeout(PATIENCE), Ok(false), "{executor}: the caller hears of it");
            if seen.recv_timeout(SILENCE) == Ok(true) { CAUGHT_AGAIN } else { CAUGHT }
        });
        panics_so(executor, if ended == Some(CAUGHT_AGAIN) { "reaches the caller" } else { "ends its pool" });
    }
}

#[test]
fn panic_in_chili() {
    let pool = chili::ThreadPool::new();
    let join = || {
        pool.scope().join(|_| middle(0), |_| middle(1));
    };
    panics_so("chili", reaches_caller(join));
}

#[test]
fn panic_in_bevy_tasks() {
    let pool = bevy_tasks::TaskPoolBuilder::new().num_threads(1).build();
    let scope =
        || drop(pool.scope(|scope| (0..3).for_each(|index| scope.spawn(async move { middle(index) }))));
    panics_so("bevy-tasks", reaches_caller(scope));
}

#[test]
fn panic_in_fork_union() {
    let ended = in_process("fork-union", "panic_in_fork_union", || {
        let mut pool = fork_union::ThreadPool::try_spawn(2).expect("the pool starts");
        let call = || drop(pool.for_n_dynamic(3, |prong| middle(prong.task_index)));
        let _ = catch_unwind(AssertUnwindSafe(call));
        CAUGHT
    });
    panics_so("fork-union", if ended == Some(CAUGHT) { "reaches the caller" } else { "ends the process" });
}

#[test]
fn panic_in_pools_of_threads() {
    let threads = threadpool::ThreadPool::new(1);
    panics_so("threadpool", ends_thread("threadpool", |task| threads.execute(task)));
    let workers = workerpool::Pool::<workerpool::thunk::ThunkWorker<()>>::new(1);
    let submit = |task| workers.execute(workerpool::thunk::Thunk::of(task));
    panics_so("workerpool", ends_thread("workerpool", submit));
    let rusty = rusty_pool::Builder::new().core_size(1).max_size(1).build();
    panics_so("rusty-pool", ends_thread("rusty-pool", |task| rusty.execute(task)));
}

#[test]
fn panic_in_executors() {
    let channel = executors::crossbeam_channel_pool::ThreadPool::new(1);
    panics_so("executors-channel", ends_thread("executors-channel", |task| channel.execute(task)));
    let stealing = executors::crossbeam_workstealing_pool::pool_with_auto_parker(1);
    panics_so("executors-stealing", ends_thread("executors-stealing", |task| stealing.execute(task)));
    channel.shutdown().expect("it ends");
    stealing.shutdown().expect("it ends");
}

#[test]
fn panic_in_the_pool_of_futures() {
    let pool = futures_executor::ThreadPool::builder().pool_size(1).create().expect("the pool starts");
    let submit = |task: BoxedTask| pool.spawn_ok(async move { task() });
    panics_so("futures-pool", ends_thread("futures-pool", submit));
}

#[test]
fn panic_in_beekeeper() {
    let hive = OpenBuilder::empty()
        .num_threads(1)
        .with_worker_default::<beekeeper::bee::stock::ThunkWorker<()>>()
        .with_channel_queues()
        .build();
    let submit = |task: BoxedTask| {
        hive.apply_store(beekeeper::bee::stock::Thunk::from(task));
    };
    panics_so("beekeeper", ends_thread("beekeeper", submit));
}

#[test]
fn panic_in_what_is_awaited() {
    let reaches = |waits: &dyn Fn()| match catch_unwind(AssertUnwindSafe(waits)) {
        Err(_) => "reaches whoever awaits it",
        Ok(()) => "is lost",
    };
    let pool = affinitypool::Threadpool::new(1);
    panics_so("affinitypool", reaches(&|| block_on(pool.spawn(|| middle(1)))));
    let yard = yard();
    panics_so("switchyard", reaches(&|| block_on(yard.spawn(0, async { middle(1) }))));
}

/// Calls a function on a thread of its own, and hears from it how many of nine tasks ran.
fn nests(executor: &str, call: impl FnOnce(&AtomicUsize) + Send + 'static) {
    assert!(promise(executor).nests, "{executor} was tried and its row says that it does not");
    let (says, said) = channel();
    thread::spawn(move || {
        let ran = AtomicUsize::new(0);
        call(&ran);
        let _ = says.send(ran.into_inner());
    });
    assert_eq!(said.recv_timeout(PATIENCE), Ok(9), "{executor}: tasks that ran");
}

fn count(ran: &AtomicUsize) {
    ran.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn nested_in_rayon() {
    nests("rayon-scope", |ran| {
        let pool = rayon_pool();
        let three = || pool.scope(|scope| (0..3).for_each(|_| scope.spawn(|_| count(ran))));
        pool.scope(|scope| (0..3).for_each(|_| scope.spawn(|_| three())));
    });
    nests("rayon-par-bridge", |ran| {
        let three = || (0..3).par_bridge().for_each(|_| count(ran));
        rayon_pool().install(|| (0..3).par_bridge().for_each(|_| three()));
    });
    nests("rayon-broadcast", |ran| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("the pool starts");
        pool.broadcast(|_| drop(pool.broadcast(|_| count(ran))));
    });
}

#[test]
fn nested_in_spindle() {
    nests("spindle", |ran| {
        let three = |_| spindle::with_lock(2, || spindle::for_each_raw(3, |_| count(ran)));
        rayon_pool().install(|| spindle::with_lock(2, || spindle::for_each_raw(3, three)));
    });
}

#[test]
fn nested_in_chili() {
    fn thrice(scope: &mut chili::Scope<'_>, task: &(impl Fn(&mut chili::Scope<'_>) + Sync)) {
        let twice = |scope: &mut chili::Scope<'_>| {
            scope.join(|scope| task(scope), |scope| task(scope));
        };
        scope.join(twice, |scope| task(scope));
    }
    nests("chili", |ran| {
        let pool = chili::ThreadPool::new();
        thrice(&mut pool.scope(), &|scope: &mut chili::Scope<'_>| thrice(scope, &|_: &mut _| count(ran)));
    });
}

#[test]
fn nested_in_bevy_tasks() {
    nests("bevy-tasks", |ran| {
        let pool = bevy_tasks::TaskPoolBuilder::new().num_threads(1).build();
        let three = || drop(pool.scope(|scope| (0..3).for_each(|_| scope.spawn(async { count(ran) }))));
        pool.scope(|scope| (0..3).for_each(|_| scope.spawn(async { three() })));
    });
}

#[test]
fn nested_in_switchyard() {
    nests("switchyard", |ran| {
        let (yard, inner) = (std::sync::Arc::new(yard()), std::sync::Arc::new(AtomicUsize::new(0)));
        let outer: Vec<_> = (0..3)
            .map(|_| {
                let (here, inner) = (yard.clone(), inner.clone());
                yard.spawn(0, async move {
                    for _ in 0..3 {
                        let inner = inner.clone();
                        here.spawn(0, async move { count(&inner) }).await;
                    }
                })
            })
            .collect();
        outer.into_iter().for_each(block_on);
        ran.store(inner.load(Ordering::Relaxed), Ordering::Relaxed);
        std::mem::forget(yard); // a task that holds it may still be about to let it go
    });
}

#[test]
fn every_row_that_nests_was_tried() {
    let source = include_str!("promises.rs");
    for row in PROMISES.iter().filter(|row| row.nests) {
        assert!(source.contains(&format!("nests(\"{}\"", row.executor)), "{}", row.executor);
    }
    for row in &PROMISES {
        let told = [format!("panics_so(\"{}\"", row.executor), format!("(\"{}\", ", row.executor)];
        assert!(told.iter().any(|told| source.contains(told)), "{}", row.executor);
    }
}

#[test]
fn the_table_says_what_the_rows_say() {
    let table = include_str!("../README.md");
    for Promise { executor, panic, borrows, nests, breaks } in &PROMISES {
        let [borrows, nests] = [borrows, nests].map(|is| if *is { "yes" } else { "no" });
        let line =
            format!("| `{executor}` | {panic} | {borrows} | {nests} | {} |", breaks.unwrap_or("passes"));
        assert!(table.lines().any(|row| row == line), "{line}");
    }
}
