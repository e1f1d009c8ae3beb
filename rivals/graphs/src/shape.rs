//! The graphs, and what their tasks do. `dask_graph.py` makes the same ones.

use std::hint::black_box;

use clap::ValueEnum;

/// Tasks side by side in the stencil.
const WIDTH: usize = 32;
/// How far back a task of the random graph finds its inputs.
const REACH: u64 = 1_000;

/// A way for tasks to need each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    Bag,
    Chain,
    Tree,
    Stencil,
    Random,
}

impl Shape {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().expect("none is hidden").get_name().to_owned()
    }

    /// The tasks that a task needs, all of which come before it: three at most.
    fn inputs(self, task: usize, tasks: usize) -> Vec<usize> {
        match self {
            Self::Bag => vec![],
            Self::Chain => task.checked_sub(1).into_iter().collect(),
            Self::Tree => match task.checked_sub(tasks / 2) {
                None => vec![],
                Some(node) => (2 * node..(2 * node + 2).min(task)).collect(),
            },
            Self::Stencil => match task.checked_sub(WIDTH) {
                None => vec![],
                Some(above) => {
                    let row = above - above % WIDTH;
                    (above.saturating_sub(1).max(row)..=(above + 1).min(row + WIDTH - 1)).collect()
                }
            },
            Self::Random => random(task as u64),
        }
    }
}

/// None to three inputs of the thousand tasks before.
fn random(task: u64) -> Vec<usize> {
    let reach = REACH.min(task);
    if reach == 0 {
        return vec![];
    }
    let many = mix(task) % 4;
    let mut inputs: Vec<_> =
        (1..=many).map(|input| (task - 1 - mix(4 * task + input) % reach) as usize).collect();
    inputs.sort_unstable();
    inputs.dedup();
    inputs
}

/// The finalizer of `SplitMix64`: a number that looks random.
fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A graph to be run, as plain numbers.
pub(crate) struct Problem {
    inputs: Vec<u32>,
    ends: Vec<u32>,
    /// The tasks that no other needs: what is asked for.
    pub(crate) lasts: Vec<usize>,
    pub(crate) work: TaskWork,
}

impl Problem {
    pub(crate) fn new(shape: Shape, tasks: usize, work: TaskWork) -> Self {
        let (mut inputs, mut ends, mut needed) = (Vec::new(), Vec::new(), vec![false; tasks]);
        for task in 0..tasks {
            for input in shape.inputs(task, tasks) {
                needed[input] = true;
                inputs.push(input as u32);
            }
            ends.push(inputs.len() as u32);
        }
        let lasts = (0..tasks).filter(|&task| !needed[task]).collect();
        Self { inputs, ends, lasts, work }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn inputs(&self, task: usize) -> &[u32] {
        let start = task.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.inputs[start..self.ends[task] as usize]
    }

    /// What the sum of the asked-for results must be.
    pub(crate) fn answer(&self) -> u64 {
        let mut results: Vec<u64> = Vec::with_capacity(self.len());
        for task in 0..self.len() {
            let inputs = self.inputs(task).iter().map(|&input| results[input as usize]);
            results.push(self.work.of(task, inputs));
        }
        self.sum(|task| results[task])
    }

    pub(crate) fn sum(&self, result: impl Fn(usize) -> u64) -> u64 {
        self.lasts.iter().map(|&task| result(task)).fold(0, u64::wrapping_add)
    }
}

/// What a task does: a sum, and so many steps of a chain beside it that no compiler shortens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TaskWork(pub(crate) u32);

impl TaskWork {
    pub(crate) fn of(self, task: usize, inputs: impl IntoIterator<Item = u64>) -> u64 {
        let sum = inputs.into_iter().fold(task as u64, u64::wrapping_add);
        self.spin(sum);
        sum
    }

    fn spin(self, seed: u64) {
        if self.0 > 0 {
            black_box((0..self.0).fold(seed, |last, _| black_box(last.wrapping_mul(5).rotate_left(7))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_come_first_and_are_three_at_most() {
        for shape in Shape::value_variants() {
            let problem = Problem::new(*shape, 1_000, TaskWork(0));
            let fine = |task: usize| {
                let inputs = problem.inputs(task);
                inputs.len() <= 3 && inputs.iter().all(|&input| (input as usize) < task)
            };
            assert!((0..1_000).all(fine), "{shape:?}");
        }
    }
}
