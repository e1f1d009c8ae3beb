//! Placing things so that they do not touch.

use super::frame::Canvas;
use super::text::{Anchor, Style, Text, name};

/// A tick: its pixel and its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) text: String,
}

/// The ticks whose texts do not touch when centred below their pixels; earlier ones win.
pub(super) fn apart(ticks: impl IntoIterator<Item = Tick>) -> Vec<Tick> {
    let half = |tick: &Tick| Style::Small.width(&tick.text) / 2.0 + 3.0;
    let mut kept: Vec<Tick> = Vec::new();
    for tick in ticks {
        if kept.iter().all(|other| (other.at - tick.at).abs() >= half(other) + half(&tick)) {
            kept.push(tick);
        }
    }
    kept
}

/// Every tick, or every second, or third, as long as their texts do not touch.
pub(super) fn every_nth(ticks: &[Tick]) -> Vec<Tick> {
    let nth = |step| ticks.iter().step_by(step).cloned().collect::<Vec<_>>();
    (1..=ticks.len())
        .map(nth)
        .find(|some| apart(some.iter().cloned()).len() == some.len())
        .unwrap_or_default()
}

/// Moves positions as little as possible (least squares) so that they keep their order, lie `gap` apart and
/// within `low..=high`. There must be room: `(wanted.len() - 1) * gap <= high - low`.
pub(super) fn spread(wanted: &[f64], gap: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let loose: Vec<f64> = order.iter().enumerate().map(|(rank, &i)| wanted[i] - rank as f64 * gap).collect();
    let room = (high - gap * wanted.len().saturating_sub(1) as f64).max(low);
    let mut placed = vec![0.0; wanted.len()];
    for (rank, position) in nondecreasing(&loose).into_iter().enumerate() {
        placed[order[rank]] = position.clamp(low, room) + rank as f64 * gap;
    }
    placed
}

/// The nondecreasing sequence nearest to the given one: neighbours out of order are pooled at their mean.
fn nondecreasing(values: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for &value in values {
        let mut pool = (value, 1);
        while let Some((mean, count)) = pools.pop_if(|(mean, _)| *mean > pool.0) {
            let total = count + pool.1;
            pool = ((mean * count as f64 + pool.0 * pool.1 as f64) / total as f64, total);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(mean, count)| std::iter::repeat_n(mean, count)).collect()
}

/// Rows with a name each: beside the marks where names leave room for them, above the marks elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    /// Names as they fit.
    pub(super) names: Vec<String>,
    /// Where the marks begin.
    pub(super) left: f64,
    /// Height that a name above its marks takes; zero beside them.
    pub(super) head: f64,
    name_x: f64,
}

impl Rows {
    pub(super) fn new<'a>(names: impl IntoIterator<Item = &'a str>, canvas: &Canvas) -> Self {
        let room = canvas.right() - canvas.left();
        let names: Vec<String> = names.into_iter().map(|text| name(text, Style::Label, room)).collect();
        let widest = names.iter().map(|name| Style::Label.width(name)).fold(0.0, f64::max);
        let beside = widest + 12.0 <= room * 0.4;
        let left = canvas.left() + if beside { widest + 12.0 } else { 4.0 };
        Self { names, left, head: if beside { 0.0 } else { 17.0 }, name_x: canvas.left() }
    }

    /// The name of a row whose marks, `height` tall, end at `top + head + height`.
    pub(super) fn label(&self, row: usize, top: f64, height: f64) -> Text {
        let baseline = if self.head > 0.0 { top + 13.0 } else { top + height / 2.0 + 4.0 };
        Text::at(Style::Label, self.name_x, baseline, self.names[row].clone())
    }
}

/// Small texts below an axis.
pub(super) fn below(ticks: &[Tick], baseline: f64, canvas: &Canvas) -> Vec<Text> {
    ticks.iter().map(|tick| Text::centred(tick.at, baseline, tick.text.clone(), canvas.width)).collect()
}

/// Small texts left of an axis that ends at `right`.
pub(super) fn beside(ticks: &[Tick], right: f64) -> Vec<Text> {
    let text = |tick: &Tick| Text::new(Style::Small, Anchor::End, right, tick.at + 4.0, tick.text.clone());
    ticks.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn positions_with_room_stay_where_they_are() {
        assert_eq!(spread(&[10.0, 60.0, 35.0], 15.0, (0.0, 100.0)), [10.0, 60.0, 35.0]);
    }

    #[test]
    fn positions_on_one_spot_spread_evenly_around_it() {
        assert_eq!(spread(&[50.0, 50.0, 50.0], 10.0, (0.0, 100.0)), [40.0, 50.0, 60.0]);
        assert_eq!(spread(&[100.0, 100.0], 10.0, (0.0, 100.0)), [90.0, 100.0]);
    }

    #[test]
    fn ticks_that_would_touch_are_left_out() {
        let ticks = [0.0, 5.0, 100.0].map(|at| Tick { at, text: "100".into() });
        assert_eq!(apart(ticks).iter().map(|tick| tick.at).collect::<Vec<_>>(), [0.0, 100.0]);
    }

    proptest! {
        #[test]
        fn labels_never_overlap_and_never_leave_their_range(wanted in prop::collection::vec(-50.0..450.0f64, 1..17)) {
            let placed = spread(&wanted, 15.0, (4.0, 300.0));
            let mut sorted = placed.clone();
            sorted.sort_by(f64::total_cmp);
            prop_assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= 15.0 - 1e-6));
            prop_assert!(sorted[0] >= 4.0 - 1e-6 && sorted[sorted.len() - 1] <= 300.0 + 1e-6);
            for (a, b) in (0..wanted.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
                prop_assert!(wanted[a] >= wanted[b] || placed[a] < placed[b]);
            }
        }
    }
}
