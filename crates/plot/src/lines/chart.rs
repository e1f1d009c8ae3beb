//! What a line chart is made of.

use crate::frame::Frame;

/// A line chart.
#[derive(Debug, Clone, PartialEq)]
pub struct LineChart {
    /// Words and size.
    pub frame: Frame,
    /// What the x axis measures.
    pub x: Horizontal,
    /// Name of the x axis. For counts it also follows the number in hover texts: `cores`, `workers`.
    pub x_label: String,
    /// What the y axis measures.
    pub y: Vertical,
    /// The lines, in order of the legend.
    pub series: Vec<LineSeries>,
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
pub struct LineSeries {
    /// Shown at the end of the line, shortened beyond 40 characters.
    pub name: String,
    /// Identity of the series: it decides colour, dash, marker and class, so give an executor the same one
    /// in every chart.
    pub index: usize,
    /// What kind of line it is.
    pub kind: SeriesKind,
    /// Points in ascending x. Points that are not finite, or not positive where the axis is logarithmic,
    /// are left out; a series without any other point is named below the chart.
    pub points: Vec<Point>,
}

/// What kind of line a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesKind {
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
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Schedule => "cc-ceiling",
            Self::Hardware => "cc-ceiling cc-hardware",
        }
    }
}
