//! Chains of tasks that one worker runs in one go.

use std::ops::Range;
use std::sync::Arc;

use centurion_graph::Graph;

/// What an executor is handed. Every step is a chain of tasks each of which needs the one before only, and alone
/// needs it: to schedule them apart would only cost.
pub(crate) struct Steps {
    /// Which step needs which.
    pub(crate) graph: Arc<Graph>,
    /// Where the tasks of each step end, which follow upon each other.
    ends: Box<[u32]>,
}

impl Steps {
    /// Fuses the chains of a graph of tasks in which those of a chain follow upon each other, in time linear in
    /// its size.
    pub(crate) fn new(tasks: &Arc<Graph>) -> Self {
        let lasts = tasks.tasks().filter(|&task| !goes_on(tasks, task));
        let ends: Box<[u32]> = lasts.map(|last| last as u32 + 1).collect();
        let fused = ends.len() < tasks.len();
        let graph = if fused { Arc::new(fuse(tasks, &ends)) } else { Arc::clone(tasks) };
        Self { graph, ends }
    }

    /// The tasks of a step, in order.
    pub(crate) fn tasks(&self, step: usize) -> Range<usize> {
        start(&self.ends, step)..self.ends[step] as usize
    }
}

/// Where the tasks of a step begin.
fn start(ends: &[u32], step: usize) -> usize {
    step.checked_sub(1).map_or(0, |before| ends[before] as usize)
}

/// Whether the next task needs this one only, and alone needs it.
fn goes_on(tasks: &Graph, task: usize) -> bool {
    let &[next] = tasks.dependents(task) else { return false };
    next as usize == task + 1 && tasks.inputs(task + 1).len() == 1
}

/// The graph of the steps. The inputs of a step are its first task's.
fn fuse(tasks: &Graph, ends: &[u32]) -> Graph {
    let mut step_of = Vec::with_capacity(tasks.len());
    for (step, &end) in ends.iter().enumerate() {
        step_of.resize(end as usize, step);
    }
    let inputs = |step| tasks.inputs(start(ends, step)).iter().map(|&task| step_of[task as usize]);
    Graph::new((0..ends.len()).map(inputs)).expect("a step comes after its inputs")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(inputs: &[&[usize]]) -> Arc<Graph> {
        Arc::new(Graph::new(inputs.iter().map(|inputs| inputs.iter().copied())).unwrap())
    }

    /// Tasks and inputs of every step.
    fn steps(inputs: &[&[usize]]) -> Vec<(Range<usize>, Vec<u32>)> {
        let steps = Steps::new(&graph(inputs));
        steps.graph.tasks().map(|step| (steps.tasks(step), steps.graph.inputs(step).to_vec())).collect()
    }

    #[test]
    fn a_chain_is_one_step() {
        assert_eq!(steps(&[&[], &[0], &[1]]), [(0..3, vec![])]);
    }

    #[test]
    fn a_fork_and_a_join_end_steps() {
        // 0-1 forks into 2-3 and 4, which join in 5-6.
        let steps = steps(&[&[], &[0], &[1], &[2], &[1], &[3, 4], &[5]]);
        assert_eq!(steps, [(0..2, vec![]), (2..4, vec![0]), (4..5, vec![0]), (5..7, vec![1, 2])]);
    }

    #[test]
    fn an_input_named_twice_is_not_fused() {
        assert_eq!(steps(&[&[], &[0, 0]]), [(0..1, vec![]), (1..2, vec![0, 0])]);
    }

    #[test]
    fn where_nothing_is_fused_the_steps_are_the_tasks() {
        let graph = graph(&[&[], &[], &[0, 1]]);
        assert!(Arc::ptr_eq(&graph, &Steps::new(&graph).graph));
    }
}
