//! List schedules: what a shared queue would do when handing out tasks costs nothing.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::Graph;

/// A list schedule in virtual time: whenever workers are free, the lowest numbered of them start the first tasks
/// in order that have all their inputs. What ends at one moment ends before anything starts then. No task runs
/// for it and no clock is read, so every figure is exact and repeatable.
///
/// Its makespan is at most `2 - 1/P` times the shortest that `P` workers can reach (Graham, 1969).
///
/// ```
/// use centurion_graph::{Graph, Schedule};
///
/// assert_eq!(Schedule::new(&[3, 3, 2, 2, 2], None, 2).makespan(), 7);
/// let chain = Graph::new([vec![], vec![0], vec![1]])?;
/// assert_eq!(Schedule::new(&[3, 3, 2], Some(&chain), 2).makespan(), 8);
/// # Ok::<(), centurion_graph::GraphError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    slots: Vec<Slot>,
}

/// One task's place in a schedule. Times are in the unit of the costs, from the start of the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slot {
    /// Worker that runs it, from 0.
    pub worker: usize,
    /// When it starts.
    pub start: u64,
    /// When it ends.
    pub end: u64,
}

impl Schedule {
    /// Schedules tasks of these costs, in any unit, on `workers` workers. The graph says who needs whom; without
    /// one nobody needs another. Times too long for 64 bits stay at the longest there is.
    ///
    /// # Panics
    /// When `workers` is zero, or there is not exactly one cost per task of the graph.
    pub fn new(costs: &[u64], graph: Option<&Graph>, workers: usize) -> Self {
        assert!(workers > 0, "a schedule needs at least one worker");
        let independent = graph.is_none().then(|| Graph::independent(costs.len()));
        let graph = graph.or(independent.as_ref()).expect("one of the two is there");
        assert_eq!(costs.len(), graph.len(), "there must be a cost for every task");
        let mut desk = Desk::new(costs, graph, workers);
        while desk.hand_out() {
            desk.take_back();
        }
        Self { slots: desk.slots }
    }

    /// The places of all tasks, by number.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// When the last task ends; 0 without tasks.
    pub fn makespan(&self) -> u64 {
        self.slots.iter().map(|slot| slot.end).max().unwrap_or(0)
    }

    /// The tasks in the order in which they start, each after its inputs.
    pub fn order(&self) -> Vec<usize> {
        let mut tasks: Vec<usize> = (0..self.slots.len()).collect();
        tasks.sort_by_key(|&task| self.slots[task].start);
        tasks
    }
}

/// Where tasks are handed out, at one moment after another.
struct Desk<'a> {
    costs: &'a [u64],
    graph: &'a Graph,
    now: u64,
    /// How many inputs each task still waits for.
    missing: Vec<usize>,
    ready: BinaryHeap<Reverse<u32>>,
    free: BinaryHeap<Reverse<usize>>,
    /// When each running task ends, and its number.
    running: BinaryHeap<Reverse<(u64, usize)>>,
    slots: Vec<Slot>,
}

impl<'a> Desk<'a> {
    fn new(costs: &'a [u64], graph: &'a Graph, workers: usize) -> Self {
        Self {
            costs,
            graph,
            now: 0,
            missing: graph.tasks().map(|task| graph.inputs(task).len()).collect(),
            ready: graph.roots().iter().copied().map(Reverse).collect(),
            free: (0..workers.min(graph.len())).map(Reverse).collect(),
            running: BinaryHeap::new(),
            slots: vec![Slot::default(); graph.len()],
        }
    }

    /// Starts what can start now. Whether anything runs.
    fn hand_out(&mut self) -> bool {
        while let (Some(&Reverse(worker)), Some(&Reverse(task))) = (self.free.peek(), self.ready.peek()) {
            self.free.pop();
            self.ready.pop();
            let task = task as usize;
            let end = self.now.saturating_add(self.costs[task]);
            self.slots[task] = Slot { worker, start: self.now, end };
            self.running.push(Reverse((end, task)));
        }
        !self.running.is_empty()
    }

    /// Goes on to the next moment at which a task ends, and ends all that end then.
    fn take_back(&mut self) {
        self.now = self.running.peek().map_or(self.now, |&Reverse((end, _))| end);
        while let Some(&Reverse((end, task))) = self.running.peek()
            && end == self.now
        {
            self.running.pop();
            self.end(task);
        }
    }

    fn end(&mut self, task: usize) {
        self.free.push(Reverse(self.slots[task].worker));
        for &dependent in self.graph.dependents(task) {
            self.missing[dependent as usize] -= 1;
            if self.missing[dependent as usize] == 0 {
                self.ready.push(Reverse(dependent));
            }
        }
    }
}
