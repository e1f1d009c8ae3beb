//! Samples over rounds, a strip per series, so that drift is seen.

use askama::Template;

use super::frame::{Canvas, Frame, Segment, finish};
use super::layout::{Rows, Tick, below, every_nth};
use super::number::{Px, duration, short, times};
use super::palette::colour_class;
use super::scale::{Scale, Spread, from_zero, ratio_limit};
use super::text::{Style, Text};

/// Strips of samples.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundsChart {
    /// Words and size.
    pub frame: Frame,
    /// Number of rounds; the x axis goes from round 0 to the last.
    pub rounds: u32,
    /// One strip each.
    pub series: Vec<RoundSeries>,
}

/// The samples of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundSeries {
    /// Name of the strip.
    pub name: String,
    /// Identity of the series, the same in every chart.
    pub index: usize,
    /// Round and time in nanoseconds of each sample. Times that are not positive are left out.
    pub samples: Vec<(u32, f64)>,
}

/// Height of a strip.
const HEIGHT: f64 = 34.0;

/// Room for the figures at the right.
const FIGURES: f64 = 50.0;

/// Share of the samples that the y axis shows in place; the rest are at its edge.
const SHOWN: f64 = 0.98;

/// Most samples with a hover text; with more the file would be too large to review.
const MOST_HOVERS: usize = 300;

#[derive(Template)]
#[template(path = "chart/rounds.svg")]
struct RoundsTemplate {
    canvas: Canvas,
    segments: Vec<Segment>,
    texts: Vec<Text>,
    strips: Vec<Strip>,
}

struct Strip {
    /// Dots that can't be asked for their numbers, as one path. May be empty.
    plain: String,
    index: usize,
    classes: String,
    dots: Vec<Dot>,
    texts: [Text; 2],
}

struct Dot {
    x: Px,
    y: Px,
    /// Direction in which the sample lies beyond the strip: -1 above, 1 below.
    beyond: i8,
    hover: Option<String>,
}

/// A series with its median in nanoseconds and its samples as ratios to it.
struct Drift<'a> {
    series: &'a RoundSeries,
    median: f64,
    ratios: Vec<(u32, f64)>,
}

impl<'a> Drift<'a> {
    fn new(series: &'a RoundSeries) -> Option<Self> {
        let samples: Vec<(u32, f64)> =
            series.samples.iter().copied().filter(|(_, ns)| ns.is_finite() && *ns > 0.0).collect();
        let mut sorted: Vec<f64> = samples.iter().map(|sample| sample.1).collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let median = f64::midpoint(sorted[last / 2], sorted[last.div_ceil(2)]);
        let ratios = samples.into_iter().map(|(round, ns)| (round, ns / median)).collect();
        Some(Self { series, median, ratios })
    }
}

/// The chart as one `<svg>` element.
pub fn render(chart: &RoundsChart) -> String {
    let mut canvas = Canvas::new(&chart.frame);
    let drifts: Vec<Drift<'_>> = chart.series.iter().filter_map(Drift::new).collect();
    if drifts.is_empty() {
        return canvas.empty(&[]);
    }
    let limit = ratio_limit(drifts.iter().flat_map(|drift| &drift.ratios).map(|sample| sample.1), SHOWN);
    let names = drifts.iter().map(|drift| drift.series.name.as_str());
    let mut rows = Rows::new(names, FIGURES, HEIGHT, &canvas);
    rows.gap = 8.0;
    let x = rounds_scale(chart, &drifts, (rows.left + 4.0, rows.right - 4.0));
    let hovers = canvas.hovers && drifts.iter().map(|drift| drift.ratios.len()).sum::<usize>() <= MOST_HOVERS;
    let strips = drifts.iter().enumerate().map(|(row, drift)| strip(drift, row, &rows, (&x, limit), hovers));
    let strips = strips.collect();
    let segments = (0..drifts.len()).flat_map(|row| guides(&rows, row)).collect();
    let mut texts = below(&ticks(&x), rows.bottom() + 8.0, &canvas);
    texts.push(Text::centred(
        f64::midpoint(rows.left, rows.right),
        rows.bottom() + 24.0,
        "round",
        canvas.width,
    ));
    canvas.cursor = rows.bottom() + 32.0;
    canvas.note(&notes(chart, &drifts, limit));
    canvas.close();
    finish(&RoundsTemplate { canvas, segments, texts, strips })
}

fn rounds_scale(chart: &RoundsChart, drifts: &[Drift<'_>], range: (f64, f64)) -> Scale {
    let seen = drifts.iter().flat_map(|drift| &drift.ratios).map(|sample| sample.0).max().unwrap_or(0);
    let last = chart.rounds.saturating_sub(1).max(seen).max(1);
    Scale::new(Spread::Linear, (0.0, f64::from(last)), range)
}

fn ticks(x: &Scale) -> Vec<Tick> {
    let whole = from_zero(x.domain().1, 8).into_iter().filter(|round| round.fract() == 0.0);
    every_nth(&whole.map(|round| Tick { at: x.at(round), text: short(round) }).collect::<Vec<_>>())
}

/// Upper edge, median and lower edge of a strip.
fn guides(rows: &Rows, row: usize) -> [Segment; 3] {
    let (top, middle) = (rows.marks(row), rows.middle(row));
    [
        Segment::across(top, rows.left, rows.right),
        Segment::new("cc-grid cc-strong", (rows.left, middle), (rows.right, middle)),
        Segment::across(top + HEIGHT, rows.left, rows.right),
    ]
}

fn strip(drift: &Drift<'_>, row: usize, rows: &Rows, (x, limit): (&Scale, f64), hovers: bool) -> Strip {
    let top = rows.marks(row);
    let y = Scale::new(Spread::Log, (1.0 / limit, limit), (top + HEIGHT, top));
    let dot = |&(round, ratio): &(u32, f64)| Dot {
        x: Px(x.at(f64::from(round))),
        y: Px(y.at(ratio)),
        beyond: i8::from(ratio < 1.0 / limit) - i8::from(ratio > limit),
        hover: hovers.then(|| format!("{round}: {}", times(ratio))),
    };
    let (plain, dots): (Vec<Dot>, Vec<Dot>) =
        drift.ratios.iter().map(dot).partition(|dot| dot.beyond == 0 && dot.hover.is_none());
    Strip {
        plain: plain
            .iter()
            .flat_map(|dot| ["M".into(), dot.x.to_string(), " ".into(), dot.y.to_string(), "h0".into()])
            .collect(),
        index: drift.series.index,
        classes: format!("{} series-{}", colour_class(drift.series.index), drift.series.index),
        dots,
        texts: rows.texts(row, Style::Small, duration(drift.median)),
    }
}

fn notes(chart: &RoundsChart, drifts: &[Drift<'_>], limit: f64) -> Vec<String> {
    let mut notes = vec![format!(
        "Every strip goes from ÷{limit} to ×{limit} of its own median, the figure at the right."
    )];
    let beyond = |sample: &&(u32, f64)| sample.1 > limit || sample.1 < 1.0 / limit;
    let count = drifts.iter().flat_map(|drift| &drift.ratios).filter(beyond).count();
    if count > 0 {
        notes.push(format!("Triangles: beyond that ({count})."));
    }
    let missing = chart.series.len() - drifts.len();
    if missing > 0 {
        notes.push(format!("Without samples: {missing} of {}.", chart.series.len()));
    }
    notes
}
