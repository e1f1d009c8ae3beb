//! Where the workers' time goes: one stacked bar per executor.

use askama::Template;

use super::frame::{Area, Canvas, Frame, MARGIN, Segment, finish};
use super::layout::{Rows, Tick, below, every_nth};
use super::number::{duration, percent};
use super::scale::{Scale, Spread, from_zero};
use super::text::{Style, Text, clean, wrap};

/// Bars of workers' time.
#[derive(Debug, Clone, PartialEq)]
pub struct LossChart {
    /// Words and size.
    pub frame: Frame,
    /// One bar each, in this order.
    pub bars: Vec<LossBar>,
}

/// The time of all workers of one executor: its parts add up to workers × makespan.
#[derive(Debug, Clone, PartialEq)]
pub struct LossBar {
    /// Name of the executor.
    pub name: String,
    /// Identity of the executor, the same in every chart.
    pub index: usize,
    /// Nanoseconds in the order of [`PARTS`]. A part below zero, which noise can produce, has no length but
    /// keeps its figure. A part that is zero in all bars is left out.
    pub parts_ns: [f64; 6],
}

/// What the parts of a bar are called.
pub const PARTS: [&str; 6] =
    ["useful work", "inflation", "scheduling", "imbalance", "start-up", "waiting for answers"];

/// The last of them, which only agents that need each other's answers have.
const WAITING: usize = PARTS.len() - 1;

/// Height of a bar.
const HEIGHT: f64 = 18.0;

/// Side of a swatch in the legend.
const SWATCH: f64 = 12.0;

#[derive(Template)]
#[template(path = "chart/loss.svg")]
struct LossTemplate {
    canvas: Canvas,
    legend: Vec<(usize, Area)>,
    /// Whether there is any waiting for answers.
    waiting: bool,
    segments: Vec<Segment>,
    texts: Vec<Text>,
    bars: Vec<DrawnBar>,
}

struct DrawnBar {
    index: usize,
    pieces: Vec<(usize, Area, String)>,
    texts: Vec<Text>,
}

/// The chart as one `<svg>` element.
pub fn render(chart: &LossChart) -> String {
    let mut canvas = Canvas::new(&chart.frame);
    let longest = chart.bars.iter().map(total).fold(0.0, f64::max);
    if longest <= 0.0 {
        return canvas.empty(&[]);
    }
    let parts = parts(chart);
    let (legend, mut texts) = legend(&parts, &mut canvas);
    let mut rows = Rows::above(chart.bars.iter().map(|bar| bar.name.as_str()), HEIGHT, &canvas);
    let captions: Vec<Vec<String>> =
        chart.bars.iter().map(|bar| caption(bar, &parts, canvas.right() - rows.left)).collect();
    let lines = captions.iter().map(Vec::len).max().unwrap_or_default();
    rows.gap = lines as f64 * Style::Small.leading() + 12.0;
    let scale = Scale::new(Spread::Linear, (0.0, longest), (rows.left, canvas.right() - 4.0));
    let draw =
        |(row, (bar, caption)): (usize, (&LossBar, Vec<String>))| draw(bar, caption, row, &rows, &scale);
    let bars = chart.bars.iter().zip(captions).enumerate().map(draw).collect();
    let ticks = ticks(&scale);
    let segments = ticks.iter().map(|tick| Segment::down(tick.at, rows.top, rows.bottom())).collect();
    texts.extend(below(&ticks, rows.bottom() + 13.0, &canvas));
    canvas.cursor = rows.bottom() + 20.0;
    canvas.write(Style::Small, "Time of all workers: workers × makespan.");
    canvas.close();
    let waiting = parts.contains(&WAITING);
    finish(&LossTemplate { canvas, legend, waiting, segments, texts, bars })
}

/// The parts that some bar has.
fn parts(chart: &LossChart) -> Vec<usize> {
    (0..PARTS.len()).filter(|&part| chart.bars.iter().any(|bar| bar.parts_ns[part] != 0.0)).collect()
}

/// A part as it is drawn: never below zero.
fn length(part: f64) -> f64 {
    if part.is_finite() { part.max(0.0) } else { 0.0 }
}

fn total(bar: &LossBar) -> f64 {
    bar.parts_ns.iter().copied().map(length).sum()
}

fn ticks(scale: &Scale) -> Vec<Tick> {
    let tick = |value| Tick { at: scale.at(value), text: duration(value) };
    every_nth(&from_zero(scale.domain().1, 6).into_iter().map(tick).collect::<Vec<_>>())
}

/// Swatches and names of the parts, in as many lines as they need.
fn legend(parts: &[usize], canvas: &mut Canvas) -> (Vec<(usize, Area)>, Vec<Text>) {
    let (mut swatches, mut texts, mut x) = (Vec::new(), Vec::new(), MARGIN);
    for (part, word) in parts.iter().map(|&part| (part, PARTS[part])) {
        let width = SWATCH + 5.0 + Style::Small.width(word);
        if x + width > canvas.right() {
            x = MARGIN;
            canvas.cursor += 18.0;
        }
        swatches.push((part, Area::new((x, canvas.cursor), (SWATCH, SWATCH))));
        texts.push(Text::at(Style::Small, x + SWATCH + 5.0, canvas.cursor + 10.0, word));
        x += width + 10.0;
    }
    canvas.cursor += 26.0;
    (swatches, texts)
}

/// One bar with its name and total above, and the shares of its parts below.
fn draw(bar: &LossBar, caption: Vec<String>, row: usize, rows: &Rows, scale: &Scale) -> DrawnBar {
    let top = rows.marks(row);
    let head = rows.texts(row, Style::Small, duration(total(bar)));
    let line = |(line, words)| {
        Text::at(Style::Small, rows.left, top + HEIGHT + 13.0 + line as f64 * Style::Small.leading(), words)
    };
    let texts = head.into_iter().chain(caption.into_iter().enumerate().map(line)).collect();
    DrawnBar { index: bar.index, pieces: pieces(bar, scale, top), texts }
}

fn caption(bar: &LossBar, parts: &[usize], room: f64) -> Vec<String> {
    let shares = shares(bar, parts);
    wrap(shares.iter().map(String::as_str), " · ", Style::Small, room)
}

fn pieces(bar: &LossBar, scale: &Scale, top: f64) -> Vec<(usize, Area, String)> {
    let mut before = 0.0;
    let mut pieces = Vec::new();
    for (part, &ns) in bar.parts_ns.iter().enumerate().filter(|(_, ns)| **ns != 0.0) {
        let after = before + length(ns);
        let (from, to) = (scale.at(before), scale.at(after));
        let hover = format!("{}, {}: {}", clean(&bar.name), PARTS[part], duration(ns));
        pieces.push((part, Area::new((from, top), (to - from, HEIGHT)), hover));
        before = after;
    }
    pieces
}

/// Each part's share of the total, but for those of less than half a per mille.
fn shares(bar: &LossBar, parts: &[usize]) -> Vec<String> {
    const LEAST: f64 = 0.0005;
    let total = total(bar);
    let shares = parts.iter().map(|&part| (PARTS[part], bar.parts_ns[part] / total));
    let shown = shares.filter(|(_, share)| share.abs() >= LEAST);
    shown.map(|(name, share)| format!("{name} {}", percent(share))).collect()
}
