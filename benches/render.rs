//! What rendering costs: every file of the report of a thousand cells over thirty rounds.

use std::time::Duration;

use centurion_record::{
    Cell, CellId, Environment, ExecutorEntry, Kind, Mode, Record, Role, Round, Run, SCHEMA, WorkloadEntry,
};
use centurion_report::files;
use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};

const ROUNDS: u32 = 30;
const EXECUTORS: usize = 20;
const PLACES: usize = 50;

/// One workload, twenty executors on 1 to 50 cores, samples that differ from round to round.
fn record() -> Record {
    let names: Vec<String> = (0..EXECUTORS).map(|index| format!("executor-{index}")).collect();
    let executor = |name: &String| ExecutorEntry {
        name: name.clone(),
        summary: String::new(),
        placement: String::new(),
        mistake: false,
    };
    let cells = names.iter().enumerate().flat_map(|(index, name)| {
        (1..=PLACES).map(move |cores| {
            cell(name, Role::Executor, cores, 1_000_000 / cores as u64 + index as u64 * 500)
        })
    });
    let serial = cell("serial", Role::Baseline, 1, 1_000_000);
    Record {
        schema: SCHEMA,
        run: Run {
            started: "2026-01-01T00:00:00Z".into(),
            command: "cargo bench".into(),
            mode: Mode::Full,
            seed: 42,
            complete: true,
            narrowed_to: Vec::new(),
            bench_code: "render".into(),
            libraries: [].into(),
        },
        environment: Environment { logical_cpus: PLACES, physical_cores: PLACES, ..Environment::unknown() },
        workloads: vec![WorkloadEntry {
            name: "deciding".into(),
            family: "deciding".into(),
            kind: Kind::Computing,
            agents: 100,
            graph: None,
            parameters: [].into(),
            definition: "render".into(),
            agent_names: Vec::new(),
            costs_ns: (0..100).map(|agent| 5_000 + agent * 100).collect(),
            work: Vec::new(),
            waits_ns: Vec::new(),
        }],
        graphs: Vec::new(),
        executors: std::iter::once(&"serial".to_owned()).chain(&names).map(executor).collect(),
        rounds: (0..ROUNDS).map(round).collect(),
        cells: std::iter::once(serial).chain(cells).collect(),
        timelines: Vec::new(),
        footprints: Vec::new(),
    }
}

fn cell(executor: &str, role: Role, cores: usize, bag_ns: u64) -> Cell {
    Cell {
        id: CellId::new("deciding", "deciding", executor, (cores, cores)),
        workload: "deciding".into(),
        executor: executor.into(),
        role,
        workers: cores,
        cores,
        batch: 1,
        failure: None,
        round: (0..ROUNDS).collect(),
        wall_ns: (0..u64::from(ROUNDS)).map(|round| bag_ns + round * 7919 % 1000).collect(),
        cpu_ns: vec![bag_ns; ROUNDS as usize],
        pace_ns: vec![90_000; ROUNDS as usize],
        throughput_ns: Vec::new(),
        startup_ns: vec![50_000; ROUNDS as usize],
        switches: vec![3; ROUNDS as usize],
        memory_bytes: Vec::new(),
        server_cpu_ns: Vec::new(),
        once_ns: Vec::new(),
    }
}

fn round(round: u32) -> Round {
    Round {
        round,
        wall_ns: 1_000_000_000,
        load: Some(0.5),
        steal_ns: Some(0),
        foreign_ns: Some(0),
        throttled_ns: None,
        peak_memory_bytes: Some(1 << 24),
        retaken: 0,
    }
}

fn render(criterion: &mut Criterion) {
    let record = record();
    let mut group = criterion.benchmark_group("render");
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_secs(5))
        .nresamples(2_000);
    group.bench_function("1000-cells", |bencher| bencher.iter(|| files(&record, None)));
    group.finish();
}

criterion_group!(benches, render);
criterion_main!(benches);
