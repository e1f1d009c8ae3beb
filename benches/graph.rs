//! What a task that depends on others costs beyond itself: graphs of empty tasks on the shared scheduler, natively
//! on rayon and on the deque, and by hand. Printed in nanoseconds per task, with the bytes a task takes.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use centurion::bench::{BenchArguments, BenchMode, Source, feed};
use centurion_executors::{Countdown, Flow, Start, find};
use centurion_graph::Graph;
use centurion_harness::clock;
use centurion_report::units;
use criterion::Criterion;
use crossbeam::utils::Backoff;

const ROUNDS: usize = 20;
/// So many that what an execution costs once does not hide what it costs per task.
const TASKS: usize = 10_000;
/// Tasks side by side in the stencil, and their steps.
const WIDTH: usize = 32;
const STEPS: usize = 320;

/// One way to run a graph, called once per execution.
struct TimedWay {
    shape: &'static str,
    name: &'static str,
    workers: usize,
    tasks: usize,
    run: Box<dyn Fn()>,
}

impl TimedWay {
    fn id(&self) -> String {
        format!("graph/{}-{}/{}w", self.shape, self.name, self.workers)
    }
}

type TaskSlots = Arc<[AtomicU64]>;

/// The least a task can do and still be checked: one multiplication, one store.
fn task(slots: &[AtomicU64], index: usize) {
    slots[index].store((black_box(index) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15), Ordering::Relaxed);
}

fn shapes() -> Vec<(&'static str, Arc<Graph>)> {
    let graph = |tasks: usize, inputs: &dyn Fn(usize) -> Vec<usize>| {
        Arc::new(Graph::new((0..tasks).map(inputs)).expect("inputs come first"))
    };
    let stencil = |task: usize| match task.checked_sub(WIDTH) {
        None => vec![],
        Some(above) => {
            let row = above - above % WIDTH;
            (above.saturating_sub(1).max(row)..=(above + 1).min(row + WIDTH - 1)).collect()
        }
    };
    let leaves = TASKS / 2;
    let tree = |task: usize| match task.checked_sub(leaves) {
        None => vec![],
        Some(node) => (2 * node..(2 * node + 2).min(task)).collect(),
    };
    vec![
        ("independent", Arc::new(Graph::independent(TASKS))),
        ("chain", graph(TASKS, &|task| task.checked_sub(1).into_iter().collect())),
        ("stencil", graph(WIDTH * STEPS, &stencil)),
        ("tree", graph(TASKS, &tree)),
    ]
}

fn ways(shape: &'static str, graph: &Arc<Graph>) -> Vec<TimedWay> {
    let tasks = graph.len();
    let mut ways =
        vec![TimedWay { shape, name: "serial", workers: 1, tasks, run: by_flow("serial", graph, 1) }];
    for workers in [1, 2] {
        let mut way = |name, run| ways.push(TimedWay { shape, name, workers, tasks, run });
        way("shared", by_flow("std-counter", graph, workers));
        way("rayon", by_flow("rayon", graph, workers));
        way("deque", by_flow("crossbeam-deque", graph, workers));
        way("scopes-by-hand", by_scopes(graph, workers));
        way("counters-by-hand", by_counters(graph, workers));
    }
    ways
}

fn slots(graph: &Graph) -> TaskSlots {
    graph.tasks().map(|_| AtomicU64::new(0)).collect()
}

fn by_flow(executor: &str, graph: &Arc<Graph>, workers: usize) -> Box<dyn Fn()> {
    let factory = find(executor).expect("it is in the list");
    let executor = factory.start(&Start::workers(workers)).expect("it starts");
    let slots = slots(graph);
    let flow = Flow::new(Arc::clone(graph), move |index| task(&slots, index));
    Box::new(move || executor.execute_flow(&flow))
}

/// Rayon as one writes it without a scheduler for graphs: a scope per level, inside another.
fn by_scopes(graph: &Arc<Graph>, workers: usize) -> Box<dyn Fn()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(workers).build().expect("the pool starts");
    let (levels, slots) = (levels(graph), slots(graph));
    Box::new(move || {
        let slots = &slots;
        pool.scope(|_| {
            for level in &levels {
                rayon::scope(|scope| {
                    for &index in level {
                        scope.spawn(move |_| task(slots, index));
                    }
                });
            }
        });
    })
}

fn levels(graph: &Graph) -> Vec<Vec<usize>> {
    let mut levels: Vec<Vec<usize>> = Vec::new();
    for (task, level) in graph.levels().into_iter().enumerate() {
        levels.resize(levels.len().max(level as usize + 1), Vec::new());
        levels[level as usize].push(task);
    }
    levels
}

/// Threads that draw tasks in the order of their numbers and wait for the inputs of each.
fn by_counters(graph: &Arc<Graph>, workers: usize) -> Box<dyn Fn()> {
    let (graph, slots) = (Arc::clone(graph), slots(graph));
    Box::new(move || {
        let next = AtomicUsize::new(0);
        let ended: Vec<AtomicBool> = graph.tasks().map(|_| AtomicBool::new(false)).collect();
        threads(workers, || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= graph.len() {
                    break;
                }
                for &input in graph.inputs(index) {
                    let backoff = Backoff::new();
                    while !ended[input as usize].load(Ordering::Acquire) {
                        backoff.snooze();
                    }
                }
                task(&slots, index);
                ended[index].store(true, Ordering::Release);
            }
        });
    })
}

#[expect(clippy::disallowed_methods, reason = "this is what a person would write by hand")]
fn threads(workers: usize, work: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(&work);
        }
    });
}

/// Nanoseconds per task of every way, a round each. Every other round goes backwards, which cancels what one
/// way does to the next.
fn measure(ways: &[TimedWay]) -> Vec<Vec<f64>> {
    let mut samples = vec![Vec::new(); ways.len()];
    for round in 0..ROUNDS {
        let mut order: Vec<usize> = (0..ways.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            let way = &ways[index];
            (way.run)();
            samples[index].push(sample(&way.run).as_nanos() as f64 / way.tasks as f64);
        }
    }
    samples
}

/// Time of one execution, from as many as fill a few milliseconds.
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

fn print(ways: &[TimedWay], samples: &[Vec<f64>]) {
    println!("A task of a graph in ns, median of {ROUNDS} rounds with its 95 % interval:");
    for (way, samples) in ways.iter().zip(samples) {
        let time = centurion_stats::median_interval(samples).expect("there are rounds");
        let interval = time.interval.expect("there are enough rounds for one");
        println!(
            "  {:<12} {:<17} {}w {:>8} [{}, {}]",
            way.shape,
            way.name,
            way.workers,
            units::time(time.value),
            units::time(interval.low),
            units::time(interval.high),
        );
    }
}

/// What is counted is the graph and the countdown. A ready task that waits takes 4 bytes in the shared queue, 8
/// in a deque, and in rayon what it allocates for a closure.
fn print_bytes(shapes: &[(&'static str, Arc<Graph>)]) {
    println!("Bytes per task, of the graph and while it runs:");
    for (shape, graph) in shapes {
        let per_task = |bytes: usize| bytes as f64 / graph.len() as f64;
        let running = Countdown::new(graph).bytes();
        println!("  {shape:<12} {:.1} + {:.1}", per_task(graph.bytes()), per_task(running));
    }
}

fn main() {
    let arguments = BenchArguments::read();
    let shapes = shapes();
    let ways: Vec<TimedWay> = shapes
        .iter()
        .flat_map(|(shape, graph)| ways(shape, graph))
        .filter(|way| arguments.wants(&way.id()))
        .collect();
    let measured = arguments.mode == BenchMode::Measure;
    let samples = if measured { measure(&ways) } else { Vec::new() };
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("graph");
    for (index, way) in ways.iter().enumerate() {
        let live = || sample(&way.run) / way.tasks as u32;
        let source = match samples.get(index) {
            None => Source::Live(&live),
            Some(samples) if arguments.quick => Source::Median(samples),
            Some(samples) => Source::Samples(samples),
        };
        feed(&mut group, &format!("{}-{}", way.shape, way.name), &format!("{}w", way.workers), &source);
    }
    group.finish();
    criterion.final_summary();
    if measured && !ways.is_empty() {
        print(&ways, &samples);
        print_bytes(&shapes);
    }
}
