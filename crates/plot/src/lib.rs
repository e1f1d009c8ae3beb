//! Charts: plain numbers in, SVG text out.
//!
//! Each chart has a module with an input struct and a `render` function that returns one `<svg>` element.
//! The text is fit for a file of its own, where it follows the reader's light or dark preference, and for a
//! place inside an HTML page, where ids are scoped by [`Frame::id`] and colours follow the page's
//! `--chart-*` custom properties ([`theme`] lists them).
//!
//! Elements of one series sit in groups with the class `series-<index>` and the attribute `data-series`, so
//! a page can hide a series with CSS alone. The output is deterministic, with coordinates in tenths of a
//! pixel and one element a line, so a point that moved changes about two lines of a diff. Names come from
//! outside: they are cleaned of control characters, shortened to fit, and escaped.

mod frame;
mod layout;
mod number;
mod palette;
mod scale;
mod text;

pub mod forest;
pub mod graph;
pub mod lines;
pub mod loss;
pub mod rounds;
pub mod timeline;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;

pub use frame::{Frame, stylesheet};
pub use palette::{Theme, theme};
