//! What the measuring loop makes of cells, stops and failures.

use centurion_agents::{Deciding, Grain, Thinking, Workload};
use centurion_executors::{Bag, Executor, Factory, Start, StartError, all, find};
use centurion_record::{Environment, Mode, Run, SCHEMA, Timeline};

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use super::*;
use crate::answers::tests::Ten;
use crate::matrix::{Sweep, cells};
use crate::sample::try_once;
use crate::testbed::Stop;

const TWO: Rounds = exactly(2);

const fn exactly(rounds: u32) -> Rounds {
    Rounds { at_least: rounds, at_most: rounds, budget: Duration::ZERO, alternate: false, retakes: 0 }
}

fn record() -> Record {
    Record {
        schema: SCHEMA,
        run: Run {
            started: String::new(),
            command: String::new(),
            mode: Mode::Quick,
            seed: 7,
            complete: false,
            narrowed_to: Vec::new(),
            bench_code: String::new(),
            libraries: BTreeMap::default(),
        },
        environment: Environment::unknown(),
        workloads: Vec::new(),
        graphs: Vec::new(),
        executors: Vec::new(),
        rounds: Vec::new(),
        cells: Vec::new(),
        timelines: Vec::new(),
        footprints: Vec::new(),
    }
}

fn planned(workload: impl Workload + 'static) -> Vec<PlannedCell> {
    cells(&[Arc::new(workload)], &all(), &Sweep::new(vec![1, 2], vec![2]))
}

fn run(cells: &[PlannedCell], rounds: Rounds, record: &mut Record, stop_after: usize) -> bool {
    let mut steps = 0;
    let mut observer = |_: Event<'_>| {
        steps += 1;
        if steps > stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    measure(cells, rounds, &Testbed::detect(Stop::default()), record, &mut observer)
        .expect("cells are the same")
}

#[test]
fn every_cell_has_a_sample_of_every_round() {
    let (cells, mut record) = (planned(Grain::new(20, 16, 1)), record());
    assert!(run(&cells, TWO, &mut record, usize::MAX));
    assert_eq!(record.rounds.len(), 2);
    for cell in &record.cells {
        assert_eq!((&cell.failure, &cell.round), (&None, &vec![0, 1]), "{}", cell.id);
        assert_eq!((cell.wall_ns.len(), cell.cpu_ns.len(), cell.startup_ns.len()), (2, 2, 2));
        assert_eq!((cell.pace_ns.len(), cell.throughput_ns.len()), (2, 2));
    }
}

#[test]
fn a_stopped_run_keeps_its_finished_rounds_and_can_be_resumed() {
    let (cells, mut record) = (planned(Grain::new(20, 16, 1)), record());
    let one_round_and_a_half = cells.len() * 2 + 1 + cells.len() / 2;
    assert!(!run(&cells, TWO, &mut record, one_round_and_a_half));
    assert_eq!(record.rounds.len(), 1);
    assert!(record.cells.iter().all(|cell| cell.round == [0]));
    assert!(run(&cells, TWO, &mut record, usize::MAX));
    assert!(record.cells.iter().all(|cell| cell.round == [0, 1]));
}

#[test]
fn what_takes_long_takes_part_in_every_other_round() {
    let cells = [planned(Grain::new(20, 16, 1)), planned(Grain::new(20, 64, 1))].concat();
    let (thrifty, mut record) =
        (Rounds { alternate: true, budget: Duration::MAX / 2, ..exactly(1) }, record());
    assert!(run(&cells, thrifty, &mut record, usize::MAX));
    let long = |cell: &Cell| cell.workload == "grain-64";
    for cell in record.cells.iter_mut().filter(|cell| cell.role == Role::Baseline && long(cell)) {
        cell.wall_ns = vec![cell.batch * LONG_BAG.as_nanos() as u64];
    }
    assert!(run(&cells, Rounds { at_most: 4, at_least: 4, ..thrifty }, &mut record, usize::MAX));
    for cell in &record.cells {
        let expected: &[u32] = if long(cell) { &[0, 2] } else { &[0, 1, 2, 3] };
        assert_eq!(cell.round, expected, "{}", cell.id);
    }
}

#[test]
fn a_disturbed_round_is_measured_again_as_often_as_allowed() {
    let rounds = Rounds { retakes: 2, ..TWO };
    let round = |foreign_ns, retaken| Round {
        foreign_ns,
        retaken,
        wall_ns: 1_000,
        ..RoundStart::read().finish(0, Duration::ZERO)
    };
    let mut record = record();
    record.environment.logical_cpus = 2;
    let wants = |record: &Record, round: &Round| wants_retake(round, record, rounds);
    assert!(wants(&record, &round(Some(101), 0)) && wants(&record, &round(Some(101), 1)));
    assert!(!wants(&record, &round(Some(101), 2)), "it was tried often enough");
    assert!(!wants(&record, &round(Some(100), 0)) && !wants(&record, &round(None, 0)), "nobody disturbed it");
    record.rounds = vec![round(Some(0), 1), round(Some(0), 1)];
    assert!(!wants(&record, &round(Some(101), 0)), "those of other rounds count");
}

#[test]
fn short_rounds_leave_out_smaller_cells_and_those_of_many_workers() {
    let waiting = || -> Arc<dyn Workload> { Arc::new(Thinking::new(8, 1, 0.01).expect("it is valid")) };
    let many: Arc<dyn Workload> = Arc::new(Grain::new(MANY_WORKERS + 1, 16, 1));
    let cells = cells(&[waiting(), many], &all(), &Sweep::new(vec![1, 2], vec![2]));
    let short = cells_of_short_rounds(&cells, &record());
    let ids: BTreeSet<String> = short.into_iter().map(ToString::to_string).collect();
    let takes_part = |id: &str| ids.contains(id);
    assert!(takes_part("thinking/serial/1c-1w") && takes_part("thinking/rayon/2c-8w"));
    assert!(!takes_part("thinking/rayon/2c-2w") && !takes_part("thinking/rayon/1c-8w"));
    assert!(takes_part("grain/rayon/16-2c-2w") && takes_part("grain/hardware/16-2c-2w"));
    assert!(!takes_part("grain/std-thread-per-agent/16-2c-257w"), "{ids:?}");
}

#[test]
fn one_bag_from_nothing_to_nothing_is_timed_in_every_other_round_where_a_workload_stands_alone() {
    let workloads: [Arc<dyn Workload>; 2] = [Arc::new(Deciding::bundled(2)), Arc::new(Grain::new(20, 16, 1))];
    let (cells, mut record) = (cells(&workloads, &all(), &Sweep::new(vec![2], vec![2])), record());
    assert!(run(&cells, exactly(3), &mut record, usize::MAX));
    for cell in &record.cells {
        let expected = if cell.role == Role::Executor && cell.workload == "deciding" { 2 } else { 0 };
        assert_eq!(cell.once_ns.len(), expected, "{}", cell.id);
    }
}

#[test]
fn a_complete_record_that_goes_on_is_not_complete_and_has_no_timelines_until_its_end() {
    let (cells, mut record) = (planned(Grain::new(20, 16, 1)), record());
    assert!(run(&cells, TWO, &mut record, usize::MAX));
    record.run.complete = true;
    let id = record.cells[0].id.clone();
    let (start_ns, end_ns, worker, answers) = (vec![], vec![], vec![], vec![]);
    record.timelines.push(Timeline { cell: id, makespan_ns: 1, start_ns, end_ns, worker, answers });
    let four = exactly(4);
    assert!(!run(&cells, four, &mut record, cells.len() + 2));
    assert_eq!((record.rounds.len(), record.run.complete, record.timelines.len()), (3, false, 0));
}

/// Agents who ask to stop when they have run so often.
static STOP: LazyLock<Stop> = LazyLock::new(Stop::default);
static RUNS: AtomicUsize = AtomicUsize::new(0);
static LAST_RUN: AtomicUsize = AtomicUsize::new(usize::MAX);

#[test]
fn a_stop_ends_the_sample_that_is_being_taken_and_drops_its_round_without_failing_a_cell() {
    let odd = || {
        if RUNS.fetch_add(1, Ordering::Relaxed) == LAST_RUN.load(Ordering::Relaxed) {
            STOP.ask();
        }
        4
    };
    let (cells, mut record) = (planned(Ten { odd }), record());
    let testbed = Testbed::detect(STOP.clone());
    let mut observer = |event: Event<'_>| {
        if let Event::Round(_) = event {
            LAST_RUN.store(RUNS.load(Ordering::Relaxed) + 100, Ordering::Relaxed);
        }
        ControlFlow::Continue(())
    };
    assert_eq!(measure(&cells, TWO, &testbed, &mut record, &mut observer), Ok(false));
    assert!(record.rounds.len() == 1 && record.cells.iter().all(|cell| cell.failure.is_none()));
    assert!(record.cells.iter().all(|cell| cell.round == [0]), "the other round is dropped");
    assert!(matches!(try_once(&cells[0], &testbed), Err(SampleError::Stopped)), "nothing runs any more");
}

/// Serial, and wrong at one moment.
#[derive(Default)]
struct Broken {
    workers: usize,
    panics: bool,
    panics_at_its_end: bool,
}

impl Executor for Broken {
    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        assert!(!self.panics, "out of luck");
        (0..bag.len()).for_each(|task| bag.run(task));
    }
}

impl Drop for Broken {
    fn drop(&mut self) {
        assert!(!self.panics_at_its_end, "out of luck in the end");
    }
}

#[test]
fn an_executor_that_is_wrong_is_a_row_with_its_reason() {
    let failure = |build: fn(&Start) -> Result<Box<dyn Executor>, StartError>| {
        let broken = Factory { build, ..find("std-counter").expect("it is there") };
        let sweep = Sweep::new(vec![1], vec![2]);
        let cells = cells(&[Arc::new(Grain::new(20, 16, 1))], &[broken], &sweep);
        let mut record = record();
        assert!(run(&cells, TWO, &mut record, usize::MAX));
        assert_eq!(record.cells[0].round, [0, 1], "the others are measured");
        record.cells.last().and_then(|cell| cell.failure.clone()).unwrap_or_default()
    };
    assert_eq!(
        failure(|_| Ok(Box::new(Broken { workers: 1, panics: true, ..Broken::default() }))),
        "first trial: the executor panicked: out of luck"
    );
    assert_eq!(
        failure(|_| Ok(Box::new(Broken { workers: 1, panics_at_its_end: true, ..Broken::default() }))),
        "first trial: the executor panicked: out of luck in the end"
    );
    assert_eq!(
        failure(|_| Ok(Box::new(Broken { workers: 77, ..Broken::default() }))),
        "first trial: the executor says that it has 77 workers and not 1, as it was told"
    );
}

#[test]
fn a_record_of_other_cells_is_not_resumed() {
    let (cells, mut record) = (planned(Grain::new(20, 16, 1)), record());
    assert!(run(&cells, TWO, &mut record, usize::MAX));
    let fewer = &cells[1..];
    let error = measure(fewer, TWO, &Testbed::detect(Stop::default()), &mut record, &mut |_| {
        ControlFlow::Continue(())
    });
    assert_eq!(error, Err(ResumeError::Cells));
}

#[test]
fn a_wrong_cell_is_a_row_with_its_reason_and_no_time() {
    let (cells, mut record) = (planned(Ten { odd: || 5 }), record());
    assert!(run(&cells, TWO, &mut record, usize::MAX));
    for cell in &record.cells {
        let failure = cell.failure.as_deref().expect("agent 3 is always wrong");
        assert!(failure.contains("agent 3 (number 3)"), "{failure}");
        assert!(cell.round.is_empty() && cell.wall_ns.is_empty());
    }
    assert!(record.cells.iter().any(|cell| cell.role == Role::Hardware));
}

#[test]
fn of_a_long_reason_the_beginning_is_kept() {
    assert_eq!(shortened("short"), "short");
    let long = shortened(&"ä".repeat(1_000_000));
    assert!(long.chars().count() == MOST_REASON + 1 && long.ends_with('…'));
}

#[test]
fn the_order_depends_on_seed_and_round_only_and_leaves_nothing_out() {
    let places: Vec<_> = (0..50).map(|index| (index, index)).collect();
    let order = |seed, round| shuffled(places.iter().copied(), |cell| (cell % 5).to_string(), seed, round);
    assert_eq!(order(1, 0), order(1, 0));
    assert_ne!(order(1, 0), order(1, 1));
    assert_ne!(order(1, 0), order(2, 0));
    let mut sorted = order(1, 0);
    sorted.sort_unstable();
    assert_eq!(sorted, places);
}

#[test]
fn the_cells_of_a_workload_follow_each_other_and_all_else_is_shuffled() {
    let places: Vec<_> = (0..50).map(|index| (index, index)).collect();
    let orders =
        (0..20).map(|round| shuffled(places.iter().copied(), |cell| (cell % 5).to_string(), 1, round));
    let (mut first_workloads, mut first_cells) = (BTreeSet::new(), BTreeSet::new());
    for order in orders {
        for together in order.chunks(10) {
            assert!(together.iter().all(|(cell, _)| cell % 5 == together[0].0 % 5), "{order:?}");
        }
        first_workloads.insert(order[0].0 % 5);
        first_cells.insert(order[0].0 / 5);
    }
    assert!(first_workloads.len() == 5 && first_cells.len() > 5, "{first_workloads:?} {first_cells:?}");
}
