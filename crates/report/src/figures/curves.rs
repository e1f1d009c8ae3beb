//! Speedup and efficiency over cores and workers.

use std::collections::BTreeMap;

use centurion_record::Kind;

use super::{Drawing, Figures, Size, Words, axis};
use crate::units::{joined, percent, plural, times};
use centurion_findings::prediction::Prediction;
use centurion_findings::{Bound, CellResult, Gain, WorkloadResult};
use centurion_plot::lines::{self, Ceiling, Horizontal, Limit, LineChart, LineSeries, Point, Vertical};
use centurion_stats::Estimate;

/// Executors that a text alternative lists.
const NAMED: usize = 4;

/// What a scaling chart shows of a cell.
struct Quantity {
    y: Vertical,
    of: fn(&Gain) -> Estimate,
    /// Whether it is taken per core or worker, ceilings too.
    shared: bool,
    show: fn(f64) -> String,
}

const SPEEDUP: Quantity =
    Quantity { y: Vertical::Speedup, of: |gain| gain.speedup, shared: false, show: times };

const EFFICIENCY: Quantity =
    Quantity { y: Vertical::Efficiency, of: |gain| gain.efficiency, shared: true, show: percent };

impl Figures<'_> {
    /// Speedup by cores where agents compute, by workers on all cores where they wait.
    pub(crate) fn speedup(&self, workload: &WorkloadResult, size: Size) -> Drawing {
        let words = Words {
            id: format!("speedup-{}", self.number(workload)),
            title: format!("{}: speedup by {}", workload.name, axis(workload.kind)),
            subtitle: "Serial time over makespan: median and 95 % interval".into(),
            description: reached(workload, &SPEEDUP),
        };
        let mut chart = self.scaling(workload, &SPEEDUP, words, size);
        chart.series.extend(self.ghosts(workload));
        draw(&chart)
    }

    /// Speedups of the same cells in the base, where they can be compared.
    fn ghosts(&self, workload: &WorkloadResult) -> Vec<LineSeries> {
        let Some(base) = self.base else { return Vec::new() };
        let point = |(place, cell): (usize, &CellResult)| {
            Some(Point { x: place as f64, y: base.gain(cell)?.speedup.value, band: None })
        };
        let ghost = |name: &&str| LineSeries {
            name: (*name).to_owned(),
            index: self.index(name),
            kind: lines::SeriesKind::Ghost,
            points: on_axis(workload, name).into_iter().filter_map(point).collect(),
        };
        self.cast().iter().map(ghost).filter(|ghost| !ghost.points.is_empty()).collect()
    }

    /// Efficiency over the same axis.
    pub(crate) fn efficiency(&self, workload: &WorkloadResult, size: Size) -> Drawing {
        let x = axis(workload.kind);
        let words = Words {
            id: format!("efficiency-{}", self.number(workload)),
            title: format!("{}: efficiency by {x}", workload.name),
            subtitle: format!("Speedup over the number of {x} that can be of use"),
            description: reached(workload, &EFFICIENCY),
        };
        draw(&self.scaling(workload, &EFFICIENCY, words, size))
    }

    fn scaling(&self, workload: &WorkloadResult, quantity: &Quantity, words: Words, size: Size) -> LineChart {
        let most = most_cores(workload);
        let series =
            self.cast().iter().filter(|name| measured_at_all(workload, name)).map(|name| LineSeries {
                name: (*name).to_owned(),
                index: self.index(name),
                kind: lines::SeriesKind::Measured,
                points: points(workload, name, quantity),
            });
        LineChart {
            frame: words.frame(size),
            x: Horizontal::Count,
            x_label: axis(workload.kind).into(),
            y: quantity.y,
            series: series.collect(),
            ceilings: ceilings(workload, quantity),
            oversubscribed_above: (workload.kind == Kind::Waiting).then_some(most as f64),
            sibling: None,
        }
    }

    /// Predicted speedup past the measured cores, beginning at the last measured point.
    pub(crate) fn prediction(
        &self,
        workload: &WorkloadResult,
        predictions: &[Prediction],
        size: Size,
    ) -> Drawing {
        let series = predictions.iter().map(|prediction| {
            let measured = (prediction.measured_cores, prediction.measured_speedup);
            let points = std::iter::once(measured).chain(prediction.points.iter().copied());
            LineSeries {
                name: prediction.executor.clone(),
                index: self.index(&prediction.executor),
                kind: lines::SeriesKind::Prediction,
                points: points.map(|(cores, y)| Point { x: cores as f64, y, band: None }).collect(),
            }
        });
        let words = Words {
            id: format!("prediction-{}", self.number(workload)),
            title: format!("{}: predicted speedup past this machine", workload.name),
            subtitle: "A prediction from recorded costs and measured overheads".into(),
            description: predicted(predictions),
        };
        draw(&LineChart {
            frame: words.frame(size),
            x: Horizontal::Count,
            x_label: "cores".into(),
            y: Vertical::Speedup,
            series: series.collect(),
            ceilings: self.schedule_past(workload, predictions).into_iter().collect(),
            oversubscribed_above: None,
            sibling: None,
        })
    }

    /// The ceiling at the places predicted.
    fn schedule_past(&self, workload: &WorkloadResult, predictions: &[Prediction]) -> Option<Ceiling> {
        let costs = self.costs(workload);
        let first = predictions.first()?;
        let places = std::iter::once(first.measured_cores).chain(first.points.iter().map(|point| point.0));
        let bound = |cores| Bound::new(costs, workload.graph.as_deref(), cores).speedup;
        let points = places.map(|cores| (cores as f64, bound(cores))).collect();
        Some(Ceiling { limit: Limit::Schedule, label: "schedule ceiling".into(), points })
    }
}

pub(super) fn draw(chart: &LineChart) -> Drawing {
    Drawing::new(&chart.frame, lines::render(chart))
}

fn most_cores(workload: &WorkloadResult) -> usize {
    workload.cells.iter().map(|cell| cell.cores).max().unwrap_or(1)
}

fn measured_at_all(workload: &WorkloadResult, executor: &str) -> bool {
    workload.cells.iter().any(|cell| cell.executor == executor)
}

/// The cells on the axis, by position: on all cores where agents wait; where they compute the one whose
/// workers are nearest to the cores.
fn on_axis<'a>(workload: &'a WorkloadResult, executor: &str) -> BTreeMap<usize, &'a CellResult> {
    let most = most_cores(workload);
    let mut cells: BTreeMap<usize, &CellResult> = BTreeMap::new();
    for cell in workload.cells.iter().filter(|cell| cell.executor == executor) {
        let place = match workload.kind {
            Kind::Waiting if cell.cores == most => cell.workers,
            Kind::Waiting => continue,
            Kind::Computing => cell.cores,
        };
        let distance = |cell: &CellResult| cell.workers.abs_diff(cell.cores);
        let chosen = cells.entry(place).or_insert(cell);
        if distance(cell) < distance(chosen) {
            *chosen = cell;
        }
    }
    cells
}

fn points(workload: &WorkloadResult, executor: &str, quantity: &Quantity) -> Vec<Point> {
    let point = |(place, cell): (usize, &CellResult)| {
        let estimate = (quantity.of)(cell.outcome.as_ref().ok()?.gain.as_ref()?);
        let band = estimate.interval.map(|ends| (ends.low, ends.high));
        Some(Point { x: place as f64, y: estimate.value, band })
    };
    on_axis(workload, executor).into_iter().filter_map(point).collect()
}

/// The schedule's ceiling, and the hardware's where it was measured.
fn ceilings(workload: &WorkloadResult, quantity: &Quantity) -> Vec<Ceiling> {
    let mut schedule: BTreeMap<usize, f64> = BTreeMap::new();
    for executor in workload.cells.iter().map(|cell| &cell.executor) {
        for (place, cell) in on_axis(workload, executor) {
            let Some(bound) = cell.ceilings.schedule else { continue };
            let most = schedule.entry(place).or_default();
            *most = most.max(bound.speedup);
        }
    }
    let mut hardware: BTreeMap<usize, f64> = BTreeMap::new();
    for ceiling in &workload.hardware {
        hardware.extend(ceiling.speedup.as_ref().ok().map(|speedup| (ceiling.cores, speedup.value)));
    }
    if !hardware.is_empty() && workload.cells.iter().any(|cell| cell.cores == 1) {
        hardware.entry(1).or_insert(1.0);
    }
    let ceiling = |limit, label: &str, bounds: BTreeMap<usize, f64>| Ceiling {
        limit,
        label: label.into(),
        points: bounds
            .into_iter()
            .map(|(place, bound)| (place as f64, if quantity.shared { bound / place as f64 } else { bound }))
            .collect(),
    };
    [(Limit::Schedule, "schedule ceiling", schedule), (Limit::Hardware, "hardware ceiling", hardware)]
        .into_iter()
        .filter(|(_, _, bounds)| !bounds.is_empty())
        .map(|(limit, label, bounds)| ceiling(limit, label, bounds))
        .collect()
}

/// The best few at the right end of the axis, in words.
fn reached(workload: &WorkloadResult, quantity: &Quantity) -> String {
    let Some(row) = workload.rows().into_iter().max_by_key(|row| (row.cores, row.workers)) else {
        return "Nothing was measured.".into();
    };
    let mut cells: Vec<_> = workload
        .row(row)
        .filter_map(|cell| Some((cell, (quantity.of)(cell.outcome.as_ref().ok()?.gain.as_ref()?).value)))
        .collect();
    cells.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let named: Vec<_> =
        cells.iter().map(|(cell, value)| format!("{} {}", cell.executor, (quantity.show)(*value))).collect();
    let workers = row.workers.map(|workers| format!(" with {}", plural(workers, "worker")));
    let place = format!("On {}{}", plural(row.cores, "core"), workers.unwrap_or_default());
    match named.len() {
        0 => format!("{place}: nothing could be measured."),
        all if all > NAMED => {
            format!("{place}: {} and {} more.", named[..NAMED].join(", "), all - NAMED)
        }
        _ => format!("{place}: {}.", named.join(", ")),
    }
}

fn predicted(predictions: &[Prediction]) -> String {
    let last = predictions.iter().filter_map(|prediction| {
        let (cores, speedup) = prediction.points.last()?;
        Some(format!("{} {} on {cores} cores", prediction.executor, times(*speedup)))
    });
    format!("Predicted: {}.", joined(&last.collect::<Vec<_>>()))
}
