//! An executor without threads whose clock is arithmetic.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Mutex;
use std::sync::PoisonError;

use centurion_schedule::{greedy, makespan};

use crate::{Bag, Countdown, Executor, Flow};

/// Runs tasks one by one, in the order in which a greedy schedule of the given costs would start them, and
/// says how long that schedule would have taken. Tasks of a flow are listed by number: whenever a worker is free
/// it starts the lowest that is ready.
///
/// It is the ceiling of real executors, and their stand-in where a test must not depend on time.
pub struct VirtualTime {
    workers: usize,
    costs: Vec<u64>,
    makespan: Mutex<u64>,
}

impl VirtualTime {
    /// `workers` workers for tasks of these costs, in any unit of time. A bag longer than `costs` goes
    /// through them again from the start; without costs every task takes no time.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn new(workers: usize, costs: Vec<u64>) -> Self {
        assert!(workers > 0, "an executor needs at least one worker");
        Self { workers, costs, makespan: Mutex::new(0) }
    }

    /// Makespan of the last bag or flow, in the unit of the costs.
    pub fn makespan(&self) -> u64 {
        *self.makespan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, makespan: u64) {
        *self.makespan.lock().unwrap_or_else(PoisonError::into_inner) = makespan;
    }

    fn costs(&self, len: usize) -> Vec<u64> {
        let costs = if self.costs.is_empty() { &[0] } else { &*self.costs };
        costs.iter().copied().cycle().take(len).collect()
    }
}

impl Executor for VirtualTime {
    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        let mut spans = greedy(&self.costs(bag.len()), self.workers);
        self.note(makespan(&spans));
        spans.sort_by_key(|span| (span.start, span.worker, span.task));
        for span in spans {
            bag.run(span.task);
        }
    }

    fn execute_flow(&self, flow: &Flow) {
        let (costs, countdown) = (self.costs(flow.len()), Countdown::new(flow.graph()));
        let mut ready: BinaryHeap<_> =
            flow.graph().roots().iter().map(|&root| Reverse(root as usize)).collect();
        let mut running = BinaryHeap::new();
        let mut now = 0;
        loop {
            while running.len() < self.workers
                && let Some(Reverse(task)) = ready.pop()
            {
                flow.run(task);
                running.push(Reverse((now + costs[task], task)));
            }
            let Some(Reverse((end, task))) = running.pop() else { break };
            now = end;
            ready.extend(countdown.end(task).map(Reverse));
        }
        self.note(now);
    }
}

#[cfg(test)]
mod tests {
    use centurion_graph::Graph;

    use super::*;

    #[test]
    fn the_virtual_makespan_is_that_of_the_greedy_schedule() {
        let executor = VirtualTime::new(2, vec![3, 3, 2, 2, 2]);
        executor.execute(&Bag::new(5, |_| ()));
        assert_eq!(executor.makespan(), 7);
    }

    #[test]
    fn a_bag_longer_than_the_costs_goes_through_them_again() {
        let executor = VirtualTime::new(1, vec![1, 2]);
        executor.execute(&Bag::new(5, |_| ()));
        assert_eq!(executor.makespan(), 7);
    }

    #[test]
    fn a_flow_without_inputs_takes_as_long_as_its_bag() {
        let costs: Vec<u64> = (0..100u64).map(|task| 1 + (task * 7919) % 1000).collect();
        let executor = VirtualTime::new(3, costs);
        executor.execute(&Bag::new(100, |_| ()));
        let of_the_bag = executor.makespan();
        executor.execute_flow(&Flow::new(Graph::independent(100).into(), |_| ()));
        assert_eq!(executor.makespan(), of_the_bag);
    }

    #[test]
    fn a_flow_takes_its_critical_path_when_there_are_workers_enough() {
        let graph = Graph::new([vec![], vec![], vec![0], vec![0, 1], vec![2, 3]]).expect("inputs come first");
        let executor = VirtualTime::new(5, vec![4, 9, 3, 1, 2]);
        executor.execute_flow(&Flow::new(graph.into(), |_| ()));
        assert_eq!(executor.makespan(), 9 + 1 + 2);
    }
}
