//! What the executor trait costs: each library's loop written by hand beside the same library behind the
//! trait, in shuffled rounds. The difference is printed in nanoseconds per agent. On async runtimes agents are futures that
//! don't wait, all of them under way at once.

use std::future::{Future, pending};
use std::hint::black_box;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::{ScopedJoinHandle, available_parallelism};
use std::time::Duration;

use centurion::bench::{BenchArguments, BenchMode, Source, feed};
use centurion_executors::{Bag, Executor, Start, find};
use centurion_harness::clock;
use centurion_report::units;
use criterion::Criterion;
use crossbeam::deque::{Injector, Steal, Stealer, Worker};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinSet, unconstrained};

const ROUNDS: usize = 20;
const WORKERS: usize = 2;
/// So many that what a call costs once does not hide what it costs per agent.
const AGENTS: usize = 10_000;
/// Threads are dear, so a thread per agent gets fewer agents.
const THREADS: usize = 200;

/// One library, by hand and through the trait, each running all agents once.
struct DispatchPair {
    executor: &'static str,
    agents: usize,
    by_hand: Box<dyn Fn()>,
    through: Box<dyn Fn()>,
}

type AgentSlots = Arc<[AtomicU64]>;

/// The least an agent can do and still be checked: one multiplication, one store.
fn agent(slots: &[AtomicU64], index: usize) {
    slots[index].store((black_box(index) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15), Ordering::Relaxed);
}

fn pair(executor: &'static str, agents: usize, by_hand: impl Fn(&[AtomicU64]) + 'static) -> DispatchPair {
    let slots: AgentSlots = (0..agents).map(|_| AtomicU64::new(0)).collect();
    let through = through_the_trait(executor, agents);
    DispatchPair { executor, agents, by_hand: Box::new(move || by_hand(&slots)), through }
}

fn through_the_trait(executor: &str, agents: usize) -> Box<dyn Fn()> {
    let slots: AgentSlots = (0..agents).map(|_| AtomicU64::new(0)).collect();
    let workers = if executor == "serial" { 1 } else { WORKERS };
    let executor: Box<dyn Executor> =
        find(executor).expect("it is in the list").start(&Start::workers(workers)).expect("it starts");
    let bag = Bag::new(agents, move |index| agent(&slots, index));
    Box::new(move || executor.execute(&bag))
}

/// An agent as a future.
fn future(slots: &AgentSlots, index: usize) -> impl Future<Output = ()> + Send + use<> {
    let slots = Arc::clone(slots);
    async move { agent(&slots, index) }
}

/// A runtime by hand and through the trait.
fn runtime_pair(executor: &'static str, by_hand: impl Fn(&AgentSlots) + 'static) -> DispatchPair {
    let [by_hand_slots, slots] =
        [(); 2].map(|()| (0..AGENTS).map(|_| AtomicU64::new(0)).collect::<AgentSlots>());
    let runtime =
        find(executor).expect("it is in the list").start(&Start::workers(AGENTS)).expect("it starts");
    let bag = Bag::waiting(AGENTS, move |index, _| future(&slots, index));
    let through = Box::new(move || runtime.execute(&bag));
    DispatchPair { executor, agents: AGENTS, by_hand: Box::new(move || by_hand(&by_hand_slots)), through }
}

fn pairs() -> Vec<DispatchPair> {
    let mut pairs = pairs_on_threads();
    pairs.extend([
        runtime_pair("tokio", spawning(Builder::new_multi_thread())),
        runtime_pair("tokio-current-thread", spawning(Builder::new_current_thread())),
        runtime_pair("smol", smol()),
        runtime_pair("futures-unordered", unordered()),
    ]);
    pairs
}

fn start(mut builder: Builder) -> Runtime {
    builder.enable_all().build().expect("the runtime starts")
}

fn spawning(builder: Builder) -> impl Fn(&AgentSlots) {
    let runtime = start(builder);
    move |slots| {
        runtime.block_on(async {
            let agents: JoinSet<()> = (0..slots.len()).map(|index| future(slots, index)).collect();
            agents.join_all().await;
        });
    }
}

/// Its threads last as long as the bench.
#[expect(clippy::disallowed_methods, reason = "this is what a person would write by hand")]
fn smol() -> impl Fn(&AgentSlots) {
    let executor = Arc::new(async_executor::Executor::new());
    for _ in 0..available_parallelism().map_or(1, NonZero::get) {
        let executor = Arc::clone(&executor);
        std::thread::spawn(move || async_io::block_on(executor.run(pending::<()>())));
    }
    move |slots| {
        let agents: Vec<_> = (0..slots.len()).map(|index| executor.spawn(future(slots, index))).collect();
        async_io::block_on(async {
            for agent in agents {
                agent.await;
            }
        });
    }
}

fn unordered() -> impl Fn(&AgentSlots) {
    let runtime = start(Builder::new_current_thread());
    move |slots| {
        let agents: FuturesUnordered<_> = (0..slots.len()).map(|index| future(slots, index)).collect();
        runtime.block_on(unconstrained(agents.for_each(|()| async {})));
    }
}

fn pairs_on_threads() -> Vec<DispatchPair> {
    let pool = |each: bool| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(WORKERS).build().expect("the pool starts");
        move |slots: &[AtomicU64]| {
            let longest = if each { 1 } else { usize::MAX };
            pool.install(|| {
                (0..slots.len()).into_par_iter().with_max_len(longest).for_each(|index| agent(slots, index));
            });
        }
    };
    vec![
        pair("serial", AGENTS, |slots| (0..slots.len()).for_each(|index| agent(slots, index))),
        pair("std-thread-per-agent", THREADS, thread_per_agent),
        pair("std-chunks", AGENTS, chunks),
        pair("std-counter", AGENTS, counter),
        pair("crossbeam-channel", AGENTS, channel),
        pair("crossbeam-deque", AGENTS, deque),
        pair("rayon", AGENTS, pool(false)),
        pair("rayon-each", AGENTS, pool(true)),
    ]
}

#[expect(clippy::disallowed_methods, reason = "this is what a person would write by hand")]
fn thread_per_agent(slots: &[AtomicU64]) {
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..slots.len()).map(|index| scope.spawn(move || agent(slots, index))).collect();
        threads.into_iter().for_each(join);
    });
}

#[expect(clippy::disallowed_methods, reason = "this is what a person would write by hand")]
fn chunks(slots: &[AtomicU64]) {
    let length = slots.len().div_ceil(WORKERS);
    std::thread::scope(|scope| {
        let work = |worker: usize| {
            let indices = worker * length..((worker + 1) * length).min(slots.len());
            scope.spawn(move || indices.for_each(|index| agent(slots, index)))
        };
        let threads: Vec<_> = (0..WORKERS).map(work).collect();
        threads.into_iter().for_each(join);
    });
}

#[expect(clippy::disallowed_methods, reason = "this is what a person would write by hand")]
fn counter(slots: &[AtomicU64]) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let draw = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= slots.len() {
                    break;
                }
                agent(slots, index);
            }
        };
        let threads: Vec<_> = (0..WORKERS).map(|_| scope.spawn(draw)).collect();
        threads.into_iter().for_each(join);
    });
}

fn join(thread: ScopedJoinHandle<'_, ()>) {
    thread.join().expect("agents do not panic");
}

fn channel(slots: &[AtomicU64]) {
    let (send, receive) = crossbeam::channel::unbounded();
    crossbeam::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|_| receive.iter().for_each(|index| agent(slots, index)));
        }
        (0..slots.len()).for_each(|index| send.send(index).expect("the receiver is there"));
        drop(send);
    })
    .expect("agents do not panic");
}

fn deque(slots: &[AtomicU64]) {
    let queue = Injector::new();
    (0..slots.len()).for_each(|index| queue.push(index));
    let own: Vec<Worker<usize>> = (0..WORKERS).map(|_| Worker::new_fifo()).collect();
    let others: Vec<_> = own.iter().map(Worker::stealer).collect();
    let (queue, others) = (&queue, &others);
    crossbeam::scope(|scope| {
        for own in own {
            scope.spawn(move |_| {
                while let Some(index) = own.pop().or_else(|| {
                    loop {
                        let found = queue.steal_batch_and_pop(&own);
                        let found = found.or_else(|| others.iter().map(Stealer::steal).collect());
                        match found {
                            Steal::Retry => (),
                            Steal::Success(index) => break Some(index),
                            Steal::Empty => break None,
                        }
                    }
                }) {
                    agent(slots, index);
                }
            });
        }
    })
    .expect("agents do not panic");
}

/// Nanoseconds per agent of `(by hand, through the trait)`, a round each.
fn measure(pairs: &[DispatchPair]) -> Vec<(Vec<f64>, Vec<f64>)> {
    let mut samples = vec![(Vec::new(), Vec::new()); pairs.len()];
    for round in 0..ROUNDS {
        for (pair, (by_hand, through)) in pairs.iter().zip(&mut samples) {
            let take = |which: &dyn Fn(), into: &mut Vec<f64>| {
                which();
                into.push(sample(which).as_nanos() as f64 / pair.agents as f64);
            };
            // Alternating which comes first cancels what the first does to the second.
            if round % 2 == 0 {
                take(&pair.by_hand, by_hand);
                take(&pair.through, through);
            } else {
                take(&pair.through, through);
                take(&pair.by_hand, by_hand);
            }
        }
    }
    samples
}

/// Time of one call, from as many calls as fill a few milliseconds.
fn sample(run: &dyn Fn()) -> Duration {
    let begun = clock::now();
    let mut calls = 0;
    loop {
        run();
        calls += 1;
        let elapsed = begun.elapsed();
        if elapsed > Duration::from_millis(2) {
            return elapsed / calls;
        }
    }
}

fn print(pairs: &[DispatchPair], samples: &[(Vec<f64>, Vec<f64>)]) {
    println!("The trait's price in ns per agent, over {ROUNDS} rounds, 95 % interval:");
    for (pair, (by_hand, through)) in pairs.iter().zip(samples) {
        let differences: Vec<f64> =
            through.iter().zip(by_hand).map(|(through, by_hand)| through - by_hand).collect();
        let price = centurion_stats::pseudo_median(&differences).expect("there are rounds");
        let interval = price.interval.expect("there are enough rounds for one");
        println!(
            "  {:<21} by hand {:>8}, through the trait {:>8}, difference {:+.2} [{:+.2}, {:+.2}]",
            pair.executor,
            time(by_hand),
            time(through),
            price.value,
            interval.low,
            interval.high,
        );
    }
}

fn time(samples: &[f64]) -> String {
    units::time(centurion_stats::median(samples).expect("there are rounds"))
}

fn main() {
    let arguments = BenchArguments::read();
    let wanted = |pair: &DispatchPair| ["by-hand", "trait"].iter().any(|way| arguments.wants(&id(pair, way)));
    let pairs: Vec<DispatchPair> = pairs().into_iter().filter(wanted).collect();
    let measured = arguments.mode == BenchMode::Measure;
    let samples = if measured { measure(&pairs) } else { Vec::new() };
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("dispatch");
    for (index, pair) in pairs.iter().enumerate() {
        let live = [&pair.by_hand, &pair.through].map(|run| move || sample(&**run) / pair.agents as u32);
        for (way, name) in ["by-hand", "trait"].into_iter().enumerate() {
            let source = match samples.get(index).map(|(by_hand, through)| [by_hand, through][way]) {
                None => Source::Live(&live[way]),
                Some(samples) if arguments.quick => Source::Median(samples),
                Some(samples) => Source::Samples(samples),
            };
            feed(&mut group, pair.executor, name, &source);
        }
    }
    group.finish();
    criterion.final_summary();
    if measured && !pairs.is_empty() {
        print(&pairs, &samples);
    }
}

fn id(pair: &DispatchPair, way: &str) -> String {
    format!("dispatch/{}/{way}", pair.executor)
}
