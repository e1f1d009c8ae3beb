//! An executor without threads whose clock is arithmetic.

use std::sync::Mutex;
use std::sync::PoisonError;

use centurion_graph::{Graph, Schedule};

use crate::{Bag, Executor, Flow};

/// Runs tasks one by one, in the order in which a [list schedule](Schedule) of the given costs would start them,
/// and says how long that schedule would have taken.
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

    /// The order of the schedule, whose makespan is kept.
    fn order(&self, len: usize, graph: Option<&Graph>) -> Vec<usize> {
        let schedule = Schedule::new(&self.costs(len), graph, self.workers);
        *self.makespan.lock().unwrap_or_else(PoisonError::into_inner) = schedule.makespan();
        schedule.order()
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
        self.order(bag.len(), None).into_iter().for_each(|task| bag.run(task));
    }

    fn execute_flow(&self, flow: &Flow) {
        self.order(flow.len(), Some(flow.graph())).into_iter().for_each(|task| flow.run(task));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_virtual_makespan_is_that_of_the_list_schedule() {
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
