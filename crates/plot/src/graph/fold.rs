//! A graph too large to draw task by task, folded into bands of levels.

use super::layers;
use super::picture::Shown;
use crate::number::{count, grouped, three_digits};

/// Most tasks drawn one by one.
const MOST_TASKS: usize = 300;
/// Most levels drawn side by side.
const MOST_LEVELS: usize = 40;
/// Most inputs drawn as lines.
const MOST_INPUTS: usize = 3_000;
/// Most tasks and bends.
const MOST_ITEMS: usize = 1_000;
/// Most bands.
const MOST_BANDS: usize = 40;

/// Some levels in turn.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Band {
    pub(crate) tasks: usize,
    inputs: usize,
    /// Sum of costs.
    cost: u64,
    /// Sum of the costs of those on the critical path.
    critical: u64,
}

/// A folded graph.
pub(crate) struct Folded {
    pub(crate) bands: Vec<Band>,
    /// Levels in each band, but for the last, which may have fewer.
    levels_each: usize,
    levels: usize,
}

/// Folds a graph, unless it can be drawn task by task.
pub(crate) fn fold(shown: &Shown<'_>, level_of: &[u32]) -> Option<Folded> {
    let levels = level_of.iter().max().map_or(0, |&level| level as usize + 1);
    let graph = shown.graph;
    let small = graph.len() <= MOST_TASKS && levels <= MOST_LEVELS && graph.edges() <= MOST_INPUTS;
    if small && layers::items(graph, level_of) <= MOST_ITEMS {
        return None;
    }
    let levels_each = levels.div_ceil(MOST_BANDS);
    let mut bands = vec![Band::default(); levels.div_ceil(levels_each)];
    for task in graph.tasks() {
        let band = &mut bands[level_of[task] as usize / levels_each];
        let cost = shown.picture.costs.map_or(1, |costs| costs[task]);
        band.tasks += 1;
        band.inputs += graph.inputs(task).len();
        band.cost += cost;
        band.critical += if shown.is_critical(task) { cost } else { 0 };
    }
    Some(Folded { bands, levels_each, levels })
}

impl Folded {
    /// Why the tasks are not drawn, and what is.
    pub(crate) fn statement(&self) -> String {
        let what = match self.levels_each {
            1 => "level".to_owned(),
            some => format!("{} levels in turn", grouped(some)),
        };
        format!("Too many to draw one by one: a bar per {what}, as long as it has tasks.")
    }

    /// Which levels a band has.
    pub(crate) fn label(&self, band: usize) -> String {
        let first = band * self.levels_each;
        let last = (first + self.levels_each).min(self.levels) - 1;
        if first == last {
            return format!("level {}", grouped(first));
        }
        format!("levels {}–{}", grouped(first), grouped(last))
    }

    /// Tasks in the largest band.
    pub(crate) fn most(&self) -> usize {
        self.bands.iter().map(|band| band.tasks).max().unwrap_or(0)
    }

    /// Fifth of the bands' mean costs that a band belongs to, from 0, the lowest.
    pub(crate) fn fifth(&self, band: usize) -> usize {
        let mean = |band: &Band| band.cost / band.tasks as u64;
        let lower = self.bands.iter().filter(|other| mean(other) < mean(&self.bands[band])).count();
        lower * 5 / self.bands.len()
    }
}

impl Band {
    /// Share of its costs that lies on the critical path.
    pub(crate) fn critical_share(&self) -> f64 {
        if self.cost == 0 { 0.0 } else { self.critical as f64 / self.cost as f64 }
    }

    /// What it has, in words.
    pub(crate) fn caption(&self, timed: bool) -> String {
        let words = format!("{}, {}", count(self.tasks, "task"), count(self.inputs, "input"));
        if timed { format!("{words}, {}", three_digits(self.cost)) } else { words }
    }
}
