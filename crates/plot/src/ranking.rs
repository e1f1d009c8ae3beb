//! Who is how good at one place: a row each in the order given, a mark and an interval on a linear axis, and what limits all.
//! The axis begins at zero only where some value is less than half of the largest.

use askama::Template;

use super::frame::{Area, Canvas, Frame, MARGIN, Segment, finish};
use super::layout::{Rows, Tick, apart, below};
use super::marked::{FIGURES, Marked, MarkedRow, ROW};
use super::number::{times, times_within};
use super::palette::shape;
use super::scale::{Scale, Spread, extent, linear_ticks};
use super::text::{Style, Text, clean, fit};

/// A sorted dot plot of ratios.
#[derive(Debug, Clone, PartialEq)]
pub struct RankingChart {
    /// Words and size.
    pub frame: Frame,
    /// A row each, from the top down.
    pub rows: Vec<RankedSeries>,
    /// What nobody can exceed. `None` where it is not known.
    pub limit: Option<RankingLimit>,
}

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedSeries {
    /// Its name.
    pub name: String,
    /// Its identity, the same in every chart.
    pub index: usize,
    /// Its ratio. What is not finite is not drawn.
    pub value: f64,
    /// The ends of its interval.
    pub ends: Option<(f64, f64)>,
    /// The ratio of the same in the run compared with.
    pub before: Option<f64>,
}

/// A limit that is an estimate or, without an interval, computed.
#[derive(Debug, Clone, PartialEq)]
pub struct RankingLimit {
    /// Shown at its line.
    pub label: String,
    /// Where it lies.
    pub value: f64,
    /// The ends of its interval.
    pub ends: Option<(f64, f64)>,
}

/// Ticks of the axis, about.
const MOST_TICKS: usize = 6;

#[derive(Template)]
#[template(path = "chart/ranking.svg")]
struct RankingTemplate {
    canvas: Canvas,
    limit: Vec<Area>,
    segments: Vec<Segment>,
    texts: Vec<Text>,
    rows: Vec<MarkedRow>,
}

/// The chart as one `<svg>` element.
pub fn render(chart: &RankingChart) -> String {
    let mut canvas = Canvas::new(&chart.frame);
    let shown: Vec<&RankedSeries> = chart.rows.iter().filter(|row| row.value.is_finite()).collect();
    let Some((lowest, highest)) = ends(chart, &shown) else { return canvas.empty(&[]) };
    canvas.cursor += 16.0;
    let rows = Rows::new(shown.iter().map(|row| row.name.as_str()), FIGURES, ROW, &canvas);
    let ticks = linear_ticks((lowest, highest), MOST_TICKS);
    let domain = (ticks.first().copied().unwrap_or(0.0), highest);
    let right = rows.right.min(canvas.right() - FIGURES - 12.0);
    let scale = Scale::new(Spread::Linear, domain, (rows.left + 6.0, right - 6.0));
    let ticks = apart(ticks.into_iter().map(|tick| Tick { at: scale.at(tick), text: times(tick) }));
    let bottom = rows.bottom() + 4.0;
    let mut segments: Vec<Segment> =
        ticks.iter().map(|tick| Segment::down(tick.at, rows.top, bottom)).collect();
    let mut texts = below(&ticks, bottom + 13.0, &canvas);
    let (mut areas, limit) = (Vec::new(), chart.limit.as_ref().filter(|limit| limit.value.is_finite()));
    if let Some(limit) = limit {
        let x = scale.at(limit.value);
        segments.push(Segment::new("cc-ceiling", (x, rows.top), (x, bottom)));
        let label = fit(&clean(&limit.label), Style::Small, canvas.right() - MARGIN);
        texts.push(Text::centred(x, rows.top - 5.0, label, canvas.width));
        areas.extend(limit.ends.map(|(low, high)| {
            let (from, to) = (scale.at(low), scale.at(high));
            Area::new((from, rows.top), (to - from, bottom - rows.top))
        }));
    }
    for row in &shown {
        canvas.define(shape(row.index));
    }
    let drawn = shown.iter().enumerate().map(|(place, row)| draw(row, place, &rows, &scale)).collect();
    canvas.cursor = bottom + 22.0;
    if shown.iter().any(|row| row.before.is_some()) {
        canvas.write(Style::Small, "Thin lines: the base.");
    }
    canvas.close();
    finish(&RankingTemplate { canvas, limit: areas, segments, texts, rows: drawn })
}

/// The least and the greatest value that the axis must show. `None` without a positive one.
fn ends(chart: &RankingChart, shown: &[&RankedSeries]) -> Option<(f64, f64)> {
    let row = |row: &&RankedSeries| {
        let (low, high) = row.ends.unwrap_or((row.value, row.value));
        [row.value, low, high, row.before.unwrap_or(row.value)]
    };
    let limit = chart.limit.iter().flat_map(|limit| {
        let (low, high) = limit.ends.unwrap_or((limit.value, limit.value));
        [limit.value, low, high]
    });
    let finite = shown.iter().flat_map(row).chain(limit).filter(|value| value.is_finite());
    let (low, high) = extent(finite).filter(|&(_, high)| high > 0.0 && !shown.is_empty())?;
    Some((if low > high / 2.0 { low } else { 0.0 }, high * 1.02))
}

fn draw(row: &RankedSeries, place: usize, rows: &Rows, scale: &Scale) -> MarkedRow {
    let figure = times_within(row.value, row.ends);
    let ends = row.ends.map_or(String::new(), |(low, high)| format!(" ({} to {})", times(low), times(high)));
    let marked = Marked {
        index: row.index,
        value: row.value,
        interval: row.ends,
        before: row.before.into_iter().filter(|before| before.is_finite()).collect(),
        hover: format!("{}: {figure}{ends}", clean(&row.name)),
        figure,
    };
    MarkedRow::new(marked, place, rows, scale)
}
