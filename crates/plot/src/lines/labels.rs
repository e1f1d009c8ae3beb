//! Labels of lines: at the right end of the lines where there is room for them, in a list below elsewhere.

use crate::layout::spread;
use crate::number::{Px, path};
use crate::text::{Style, Text, name};

/// Distance between labels.
pub(super) const GAP: f64 = 15.5;

/// From the end of a line to the marker of its label.
const LEADER: f64 = 20.0;

/// From the marker of a label to its text.
const INDENT: f64 = 9.0;

/// Length of the piece of line shown in a list.
const SWATCH: f64 = 26.0;

/// Where the labels of a chart are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LabelPlace {
    /// Right of the plot, which gives up this much room.
    Beside(f64),
    /// In a list below the plot.
    Below,
}

/// A label, laid out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    /// From the line to its label, or a piece of line in a list.
    pub(super) stroke: String,
    /// Where the marker of the series is repeated.
    pub(super) mark: (Px, Px),
    pub(super) text: Text,
}

impl LabelPlace {
    /// Beside, if there are labels and the widest takes no more than 42 % of the width.
    pub(super) fn choose<'a>(labels: impl IntoIterator<Item = &'a str>, width: f64) -> Self {
        let measure = |label| Style::Label.width(&name(label, Style::Label, f64::INFINITY));
        let widest = labels.into_iter().map(measure).max_by(f64::total_cmp);
        let gutter = widest.map(|widest| LEADER + INDENT + widest);
        gutter.filter(|&gutter| gutter <= width * 0.42).map_or(Self::Below, Self::Beside)
    }

    pub(super) fn gutter(self) -> f64 {
        match self {
            Self::Beside(gutter) => gutter,
            Self::Below => 0.0,
        }
    }
}

/// A label wanted: its words and the end of its line.
pub(super) struct Wanted<'a> {
    pub(super) words: &'a str,
    /// Whether the marker of a series goes before the words.
    pub(super) marked: bool,
    pub(super) end: (f64, f64),
}

/// Labels right of a plot that ends at `right`, each as near to the end of its line as the others let it.
pub(super) fn beside(wanted: &[Wanted<'_>], right: f64, range: (f64, f64)) -> Vec<Label> {
    let ends: Vec<f64> = wanted.iter().map(|label| label.end.1).collect();
    let place = |(label, y): (&Wanted<'_>, f64)| {
        let x = right + LEADER;
        let text = name(label.words, Style::Label, f64::INFINITY);
        Label {
            stroke: path([(label.end.0 + 6.0, label.end.1), (x - 7.0, y)]),
            mark: (Px(x), Px(y)),
            text: Text::at(Style::Label, x + if label.marked { INDENT } else { -4.0 }, y + 4.0, text),
        }
    };
    wanted.iter().zip(spread(&ends, GAP, range)).map(place).collect()
}

/// Labels in a list from `top` down, in the order in which the lines end, the highest first.
pub(super) fn below(wanted: &[Wanted<'_>], left: f64, top: f64, room: f64) -> Vec<Label> {
    let rank = |label: &Wanted<'_>| wanted.iter().filter(|other| other.end.1 < label.end.1).count();
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&index| rank(&wanted[index]));
    let place = |index: usize| {
        let row = order.iter().position(|&other| other == index).unwrap_or(index);
        let y = top + GAP * (row as f64 + 0.5);
        let text = name(wanted[index].words, Style::Label, room - SWATCH - INDENT);
        Label {
            stroke: path([(left, y), (left + SWATCH, y)]),
            mark: (Px(left + SWATCH / 2.0), Px(y)),
            text: Text::at(Style::Label, left + SWATCH + INDENT, y + 4.0, text),
        }
    };
    (0..wanted.len()).map(place).collect()
}
