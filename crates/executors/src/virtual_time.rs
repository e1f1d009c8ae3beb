//! An executor without threads whose clock is arithmetic.

use std::sync::Mutex;
use std::sync::PoisonError;

use centurion_schedule::{greedy, makespan};

use crate::{Bag, Executor};

/// Runs tasks one by one, in the order in which a greedy schedule of the given costs would start them, and
/// says how long that schedule would have taken.
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

    /// Makespan of the last bag, in the unit of the costs.
    pub fn makespan(&self) -> u64 {
        *self.makespan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Executor for VirtualTime {
    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        let costs: Vec<u64> = self.costs.iter().copied().cycle().take(bag.len()).collect();
        let costs = if costs.is_empty() { vec![0; bag.len()] } else { costs };
        let mut spans = greedy(&costs, self.workers);
        *self.makespan.lock().unwrap_or_else(PoisonError::into_inner) = makespan(&spans);
        spans.sort_by_key(|span| (span.start, span.worker, span.task));
        for span in spans {
            bag.run(span.task);
        }
    }
}

#[cfg(test)]
mod tests {
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
}
