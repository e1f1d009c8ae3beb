//! What a lazy task graph costs: building, planning, running and dropping it, in nanoseconds per task that does
//! next to nothing, on one worker; and the memory that a million tasks take.

use std::hint::black_box;
use std::time::Duration;

use centurion::bench::{BenchArguments, BenchMode, Source, feed};
use centurion_delayed::{Delayed, Plan, delayed, tree};
use centurion_executors::{Executor, Start, find};
use centurion_harness::clock;
use centurion_report::units;
use criterion::Criterion;

const ROUNDS: usize = 20;
/// So many that what a graph costs once does not hide what it costs per task.
const TASKS: usize = 100_000;
const MILLION: usize = 1_000_000;
/// Tasks in a row of those shapes that have rows.
const WIDTH: usize = 1_000;
/// Each with one worker.
const EXECUTORS: [&str; 4] = ["serial", "std-counter", "crossbeam-deque", "rayon"];
const SHAPES: [Topology; 4] = [
    Topology { name: "independent", build: independent },
    Topology { name: "chain", build: chain },
    Topology { name: "tree", build: sum },
    Topology { name: "pairs", build: pairs },
];

type Handles = Vec<Delayed<'static, u64>>;

/// A way for tasks to need each other.
struct Topology {
    name: &'static str,
    /// Builds a graph of so many tasks, and returns the handles of those that nothing needs.
    build: fn(usize) -> Handles,
}

fn independent(tasks: usize) -> Handles {
    (0..tasks).map(|task| delayed(move || task as u64)).collect()
}

/// Fused into a single step.
fn chain(tasks: usize) -> Handles {
    vec![(1..tasks).fold(delayed(|| 1), |last, _| last.then(|last| last ^ 1))]
}

fn sum(tasks: usize) -> Handles {
    tree(independent(tasks / 2), |a, b| a ^ b).into_iter().collect()
}

/// Rows in which each task needs two of the row before.
fn pairs(tasks: usize) -> Handles {
    (1..tasks / WIDTH).fold(independent(WIDTH), |row, _| {
        let pair = |task: usize| row[task].with(&row[(task + 1) % WIDTH], |a, b| a ^ b);
        (0..WIDTH).map(pair).collect()
    })
}

/// What is timed, in this order.
const PHASES: [&str; 4] = ["build", "plan", "run", "drop"];

/// Nanoseconds per task of every phase of one graph.
fn phases(shape: &Topology, tasks: usize, executor: &dyn Executor) -> [f64; 4] {
    let begun = clock::now();
    let handles = (shape.build)(tasks);
    let built = clock::now();
    let plan = Plan::new(&handles);
    let planned = clock::now();
    plan.compute(executor).expect("no task fails");
    let ran = clock::now();
    drop(black_box((plan, handles)));
    let dropped = clock::now();
    let spans = [(begun, built), (built, planned), (planned, ran), (ran, dropped)];
    spans.map(|(start, end)| end.since(start).as_nanos() as f64 / tasks as f64)
}

/// One shape on one executor, and the samples of its phases.
struct TimedGraph {
    shape: &'static Topology,
    name: &'static str,
    executor: Box<dyn Executor>,
    samples: [Vec<f64>; 4],
}

impl TimedGraph {
    fn new(shape: &'static Topology, name: &'static str) -> Self {
        let factory = find(name).expect("it is in the list");
        let executor = factory.start(&Start::workers(1)).expect("it starts");
        Self { shape, name, executor, samples: Default::default() }
    }

    /// Numbers and names of the phases to be shown: only running differs between executors.
    fn shown(&self) -> impl Iterator<Item = (usize, String)> {
        let first = self.name == EXECUTORS[0];
        let shown = move |&(_, phase): &(usize, &str)| first || phase == "run";
        PHASES.into_iter().enumerate().filter(shown).map(|(number, phase)| match phase {
            "run" => (number, format!("run-{}", self.name)),
            phase => (number, phase.to_owned()),
        })
    }

    fn is_wanted(&self, arguments: &BenchArguments) -> bool {
        self.shown().any(|(_, name)| arguments.wants(&format!("delayed/{}/{name}", self.shape.name)))
    }

    fn take(&mut self) {
        let round = phases(self.shape, TASKS, &*self.executor);
        self.samples.iter_mut().zip(round).for_each(|(samples, sample)| samples.push(sample));
    }

    fn print(&self) {
        print!("  {:<11} {:<15}", self.shape.name, self.name);
        for (phase, samples) in PHASES.iter().zip(&self.samples) {
            let median = centurion_stats::median(samples).expect("there are rounds");
            print!("  {phase} {:>7}", units::time(median));
        }
        println!();
    }
}

/// Bytes per task of a million tasks of two inputs each, on a heap that nothing has used before.
fn print_memory() {
    let before = memory("VmRSS:");
    let handles = pairs(MILLION);
    let built = memory("VmRSS:");
    let plan = Plan::new(&handles);
    plan.compute_scoped(1).expect("no task fails");
    let per_task = |now: u64| (now - before) as f64 / MILLION as f64;
    let [built, peak] = [built, memory("VmHWM:")].map(per_task);
    println!(
        "Memory of a million tasks: {built:.0} bytes each when built, {peak:.0} at the peak of plan and run"
    );
}

/// Bytes of this process's memory that the kernel states under `key`.
#[expect(clippy::disallowed_methods, reason = "the kernel speaks through files")]
fn memory(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let rest = status.lines().find_map(|line| line.strip_prefix(key));
    let kilobytes =
        rest.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok());
    kilobytes.unwrap_or(0) * 1024
}

fn main() {
    let arguments = BenchArguments::read();
    let all = SHAPES.iter().flat_map(|shape| EXECUTORS.map(|executor| TimedGraph::new(shape, executor)));
    let mut cases: Vec<TimedGraph> = all.filter(|case| case.is_wanted(&arguments)).collect();
    let measured = arguments.mode == BenchMode::Measure && !cases.is_empty();
    if measured {
        print_memory();
        (0..ROUNDS).for_each(|_| cases.iter_mut().for_each(TimedGraph::take));
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("delayed");
    for case in &cases {
        for (phase, name) in case.shown() {
            let live = || Duration::from_secs_f64(phases(case.shape, TASKS, &*case.executor)[phase] / 1e9);
            let source = match &case.samples[phase] {
                samples if samples.is_empty() => Source::Live(&live),
                samples if arguments.quick => Source::Median(samples),
                samples => Source::Samples(samples),
            };
            feed(&mut group, case.shape.name, &name, &source);
        }
    }
    group.finish();
    criterion.final_summary();
    if measured {
        println!("Per task on one worker, the median of {ROUNDS} rounds of {TASKS} tasks:");
        cases.iter().for_each(TimedGraph::print);
    }
}
