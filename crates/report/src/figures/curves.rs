//! Speedup and efficiency over cores, workers and granularity.

use std::collections::BTreeMap;

use centurion_record::Kind;

use super::{Drawing, Figures, Size, Words, axis};
use crate::analysis::{Bound, CellResult, Curve, CurvePoint, Family, Gain, WorkloadResult};
use crate::chart::lines::{self, Ceiling, Horizontal, Limit, Lines, Point, Series, Sibling, Vertical};
use crate::prediction::Prediction;
use crate::stats::Estimate;
use crate::units::{crossing, joined, percent, plural, times};

/// Points that a chart of granularity has at most; more would be too large to review.
const MOST_POINTS: usize = 160;

/// Points that it has at most where they can be asked for their numbers.
const MOST_HOVERS: usize = 400;

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
    fn ghosts(&self, workload: &WorkloadResult) -> Vec<Series> {
        let Some(base) = self.base else { return Vec::new() };
        let point = |(place, cell): (usize, &CellResult)| {
            Some(Point { x: place as f64, y: base.gain(cell)?.speedup.value, band: None })
        };
        let ghost = |name: &&str| Series {
            name: (*name).to_owned(),
            index: self.index(name),
            kind: lines::Kind::Ghost,
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

    fn scaling(&self, workload: &WorkloadResult, quantity: &Quantity, words: Words, size: Size) -> Lines {
        let most = most_cores(workload);
        let series = self.cast().iter().filter(|name| measured_at_all(workload, name)).map(|name| Series {
            name: (*name).to_owned(),
            index: self.index(name),
            kind: lines::Kind::Measured,
            points: points(workload, name, quantity),
        });
        Lines {
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

    /// Efficiency against granularity, one curve per executor. With very many points only one size in two or more
    /// is drawn, and the chart says so.
    pub(crate) fn family(&self, family: &Family, size: Size) -> Drawing {
        let points: usize = family.curves.iter().map(|curve| curve.points.len()).sum();
        let step = points.div_ceil(if size.hovers { MOST_HOVERS } else { MOST_POINTS }).max(1);
        let thinned = if step > 1 { format!(", one size in {step}") } else { String::new() };
        let words = Words {
            id: format!("granularity-{}", self.place(family)),
            title: format!("{}: efficiency", family.name),
            subtitle: format!("By granularity: time of {} per agent{thinned}", workers(family)),
            description: smallest(family),
        };
        draw(&Lines {
            frame: words.frame(size),
            x: Horizontal::Nanoseconds,
            x_label: "granularity".into(),
            y: Vertical::Efficiency,
            series: family.curves.iter().map(|curve| self.curve(curve, step)).collect(),
            ceilings: Vec::new(),
            oversubscribed_above: None,
            sibling: self.sibling(family),
        })
    }

    /// Place of a family among all, for ids.
    fn place(&self, family: &Family) -> usize {
        let all = self.analysis.grain.iter().chain(&self.analysis.patterns);
        all.map(|other| &other.name).position(|name| *name == family.name).unwrap_or(0)
    }

    /// All patterns share the range of their sizes, and the names that the first of them gives.
    fn sibling(&self, family: &Family) -> Option<Sibling> {
        let patterns = &self.analysis.patterns;
        let place = patterns.iter().position(|pattern| pattern.name == family.name)?;
        let points = patterns.iter().flat_map(|pattern| &pattern.curves).flat_map(|curve| &curve.points);
        let sizes = || points.clone().map(|point| point.granularity_ns);
        let x = (sizes().min_by(f64::total_cmp)?, sizes().max_by(f64::total_cmp)?);
        Some(Sibling { x, names: place == 0 })
    }

    /// One size in `step`, the largest among them.
    fn curve(&self, curve: &Curve, step: usize) -> Series {
        let point = |point: &CurvePoint| Point { x: point.granularity_ns, y: point.efficiency, band: None };
        let mut points: Vec<Point> = curve.points.iter().rev().step_by(step).map(point).collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        Series {
            name: curve.executor.clone(),
            index: self.index(&curve.executor),
            kind: lines::Kind::Measured,
            points,
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
            Series {
                name: prediction.executor.clone(),
                index: self.index(&prediction.executor),
                kind: lines::Kind::Prediction,
                points: points.map(|(cores, y)| Point { x: cores as f64, y, band: None }).collect(),
            }
        });
        let words = Words {
            id: format!("prediction-{}", self.number(workload)),
            title: format!("{}: predicted speedup past this machine", workload.name),
            subtitle: "A prediction from recorded costs and measured overheads".into(),
            description: predicted(predictions),
        };
        draw(&Lines {
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
        let bound = |cores| Bound::of(costs, workload.graph.as_deref(), cores).speedup;
        let points = places.map(|cores| (cores as f64, bound(cores))).collect();
        Some(Ceiling { limit: Limit::Schedule, label: "schedule ceiling".into(), points })
    }
}

fn draw(chart: &Lines) -> Drawing {
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

/// Whose time counts.
fn workers(family: &Family) -> &'static str {
    if family.parallelism < family.cores as f64 { "the workers of use" } else { "all workers" }
}

fn smallest(family: &Family) -> String {
    let reached = family.curves.iter().filter_map(|curve| {
        Some(format!("{} {}", curve.executor, crossing(curve.at(family.ranking)?.crossing, None)))
    });
    let reached: Vec<_> = reached.collect();
    let share = percent(family.ranking.efficiency(family.parallelism));
    format!("Smallest granularity with an efficiency of {share}: {}.", reached.join(", "))
}

fn predicted(predictions: &[Prediction]) -> String {
    let last = predictions.iter().filter_map(|prediction| {
        let (cores, speedup) = prediction.points.last()?;
        Some(format!("{} {} on {cores} cores", prediction.executor, times(*speedup)))
    });
    format!("Predicted: {}.", joined(&last.collect::<Vec<_>>()))
}
