//! The graph itself: who needs whom, in both directions.

use std::ops::Range;

use thiserror::Error;

/// Tasks that need each other's results, numbered from 0. Every input of a task has a smaller number than the
/// task, so a graph without cycles is the only one there is, and the numbers are an order in which the tasks
/// can run one after another.
///
/// A graph holds at most 2³² − 1 tasks and as many inputs in all. It takes 8 bytes per task, 8 per input and
/// 4 per root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    inputs: Adjacency,
    dependents: Adjacency,
    roots: Box<[u32]>,
}

/// Why there is no such graph.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GraphError {
    /// A task needs itself, a later task, or one that is not there.
    #[error("task {task} needs task {input}, which is not before it; number every task after its inputs")]
    NotBefore {
        /// The task.
        task: usize,
        /// The input that is not before it.
        input: usize,
    },
    /// It has more tasks or inputs than 32 bits can number.
    #[error("a graph holds at most {} tasks and as many inputs in all; use fewer", u32::MAX)]
    TooLarge,
}

/// A list of tasks for every task, one after another in a single list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Adjacency {
    /// Where the list of each task begins, and at last where the last one ends.
    starts: Box<[u32]>,
    tasks: Box<[u32]>,
}

impl Adjacency {
    fn of(&self, task: usize) -> &[u32] {
        &self.tasks[self.starts[task] as usize..self.starts[task + 1] as usize]
    }
}

impl Graph {
    /// A graph from the inputs of every task, in the order in which the task is to receive them. A task may
    /// name an input more than once.
    ///
    /// # Errors
    /// When an input is not before its task, or the graph is too large.
    pub fn new(
        inputs: impl IntoIterator<Item = impl IntoIterator<Item = usize>>,
    ) -> Result<Self, GraphError> {
        let (mut starts, mut tasks) = (vec![0], Vec::new());
        for (task, inputs) in inputs.into_iter().enumerate() {
            for input in inputs {
                if input >= task {
                    return Err(GraphError::NotBefore { task, input });
                }
                tasks.push(input as u32);
            }
            // As every number of a task is below the number of starts, this keeps both within 32 bits.
            if task >= u32::MAX as usize || tasks.len() > u32::MAX as usize {
                return Err(GraphError::TooLarge);
            }
            starts.push(tasks.len() as u32);
        }
        let inputs = Adjacency { starts: starts.into(), tasks: tasks.into() };
        Ok(Self { dependents: inverse(&inputs), roots: roots(&inputs), inputs })
    }

    /// A graph of `len` tasks none of which needs another.
    ///
    /// # Panics
    /// When there are 2³² of them or more.
    pub fn independent(len: usize) -> Self {
        Self::new((0..len).map(|_| [])).expect("so many tasks can be numbered")
    }

    /// Number of tasks.
    pub fn len(&self) -> usize {
        self.inputs.starts.len() - 1
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of inputs of all tasks.
    pub fn edges(&self) -> usize {
        self.inputs.tasks.len()
    }

    /// The tasks whose results a task needs, in the order given.
    pub fn inputs(&self, task: usize) -> &[u32] {
        self.inputs.of(task)
    }

    /// The tasks that need a task's result, in ascending order: as often as each names it.
    pub fn dependents(&self, task: usize) -> &[u32] {
        self.dependents.of(task)
    }

    /// The tasks that need no other, in ascending order.
    pub fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// The numbers of all tasks, each after its inputs.
    pub fn tasks(&self) -> Range<usize> {
        0..self.len()
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let lists = [&self.inputs, &self.dependents].map(|lists| lists.starts.len() + lists.tasks.len());
        size_of::<Self>() + size_of::<u32>() * (lists[0] + lists[1] + self.roots.len())
    }
}

fn roots(inputs: &Adjacency) -> Box<[u32]> {
    let tasks = (0..).zip(inputs.starts.windows(2));
    tasks.filter(|(_, ends)| ends[0] == ends[1]).map(|(task, _)| task).collect()
}

/// The same edges from their other ends: count, sum up, fill in.
fn inverse(inputs: &Adjacency) -> Adjacency {
    let mut starts = vec![0; inputs.starts.len()];
    for &input in &inputs.tasks {
        starts[input as usize + 1] += 1;
    }
    for task in 1..starts.len() {
        starts[task] += starts[task - 1];
    }
    let mut next = starts.clone();
    let mut tasks = vec![0; inputs.tasks.len()].into_boxed_slice();
    for task in 1..starts.len() {
        for &input in inputs.of(task - 1) {
            let place = &mut next[input as usize];
            tasks[*place as usize] = task as u32 - 1;
            *place += 1;
        }
    }
    Adjacency { starts: starts.into(), tasks }
}
