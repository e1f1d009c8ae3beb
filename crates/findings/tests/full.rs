//! Records as large as the reader accepts, in the shapes in which looking something up in a list for each of its
//! entries would never end.

use centurion_findings::compare::{Comparison, Rules};
use centurion_findings::{Analysis, Execution, FailedCells};
use centurion_record::{Kind, Record, Timeline};
use centurion_synthetic::{CALM, Synthetic};

/// Cells of a record, nearly as many as a reader accepts.
const CELLS: usize = 9_996;

fn one_round() -> Synthetic {
    Synthetic::new(1, 7, CALM)
}

/// One workload with an executor on so many numbers of workers that every cell is a row of its own, each with a timeline.
fn rows() -> Record {
    let workload = one_round().workload("thinking", Kind::Waiting, &[1_000; 100], 1e6);
    let all = (1..=CELLS).fold(workload, |all, workers| {
        let bag_ns = 1e6 / workers as f64;
        all.executor("thinking", "rayon", (1, workers), bag_ns)
    });
    let fewer_agents = all.with(|record| {
        record.workloads[0].agents = CELLS;
        record.workloads[0].costs_ns.clear();
    });
    fewer_agents.record()
}

/// As many workloads as there is room for, each with a baseline, its copy and one cell with a timeline.
fn workloads() -> Record {
    let all = (0..CELLS / 3).fold(one_round(), |all, number| {
        let name = format!("thinking{number}");
        all.workload(&name, Kind::Waiting, &[1_000], 1e6).executor(&name, "rayon", (1, 2), 5e5)
    });
    let stamped = all.with(|record| {
        record.workloads.iter_mut().for_each(|workload| workload.agents = 1);
        let tested = record.cells.iter().filter(|cell| cell.executor == "rayon");
        record.timelines = tested
            .map(|cell| Timeline {
                cell: cell.id.clone(),
                makespan_ns: 10,
                start_ns: vec![0],
                end_ns: vec![9],
                worker: vec![0],
                answers: vec!["1".into()],
            })
            .collect();
    });
    stamped.record()
}

/// One family of as many sizes.
fn sizes() -> Record {
    let all = (0..CELLS / 3).fold(one_round(), |all, size| {
        let name = format!("grain-{}", size + 1);
        all.workload(&name, Kind::Computing, &[], 1e4 * size as f64).executor(
            &name,
            "rayon",
            (2, 2),
            6e3 * size as f64,
        )
    });
    all.record()
}

#[test]
fn as_many_rows_as_there_may_be_are_judged_and_compared() {
    let record = rows();
    let analysis = Analysis::new(&record);
    assert_eq!(analysis.workloads[0].rows().len(), CELLS);
    let comparison = Comparison::new(&record, &record, Rules::default());
    assert_eq!(comparison.unjudged().count(), CELLS + 1, "one round is too few, of the baseline as well");
}

#[test]
fn as_many_workloads_as_there_may_be_are_judged_and_compared() {
    let record = workloads();
    let (analysis, executions) = (Analysis::new(&record), Execution::from_record(&record));
    assert_eq!((analysis.workloads.len(), executions.len()), (CELLS / 3, CELLS / 3));
    assert!(analysis.workloads.iter().all(|workload| workload.noise.copies.len() == 1));
    let comparison = Comparison::new(&record, &record, Rules::default());
    assert_eq!(comparison.changes.len(), 2 * CELLS / 3);
}

#[test]
fn as_many_sizes_as_there_may_be_make_one_curve() {
    let record = sizes();
    let analysis = Analysis::new(&record);
    assert_eq!(analysis.independent[0].curves[0].points.len(), CELLS / 3);
    let comparison = Comparison::new(&record, &record, Rules::default());
    assert_eq!(comparison.changes.len(), 2, "the points of a curve are judged together");
}

#[test]
fn as_many_failures_as_there_may_be_are_told() {
    let mut record = rows();
    for (number, cell) in record.cells.iter_mut().enumerate() {
        cell.failure = Some(format!("reason {number}"));
        cell.wall_ns.clear();
    }
    assert_eq!(FailedCells::from_record(&record).len(), record.cells.len());
}
