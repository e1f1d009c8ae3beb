//! The line chart proper.

use askama::Template;

use super::axes::{x_scale, x_ticks, y_scale, y_ticks};
use super::chart::{Ceiling, LineChart, LineSeries, Point, SeriesKind, Vertical};
use super::labels::{self, Label, LabelPlace, Wanted};
use super::words::{hover, notes};
use crate::frame::{Area, Canvas, MARGIN, Segment, finish};
use crate::layout::{Tick, below, beside};
use crate::number::{Px, path};
use crate::palette::{colour_class, dash, hollow, shape};
use crate::scale::Scale;
use crate::text::{Style, Text};

/// Space between the ends of the x axis and the outermost points.
const INSET: f64 = 8.0;

#[derive(Template)]
#[template(path = "chart/lines.svg")]
struct CurvesTemplate {
    canvas: Canvas,
    shade: Option<Area>,
    segments: Vec<Segment>,
    texts: Vec<Text>,
    ceilings: Vec<DrawnCeiling>,
    series: Vec<DrawnSeries>,
}

struct DrawnCeiling {
    class: &'static str,
    path: String,
    label: Label,
    /// Whether the label's stroke is a piece of the line, as in a list.
    listed: bool,
}

struct DrawnSeries {
    index: usize,
    classes: String,
    dash: &'static str,
    shape: usize,
    hollow: bool,
    line: String,
    line_class: &'static str,
    band: Option<String>,
    marks: Vec<Mark>,
    label: Option<Label>,
    listed: bool,
}

struct Mark {
    x: Px,
    y: Px,
    hover: String,
}

/// The rectangle of the plot and its two scales.
struct PlotArea {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    x: Scale,
    y: Scale,
}

impl PlotArea {
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.at(x), self.y.at(y))
    }
}

pub(super) fn render(chart: &LineChart, missing: &[&str]) -> String {
    let mut canvas = Canvas::new(&chart.frame);
    let place = LabelPlace::choose(words(chart), canvas.width);
    let plot = plot(chart, &canvas, place);
    let (texts, segments) = axes(chart, &plot, &mut canvas);
    let wanted = wanted(chart, &plot);
    let labels = label(&wanted, place, &plot, &mut canvas);
    let listed = place == LabelPlace::Below;
    let (series, ceilings) = draw(chart, &plot, labels, listed);
    let marked = chart.series.iter().filter(|series| series.kind != SeriesKind::Ghost);
    marked.for_each(|series| canvas.define(shape(series.index)));
    canvas.cursor += 4.0;
    canvas.note(&notes(chart, missing));
    canvas.close();
    let shade = shade(chart, &plot);
    finish(&CurvesTemplate { canvas, shade, segments, texts, ceilings, series })
}

/// Series with a label: all but ghosts, and measured ones that a prediction continues. None where another chart
/// names them.
fn labelled(chart: &LineChart) -> impl Iterator<Item = &LineSeries> {
    chart.series.iter().filter(|series| has_label(chart, series))
}

fn has_label(chart: &LineChart, series: &LineSeries) -> bool {
    let continues = |other: &LineSeries| other.kind == SeriesKind::Prediction && other.index == series.index;
    if chart.sibling.is_some_and(|sibling| !sibling.names) {
        return false;
    }
    match series.kind {
        SeriesKind::Measured => !chart.series.iter().any(continues),
        SeriesKind::Ghost => false,
        SeriesKind::Prediction => true,
    }
}

/// Words of all labels: series in order, then ceilings.
fn words(chart: &LineChart) -> impl Iterator<Item = &str> {
    let series = labelled(chart).map(|series| &series.name);
    series.chain(chart.ceilings.iter().map(|ceiling| &ceiling.label)).map(String::as_str)
}

fn plot(chart: &LineChart, canvas: &Canvas, place: LabelPlace) -> PlotArea {
    let labels = words(chart).count() as f64;
    let height = (canvas.width * 0.5).clamp(220.0, 360.0).max(labels * labels::GAP + 10.0);
    let (top, bottom) = (canvas.cursor + 6.0, canvas.cursor + 6.0 + height);
    let y = y_scale(chart, (bottom, top));
    let ticks = y_ticks(chart.y, &y, (height / 20.0) as usize);
    let widest = ticks.iter().map(|tick| Style::Small.width(&tick.text)).fold(0.0, f64::max);
    let left = MARGIN + widest + 6.0;
    let right = canvas.right() - place.gutter();
    PlotArea { left, right, top, bottom, x: x_scale(chart, (left + INSET, right - INSET)), y }
}

/// Grid, ticks and the name of the x axis; moves the cursor below them.
fn axes(chart: &LineChart, plot: &PlotArea, canvas: &mut Canvas) -> (Vec<Text>, Vec<Segment>) {
    let y_ticks = y_ticks(chart.y, &plot.y, ((plot.bottom - plot.top) / 20.0) as usize);
    let x_ticks = x_ticks(chart, &plot.x);
    let mut segments: Vec<Segment> =
        y_ticks.iter().map(|tick| Segment::across(tick.at, plot.left, plot.right)).collect();
    segments.extend(x_ticks.iter().map(|tick| Segment::down(tick.at, plot.bottom, plot.bottom + 4.0)));
    segments.extend(
        half(chart.y, &plot.y)
            .map(|tick| Segment::new("cc-grid cc-strong", (plot.left, tick.at), (plot.right, tick.at))),
    );
    let mut texts = beside(&y_ticks, plot.left - 6.0);
    texts.extend(below(&x_ticks, plot.bottom + 16.0, canvas));
    let middle = f64::midpoint(plot.left, plot.right);
    texts.push(Text::centred(middle, plot.bottom + 32.0, axis_name(chart, canvas), canvas.width));
    texts.extend(oversubscribed(chart, plot));
    canvas.cursor = plot.bottom + 38.0;
    (texts, segments)
}

fn axis_name(chart: &LineChart, canvas: &Canvas) -> String {
    crate::text::name(&chart.x_label, Style::Small, canvas.right() - MARGIN)
}

/// Where half the ideal is reached.
fn half(y: Vertical, scale: &Scale) -> Option<Tick> {
    (y == Vertical::Efficiency).then(|| Tick { at: scale.at(0.5), text: String::new() })
}

/// Left edge of the oversubscribed region, if any of it is on the chart.
fn edge(chart: &LineChart, plot: &PlotArea) -> Option<f64> {
    let above = chart.oversubscribed_above.filter(|x| x.is_finite() && *x > 0.0)?;
    let inside = above < plot.x.domain().1;
    inside.then(|| if above < plot.x.domain().0 { plot.left } else { plot.x.at(above) })
}

fn shade(chart: &LineChart, plot: &PlotArea) -> Option<Area> {
    let left = edge(chart, plot)?;
    Some(Area::new((left, plot.top), (plot.right - left, plot.bottom - plot.top)))
}

/// In a corner of the shade that no curve runs through, if there is one.
fn oversubscribed(chart: &LineChart, plot: &PlotArea) -> Option<Text> {
    // With half of what marks a point.
    const HEIGHT: f64 = 20.0;
    let left = edge(chart, plot)?;
    let word = "more workers than cores";
    let word = if Style::Small.width(word) + 8.0 <= plot.right - left { word } else { "oversubscribed" };
    let width = Style::Small.width(word) + 8.0;
    let is_free = |(x, y): &(f64, f64)| {
        let inside = |at: (f64, f64)| (*x..=x + width).contains(&at.0) && (*y - HEIGHT..=*y).contains(&at.1);
        !drawn_points(chart, plot).any(inside)
    };
    let corners = [(plot.right - width, plot.bottom), (left, plot.bottom), (left, plot.top + HEIGHT)];
    let (x, y) = corners.into_iter().find(is_free).unwrap_or(corners[0]);
    Some(Text::at(Style::Small, x + 4.0, y - 6.0, word))
}

/// Places on all curves, close enough for words not to lie between them.
fn drawn_points<'a>(chart: &'a LineChart, plot: &'a PlotArea) -> impl Iterator<Item = (f64, f64)> + 'a {
    const STEPS: u32 = 20;
    chart.series.iter().flat_map(move |series| {
        let places: Vec<(f64, f64)> = series.points.iter().map(|point| plot.at(point.x, point.y)).collect();
        let between = |pair: &[(f64, f64)]| {
            let [(x, y), (to_x, to_y)] = [pair[0], pair[1]];
            let share = |step| f64::from(step) / f64::from(STEPS);
            (1..STEPS)
                .map(|step| (x + (to_x - x) * share(step), y + (to_y - y) * share(step)))
                .collect::<Vec<_>>()
        };
        let between: Vec<_> = places.windows(2).flat_map(between).collect();
        places.into_iter().chain(between)
    })
}

/// The labels wanted, in the order of [`words`].
fn wanted<'a>(chart: &'a LineChart, plot: &PlotArea) -> Vec<Wanted<'a>> {
    let series = labelled(chart).map(|series| (&series.name, true, end(series)));
    let ceilings = chart
        .ceilings
        .iter()
        .map(|ceiling| (&ceiling.label, false, ceiling.points[ceiling.points.len() - 1]));
    let wanted = |(words, marked, (x, y)): (&'a String, bool, (f64, f64))| Wanted {
        words,
        marked,
        end: plot.at(x, y),
    };
    series.chain(ceilings).map(wanted).collect()
}

/// Last point of a series; every drawable one has points.
fn end(series: &LineSeries) -> (f64, f64) {
    let last = series.points[series.points.len() - 1];
    (last.x, last.y)
}

fn label(wanted: &[Wanted<'_>], place: LabelPlace, plot: &PlotArea, canvas: &mut Canvas) -> Vec<Label> {
    if place == LabelPlace::Below {
        let (left, top) = (MARGIN, canvas.cursor);
        canvas.cursor += wanted.len() as f64 * labels::GAP;
        return labels::below(wanted, left, top, canvas.right() - left);
    }
    labels::beside(wanted, plot.right, (plot.top + 2.0, plot.bottom - 2.0))
}

fn draw(
    chart: &LineChart,
    plot: &PlotArea,
    labels: Vec<Label>,
    listed: bool,
) -> (Vec<DrawnSeries>, Vec<DrawnCeiling>) {
    let mut labels = labels.into_iter();
    let mut series: Vec<DrawnSeries> = Vec::new();
    for one in &chart.series {
        let label = if has_label(chart, one) { labels.next() } else { None };
        series.push(curve(chart, plot, one, label, listed));
    }
    series.sort_by_key(|view| view.line_class != "cc-ghost");
    let ceilings = chart.ceilings.iter().zip(labels).map(|(one, label)| ceiling(plot, one, label, listed));
    (series, ceilings.collect())
}

fn ceiling(plot: &PlotArea, ceiling: &Ceiling, label: Label, listed: bool) -> DrawnCeiling {
    let path = path(ceiling.points.iter().map(|&(x, y)| plot.at(x, y)));
    DrawnCeiling { class: ceiling.limit.class(), path, label, listed }
}

fn curve(
    chart: &LineChart,
    plot: &PlotArea,
    series: &LineSeries,
    label: Option<Label>,
    listed: bool,
) -> DrawnSeries {
    let mark = |point: &Point| {
        let (x, y) = plot.at(point.x, point.y);
        Mark { x: Px(x), y: Px(y), hover: hover(chart, series, point) }
    };
    DrawnSeries {
        index: series.index,
        classes: format!("{} series-{}", colour_class(series.index), series.index),
        dash: if series.kind == SeriesKind::Prediction { "" } else { dash(series.index) },
        shape: shape(series.index),
        hollow: hollow(series.index),
        line: path(series.points.iter().map(|point| plot.at(point.x, point.y))),
        line_class: line_class(series.kind),
        band: band(plot, series),
        marks: series.points.iter().filter(|_| series.kind != SeriesKind::Ghost).map(mark).collect(),
        label,
        listed,
    }
}

fn line_class(kind: SeriesKind) -> &'static str {
    match kind {
        SeriesKind::Measured => "cc-line",
        SeriesKind::Ghost => "cc-ghost",
        SeriesKind::Prediction => "cc-line cc-prediction",
    }
}

/// Outline of a band, out along its upper edge and back along its lower one.
fn band(plot: &PlotArea, series: &LineSeries) -> Option<String> {
    let banded = || series.points.iter().filter_map(|point| Some((point.x, point.band?)));
    if series.kind == SeriesKind::Ghost || banded().next().is_none() {
        return None;
    }
    let upper = banded().map(|(x, (_, high))| plot.at(x, high));
    let lower: Vec<_> = banded().map(|(x, (low, _))| plot.at(x, low)).collect();
    Some(path(upper.chain(lower.into_iter().rev())) + "Z")
}
