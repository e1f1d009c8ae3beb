//! What something takes in growing sizes: a row per series, a dot per size, the larger the size the larger the dot.

use askama::Template;

use super::frame::{Canvas, Frame, MARGIN, Segment, finish};
use super::layout::{Rows, Tick, apart, below};
use super::number::{Px, bytes, duration};
use super::palette::colour_class;
use super::scale::{Scale, Spread, decades, extent, powers_of_ten};
use super::text::{Style, Text, clean};

/// Dots on a logarithmic axis.
#[derive(Debug, Clone, PartialEq)]
pub struct SizesChart {
    /// Words and size.
    pub frame: Frame,
    /// What is taken.
    pub unit: SizesUnit,
    /// What the sizes are called, the smallest first, at most four.
    pub sizes: Vec<String>,
    /// A row each.
    pub rows: Vec<SizesRow>,
}

/// What an axis measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizesUnit {
    /// Time.
    Nanoseconds,
    /// Memory.
    Bytes,
}

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct SizesRow {
    /// Its name.
    pub name: String,
    /// Its identity, the same in every chart.
    pub index: usize,
    /// What it takes in each size. Those that are not positive are left out.
    pub points: Vec<Option<SizesPoint>>,
}

/// What something takes in one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizesPoint {
    /// The middle one.
    pub value: f64,
    /// The least and the greatest.
    pub ends: (f64, f64),
}

impl SizesPoint {
    fn is_drawable(&self) -> bool {
        [self.value, self.ends.0, self.ends.1].into_iter().all(|value| value.is_finite() && value > 0.0)
    }
}

/// Height of a row's marks.
const ROW: f64 = 22.0;

/// Room for the figures at the right.
const FIGURES: f64 = 50.0;

/// Radius of the dot of the smallest size, and how much larger that of each next one is.
const RADIUS: (f64, f64) = (2.5, 1.5);

/// Most sizes that dots tell apart.
const MOST_SIZES: usize = 4;

#[derive(Template)]
#[template(path = "chart/sizes.svg")]
struct SizesTemplate {
    canvas: Canvas,
    segments: Vec<Segment>,
    texts: Vec<Text>,
    legend: Vec<SizeDot>,
    rows: Vec<DrawnRow>,
}

struct DrawnRow {
    index: usize,
    classes: String,
    segments: Vec<Segment>,
    dots: Vec<SizeDot>,
    texts: [Text; 2],
}

struct SizeDot {
    /// Place of the size among all.
    size: usize,
    x: Px,
    y: Px,
    radius: Px,
    hover: String,
}

impl SizeDot {
    fn new(size: usize, (x, y): (f64, f64), hover: String) -> Self {
        Self { size, x: Px(x), y: Px(y), radius: Px(radius(size)), hover }
    }
}

fn radius(size: usize) -> f64 {
    RADIUS.0 + RADIUS.1 * size as f64
}

/// The chart as one `<svg>` element.
pub fn render(chart: &SizesChart) -> String {
    let mut canvas = Canvas::new(&chart.frame);
    let points =
        chart.rows.iter().flat_map(drawable).flat_map(|(_, point)| [point.value, point.ends.0, point.ends.1]);
    let Some(extent) = extent(points) else { return canvas.empty(&[]) };
    let (legend, mut texts) = legend(chart, &mut canvas);
    let rows = Rows::new(chart.rows.iter().map(|row| row.name.as_str()), FIGURES, ROW, &canvas);
    let scale = Scale::new(Spread::Log, decades(extent), (rows.left + 8.0, rows.right - 8.0));
    let ticks = ticks(chart.unit, &scale);
    let bottom = rows.bottom() + 4.0;
    let segments = ticks.iter().map(|tick| Segment::down(tick.at, rows.top, bottom)).collect();
    texts.extend(below(&ticks, bottom + 13.0, &canvas));
    let drawn =
        chart.rows.iter().enumerate().map(|(place, row)| draw(chart, row, place, &rows, &scale)).collect();
    canvas.cursor = bottom + 22.0;
    let largest = chart.sizes.last().map(|size| clean(size)).unwrap_or_default();
    canvas.note(&[format!(
        "At the right: {largest}. Lines through dots: the least and the greatest measured."
    )]);
    canvas.close();
    finish(&SizesTemplate { canvas, segments, texts, legend, rows: drawn })
}

/// The sizes of a row that can be drawn.
fn drawable(row: &SizesRow) -> impl Iterator<Item = (usize, SizesPoint)> {
    let points = row.points.iter().take(MOST_SIZES).enumerate();
    points.filter_map(|(size, point)| Some((size, point.filter(SizesPoint::is_drawable)?)))
}

fn in_words(unit: SizesUnit, value: f64) -> String {
    match unit {
        SizesUnit::Nanoseconds => duration(value),
        SizesUnit::Bytes => bytes(value),
    }
}

fn ticks(unit: SizesUnit, scale: &Scale) -> Vec<Tick> {
    let tick = |value| Tick { at: scale.at(value), text: in_words(unit, value) };
    apart(powers_of_ten(scale.domain()).into_iter().map(tick))
}

/// A dot and a name for each size, in as many lines as they need.
fn legend(chart: &SizesChart, canvas: &mut Canvas) -> (Vec<SizeDot>, Vec<Text>) {
    let (mut dots, mut texts, mut x) = (Vec::new(), Vec::new(), MARGIN);
    for (size, name) in chart.sizes.iter().take(MOST_SIZES).enumerate() {
        let name = clean(name);
        let wide = 2.0 * radius(size) + 6.0;
        let width = wide + Style::Small.width(&name);
        if x + width > canvas.right() {
            x = MARGIN;
            canvas.cursor += 18.0;
        }
        dots.push(SizeDot::new(size, (x + radius(size), canvas.cursor + 6.0), String::new()));
        texts.push(Text::at(Style::Small, x + wide, canvas.cursor + 10.0, name));
        x += width + 14.0;
    }
    canvas.cursor += 26.0;
    (dots, texts)
}

fn draw(chart: &SizesChart, row: &SizesRow, place: usize, rows: &Rows, scale: &Scale) -> DrawnRow {
    let y = rows.middle(place);
    let line = |class, from: f64, to: f64| Segment::new(class, (scale.at(from), y), (scale.at(to), y));
    let points: Vec<_> = drawable(row).collect();
    let whole = extent(points.iter().map(|(_, point)| point.value));
    let path = whole.map(|(least, most)| line("cc-ghost", least, most));
    let ends = points.iter().map(|(_, point)| line("cc-interval", point.ends.0, point.ends.1));
    let dot = |&(size, point): &(usize, SizesPoint)| {
        let name = chart.sizes.get(size).map(|name| clean(name)).unwrap_or_default();
        let hover = format!("{}, {name}: {}", clean(&row.name), in_words(chart.unit, point.value));
        SizeDot::new(size, (scale.at(point.value), y), hover)
    };
    let last = chart.sizes.len().min(MOST_SIZES).checked_sub(1);
    let largest = points.iter().find(|(size, _)| Some(*size) == last);
    let figure = largest.map_or("–".into(), |(_, point)| in_words(chart.unit, point.value));
    DrawnRow {
        index: row.index,
        classes: format!("{} series-{}", colour_class(row.index), row.index),
        segments: path.into_iter().chain(ends).collect(),
        dots: points.iter().map(dot).collect(),
        texts: rows.texts(place, Style::Label, figure),
    }
}
