//! Agents that wait: what executions take in all, in growing numbers, beyond their timers, and with long tails.

use centurion_findings::{Analysis, Execution, TailLimit, WaitingScale};
use centurion_record::{CellId, Footprint, Kind, Record, Timeline};
use centurion_synthetic::{CALM, Synthetic};

use super::near;

const SECOND: u64 = 1_000_000_000;

/// The longest of a hundred, a hundredth of real time.
const WAITS: [u64; 3] = [5_000_000, 10_000_000, 15_000_000];

fn thinking() -> Synthetic {
    Synthetic::new(8, 5, CALM)
        .workload("thinking", Kind::Waiting, &[10_000_000; 100], 1e9)
        .with(|record| record.workloads[0].agents = 3)
        .with(|record| record.workloads[0].costs_ns.truncate(3))
        .waiting(&WAITS)
        .executor("thinking", "threads", (2, 3), 2e7)
        .executor("thinking", "runtime", (2, 3), 2e7)
        .executor("thinking", "blocking", (2, 3), 9e7)
        .mistake("blocking")
}

/// Threads that miss the ceiling at ten thousand and fail at a hundred thousand, a runtime, and a mistake.
fn scaled() -> Synthetic {
    let took = |wall: u64, cpu: u64, memory: u64, threads: u64| [wall, cpu, 10 * threads, memory, threads];
    let bound = 3 * SECOND / 2;
    let fast = 152 * SECOND / 100;
    thinking()
        .footprint("thinking", "threads", (2, 3), (3, 15_000_000), took(16_000_000, 1_000_000, 1 << 20, 3))
        .footprint("thinking", "threads", (2, 100), (100, bound), took(fast, SECOND / 50, 4 << 20, 100))
        .footprint("thinking", "runtime", (2, 100), (100, bound), took(fast, SECOND / 1000, 1 << 20, 2))
        .footprint("thinking", "blocking", (2, 100), (100, bound), took(fast, SECOND / 9000, 1 << 10, 1))
        .footprint(
            "thinking",
            "threads",
            (2, 10_000),
            (10_000, bound),
            took(3 * SECOND, SECOND, 90 << 20, 9_000),
        )
        .footprint("thinking", "runtime", (2, 10_000), (10_000, bound), took(fast, SECOND / 20, 6 << 20, 2))
        .footprint("thinking", "threads", (2, 100_000), (100_000, bound), took(1, 1, 1, 1))
        .without_executions("the system grants no more threads")
}

fn only(record: &Record) -> WaitingScale {
    let mut scales = Analysis::new(record).scales;
    assert_eq!(scales.len(), 1);
    scales.remove(0)
}

#[test]
fn executions_of_the_cells_stand_with_the_workload_and_the_others_by_their_number_of_agents() {
    let record = scaled().record();
    let analysis = Analysis::new(&record);
    let found: Vec<_> =
        analysis.workloads[0].footprints.iter().map(|run| (run.agents, run.workers)).collect();
    assert_eq!(found, [(3, 3)]);
    let memory = analysis.workloads[0].footprints[0].figures().unwrap().memory_bytes.unwrap();
    near(memory.median, f64::from(1 << 20), 0.001);
    near(memory.most / memory.least, 51.0 / 49.0, 0.001);
    let sizes: Vec<_> = only(&record).sizes.iter().map(|size| (size.agents, size.runs.len())).collect();
    assert_eq!(sizes, [(100, 3), (10_000, 2), (100_000, 1)]);
}

#[test]
fn an_executor_reaches_the_ceiling_where_every_repetition_does() {
    let scale = only(&scaled().record());
    let reaches = |size: usize, run: usize| scale.sizes[size].reaches(&scale.sizes[size].runs[run]);
    assert_eq!(
        [reaches(0, 0), reaches(1, 0), reaches(1, 1), reaches(2, 0)],
        [Some(true), Some(false), Some(true), None]
    );
}

#[test]
fn mistakes_take_no_part_and_failures_are_told() {
    let scale = only(&scaled().record());
    let names = |runs: Vec<&centurion_findings::FootprintResult>| -> Vec<_> {
        runs.into_iter().map(|run| run.executor.clone()).collect()
    };
    assert_eq!(names(scale.sizes[0].ranked()), ["threads", "runtime"]);
    assert_eq!(names(scale.sizes[0].fastest()), ["threads", "runtime"], "they overlap");
    assert_eq!(names(scale.sizes[1].fastest()), ["runtime"]);
    assert_eq!(names(scale.sizes[2].failed()), ["threads"]);
    assert_eq!(scale.missing(&scale.sizes[2]), ["runtime"], "the mistake is not missed");
}

#[test]
fn a_contrast_holds_for_every_pair_of_repetitions_at_equal_time_only() {
    let scale = only(&scaled().record());
    let contrast = scale.sizes[0].contrast(|figures| Some(figures.cpu_ns)).expect("it is twenty times");
    assert_eq!([&contrast.least.executor, &contrast.most.executor], ["runtime", "threads"]);
    near(contrast.times.0, 20.0 * 49.0 / 51.0, 0.01);
    near(contrast.times.1, 20.0 * 51.0 / 49.0, 0.01);
    assert_eq!(scale.sizes[0].contrast(|figures| Some(figures.wall_ns)), None, "they are equal");
    assert_eq!(scale.sizes[1].contrast(|figures| figures.memory_bytes), None, "only one reaches the ceiling");
}

#[test]
fn with_one_repetition_nothing_is_a_contrast() {
    let record = scaled().with(|record| {
        for footprint in record.footprints.iter_mut().filter(|footprint| footprint.failure.is_none()) {
            let Footprint { wall_ns, cpu_ns, switches, memory_bytes, threads, .. } = footprint;
            for series in [wall_ns, cpu_ns, switches, memory_bytes, threads] {
                series.truncate(1);
            }
        }
    });
    let scale = only(&record.record());
    assert_eq!(scale.repetitions(), Some((1, 1)));
    assert_eq!(scale.sizes[0].contrast(|figures| Some(figures.cpu_ns)), None);
}

/// A stamped execution in which every agent took so much longer than its wait.
fn stamped(record: &Record, executor: &str, beyond: [u64; 3]) -> Timeline {
    let place = CellId::new("thinking", "thinking", executor, (2, 3));
    let cell = record.cells.iter().find(|cell| cell.id == place).expect("it is there");
    Timeline {
        cell: cell.id.clone(),
        makespan_ns: 20_000_000,
        start_ns: vec![1_000; 3],
        end_ns: WAITS.iter().zip(beyond).map(|(wait, beyond)| 1_000 + wait + beyond).collect(),
        worker: vec![0, 1, 2],
        answers: vec![String::new(); 3],
    }
}

#[test]
fn overshoot_is_what_agents_took_beyond_their_waits() {
    let record = thinking().with(|record| {
        let timelines = [
            stamped(record, "threads", [1_200_000, 900_000, 1_100_000]),
            stamped(record, "runtime", [40, 90, 50]),
        ];
        record.timelines.extend(timelines);
    });
    let record = record.record();
    let executions = Execution::from_record(&record);
    let overshoots = Analysis::new(&record).workloads[0].overshoots(&executions["thinking"]);
    let found: Vec<_> = overshoots
        .iter()
        .map(|found| (found.executor.as_str(), found.median_ns.value, found.p99_ns))
        .collect();
    assert_eq!(found, [("runtime", 50.0, 90.0), ("threads", 1_100_000.0, 1_200_000.0)]);
}

#[test]
fn agents_that_compute_as_well_have_no_overshoot() {
    let record = thinking().with(|record| {
        let timeline = stamped(record, "runtime", [40, 90, 50]);
        record.timelines.push(timeline);
        for cell in &mut record.cells {
            cell.cpu_ns.clone_from(&cell.wall_ns);
        }
    });
    let record = record.record();
    let executions = Execution::from_record(&record);
    assert!(Analysis::new(&record).workloads[0].overshoots(&executions["thinking"]).is_empty());
}

#[test]
fn what_a_server_took_of_the_cpu_time_is_a_share_of_both() {
    let record = thinking().with(|record| {
        for cell in &mut record.cells {
            let part = if cell.executor == "threads" { 3 } else { 1 };
            cell.server_cpu_ns = cell.cpu_ns.iter().map(|own| part * own).collect();
        }
    });
    let shares = Analysis::new(&record.record()).workloads[0].server_shares().expect("there is one");
    assert_eq!(shares, (0.5, 0.75));
    assert_eq!(Analysis::new(&thinking().record()).workloads[0].server_shares(), None);
}

/// A hundred tasks of a unit, and one of them of fifty.
const UNIT: u64 = 1_000_000;

fn long_tailed() -> Synthetic {
    let mut costs = [UNIT; 100];
    costs[17] = 50 * UNIT;
    let serial = 149.0 * UNIT as f64;
    Synthetic::new(8, 5, CALM)
        .workload("llm", Kind::Waiting, &costs, serial)
        .executor("llm", "runtime", (2, 8), serial / 2.5)
        .executor("llm", "runtime", (2, 100), serial / 2.9)
        .executor("llm", "mistake", (2, 100), serial / 2.95)
        .mistake("mistake")
}

/// Limit, in flight, ceiling, who was fastest.
type ToldCeiling = (TailLimit, Option<usize>, f64, Option<String>);

fn ceilings(record: &Record) -> Vec<ToldCeiling> {
    let analysis = Analysis::new(record);
    let tails = analysis.tails().expect("it was measured");
    near(tails.longest_in_medians, 50.0, 1e-9);
    let told = |ceiling: &centurion_findings::TailCeiling<'_>| {
        let fastest = ceiling.measured.map(|(name, _)| name.to_owned());
        (ceiling.limit, ceiling.in_flight, ceiling.speedup, fastest)
    };
    tails.ceilings.iter().map(told).collect()
}

#[test]
fn a_time_limit_lifts_the_ceiling_of_long_tailed_tasks_and_few_in_flight_lower_it_again() {
    let runtime = || Some("runtime".to_owned());
    assert_eq!(
        ceilings(&long_tailed().record()),
        [
            (TailLimit::None, None, 149.0 / 50.0, runtime()),
            (TailLimit::None, Some(8), 149.0 / 50.0, runtime()),
            (TailLimit::None, Some(32), 149.0 / 50.0, None),
            (TailLimit::Computed, None, 109.0 / 10.0, None),
            (TailLimit::Computed, Some(8), 109.0 / (109.0 / 8.0), None),
            (TailLimit::Computed, Some(32), 109.0 / 10.0, None),
        ]
    );
}

#[test]
fn where_tasks_with_a_limit_were_run_their_own_costs_count() {
    let mut costs = [UNIT; 100];
    costs[17] = 9 * UNIT;
    let serial = 108.0 * UNIT as f64;
    let record = long_tailed()
        .workload("llm-limited", Kind::Waiting, &costs, serial)
        .executor("llm-limited", "runtime", (2, 100), serial / 11.0)
        .record();
    assert_eq!(ceilings(&record)[3], (TailLimit::Run, None, 12.0, Some("runtime".into())));
}

#[test]
fn without_long_tailed_tasks_there_are_no_such_ceilings() {
    assert_eq!(Analysis::new(&thinking().record()).tails(), None);
}
