//! The dot plot that stands in for lines with a single position on the x axis.

use askama::Template;

use super::axes::{positions, x_text, y_scale, y_ticks};
use super::chart::{Ceiling, LineChart, LineSeries, SeriesKind};
use super::words::{hover, notes, value};
use crate::frame::{Canvas, Segment, finish};
use crate::layout::{Rows, apart, below};
use crate::marked::{FIGURES, Marked, MarkedRow, ROW};
use crate::palette::shape;
use crate::scale::Scale;
use crate::text::{Style, Text};

#[derive(Template)]
#[template(path = "chart/dots.svg")]
struct DotsTemplate {
    canvas: Canvas,
    segments: Vec<Segment>,
    texts: Vec<Text>,
    rows: Vec<MarkedRow>,
}

/// Series first, then ceilings: a row each.
struct Board<'a> {
    chart: &'a LineChart,
    shown: Vec<&'a LineSeries>,
    rows: Rows,
    scale: Scale,
}

impl<'a> Board<'a> {
    fn new(chart: &'a LineChart, canvas: &Canvas) -> Self {
        let shown: Vec<&LineSeries> =
            chart.series.iter().filter(|series| series.kind != SeriesKind::Ghost).collect();
        let names = shown.iter().map(|series| series.name.as_str());
        let rows =
            Rows::new(names.chain(chart.ceilings.iter().map(|c| c.label.as_str())), FIGURES, ROW, canvas);
        let right = rows.right.min(canvas.right() - FIGURES - 12.0);
        let scale = y_scale(chart, (rows.left + 6.0, right - 6.0));
        Self { chart, shown, rows, scale }
    }

    /// Name and figure of a row.
    fn texts(&self, row: usize, figure: f64) -> [Text; 2] {
        self.rows.texts(row, Style::Label, value(self.chart.y, figure))
    }

    fn series(&self, row: usize, series: &LineSeries) -> MarkedRow {
        let point = &series.points[0];
        let marked = Marked {
            index: series.index,
            value: point.y,
            interval: point.band,
            before: self.ghosts(series).collect(),
            figure: value(self.chart.y, point.y),
            hover: hover(self.chart, series, point),
        };
        MarkedRow::new(marked, row, &self.rows, &self.scale)
    }

    /// Values of a series in the base.
    fn ghosts(&self, series: &LineSeries) -> impl Iterator<Item = f64> {
        let same = |ghost: &&LineSeries| ghost.kind == SeriesKind::Ghost && ghost.index == series.index;
        self.chart.series.iter().filter(same).map(|ghost| ghost.points[0].y)
    }

    /// The line of a ceiling, down to its own row.
    fn ceiling(&self, row: usize, ceiling: &Ceiling) -> (Segment, [Text; 2]) {
        let y = ceiling.points[0].1;
        let x = self.scale.at(y);
        (
            Segment::new(ceiling.limit.class(), (x, self.rows.top), (x, self.rows.middle(row) + 6.0)),
            self.texts(row, y),
        )
    }
}

pub(super) fn render(chart: &LineChart, missing: &[&str]) -> String {
    let mut canvas = Canvas::new(&chart.frame);
    let position = positions(chart).first().map(|&x| x_text(chart.x, x)).unwrap_or_default();
    canvas.write(Style::Small, &format!("{}: {position}", chart.x_label));
    canvas.cursor += 4.0;
    let board = Board::new(chart, &canvas);
    let rows = board.shown.iter().enumerate().map(|(row, series)| board.series(row, series)).collect();
    let (mut segments, mut texts) = axis(&board, &canvas);
    for (index, ceiling) in chart.ceilings.iter().enumerate() {
        let (segment, words) = board.ceiling(board.shown.len() + index, ceiling);
        segments.push(segment);
        texts.extend(words);
    }
    board.shown.iter().for_each(|series| canvas.define(shape(series.index)));
    canvas.cursor = board.rows.bottom() + 26.0;
    canvas.note(&notes(chart, missing));
    canvas.close();
    finish(&DotsTemplate { canvas, segments, texts, rows })
}

/// Grid and ticks.
fn axis(board: &Board<'_>, canvas: &Canvas) -> (Vec<Segment>, Vec<Text>) {
    let ticks = apart(y_ticks(board.chart.y, &board.scale, 8));
    let bottom = board.rows.bottom() + 4.0;
    let lines = ticks.iter().map(|tick| Segment::down(tick.at, board.rows.top, bottom)).collect();
    (lines, below(&ticks, bottom + 13.0, canvas))
}
