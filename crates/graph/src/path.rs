//! What a graph says about time, given what each task costs.

use crate::graph::Graph;

/// The dearest chain of tasks, each an input of the next: no schedule ends before it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriticalPath {
    /// Its tasks, from a root to one that nothing needs. Of several equally dear chains, one.
    pub tasks: Vec<usize>,
    /// The sum of their costs, at most what 64 bits hold.
    pub cost: u64,
}

impl Graph {
    /// The critical path where task `i` costs `costs[i]`, in any unit. Empty for an empty graph.
    ///
    /// # Panics
    /// When there is not exactly one cost per task.
    pub fn critical_path(&self, costs: &[u64]) -> CriticalPath {
        assert_eq!(costs.len(), self.len(), "there must be a cost for every task");
        let mut ends: Vec<u64> = Vec::with_capacity(self.len());
        for task in self.tasks() {
            let start = self.inputs(task).iter().map(|&input| ends[input as usize]).max().unwrap_or(0);
            ends.push(start.saturating_add(costs[task]));
        }
        let mut tasks: Vec<usize> = Vec::new();
        let mut last = self.tasks().rev().max_by_key(|&task| ends[task]);
        while let Some(task) = last {
            tasks.push(task);
            last = self.inputs(task).iter().map(|&input| input as usize).max_by_key(|&input| ends[input]);
        }
        tasks.reverse();
        CriticalPath { cost: tasks.last().map_or(0, |&task| ends[task]), tasks }
    }

    /// The level of every task: 0 for a root, else one more than the highest level among its inputs.
    pub fn levels(&self) -> Vec<u32> {
        let mut levels: Vec<u32> = Vec::with_capacity(self.len());
        for task in self.tasks() {
            let above = self.inputs(task).iter().map(|&input| levels[input as usize] + 1);
            levels.push(above.max().unwrap_or(0));
        }
        levels
    }
}
