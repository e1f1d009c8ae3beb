//! Speedup past the machine, predicted.

use centurion_findings::WorkloadResult;
use centurion_findings::prediction::{Prediction, predict};
use centurion_plot::lines::{Ceiling, Horizontal, Limit, LineChart, LineSeries, Point, SeriesKind, Vertical};

use super::scaling::draw;
use super::{Findings, NOTHING, slug};
use crate::chart::{Caption, Chart, ChartSize, Drawing, Layout};
use crate::document::{Fold, Section, SectionBlock};
use crate::table::{Column, Entry, Table, entries};
use crate::units::{joined, time, times};

pub(super) fn section<'a>(findings: &'a Findings<'a>) -> Section<'a> {
    let lead = [
        "A prediction, not a measurement: agents with their recorded costs are handed out in order to the core that \
         is free first, in virtual time.",
        "Each agent is slowed down as this hardware slows it, and laden with the overhead this executor showed here. \
         An executor that hands out fixed shares, or whose overhead grows with cores, will do worse.",
    ];
    let computing = findings.alone().filter(|workload| workload.kind == centurion_record::Kind::Computing);
    Section::new("prediction", "Past this machine", &lead)
        .with(computing.flat_map(|workload| blocks(findings, workload)))
}

/// A chart and what it assumes; nothing without predictions.
fn blocks<'a>(findings: &'a Findings<'a>, workload: &'a WorkloadResult) -> Vec<SectionBlock<'a>> {
    let predictions = predict(workload);
    if predictions.is_empty() {
        return Vec::new();
    }
    let assumptions = Fold::new("What it assumes of each executor", assumptions(workload, &predictions));
    let draw = move |size| chart(findings, workload, &predictions, size);
    let summary = format!("{}: predicted speedup", workload.name);
    let chart = Fold::new(summary, Chart::new(Layout::Small, draw).still());
    vec![SectionBlock::page(chart), SectionBlock::page(assumptions)]
}

/// Predicted speedup past the measured cores, beginning at the last measured point.
fn chart(
    findings: &Findings<'_>,
    workload: &WorkloadResult,
    predictions: &[Prediction],
    size: ChartSize,
) -> Drawing {
    let series = predictions.iter().map(|prediction| {
        let measured = (prediction.measured_cores, prediction.measured_speedup);
        let points = std::iter::once(measured).chain(prediction.points.iter().copied());
        LineSeries {
            name: findings.called(&prediction.executor),
            index: findings.index(&prediction.executor),
            kind: SeriesKind::Prediction,
            points: points.map(|(cores, y)| Point { x: cores as f64, y, band: None }).collect(),
        }
    });
    let caption = Caption {
        id: format!("prediction-{}", findings.number(workload)),
        title: format!("{}: predicted speedup past this machine", workload.name),
        subtitle: "A prediction from recorded costs and measured overheads".into(),
        description: in_words(predictions),
    };
    draw(&LineChart {
        frame: caption.frame(size),
        x: Horizontal::Count,
        x_label: "cores".into(),
        y: Vertical::Speedup,
        series: series.collect(),
        ceilings: ceiling(workload, predictions).into_iter().collect(),
        oversubscribed_above: None,
        sibling: None,
    })
}

/// The schedule's ceiling at the places predicted.
fn ceiling(workload: &WorkloadResult, predictions: &[Prediction]) -> Option<Ceiling> {
    let first = predictions.first()?;
    let places = std::iter::once(first.measured_cores).chain(first.points.iter().map(|point| point.0));
    let points = places.filter_map(|cores| Some((cores as f64, workload.bound(cores)?.speedup)));
    Some(Ceiling { limit: Limit::Schedule, label: "schedule ceiling".into(), points: points.collect() })
}

fn in_words(predictions: &[Prediction]) -> String {
    let last = predictions.iter().filter_map(|prediction| {
        let (cores, speedup) = prediction.points.last()?;
        Some(format!("{} {} on {cores} cores", prediction.executor, times(*speedup)))
    });
    format!("Predicted: {}.", joined(&last.collect::<Vec<_>>()))
}

fn assumptions(workload: &WorkloadResult, predictions: &[Prediction]) -> Table {
    let head = ["executor", "measured", "slowdown", "overhead an agent", "at 64 cores", "at 1,024 cores"];
    let caption = format!("{}: what the prediction assumes", workload.name);
    Table::new(slug("assumptions", &workload.name), caption, Column::named(head))
        .rows(predictions.iter().map(assumed))
}

fn assumed(prediction: &Prediction) -> Vec<Entry> {
    let at = |wanted| {
        let point = prediction.points.iter().find(|(cores, _)| *cores == wanted);
        point.map_or(NOTHING.into(), |(_, speedup)| times(*speedup))
    };
    entries([
        prediction.executor.clone(),
        times(prediction.measured_speedup),
        times(prediction.slowdown),
        if prediction.overhead_ns > 0.0 { time(prediction.overhead_ns) } else { "none".into() },
        at(64),
        at(1024),
    ])
}
