//! What a line chart says in words.

use super::chart::{Horizontal, LineChart, LineSeries, Point, SeriesKind, Vertical};
use crate::number::{duration, percent, short, times};
use crate::text::{Style, clean, name};

/// What a value means in words.
pub(super) fn value(y: Vertical, value: f64) -> String {
    match y {
        Vertical::Speedup => times(value),
        Vertical::Efficiency => percent(value),
        Vertical::Nanoseconds => duration(value),
    }
}

/// Hover text of a point.
pub(super) fn hover(chart: &LineChart, series: &LineSeries, point: &Point) -> String {
    let x = match chart.x {
        Horizontal::Count => {
            format!("{} {}", short(point.x), clean(&chart.x_label))
        }
        Horizontal::Nanoseconds => duration(point.x),
    };
    let name = clean(&series.name);
    let band =
        point.band.map(|(low, high)| format!(" ({} to {})", value(chart.y, low), value(chart.y, high)));
    let word = match series.kind {
        SeriesKind::Measured => "",
        SeriesKind::Ghost => " in the base",
        SeriesKind::Prediction => " predicted",
    };
    format!("{name}, {x}: {}{}{word}", value(chart.y, point.y), band.unwrap_or_default())
}

/// Lines of notes below a chart.
pub(super) fn notes(chart: &LineChart, missing: &[&str]) -> Vec<String> {
    let has = |kind| chart.series.iter().any(|series| series.kind == kind);
    let mut notes = Vec::new();
    if has(SeriesKind::Ghost) {
        notes.push("Thin lines: the base.".to_owned());
    }
    if has(SeriesKind::Prediction) {
        notes.push("Dotted lines: predicted, not measured.".to_owned());
    }
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|missing| name(missing, Style::Small, 240.0)).collect();
        notes.push(format!("Nothing to draw for {}.", names.join(", ")));
    }
    notes
}
