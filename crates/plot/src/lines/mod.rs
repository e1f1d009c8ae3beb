//! Lines with bands: speedup or efficiency over cores, workers or granularity.
//!
//! With a single position on the x axis there are no lines to draw, and the chart is a dot plot.

mod axes;
mod curves;
mod dots;
mod labels;

use super::frame::{Canvas, Frame};
use super::number::{duration, percent, short, times};
use super::text::{Style, clean, name};

/// A line chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Words and size.
    pub frame: Frame,
    /// What the x axis measures.
    pub x: Horizontal,
    /// Name of the x axis. For counts it also follows the number in hover texts: `cores`, `workers`.
    pub x_label: String,
    /// What the y axis measures.
    pub y: Vertical,
    /// The lines, in order of the legend.
    pub series: Vec<Series>,
    /// Limits that no executor can beat.
    pub ceilings: Vec<Ceiling>,
    /// The x right of which there are more workers than cores; that side is shaded.
    pub oversubscribed_above: Option<f64>,
    /// What to do as one of several charts of the same kind. `None` for a chart that stands alone.
    pub sibling: Option<Sibling>,
}

/// One of several charts whose lines are named in the first of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sibling {
    /// The least and the greatest x of all of them.
    pub x: (f64, f64),
    /// Whether it is the one that names the lines.
    pub names: bool,
}

/// What an x axis measures. Both kinds are logarithmic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizontal {
    /// A count, with ticks at the positions of the points and at powers of two.
    Count,
    /// Time in nanoseconds, with ticks at powers of ten.
    Nanoseconds,
}

/// What a y axis measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vertical {
    /// A ratio, on a logarithmic axis with ticks at powers of two.
    Speedup,
    /// A fraction where 1 is 100 %, on a linear axis from 0 with 50 % marked.
    Efficiency,
    /// Time in nanoseconds, on a logarithmic axis with ticks at powers of ten.
    Nanoseconds,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Shown at the end of the line, shortened beyond 40 characters.
    pub name: String,
    /// Identity of the series: it decides colour, dash, marker and class, so give an executor the same one
    /// in every chart.
    pub index: usize,
    /// What kind of line it is.
    pub kind: Kind,
    /// Points in ascending x. Points that are not finite, or not positive where the axis is logarithmic,
    /// are left out; a series without any other point is named below the chart.
    pub points: Vec<Point>,
}

/// What kind of line a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Measured in this run.
    Measured,
    /// Measured in the run compared with: thin, without label.
    Ghost,
    /// Computed, not measured: dotted.
    Prediction,
}

/// One point of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Position in the unit of [`Horizontal`].
    pub x: f64,
    /// Median in the unit of [`Vertical`].
    pub y: f64,
    /// Lower and upper end of the 95 % interval in the unit of [`Vertical`].
    pub band: Option<(f64, f64)>,
}

/// A limit that no executor can beat.
#[derive(Debug, Clone, PartialEq)]
pub struct Ceiling {
    /// What limits.
    pub limit: Limit,
    /// Shown at the end of the line.
    pub label: String,
    /// Points in ascending x, in the units of the axes.
    pub points: Vec<(f64, f64)>,
}

/// What limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The best schedule for the agents' own costs.
    Schedule,
    /// What the CPUs deliver without any executor.
    Hardware,
}

impl Limit {
    fn class(self) -> &'static str {
        match self {
            Self::Schedule => "cc-ceiling",
            Self::Hardware => "cc-ceiling cc-hardware",
        }
    }
}

/// The chart as one `<svg>` element.
pub fn render(chart: &Lines) -> String {
    let drawable =
        Lines { series: drawable_series(chart), ceilings: drawable_ceilings(chart), ..chart.clone() };
    let missing = missing(chart);
    match axes::positions(&drawable)[..] {
        [] => Canvas::new(&chart.frame).empty(&notes(&drawable, &missing)),
        [_] => dots::render(&drawable, &missing),
        _ => curves::render(&drawable, &missing),
    }
}

/// Whether a point can be drawn on the axes of a chart.
fn fits(chart: &Lines, x: f64, y: f64) -> bool {
    let logarithmic = chart.y != Vertical::Efficiency;
    x.is_finite() && x > 0.0 && y.is_finite() && (y > 0.0 || !logarithmic && y >= 0.0)
}

fn drawable_series(chart: &Lines) -> Vec<Series> {
    let keep = |point: &Point| {
        let band =
            point.band.filter(|&(low, high)| fits(chart, point.x, low) && high.is_finite() && low <= high);
        fits(chart, point.x, point.y).then_some(Point { band, ..*point })
    };
    let series = chart
        .series
        .iter()
        .map(|series| Series { points: series.points.iter().filter_map(keep).collect(), ..series.clone() });
    series.filter(|series| !series.points.is_empty()).collect()
}

fn drawable_ceilings(chart: &Lines) -> Vec<Ceiling> {
    let points =
        |ceiling: &Ceiling| ceiling.points.iter().copied().filter(|&(x, y)| fits(chart, x, y)).collect();
    let ceilings =
        chart.ceilings.iter().map(|ceiling| Ceiling { points: points(ceiling), ..ceiling.clone() });
    ceilings.filter(|ceiling| !ceiling.points.is_empty()).collect()
}

/// Names of the series that have no point to draw.
fn missing(chart: &Lines) -> Vec<&str> {
    let absent = |series: &&Series| {
        series.kind != Kind::Ghost && !series.points.iter().any(|point| fits(chart, point.x, point.y))
    };
    chart.series.iter().filter(absent).map(|series| series.name.as_str()).collect()
}

/// What a value means in words.
fn value(y: Vertical, value: f64) -> String {
    match y {
        Vertical::Speedup => times(value),
        Vertical::Efficiency => percent(value),
        Vertical::Nanoseconds => duration(value),
    }
}

/// Hover text of a point.
fn hover(chart: &Lines, series: &Series, point: &Point) -> String {
    let x = match chart.x {
        Horizontal::Count => {
            format!("{} {}", short(point.x), clean(&chart.x_label))
        }
        Horizontal::Nanoseconds => duration(point.x),
    };
    let name = clean(&series.name);
    let band =
        point.band.map(|(low, high)| format!(" ({} to {})", value(chart.y, low), value(chart.y, high)));
    let word = match series.kind {
        Kind::Measured => "",
        Kind::Ghost => " in the base",
        Kind::Prediction => " predicted",
    };
    format!("{name}, {x}: {}{}{word}", value(chart.y, point.y), band.unwrap_or_default())
}

/// Lines of notes below a chart.
fn notes(chart: &Lines, missing: &[&str]) -> Vec<String> {
    let has = |kind| chart.series.iter().any(|series| series.kind == kind);
    let mut notes = Vec::new();
    if has(Kind::Ghost) {
        notes.push("Thin lines: the base.".to_owned());
    }
    if has(Kind::Prediction) {
        notes.push("Dotted lines: predicted, not measured.".to_owned());
    }
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|missing| name(missing, Style::Small, 240.0)).collect();
        notes.push(format!("Nothing to draw for {}.", names.join(", ")));
    }
    notes
}
