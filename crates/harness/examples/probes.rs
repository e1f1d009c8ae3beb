//! Which probes explain how long samples of `deciding` take: a chain of dependent steps, as the pace of the CPUs is taken, a
//! walk through memory, and many steps at once. An experiment, and no part of what is measured; METHODOLOGY.md says what follows
//! from it.
//!
//! `cargo run --release -p centurion-harness --example probes -- 50` prints, after 50 s, a table in Markdown.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use centurion_agents::{Deciding, Workload, spin};
use centurion_executors::all;
use centurion_harness::{Cpus, PlannedCell, Stop, Sweep, Testbed, cells, clock, select, try_once};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

const PROBES: [&str; 3] = ["chain", "memory", "throughput"];

/// Runs of a probe on each CPU beside a sample: the first wakes the CPU up, and the third shortest of the others counts.
const TRIALS: usize = 13;
const COUNTS: usize = 2;

/// Steps of the chain, as of the pace.
const STEPS: u64 = 1 << 16;

/// Chains that are computed at once, and steps of each.
const CHAINS: usize = 8;
const STEPS_AT_ONCE: u64 = 1 << 14;

/// Places in memory that a cache has to bring separately hold so many words.
const LINE: usize = 16;

/// Neighbours in time that are drawn together, for what disturbs one may disturb the next.
const BLOCK: usize = 10;
const RESAMPLES: usize = 1_000;

/// A way through all lines of some memory, each of which says where the next is.
struct Walk {
    next: Vec<[u32; LINE]>,
    at: u32,
}

impl Walk {
    /// Through so many bytes, in an order that no prefetcher guesses.
    fn new(bytes: usize, random: &mut ChaCha8Rng) -> Self {
        let mut order: Vec<u32> = (0..(bytes / size_of::<[u32; LINE]>()) as u32).collect();
        shuffle(&mut order, random);
        let mut next = vec![[0; LINE]; order.len()];
        for (from, to) in order.iter().zip(order.iter().cycle().skip(1)) {
            next[*from as usize][0] = *to;
        }
        Self { next, at: 0 }
    }

    /// Goes a quarter of the way.
    fn go(&mut self) {
        for _ in 0..self.next.len() / 4 {
            self.at = self.next[self.at as usize][0];
        }
        black_box(self.at);
    }
}

fn shuffle<T>(values: &mut [T], random: &mut ChaCha8Rng) {
    for end in (1..values.len()).rev() {
        values.swap(end, random.next_u32() as usize % (end + 1));
    }
}

/// Steps of several chains, none of which waits for another.
fn many_at_once() {
    let mut states = black_box([1_u64, 3, 5, 7, 9, 11, 13, 15]);
    const { assert!(CHAINS == 8, "a state for each") };
    for _ in 0..STEPS_AT_ONCE {
        for state in &mut states {
            *state ^= *state >> 12;
            *state ^= *state << 25;
            *state = state.wrapping_mul(0x2545_f491_4f6c_dd1d);
        }
    }
    black_box(states);
}

/// The time of each probe on this CPU, in seconds.
fn probe(walk: &mut Walk) -> [f64; PROBES.len()] {
    [
        counting(|| {
            black_box(spin(STEPS));
        }),
        counting(|| walk.go()),
        counting(many_at_once),
    ]
}

fn counting(mut work: impl FnMut()) -> f64 {
    let mut trial = || {
        let begun = clock::now();
        work();
        begun.elapsed()
    };
    let mut trials: Vec<Duration> = (0..TRIALS).map(|_| trial()).skip(1).collect();
    trials.sort_unstable();
    trials[COUNTS].as_secs_f64()
}

/// The same on the first CPUs at once, one for each walk, in the mean.
#[expect(clippy::disallowed_methods, reason = "CPUs are timed without any executor")]
fn probe_all(cpus: &Cpus, walks: &mut [Walk]) -> [f64; PROBES.len()] {
    let (gate, count) = (Barrier::new(walks.len()), walks.len() as f64);
    let on = |(index, walk): (usize, _)| {
        cpus.pin(index);
        gate.wait();
        probe(walk)
    };
    let times: Vec<[f64; PROBES.len()]> = std::thread::scope(|scope| {
        let on = &on;
        let threads: Vec<_> = walks.iter_mut().enumerate().map(|one| scope.spawn(move || on(one))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a probe does not panic")).collect()
    });
    std::array::from_fn(|place| times.iter().map(|times| times[place]).sum::<f64>() / count)
}

/// Logarithms of a sample's time and of what each probe took beside it.
type ProbedSample = (f64, [f64; PROBES.len()]);

fn main() -> Result<(), Box<dyn Error>> {
    let seconds: u64 = std::env::args().nth(1).map_or(Ok(50), |word| word.parse())?;
    let (testbed, mut random) = (Testbed::detect(Stop::default()), ChaCha8Rng::seed_from_u64(42));
    let workload: Arc<dyn Workload> = Arc::new(Deciding::bundled(100));
    let cores = testbed.cpus.count().min(2);
    let planned = cells(&[workload], &all(), &Sweep::new(vec![1, cores], Vec::new()));
    let mut planned = select(planned, |id| id.contains("serial/") || id.contains("std-counter/"));
    planned.retain(|cell| ["serial", "std-counter"].contains(&&*cell.executor));
    let bytes = second_level().unwrap_or(1 << 20);
    let mut walks: Vec<Walk> = (0..cores).map(|_| Walk::new(bytes, &mut random)).collect();
    let mut rows: Vec<Vec<ProbedSample>> = vec![Vec::new(); planned.len()];
    let mut order: Vec<usize> = (0..planned.len()).collect();
    let begun = clock::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        shuffle(&mut order, &mut random);
        for &place in &order {
            rows[place].push(row(&planned[place], &testbed, &mut walks)?);
        }
    }
    println!("memory: {} KiB a CPU", bytes >> 10);
    println!(
        "| cell | samples | spread | {} | all three | memory adds | throughput adds |",
        PROBES.join(" | ")
    );
    println!("| :-- {}|", "| --: ".repeat(PROBES.len() + 5));
    for (cell, rows) in planned.iter().zip(&rows) {
        println!("| {} | {} |", cell.id, columns(rows, &mut random).join(" | "));
    }
    Ok(())
}

/// A sample of a cell between two looks at its CPUs.
fn row(cell: &PlannedCell, testbed: &Testbed, walks: &mut [Walk]) -> Result<ProbedSample, Box<dyn Error>> {
    let walks = &mut walks[..cell.cores];
    let before = probe_all(&testbed.cpus, walks);
    let time = try_once(cell, testbed)?.as_secs_f64();
    let after = probe_all(&testbed.cpus, walks);
    Ok((time.ln(), std::array::from_fn(|place| f64::midpoint(before[place], after[place]).ln())))
}

/// Bytes of the cache of the second level, where the system says.
#[expect(clippy::disallowed_methods, reason = "an experiment stands by itself")]
fn second_level() -> Option<usize> {
    let text = fs::read_to_string("/sys/devices/system/cpu/cpu0/cache/index2/size").ok()?;
    Some(text.trim().strip_suffix('K')?.parse::<usize>().ok()? << 10)
}

/// Samples, the spread of their times, what each probe explains alone and all together, and what the others add to the
/// chain, in percent of the variance.
fn columns(rows: &[ProbedSample], random: &mut ChaCha8Rng) -> Vec<String> {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let alone = (0..PROBES.len()).map(|probe| percent(explained(rows, &[probe])));
    let mut columns = vec![rows.len().to_string(), format!("{:.1} %", 100.0 * spread(rows))];
    columns.extend(alone);
    columns.push(percent(explained(rows, &[0, 1, 2])));
    for second in [1, 2] {
        let adds = |rows: &[ProbedSample]| 100.0 * (explained(rows, &[0, second]) - explained(rows, &[0]));
        let mut drawn: Vec<f64> = (0..RESAMPLES).map(|_| adds(&in_blocks(rows, random))).collect();
        drawn.sort_by(f64::total_cmp);
        let (low, high) = (drawn[RESAMPLES / 40], drawn[RESAMPLES - 1 - RESAMPLES / 40]);
        columns.push(format!("{:.0} points [{low:.0}, {high:.0}]", adds(rows)));
    }
    columns
}

/// As many rows, drawn with replacement as blocks of neighbours.
fn in_blocks(rows: &[ProbedSample], random: &mut ChaCha8Rng) -> Vec<ProbedSample> {
    let starts = rows.len().saturating_sub(BLOCK) + 1;
    let mut drawn = Vec::with_capacity(rows.len() + BLOCK);
    while drawn.len() < rows.len() {
        let start = random.next_u32() as usize % starts;
        drawn.extend(&rows[start..(start + BLOCK).min(rows.len())]);
    }
    drawn.truncate(rows.len());
    drawn
}

fn spread(rows: &[ProbedSample]) -> f64 {
    let times: Vec<f64> = rows.iter().map(|row| row.0).collect();
    (products(&times, &times) / (rows.len() as f64 - 1.0)).sqrt()
}

/// The share of the variance of the times that these probes explain, by least squares; adjusted for how many they are.
fn explained(rows: &[ProbedSample], probes: &[usize]) -> f64 {
    let times: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let of_probe = |&probe: &usize| rows.iter().map(|row| row.1[probe]).collect::<Vec<f64>>();
    let by_probe: Vec<Vec<f64>> = probes.iter().map(of_probe).collect();
    let mut system: Vec<Vec<f64>> = by_probe
        .iter()
        .map(|one| by_probe.iter().chain([&times]).map(|other| products(one, other)).collect())
        .collect();
    let with_times: Vec<f64> = system.iter().map(|equation| equation[probes.len()]).collect();
    let slopes = solve(&mut system);
    let part = slopes.iter().zip(with_times).map(|(slope, product)| slope * product).sum::<f64>();
    let (all, freedom) = (rows.len() as f64 - 1.0, rows.len() as f64 - 1.0 - probes.len() as f64);
    1.0 - (1.0 - part / products(&times, &times)) * all / freedom
}

/// The sum of the products of two series' differences from their means.
fn products(one: &[f64], other: &[f64]) -> f64 {
    let count = one.len() as f64;
    let (mean, other_mean) = (one.iter().sum::<f64>() / count, other.iter().sum::<f64>() / count);
    one.iter().zip(other).map(|(one, other)| (one - mean) * (other - other_mean)).sum()
}

/// Gauss and Jordan's elimination of equations whose right side stands last. Products of series have no need of a pivot.
fn solve(system: &mut [Vec<f64>]) -> Vec<f64> {
    for place in 0..system.len() {
        let pivot = system[place].clone();
        for (other, equation) in system.iter_mut().enumerate() {
            let factor = equation[place] / pivot[place];
            if other != place {
                equation.iter_mut().zip(&pivot).for_each(|(value, by)| *value -= factor * by);
            }
        }
    }
    system
        .iter()
        .enumerate()
        .map(|(place, equation)| equation[equation.len() - 1] / equation[place])
        .collect()
}
