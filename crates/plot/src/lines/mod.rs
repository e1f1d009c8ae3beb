//! Lines with bands: speedup or efficiency over cores, workers or granularity.
//!
//! With a single position on the x axis there are no lines to draw, and the chart is a dot plot.

mod axes;
mod chart;
mod curves;
mod dots;
mod drawable;
mod labels;
mod words;

pub use chart::{Ceiling, Horizontal, Limit, LineChart, LineSeries, Point, SeriesKind, Sibling, Vertical};
pub use drawable::render;
