//! Speedup and efficiency over cores and workers.

use std::collections::BTreeMap;

use centurion_findings::{CellResult, Gain, LimitedBy, Measured, Row, WorkloadResult};
use centurion_plot::lines::{
    self, Ceiling, Horizontal, Limit, LineChart, LineSeries, Point, SeriesKind, Vertical,
};
use centurion_plot::ranking::{self, RankedSeries, RankingChart, RankingLimit};
use centurion_stats::Estimate;

use super::{Findings, NOTHING, axis, mark, slug};
use crate::agents;
use crate::chart::{Caption, Chart, ChartSize, Drawing, FilePriority, Layout};
use crate::document::{Fold, Section, SectionBlock};
use crate::table::{Column, Entry, Table, entries};
use crate::units::{listed, percent, place, plural, time_in_short, times, times_estimate, times_in_short};
use crate::wording::called;

/// Executors that a text alternative lists.
const NAMED: usize = 4;

/// Bytes that a chart may have as a file: what GitHub shows of a file by itself.
const FILE_BYTES: usize = 20_000;

/// Core or worker counts from which on lines say more than dots.
const ENOUGH_FOR_LINES: usize = 3;

pub(super) fn speedup<'a>(findings: &'a Findings<'a>) -> Section<'a> {
    let lead = [
        "How many times faster than one agent after another on one core, where it is fastest, with 95 % intervals. The \
         order is that of the answers above: by the time over the fastest's in the same rounds. The line is what limits everybody: no schedule of these very agents is faster, or the CPUs deliver \
         no more; where that was measured, its interval is shaded.",
        "Lines show it by cores or, where agents wait, by workers, if there are three or more. There the plain solid \
         line is the schedule's ceiling, the dotted one the hardware's. Shaded: more workers than cores.",
    ];
    let mut section = Section::new("speedup", "Speedup", &lead).open();
    section.lead.extend(findings.has_graph().then(|| {
        "Where agents need each other's answers, no schedule is shorter than an even share of the work or the critical \
         path, whichever takes longer."
            .into()
    }));
    section.with(findings.alone().flat_map(|workload| {
        let ranking = workload.verdict().best.map(|best| {
            let chart = Chart::new(Layout::Small, move |size| ranking_chart(findings, workload, best, size));
            // Those that have a column in the matrix.
            let about = agents::about(&workload.name, workload.kind, workload.graph.is_some());
            let wanted = if about.aside { FilePriority::Last } else { FilePriority::First };
            SectionBlock::page(chart.filed(format!("{}-speedup", findings.file_name(workload)), wanted))
        });
        let lines = has_lines(workload).then(|| {
            SectionBlock::page(Chart::new(Layout::Small, move |size| speedup_chart(findings, workload, size)))
        });
        ranking.into_iter().chain(lines)
    }))
}

fn has_lines(workload: &WorkloadResult) -> bool {
    let places = workload.executors().into_iter().map(|name| workload.by_scale(name).len());
    places.max().unwrap_or(0) >= ENOUGH_FOR_LINES
}

/// The cells that compete with the best, the best first, and what limits them.
fn ranking_chart(
    findings: &Findings<'_>,
    workload: &WorkloadResult,
    best: &CellResult,
    size: ChartSize,
) -> Drawing {
    let row = |cell: &CellResult| {
        let speedup = cell.speedup()?;
        Some(RankedSeries {
            name: findings.called(&cell.executor),
            index: findings.index(&cell.executor),
            value: speedup.value,
            ends: speedup.interval.map(|ends| (ends.low, ends.high)),
            before: findings.base.and_then(|base| Some(base.gain(cell)?.speedup.value)),
        })
    };
    let rows: Vec<RankedSeries> = workload.ranked(best.row).into_iter().filter_map(row).collect();
    let named = workload.ranked(best.row).into_iter().filter_map(|cell| {
        Some(format!("{} {}", findings.called(&cell.executor), times_in_short(cell.speedup()?)))
    });
    let named: Vec<String> = named.take(NAMED).collect();
    let place = place(best.row.cores, best.row.workers, ", ");
    let caption = Caption {
        id: format!("ranking-{}", findings.number(workload)),
        title: format!("{} on {place}: speedup", workload.name),
        subtitle: "Serial time over makespan: median and 95 % interval".into(),
        description: format!("The best first: {}.", listed(&named, NAMED)),
    };
    let frame = caption.frame(size);
    let chart = RankingChart { frame, rows, limit: ranking_limit(workload, best) };
    Drawing::new(&chart.frame, ranking::render(&chart))
}

/// What limits the best, with its interval where it was measured.
fn ranking_limit(workload: &WorkloadResult, best: &CellResult) -> Option<RankingLimit> {
    let computed = |label: &str, value: f64| RankingLimit {
        label: format!("{label}, {}", times(value)),
        value,
        ends: None,
    };
    Some(match workload.limit(best) {
        LimitedBy::Unknown => return None,
        LimitedBy::Hardware { speedup, .. } => RankingLimit {
            label: format!("the hardware, {}", times(speedup.value)),
            value: speedup.value,
            ends: speedup.interval.map(|ends| (ends.low, ends.high)),
        },
        LimitedBy::LongestAgent { speedup, .. } => computed("the longest agent", speedup),
        LimitedBy::CriticalPath { speedup, .. } => computed("the critical path", speedup),
        LimitedBy::Processors { speedup, .. } => computed("any schedule", speedup),
    })
}

/// `None` where there are too few places for lines.
pub(super) fn efficiency<'a>(findings: &'a Findings<'a>) -> Option<Section<'a>> {
    let lead = [
        "Speedup for each core, or for each worker where agents wait.",
        "A line that falls says that more of them pay less; where the ceiling falls too, the agents are the \
         reason and not the executor.",
    ];
    let charts = findings.alone().filter(|workload| has_lines(workload)).map(|workload| {
        SectionBlock::page(Chart::new(Layout::Small, move |size| efficiency_chart(findings, workload, size)))
    });
    let charts: Vec<_> = charts.collect();
    (!charts.is_empty()).then(|| Section::new("efficiency", "Efficiency", &lead).with(charts))
}

pub(super) fn matrix<'a>(findings: &'a Findings<'a>) -> Section<'a> {
    let lead = [
        "Speedup with its 95 % interval. The deeper the tint, the nearer to the ceiling. In each column * marks \
         the fastest, = what is shown to be within 3 % of it, ~ what is undecided, ? what is estimated at 1.25 times \
         the time or more without being shown to take that; · needs more rounds; ^ is above its ceiling.",
    ];
    let tables = findings.alone().map(|workload| {
        let summary = format!("{}: every combination", workload.name);
        SectionBlock::page(Fold::new(summary, matrix_table(findings, workload)))
    });
    Section::new("matrix", "Every combination", &lead).with(tables).broad()
}

/// What a chart shows of a cell.
struct ScaledFigure {
    y: Vertical,
    of: fn(&Gain) -> Estimate,
    /// Whether it is taken per core or worker, ceilings too.
    shared: bool,
    in_words: fn(f64) -> String,
}

const SPEEDUP: ScaledFigure =
    ScaledFigure { y: Vertical::Speedup, of: |gain| gain.speedup, shared: false, in_words: times };

const EFFICIENCY: ScaledFigure =
    ScaledFigure { y: Vertical::Efficiency, of: |gain| gain.efficiency, shared: true, in_words: percent };

/// Speedup by cores where agents compute, by workers on all cores where they wait; with the base's thin lines, unless
/// they make a file too large.
fn speedup_chart(findings: &Findings<'_>, workload: &WorkloadResult, size: ChartSize) -> Drawing {
    let caption = || Caption {
        id: format!("speedup-{}", findings.number(workload)),
        title: format!("{}: speedup by {}", workload.name, axis(workload.kind)),
        subtitle: "Serial time over makespan: median and 95 % interval".into(),
        description: reached(workload, &SPEEDUP),
    };
    let mut chart = scaling(findings, workload, &SPEEDUP, caption().frame(size));
    let alone = chart.series.len();
    chart.series.extend(ghosts(findings, workload));
    let drawing = draw(&chart);
    if !size.file || drawing.svg.len() < FILE_BYTES {
        return drawing;
    }
    chart.series.truncate(alone);
    draw(&chart)
}

fn efficiency_chart(findings: &Findings<'_>, workload: &WorkloadResult, size: ChartSize) -> Drawing {
    let x = axis(workload.kind);
    let caption = Caption {
        id: format!("efficiency-{}", findings.number(workload)),
        title: format!("{}: efficiency by {x}", workload.name),
        subtitle: format!("Speedup over the number of {x} that can be of use"),
        description: reached(workload, &EFFICIENCY),
    };
    draw(&scaling(findings, workload, &EFFICIENCY, caption.frame(size)))
}

pub(super) fn draw(chart: &LineChart) -> Drawing {
    Drawing::new(&chart.frame, lines::render(chart))
}

fn scaling(
    findings: &Findings<'_>,
    workload: &WorkloadResult,
    shown: &ScaledFigure,
    frame: centurion_plot::Frame,
) -> LineChart {
    let measured = workload.executors();
    let series = findings.executors.iter().filter(|name| measured.contains(name)).map(|name| LineSeries {
        name: findings.called(name),
        index: findings.index(name),
        kind: SeriesKind::Measured,
        points: points(workload, name, shown),
    });
    let waiting = workload.kind == centurion_record::Kind::Waiting;
    LineChart {
        frame,
        x: Horizontal::Count,
        x_label: axis(workload.kind).into(),
        y: shown.y,
        series: series.collect(),
        ceilings: ceilings(workload, shown),
        oversubscribed_above: waiting.then(|| workload.most_cores() as f64),
        sibling: None,
    }
}

fn points(workload: &WorkloadResult, executor: &str, shown: &ScaledFigure) -> Vec<Point> {
    let point = |(scale, cell): (usize, &CellResult)| {
        let estimate = (shown.of)(cell.measured()?.gain.as_ref()?);
        let band = estimate.interval.map(|ends| (ends.low, ends.high));
        Some(Point { x: scale as f64, y: estimate.value, band })
    };
    workload.by_scale(executor).into_iter().filter_map(point).collect()
}

/// Speedups of the same cells in the base, where they can be compared.
fn ghosts(findings: &Findings<'_>, workload: &WorkloadResult) -> Vec<LineSeries> {
    let Some(base) = findings.base else { return Vec::new() };
    let point = |(scale, cell): (usize, &CellResult)| {
        Some(Point { x: scale as f64, y: base.gain(cell)?.speedup.value, band: None })
    };
    let ghost = |name: &&str| LineSeries {
        name: (*name).to_owned(),
        index: findings.index(name),
        kind: SeriesKind::Ghost,
        points: workload.by_scale(name).into_iter().filter_map(point).collect(),
    };
    findings.executors.iter().map(ghost).filter(|ghost| !ghost.points.is_empty()).collect()
}

/// The schedule's ceiling, and the hardware's where it was measured.
fn ceilings(workload: &WorkloadResult, shown: &ScaledFigure) -> Vec<Ceiling> {
    let schedule = workload.schedule_by_scale().into_iter().map(|(scale, bound)| (scale, bound.speedup));
    let ceiling = |limit, label: &str, bounds: BTreeMap<usize, f64>| {
        let share = |scale: usize, bound: f64| if shown.shared { bound / scale as f64 } else { bound };
        let points = bounds.into_iter().map(|(scale, bound)| (scale as f64, share(scale, bound)));
        Ceiling { limit, label: label.into(), points: points.collect() }
    };
    [
        (Limit::Schedule, "schedule ceiling", schedule.collect()),
        (Limit::Hardware, "hardware ceiling", workload.hardware_by_scale()),
    ]
    .into_iter()
    .filter(|(_, _, bounds): &(_, _, BTreeMap<usize, f64>)| !bounds.is_empty())
    .map(|(limit, label, bounds)| ceiling(limit, label, bounds))
    .collect()
}

/// The best few at the right end of the axis, in words.
fn reached(workload: &WorkloadResult, shown: &ScaledFigure) -> String {
    let Some((row, cells)) = workload.largest_row(shown.of) else { return "Nothing was measured.".into() };
    let named = cells.iter().map(|(cell, value)| {
        format!("{} {}", called(&cell.executor, cell.mistake), (shown.in_words)(*value))
    });
    let named: Vec<_> = named.collect();
    let place = format!("On {}", place(row.cores, row.workers, " with "));
    match named.len() {
        0 => format!("{place}: nothing could be measured."),
        all if all > NAMED => format!("{place}: {} and {} more.", named[..NAMED].join(", "), all - NAMED),
        _ => format!("{place}: {}.", named.join(", ")),
    }
}

/// Speedup by executor and place.
fn matrix_table(findings: &Findings<'_>, workload: &WorkloadResult) -> Table {
    let rows = workload.rows();
    let places = rows.iter().map(|row| place(row.cores, row.workers, ", "));
    let columns = Column::named(std::iter::once("executor".to_owned()).chain(places));
    let line = |name: &str| {
        let places = rows.iter().map(|&row| matrix_entry(workload, name, row));
        entries([findings.called(name)]).into_iter().chain(places).collect()
    };
    let caption = format!("{}: speedup by executor and place", workload.name);
    Table::new(slug("matrix", &workload.name), caption, columns)
        .rows(workload.executors().into_iter().map(line))
}

/// The fastest cell of an executor in a row.
fn matrix_entry(workload: &WorkloadResult, executor: &str, row: Row) -> Entry {
    match workload.fastest_of(executor, row).map(|cell| (cell, &cell.outcome)) {
        None => NOTHING.into(),
        Some((cell, Ok(measured))) => measured_entry(cell, measured),
        Some((_, Err(_))) => Entry { remark: "reason above".into(), ..Entry::from("failed") },
    }
}

fn measured_entry(cell: &CellResult, measured: &Measured) -> Entry {
    let Some(gain) = measured.gain else { return time_in_short(measured.bag_ns).into() };
    let workers = cell.workers_beside_cores().filter(|_| cell.row.workers.is_none());
    Entry {
        mark: mark(cell, measured),
        remark: workers.map(|workers| plural(workers, "worker")).unwrap_or_default(),
        tint: gain.of_ceiling.map(|share| (100.0 * share.value).clamp(0.0, 100.0).round() as u32),
        ..Entry::from(times_estimate(gain.speedup))
    }
}
