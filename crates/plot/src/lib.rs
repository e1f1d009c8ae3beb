//! Charts and drawn task graphs: plain numbers in, SVG text out. Nothing here knows where the numbers come from.
//!
//! | module | draws |
//! |---|---|
//! | [`lines`] | speedup or efficiency over cores, workers or granularity, with ceilings and intervals |
//! | [`ranking`] | who is how good at one place, the best first, and what nobody can exceed |
//! | [`timeline`] | one execution: a lane per worker, a bar per agent |
//! | [`loss`] | where the time of all workers went, a stacked bar per executor |
//! | [`rounds`] | every sample, a strip per series |
//! | [`sizes`] | what something takes in growing sizes, a dot each |
//! | [`forest`] | changes against a base, a mark and an interval each |
//! | [`graph`] | tasks that need each other, as SVG or in the language of Graphviz |
//!
//! A chart's module has an input struct and a `render` function that returns one `<svg>` element; [`graph::svg`]
//! does the same for a graph. The text is fit for a file of its own, where it follows the reader's light or dark
//! preference, and for a place inside an HTML page, where ids are scoped by [`Frame::id`] and colours follow the
//! page's `--chart-*` custom properties ([`theme`] lists them).
//!
//! Elements of one series sit in groups with the class `series-<index>` and the attribute `data-series`, so
//! a page can hide a series with CSS alone. The output is deterministic, with coordinates in tenths of a
//! pixel and one element a line, so a point that moved changes about two lines of a diff. Names come from
//! outside: they are cleaned of control characters, shortened to fit, and escaped.
//!
//! ```
//! use centurion_plot::Frame;
//! use centurion_plot::rounds::{RoundSeries, RoundsChart, render};
//!
//! let frame = Frame {
//!     id: "samples".into(),
//!     title: "Every sample".into(),
//!     subtitle: "A dot per round".into(),
//!     description: "The second round was slower.".into(),
//!     width: 760,
//!     styled: true,
//!     hovers: true,
//! };
//! let samples = vec![(0, 1.0e6), (1, 1.3e6), (2, 1.0e6)];
//! let series = vec![RoundSeries { name: "serial".into(), index: 0, samples }];
//! let svg = render(&RoundsChart { frame, rounds: 3, series });
//! assert!(svg.starts_with("<svg") && svg.contains("Every sample"));
//! ```

mod frame;
mod layout;
mod marked;
mod number;
mod palette;
mod scale;
mod text;

pub mod forest;
pub mod graph;
pub mod lines;
pub mod loss;
pub mod ranking;
pub mod rounds;
pub mod sizes;
pub mod timeline;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;

pub use frame::{Frame, stylesheet};
pub use palette::{Theme, swatch, theme};
