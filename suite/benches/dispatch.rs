//! What the executor trait costs with the libraries of the suite that hand out single tasks: each one's loop written by hand
//! beside the same library behind its adapter, in rounds of which every other goes backwards. `cargo bench --manifest-path
//! suite/Cargo.toml --bench dispatch` prints nanoseconds per agent.
#![expect(clippy::disallowed_methods, reason = "it times what is outside the harness")]

use std::cell::RefCell;
use std::hint::black_box;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;

use centurion_executors::{Bag, Start};
use centurion_stats::{Estimate, median_interval};
use centurion_suite::factories;
use orx_parallel::{IntoParIter as _, Par as _};
use paralight::prelude::{
    CpuPinningPolicy, ExactParallelSourceExt as _, IntoExactParallelSource as _, ParallelIteratorExt as _,
    RangeStrategy, ThreadCount, ThreadPoolBuilder,
};
use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

/// In each, both of a pair run once.
const ROUNDS: usize = 60;
const WORKERS: usize = 2;
/// So many that what a call costs once does not hide what it costs per agent.
const AGENTS: usize = 10_000;

type SuiteSlots = Arc<[AtomicU64]>;

/// The least an agent can do and still be checked: one multiplication, one store.
fn agent(slots: &[AtomicU64], index: usize) {
    slots[index].store((black_box(index) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15), Ordering::Relaxed);
}

fn slots() -> SuiteSlots {
    (0..AGENTS).map(|_| AtomicU64::new(0)).collect()
}

/// An executor's name, and its library's loop by hand.
type LoopByHand = (&'static str, Box<dyn Fn(&SuiteSlots)>);

fn by_hand(name: &'static str, run: impl Fn(&SuiteSlots) + 'static) -> LoopByHand {
    (name, Box::new(run))
}

fn rayon_pool() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(WORKERS).build().expect("the pool starts")
}

fn halve(scope: &mut chili::Scope<'_>, slots: &[AtomicU64], agents: Range<usize>) {
    if agents.len() == 1 {
        return agent(slots, agents.start);
    }
    let middle = agents.start + agents.len() / 2;
    let left = agents.start..middle;
    scope.join(|scope| halve(scope, slots, left), |scope| halve(scope, slots, middle..agents.end));
}

/// Libraries that run a loop, or scoped tasks.
fn loops() -> Vec<LoopByHand> {
    let [scoped, bridged, held] = [(); 3].map(|()| rayon_pool());
    let bevy = bevy_tasks::TaskPoolBuilder::new().num_threads(WORKERS - 1).build();
    let config = chili::Config { thread_count: WORKERS.try_into().ok(), ..chili::Config::default() };
    let chili = chili::ThreadPool::with_config(config);
    let orx = orx_parallel::BasicPool::new(WORKERS);
    let num_threads = ThreadCount::try_from(WORKERS).expect("it is not none");
    let strategy = RangeStrategy::WorkStealing;
    let cpu_pinning = CpuPinningPolicy::No;
    let paralight =
        RefCell::new(ThreadPoolBuilder { num_threads, range_strategy: strategy, cpu_pinning }.build());
    let union = RefCell::new(fork_union::ThreadPool::try_spawn(WORKERS).expect("the pool starts"));
    vec![
        by_hand("rayon-scope", move |slots| {
            scoped.scope(|scope| (0..AGENTS).for_each(|index| scope.spawn(move |_| agent(slots, index))));
        }),
        by_hand("rayon-par-bridge", move |slots| {
            bridged.install(|| (0..AGENTS).par_bridge().for_each(|index| agent(slots, index)));
        }),
        by_hand("spindle", move |slots| {
            let each = || spindle::for_each_raw(AGENTS, |index| agent(slots, index));
            held.install(|| spindle::with_lock(WORKERS, each));
        }),
        by_hand("orx-parallel", move |slots| {
            let runner = orx_parallel::Runner::adaptive_with_pool(&orx);
            (0..AGENTS).into_par().runner(runner).for_each(|index| agent(slots, index));
        }),
        by_hand("paralight", move |slots| {
            let mut pool = paralight.borrow_mut();
            (0..AGENTS).into_par_iter().with_thread_pool(&mut *pool).for_each(|index| agent(slots, index));
        }),
        by_hand("chili", move |slots| halve(&mut chili.scope(), slots, 0..AGENTS)),
        by_hand("bevy-tasks", move |slots| {
            bevy.scope(|scope| {
                (0..AGENTS).for_each(|index| scope.spawn(async move { agent(slots, index) }));
            });
        }),
        by_hand("fork-union", move |slots| {
            drop(union.borrow_mut().for_n_dynamic(AGENTS, |prong| agent(slots, prong.task_index)));
        }),
    ]
}

/// A pool that takes closures, one for each agent, as its users write them.
fn submitting(name: &'static str, submit: impl Fn(Box<dyn FnOnce() + Send>) + 'static) -> LoopByHand {
    by_hand(name, move |slots| {
        let (send, receive) = channel::<()>();
        for index in 0..AGENTS {
            let (slots, ended) = (Arc::clone(slots), send.clone());
            submit(Box::new(move || {
                agent(&slots, index);
                drop(ended);
            }));
        }
        drop(send);
        let _all_dropped = receive.recv();
    })
}

fn pools() -> Vec<LoopByHand> {
    let threads = threadpool::ThreadPool::new(WORKERS);
    let rusty = rusty_pool::Builder::new().core_size(WORKERS).max_size(WORKERS).build();
    let futures = futures_executor::ThreadPool::builder().pool_size(WORKERS).create();
    let futures = futures.expect("the pool starts");
    vec![
        submitting("threadpool", move |task| threads.execute(task)),
        submitting("rusty-pool", move |task| rusty.execute(task)),
        submitting("futures-pool", move |task| futures.spawn_ok(async move { task() })),
    ]
}

/// The same library behind its adapter.
fn through(name: &str) -> impl Fn() + use<> {
    let factory = factories().into_iter().find(|factory| factory.name == name).expect("it is listed");
    let executor = factory.start(&Start::workers(WORKERS)).expect("it starts");
    let slots = slots();
    let bag = Bag::new(AGENTS, move |index| agent(&slots, index));
    move || executor.execute(&bag)
}

/// Nanoseconds per agent.
fn time(run: impl Fn()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_nanos() as f64 / AGENTS as f64
}

fn shown(estimate: Option<Estimate>) -> String {
    let Some(Estimate { value, interval }) = estimate else { return "–".into() };
    let ends = interval.map(|ends| format!(" [{:.1}, {:.1}]", ends.low, ends.high));
    format!("{value:.1}{}", ends.unwrap_or_default())
}

fn main() {
    println!("| library | by hand, ns | through the trait, ns | difference, ns |\n| :-- | --: | --: | --: |");
    for (name, by_hand) in loops().into_iter().chain(pools()) {
        let (through, slots) = (through(name), slots());
        let [mut hands, mut traits, mut differences] = [(); 3].map(|()| Vec::with_capacity(ROUNDS));
        by_hand(&slots);
        through();
        for round in 0..ROUNDS {
            let (hand, other);
            if round % 2 == 0 {
                hand = time(|| by_hand(&slots));
                other = time(&through);
            } else {
                other = time(&through);
                hand = time(|| by_hand(&slots));
            }
            hands.push(hand);
            traits.push(other);
            differences.push(other - hand);
        }
        let [hand, other, difference] = [hands, traits, differences].map(|of| shown(median_interval(&of)));
        println!("| `{name}` | {hand} | {other} | {difference} |");
    }
}
