//! Speedup past the machine.

use centurion_findings::Analysis;
use centurion_findings::Bound;
use centurion_findings::prediction::{Prediction, predict};
use centurion_record::Record;

use crate::canned::{FULL, RecordPlan};

fn predictions(record: &Record) -> Vec<Prediction> {
    predictions_of("deciding", record)
}

fn predictions_of(workload: &str, record: &Record) -> Vec<Prediction> {
    let analysis = Analysis::new(record);
    let result = analysis.workloads.iter().find(|result| result.name == workload).expect("it is there");
    predict(result)
}

#[test]
fn every_executor_is_predicted_from_the_cores_it_was_measured_on_to_1024() {
    let predictions = predictions(&FULL.record());
    assert_eq!(predictions.len(), 3);
    for prediction in predictions {
        assert_eq!(prediction.measured_cores, 2);
        let cores: Vec<_> = prediction.points.iter().map(|point| point.0).collect();
        assert_eq!(cores, [4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    }
}

#[test]
fn no_prediction_beats_the_schedule_or_falls_with_cores() {
    let record = FULL.record();
    let costs = &record.workload("deciding").expect("it is there").costs_ns;
    let bounds = centurion_graph::Bounds::new(costs, None);
    for prediction in predictions(&record) {
        for &(cores, speedup) in &prediction.points {
            assert!(speedup <= bounds.ceiling(cores) + 1e-9, "{cores} cores: {speedup}");
        }
        assert!(prediction.points.is_sorted_by(|a, b| a.1 <= b.1 + 1e-9), "{:?}", prediction.points);
    }
}

#[test]
fn a_slower_executor_has_more_overhead_and_stays_slower() {
    let predictions = predictions(&FULL.record());
    assert!(predictions.is_sorted_by(|a, b| a.overhead_ns < b.overhead_ns));
    assert!(predictions.is_sorted_by(|a, b| a.points[0].1 > b.points[0].1));
}

#[test]
fn the_slowdown_is_what_the_hardware_lacks_of_its_cores() {
    for prediction in predictions(&FULL.record()) {
        assert!((prediction.slowdown - 1.0 / 0.98).abs() < 0.01, "{}", prediction.slowdown);
    }
}

#[test]
fn without_costs_nothing_is_predicted() {
    let mut record = FULL.record();
    record.workloads.iter_mut().for_each(|workload| workload.costs_ns.clear());
    assert!(predictions(&record).is_empty());
}

#[test]
fn no_prediction_beats_the_critical_path() {
    let record = RecordPlan { sizes: 0, ..FULL }.dependent().record();
    let (predictions, analysis) = (predictions_of("council", &record), Analysis::new(&record));
    let result = analysis.workloads.iter().find(|result| result.name == "council").expect("it is there");
    let costs = &record.workload("council").expect("it is there").costs_ns;
    assert_eq!(predictions.len(), 3);
    for &(cores, speedup) in predictions.iter().flat_map(|prediction| &prediction.points) {
        let bound = Bound::new(costs, result.graph.as_deref(), cores).speedup;
        assert!(speedup <= bound + 1e-9, "{cores} cores: {speedup} of {bound}");
    }
    let best = predictions[0].points.last().expect("there are points").1;
    assert!(best > 15.0 && best < 23.0, "{best}: the critical path allows 22.3, the longest agent 60");
}
