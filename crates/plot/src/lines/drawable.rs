//! What of a line chart can be drawn, and how: as lines, as dots, or not at all.

use super::chart::{Ceiling, LineChart, LineSeries, Point, SeriesKind, Vertical};
use super::words::notes;
use super::{axes, curves, dots};
use crate::frame::Canvas;

/// The chart as one `<svg>` element.
pub fn render(chart: &LineChart) -> String {
    let drawable =
        LineChart { series: drawable_series(chart), ceilings: drawable_ceilings(chart), ..chart.clone() };
    let missing = missing(chart);
    match axes::positions(&drawable)[..] {
        [] => Canvas::new(&chart.frame).empty(&notes(&drawable, &missing)),
        [_] => dots::render(&drawable, &missing),
        _ => curves::render(&drawable, &missing),
    }
}

/// Whether a point can be drawn on the axes of a chart.
fn fits(chart: &LineChart, x: f64, y: f64) -> bool {
    let logarithmic = chart.y != Vertical::Efficiency;
    x.is_finite() && x > 0.0 && y.is_finite() && (y > 0.0 || !logarithmic && y >= 0.0)
}

fn drawable_series(chart: &LineChart) -> Vec<LineSeries> {
    let keep = |point: &Point| {
        let band =
            point.band.filter(|&(low, high)| fits(chart, point.x, low) && high.is_finite() && low <= high);
        fits(chart, point.x, point.y).then_some(Point { band, ..*point })
    };
    let series = chart.series.iter().map(|series| LineSeries {
        points: series.points.iter().filter_map(keep).collect(),
        ..series.clone()
    });
    series.filter(|series| !series.points.is_empty()).collect()
}

fn drawable_ceilings(chart: &LineChart) -> Vec<Ceiling> {
    let points =
        |ceiling: &Ceiling| ceiling.points.iter().copied().filter(|&(x, y)| fits(chart, x, y)).collect();
    let ceilings =
        chart.ceilings.iter().map(|ceiling| Ceiling { points: points(ceiling), ..ceiling.clone() });
    ceilings.filter(|ceiling| !ceiling.points.is_empty()).collect()
}

/// Names of the series that have no point to draw.
fn missing(chart: &LineChart) -> Vec<&str> {
    let absent = |series: &&LineSeries| {
        series.kind != SeriesKind::Ghost && !series.points.iter().any(|point| fits(chart, point.x, point.y))
    };
    chart.series.iter().filter(absent).map(|series| series.name.as_str()).collect()
}
