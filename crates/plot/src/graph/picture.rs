//! What a picture of a graph shows beside the graph.

use centurion_graph::{CriticalPath, Graph};

use crate::number::{count, three_digits};
use crate::text::clean;

/// Words and times for a picture of a graph.
#[derive(Debug, Clone, Copy)]
pub struct GraphPicture<'a> {
    /// Heading, and the short text alternative.
    pub title: &'a str,
    /// Names of the tasks in order. A task beyond them is called by its number.
    pub names: &'a [String],
    /// What each task took, in nanoseconds, shown as heat. Without, every task counts the same.
    pub costs: Option<&'a [u64]>,
}

/// A picture with what follows from its costs.
pub(crate) struct Shown<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) picture: &'a GraphPicture<'a>,
    pub(crate) path: CriticalPath,
    /// For every task of the critical path the one before it; itself for the first.
    before: Vec<Option<usize>>,
    /// Costs from the lowest, to tell which fifth one belongs to.
    sorted: Vec<u64>,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(graph: &'a Graph, picture: &'a GraphPicture<'a>) -> Self {
        let mut sorted = picture.costs.unwrap_or_default().to_vec();
        sorted.sort_unstable();
        let path = graph.critical_path(picture.costs.unwrap_or(&vec![1; graph.len()]));
        let mut before = vec![None; graph.len()];
        for (at, &task) in path.tasks.iter().enumerate() {
            before[task] = Some(path.tasks[at.saturating_sub(1)]);
        }
        Self { graph, picture, path, before, sorted }
    }

    /// Whether a task lies on the critical path.
    pub(crate) fn is_critical(&self, task: usize) -> bool {
        self.before[task].is_some()
    }

    /// Whether the critical path leads from an input to a task.
    pub(crate) fn leads(&self, input: usize, task: usize) -> bool {
        input != task && self.before[task] == Some(input)
    }

    pub(crate) fn title(&self) -> String {
        clean(self.picture.title)
    }

    pub(crate) fn name(&self, task: usize) -> String {
        self.picture.names.get(task).map_or_else(|| task.to_string(), |name| clean(name))
    }

    /// Name and cost of a task.
    pub(crate) fn caption(&self, task: usize) -> String {
        match self.picture.costs {
            Some(costs) => format!("{}, {}", self.name(task), three_digits(costs[task])),
            None => self.name(task),
        }
    }

    /// Fifth of the costs that a task belongs to, from 0, the lowest.
    pub(crate) fn fifth(&self, task: usize) -> Option<usize> {
        let cost = self.picture.costs?[task];
        Some(self.sorted.partition_point(|&other| other < cost) * 5 / self.sorted.len())
    }

    /// The graph in a sentence.
    pub(crate) fn summary(&self) -> String {
        let levels = self.graph.levels().into_iter().max().map_or(0, |level| level as usize + 1);
        let (tasks, inputs) = (count(self.graph.len(), "task"), count(self.graph.edges(), "input"));
        format!("{tasks} on {} with {inputs}.", count(levels, "level"))
    }

    /// What the marked path is.
    pub(crate) fn path_in_words(&self) -> String {
        let tasks = count(self.path.tasks.len(), "task");
        match self.picture.costs {
            None => format!("the longest chain, {tasks}"),
            Some(costs) => {
                let all = costs.iter().sum();
                let (path, all) = (three_digits(self.path.cost), three_digits(all));
                format!("the critical path, {tasks} that took {path} of {all} in all")
            }
        }
    }
}
