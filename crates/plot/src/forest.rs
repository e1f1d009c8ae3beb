//! Changes against a base: a mark and an interval each.

use askama::Template;

use super::frame::{Area, Canvas, Frame, Segment, finish};
use super::layout::{Rows, Tick, apart, below};
use super::number::{Px, times};
use super::scale::{Scale, Spread, ratio_limit, ratio_ticks};
use super::text::{Anchor, Style, Text, clean, fit};

/// A forest plot of changes.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestChart {
    /// Words and size.
    pub frame: Frame,
    /// One row each, in this order.
    pub changes: Vec<RatioChange>,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioChange {
    /// What changed.
    pub name: String,
    /// Identity of the executor that changed, the same in every chart.
    pub index: usize,
    /// Now over the base: below 1 is faster. `None` where the two can't be compared.
    pub ratio: Option<RatioInterval>,
    /// Noise floor as a fraction: 0.03 shades 1/1.03 to 1.03.
    pub floor: f64,
    /// The verdict in a word or two.
    pub verdict: String,
    /// What the verdict means: it decides the mark.
    pub direction: Direction,
}

/// A ratio with its interval; all three are positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioInterval {
    /// Lower end.
    pub low: f64,
    /// Best estimate.
    pub middle: f64,
    /// Upper end.
    pub high: f64,
}

/// What a verdict means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Faster than the base.
    Faster,
    /// Slower than the base.
    Slower,
    /// Neither is shown.
    Undecided,
}

impl Direction {
    fn class(self) -> &'static str {
        match self {
            Self::Faster => "cc-0",
            Self::Slower => "cc-1",
            Self::Undecided => "cc-6",
        }
    }

    /// Outline of the mark around the origin: it points in the direction of the change.
    fn mark(self) -> &'static str {
        match self {
            Self::Faster => "l7 -5v10Z",
            Self::Slower => "l-7 -5v10Z",
            Self::Undecided => "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z",
        }
    }
}

/// Height of a row's marks.
const ROW: f64 = 20.0;

/// Largest factor that the axis shows; what lies beyond ends in an arrow at the edge.
const WIDEST: f64 = 16.0;

#[derive(Template)]
#[template(path = "chart/forest.svg")]
struct ForestTemplate {
    canvas: Canvas,
    segments: Vec<Segment>,
    texts: Vec<Text>,
    rows: Vec<DrawnChange>,
}

struct DrawnChange {
    index: usize,
    class: &'static str,
    floor: Area,
    marks: Option<ChangeMarks>,
    texts: [Text; 2],
}

struct ChangeMarks {
    interval: Segment,
    x: Px,
    y: Px,
    shape: &'static str,
    /// Arrow heads where the interval goes beyond the axis.
    arrows: Vec<String>,
    hover: String,
}

/// The chart as one `<svg>` element.
pub fn render(chart: &ForestChart) -> String {
    let mut canvas = Canvas::new(&chart.frame);
    if chart.changes.is_empty() {
        return canvas.empty(&[]);
    }
    let verdicts: Vec<String> = chart.changes.iter().map(|change| verdict(change, &canvas)).collect();
    let widest = verdicts.iter().map(|verdict| Style::Label.width(verdict)).fold(0.0, f64::max);
    canvas.cursor += 18.0;
    let rows = Rows::new(chart.changes.iter().map(|change| change.name.as_str()), widest, ROW, &canvas);
    let scale = scale(chart, (rows.left + 8.0, rows.right - 8.0));
    let draw = |(row, (change, verdict)): (usize, (&RatioChange, String))| DrawnChange {
        index: change.index,
        class: change.direction.class(),
        floor: floor(change, &scale, rows.marks(row)),
        marks: comparable(change).map(|ratio| marks(change, ratio, &scale, rows.middle(row))),
        texts: rows.texts(row, Style::Label, verdict),
    };
    let drawn = chart.changes.iter().zip(verdicts).enumerate().map(draw).collect();
    let (segments, texts) = axis(&scale, (rows.top, rows.bottom()), &canvas);
    canvas.cursor = rows.bottom() + 24.0;
    canvas.write(Style::Small, "Now over the base, with its interval. Shaded: the noise floor of each.");
    canvas.close();
    finish(&ForestTemplate { canvas, segments, texts, rows: drawn })
}

/// The ratio of a change, if it can be drawn.
fn comparable(change: &RatioChange) -> Option<RatioInterval> {
    let positive = |value: f64| value.is_finite() && value > 0.0;
    change.ratio.filter(|ratio| positive(ratio.low) && positive(ratio.middle) && positive(ratio.high))
}

fn verdict(change: &RatioChange, canvas: &Canvas) -> String {
    let ratio = comparable(change).map(|ratio| format!("{} · ", times(ratio.middle))).unwrap_or_default();
    fit(&format!("{ratio}{}", clean(&change.verdict)), Style::Label, canvas.width * 0.4)
}

/// Half of the shaded band, as a factor.
fn floor_factor(change: &RatioChange) -> f64 {
    1.0 + if change.floor.is_finite() { change.floor.max(0.0) } else { 0.0 }
}

fn scale(chart: &ForestChart, range: (f64, f64)) -> Scale {
    let ratios =
        chart.changes.iter().filter_map(comparable).flat_map(|ratio| [ratio.low, ratio.middle, ratio.high]);
    let floors = chart.changes.iter().map(floor_factor);
    let limit = ratio_limit(ratios.chain(floors), 1.0).clamp(1.05, WIDEST);
    Scale::new(Spread::Log, (1.0 / limit, limit), range)
}

fn floor(change: &RatioChange, scale: &Scale, top: f64) -> Area {
    let factor = floor_factor(change);
    let (from, to) = (scale.at(1.0 / factor), scale.at(factor));
    Area::new((from, top), (to - from, ROW))
}

fn marks(change: &RatioChange, ratio: RatioInterval, scale: &Scale, y: f64) -> ChangeMarks {
    let (low, high) = scale.domain();
    let (left, right) = (scale.at(ratio.low), scale.at(ratio.high));
    let arrows = [
        (ratio.low < low, format!("M{} {}l5 -4v8Z", Px(left - 4.0), Px(y))),
        (ratio.high > high, format!("M{} {}l-5 -4v8Z", Px(right + 4.0), Px(y))),
    ];
    let figures = format!("{} ({} to {})", times(ratio.middle), times(ratio.low), times(ratio.high));
    ChangeMarks {
        interval: Segment::new("cc-interval", (left, y), (right, y)),
        x: Px(scale.at(ratio.middle)),
        y: Px(y),
        shape: change.direction.mark(),
        arrows: arrows.into_iter().filter_map(|(beyond, path)| beyond.then_some(path)).collect(),
        hover: format!("{}: {figures}, {}", clean(&change.name), clean(&change.verdict)),
    }
}

/// Grid, ticks, and what the two sides mean.
fn axis(scale: &Scale, (top, bottom): (f64, f64), canvas: &Canvas) -> (Vec<Segment>, Vec<Text>) {
    let ticks =
        apart(ratio_ticks(scale.domain()).map(|ratio| Tick { at: scale.at(ratio), text: times(ratio) }));
    let mut segments: Vec<Segment> =
        ticks.iter().map(|tick| Segment::down(tick.at, top, bottom + 4.0)).collect();
    let one = scale.at(1.0);
    segments.push(Segment::new("cc-grid cc-strong", (one, top), (one, bottom + 4.0)));
    let mut texts = below(&ticks, bottom + 16.0, canvas);
    texts.push(Text::new(Style::Small, Anchor::End, one - 6.0, top - 6.0, "← faster"));
    texts.push(Text::at(Style::Small, one + 6.0, top - 6.0, "slower →"));
    (segments, texts)
}
