//! A row of a dot plot: name, mark, interval and figure of one series.

use crate::frame::Segment;
use crate::layout::Rows;
use crate::number::Px;
use crate::palette::{colour_class, hollow, shape};
use crate::scale::Scale;
use crate::text::{Style, Text};

/// Height of a row's marks.
pub(crate) const ROW: f64 = 20.0;

/// Room for the figures at the right.
pub(crate) const FIGURES: f64 = 44.0;

/// As `chart/marked_row.svg` draws it.
pub(crate) struct MarkedRow {
    pub(crate) index: usize,
    pub(crate) classes: String,
    pub(crate) shape: usize,
    pub(crate) hollow: bool,
    pub(crate) segments: Vec<Segment>,
    pub(crate) x: Px,
    pub(crate) y: Px,
    pub(crate) hover: String,
    pub(crate) texts: [Text; 2],
}

/// What is drawn in a row, in the units of its scale.
pub(crate) struct Marked {
    /// Identity of the series, the same in every chart.
    pub(crate) index: usize,
    pub(crate) value: f64,
    pub(crate) interval: Option<(f64, f64)>,
    /// The same in the runs compared with.
    pub(crate) before: Vec<f64>,
    pub(crate) figure: String,
    pub(crate) hover: String,
}

impl MarkedRow {
    pub(crate) fn new(marked: Marked, place: usize, rows: &Rows, scale: &Scale) -> Self {
        let y = rows.middle(place);
        let line = |class, from: f64, to: f64, drop: f64| {
            Segment::new(class, (scale.at(from), y - drop), (scale.at(to), y + drop))
        };
        let before = marked.before.iter().map(|&before| line("cc-ghost", before, before, 7.0));
        let interval = marked.interval.map(|(low, high)| line("cc-interval", low, high, 0.0));
        Self {
            index: marked.index,
            classes: format!("{} series-{}", colour_class(marked.index), marked.index),
            shape: shape(marked.index),
            hollow: hollow(marked.index),
            segments: before.chain(interval).collect(),
            x: Px(scale.at(marked.value)),
            y: Px(y),
            hover: marked.hover,
            texts: rows.texts(place, Style::Label, marked.figure),
        }
    }
}
