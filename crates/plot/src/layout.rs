//! Placing things so that they do not touch.

use super::frame::{Canvas, MARGIN};
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

/// Rows with a name at the left and a figure at the right: beside the marks where they leave room for them.
/// Elsewhere names go above the marks, and figures with them if both fit on a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    /// Names as they fit.
    pub(super) names: Vec<String>,
    /// Where the marks begin.
    pub(super) left: f64,
    /// Where the marks end.
    pub(super) right: f64,
    /// Where the first row begins.
    pub(super) top: f64,
    /// Space from the marks of a row to the next row.
    pub(super) gap: f64,
    head: f64,
    height: f64,
    figures_above: bool,
    edges: (f64, f64),
}

impl Rows {
    /// Rows from the cursor down whose marks are `height` pixels tall and whose figures are up to `figures`
    /// pixels wide.
    pub(super) fn new<'a>(
        names: impl IntoIterator<Item = &'a str>,
        figures: f64,
        height: f64,
        canvas: &Canvas,
    ) -> Self {
        let above = Self::above(names, height, canvas);
        let (left, right) = above.edges;
        let room = right - left;
        let widest = above.names.iter().map(|name| Style::Label.width(name)).fold(0.0, f64::max) + 12.0;
        let figures = if figures > 0.0 { figures + 12.0 } else { 0.0 };
        let beside = room - widest - figures >= (room * 0.35).max(150.0);
        let figures_above = !beside && widest + figures <= room;
        let right = right - if figures_above { 0.0 } else { figures };
        if beside {
            Self { left: left + widest, right, gap: 0.0, head: 0.0, figures_above, ..above }
        } else {
            Self { right, figures_above, ..above }
        }
    }

    /// The same with names and figures above the marks, however much room there is.
    pub(super) fn above<'a>(names: impl IntoIterator<Item = &'a str>, height: f64, canvas: &Canvas) -> Self {
        let edges @ (left, right) = (MARGIN, canvas.right());
        let names = names.into_iter().map(|text| name(text, Style::Label, right - left)).collect();
        let (top, gap, head) = (canvas.cursor, 8.0, 17.0);
        Self { names, left, right, top, gap, head, height, figures_above: true, edges }
    }

    /// Where the marks of a row begin.
    pub(super) fn marks(&self, row: usize) -> f64 {
        self.top + row as f64 * (self.head + self.height + self.gap) + self.head
    }

    /// Middle of the marks of a row.
    pub(super) fn middle(&self, row: usize) -> f64 {
        self.marks(row) + self.height / 2.0
    }

    /// Where the rows end.
    pub(super) fn bottom(&self) -> f64 {
        self.marks(self.names.len()) - self.head
    }

    /// Name and figure of a row.
    pub(super) fn texts(&self, row: usize, style: Style, figure: impl Into<String>) -> [Text; 2] {
        let baseline = |above| if above { self.marks(row) - 4.0 } else { self.middle(row) + 4.0 };
        let name = self.names[row].clone();
        [
            Text::at(Style::Label, self.edges.0, baseline(self.head > 0.0), name),
            Text::new(style, Anchor::End, self.edges.1, baseline(self.figures_above), figure),
        ]
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
        #![proptest_config(crate::cases::fixed(256))]

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
