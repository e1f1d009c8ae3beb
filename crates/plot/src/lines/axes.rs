//! Domains, scales and ticks of a line chart.

use super::chart::{Horizontal, LineChart, Vertical};
use super::words::value;
use crate::layout::{Tick, apart, every_nth};
use crate::number::{duration, short};
use crate::scale::{Scale, Spread, decades, extent, octave_ticks, octaves, powers_of_ten, powers_of_two};

/// Distinct x positions of all series, ascending.
pub(super) fn positions(chart: &LineChart) -> Vec<f64> {
    let mut positions: Vec<f64> =
        chart.series.iter().flat_map(|series| &series.points).map(|p| p.x).collect();
    positions.sort_by(f64::total_cmp);
    positions.dedup_by(|a, b| a.total_cmp(b).is_eq());
    positions
}

/// The x scale over a range of pixels.
pub(super) fn x_scale(chart: &LineChart, range: (f64, f64)) -> Scale {
    let ceilings = chart.ceilings.iter().flat_map(|ceiling| &ceiling.points).map(|point| point.0);
    let siblings = chart.sibling.into_iter().flat_map(|sibling| [sibling.x.0, sibling.x.1]);
    let (low, high) =
        extent(positions(chart).into_iter().chain(ceilings).chain(siblings)).unwrap_or((1.0, 2.0));
    let domain = match chart.x {
        Horizontal::Nanoseconds => decades((low, high)),
        Horizontal::Count if low < high => (low, high),
        Horizontal::Count => octaves((low, high)),
    };
    Scale::new(Spread::Log, domain, range)
}

/// Ticks of the x axis: for counts the positions of the points first, both ends before the rest.
pub(super) fn x_ticks(chart: &LineChart, scale: &Scale) -> Vec<Tick> {
    let at = |x: f64| Tick { at: scale.at(x), text: x_text(chart.x, x) };
    match chart.x {
        Horizontal::Nanoseconds => {
            every_nth(&powers_of_ten(scale.domain()).into_iter().map(at).collect::<Vec<_>>())
        }
        Horizontal::Count => {
            let mut own = positions(chart);
            own.sort_by_key(|&x| !scale.ends_at(x));
            own.extend(powers_of_two(scale.domain(), usize::MAX));
            apart(own.into_iter().map(at))
        }
    }
}

/// A position in words.
pub(super) fn x_text(x: Horizontal, value: f64) -> String {
    match x {
        Horizontal::Count => short(value),
        Horizontal::Nanoseconds => duration(value),
    }
}

/// The y scale over a range of pixels from its low end to its high end.
///
/// It covers medians and ceilings, and bands as far as they stay within a factor of two of the medians;
/// what is beyond is cut off at the edge.
pub(super) fn y_scale(chart: &LineChart, range: (f64, f64)) -> Scale {
    let points = || chart.series.iter().flat_map(|series| &series.points);
    let ceilings = chart.ceilings.iter().flat_map(|ceiling| &ceiling.points).map(|point| point.1);
    let (low, high) = extent(points().map(|point| point.y).chain(ceilings)).unwrap_or((1.0, 1.0));
    let bands = points()
        .filter_map(|point| point.band)
        .flat_map(|(from, to)| [from.max(low / 2.0), to.min(high * 2.0)]);
    let (low, high) = extent(bands.chain([low, high])).unwrap_or((low, high));
    match chart.y {
        Vertical::Speedup => Scale::new(Spread::Log, octaves((low.min(1.0), high.max(1.0))), range),
        Vertical::Efficiency => {
            let top = (high.clamp(1.0, 4.0) * 20.0 - 1e-9).ceil() / 20.0;
            Scale::new(Spread::Linear, (0.0, top), range)
        }
        Vertical::Nanoseconds => Scale::new(Spread::Log, decades((low, high)), range),
    }
}

/// Ticks of the y axis, at most `most` of them.
pub(super) fn y_ticks(y: Vertical, scale: &Scale, most: usize) -> Vec<Tick> {
    let values = match y {
        Vertical::Speedup => octave_ticks(scale.domain(), most),
        Vertical::Efficiency => efficiencies(scale.domain().1),
        Vertical::Nanoseconds => powers_of_ten(scale.domain()),
    };
    values.into_iter().map(|tick| Tick { at: scale.at(tick), text: value(y, tick) }).collect()
}

/// Steps of a quarter up to one, of a half or more beyond, so that 50 % is always among them.
fn efficiencies(top: f64) -> Vec<f64> {
    let step = if top <= 1.5 { 0.25 } else { 0.5 };
    (0..=(top / step) as u32).map(|index| f64::from(index) * step).collect()
}
