//! A layered layout: levels from left to right, tasks near the middle of their inputs.
//!
//! An input more than one level away reaches its dependents through bends, one on each level between; bends of one
//! task are shared by all its dependents (after Sugiyama, Tagawa and Toda, 1981).

use std::collections::HashSet;

use centurion_graph::Graph;

use super::picture::Shown;

/// Height that a box takes with the space around it, in pixels.
const BOX_ROOM: f64 = 16.0;
/// Height that a bend takes.
const BEND_ROOM: f64 = 7.0;
/// Height of a box.
pub(crate) const BOX: f64 = 14.0;

/// Where everything is, in pixels from the upper left corner.
pub(crate) struct Layers {
    pub(crate) boxes: Vec<Placed>,
    /// Lines from item to item, and through bends.
    pub(crate) edges: Vec<Edge>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// A task's box.
pub(crate) struct Placed {
    pub(crate) task: usize,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
}

/// A line from left to right, or a piece of one.
pub(crate) struct Edge {
    pub(crate) from: (f64, f64),
    pub(crate) to: (f64, f64),
    /// Whether it belongs to the critical path.
    pub(crate) critical: bool,
}

/// A task, or a bend on the way to its dependents.
struct Item {
    task: usize,
    bend: bool,
    level: usize,
    /// The items on the level before from which lines lead here.
    above: Vec<usize>,
}

/// The items of a graph. Those of a task follow each other, the task before its bends.
struct Items {
    items: Vec<Item>,
    levels: Vec<Vec<usize>>,
}

/// Number of items: of tasks and of bends between levels.
pub(crate) fn items(graph: &Graph, levels: &[u32]) -> usize {
    graph.tasks().map(|task| 1 + bends(graph, levels, task)).sum()
}

fn bends(graph: &Graph, levels: &[u32], task: usize) -> usize {
    let farthest = graph.dependents(task).iter().map(|&dependent| levels[dependent as usize]).max();
    farthest.map_or(0, |farthest| (farthest - levels[task]) as usize - 1)
}

impl Items {
    fn new(graph: &Graph, level_of: &[u32]) -> Self {
        let (mut items, mut first): (Vec<Item>, Vec<usize>) = (Vec::new(), Vec::new());
        for task in graph.tasks() {
            let level = level_of[task] as usize;
            // An input and its bends are numbered by level, from its own.
            let nearest =
                |&input: &u32| first[input as usize] + level - 1 - level_of[input as usize] as usize;
            let mut above: Vec<usize> = graph.inputs(task).iter().map(nearest).collect();
            above.sort_unstable();
            above.dedup();
            let own = items.len();
            first.push(own);
            items.push(Item { task, bend: false, level, above });
            items.extend((1..=bends(graph, level_of, task)).map(|further| Item {
                task,
                bend: true,
                level: level + further,
                above: vec![own + further - 1],
            }));
        }
        let mut levels = vec![Vec::new(); items.iter().map(|item| item.level + 1).max().unwrap_or(0)];
        for (index, item) in items.iter().enumerate() {
            levels[item.level].push(index);
        }
        Self { items, levels }
    }

    /// The middle of every item from top to bottom, level by level: each as near to the mean of those above it
    /// as the others of its level allow.
    fn heights(&mut self, graph: &Graph) -> Vec<f64> {
        let mut middle = vec![0.0; self.items.len()];
        for level in &mut self.levels {
            let wanted = |index: usize| mean(self.items[index].above.iter().map(|&above| middle[above]));
            let key = |index: usize| match self.items[index].above[..] {
                [] => mean(graph.dependents(self.items[index].task).iter().map(|&task| f64::from(task))),
                _ => wanted(index),
            };
            level.sort_by(|&one, &other| key(one).total_cmp(&key(other)));
            let places: Vec<(f64, f64)> = level
                .iter()
                .map(|&index| match &self.items[index] {
                    Item { above, .. } if above.is_empty() => (0.0, BOX_ROOM),
                    Item { bend, .. } => (wanted(index), if *bend { BEND_ROOM } else { BOX_ROOM }),
                })
                .collect();
            for (&index, at) in level.iter().zip(settle(&places)) {
                middle[index] = at;
            }
        }
        let top = middle.iter().copied().fold(f64::INFINITY, f64::min);
        middle.iter().map(|at| at - top + BOX_ROOM / 2.0).collect()
    }

    /// Left and right end of every level.
    fn columns(&self, width_of: impl Fn(usize) -> f64) -> Vec<(f64, f64)> {
        let mut left = 0.0;
        let column = |level: &Vec<usize>| {
            let lines: usize = level.iter().map(|&index| self.items[index].above.len()).sum();
            if lines > 0 {
                left += (24.0 + lines as f64).min(110.0);
            }
            let widths = level.iter().map(|&index| &self.items[index]).filter(|item| !item.bend);
            let right = left + widths.map(|item| width_of(item.task)).fold(0.0, f64::max);
            (std::mem::replace(&mut left, right), right)
        };
        self.levels.iter().map(column).collect()
    }
}

impl Layers {
    /// Lays out the boxes of tasks, which are `width_of` wide.
    pub(crate) fn new(shown: &Shown<'_>, levels: &[u32], width_of: impl Fn(usize) -> f64) -> Self {
        let mut items = Items::new(shown.graph, levels);
        let (middle, columns) = (items.heights(shown.graph), items.columns(&width_of));
        let critical = critical(&items.items, shown);
        let (mut boxes, mut edges) = (Vec::new(), Vec::new());
        for (index, item) in items.items.iter().enumerate() {
            let ((left, right), y) = (columns[item.level], middle[index]);
            for &above in &item.above {
                // A line leaves a box where the box ends, and a bend where the column does.
                let from = &items.items[above];
                let (begin, end) = columns[from.level];
                let x = if from.bend { end } else { begin + width_of(from.task) };
                let critical = critical.contains(&(above, index));
                edges.push(Edge { from: (x, middle[above]), to: (left, y), critical });
            }
            if item.bend {
                let critical = critical.contains(&(index - 1, index));
                edges.push(Edge { from: (left, y), to: (right, y), critical });
            } else {
                boxes.push(Placed { task: item.task, x: left, y: y - BOX / 2.0, width: width_of(item.task) });
            }
        }
        let width = columns.last().map_or(0.0, |&(_, right)| right);
        let height = middle.iter().copied().fold(0.0, f64::max) + BOX_ROOM / 2.0;
        Self { boxes, edges, width, height }
    }
}

/// The pairs of items that the critical path leads along.
fn critical(items: &[Item], shown: &Shown<'_>) -> HashSet<(usize, usize)> {
    let mut pairs = HashSet::new();
    for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.bend) {
        let before = item.above.iter().find(|&&above| shown.leads(items[above].task, item.task));
        let (mut to, mut next) = (index, before.copied());
        while let Some(from) = next {
            pairs.insert((from, to));
            to = from;
            next = items[from].bend.then(|| from - 1);
        }
    }
    pairs
}

/// The mean; for nothing, more than any mean.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
    if count == 0 { f64::INFINITY } else { sum / f64::from(count) }
}

/// Moves middles as little as possible (least squares) so that they keep their order and each has its room. Each
/// place is given as the middle wanted and the room it takes; neighbours that are too close are pooled around
/// their mean.
fn settle(places: &[(f64, f64)]) -> Vec<f64> {
    let mut from_first = 0.0;
    let mut pools: Vec<(f64, usize)> = Vec::new();
    let mut offsets = Vec::with_capacity(places.len());
    for (at, &(wanted, room)) in places.iter().enumerate() {
        from_first += if at == 0 { 0.0 } else { f64::midpoint(room, places[at - 1].1) };
        offsets.push(from_first);
        let mut pool = (wanted - from_first, 1);
        while let Some((mean, count)) = pools.pop_if(|(mean, _)| *mean > pool.0) {
            let both = count + pool.1;
            pool = ((mean * count as f64 + pool.0 * pool.1 as f64) / both as f64, both);
        }
        pools.push(pool);
    }
    let firsts = pools.into_iter().flat_map(|(mean, count)| std::iter::repeat_n(mean, count));
    firsts.zip(offsets).map(|(first, offset)| first + offset).collect()
}
