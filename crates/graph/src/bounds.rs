//! What no schedule can beat.

use std::cmp::Reverse;

use crate::graph::Graph;

/// Bounds on every schedule of some tasks, for any number of workers. They are made in time `n log n` and take 8
/// bytes per task.
///
/// Tasks run one at a time on a worker, are never cut in pieces, and cost the same on each. Then a schedule on `P`
/// workers takes at least
///
/// - the even share of all work, `sum(c)/P`;
/// - the critical path, which without a graph is the longest task;
/// - what the pigeonhole principle adds: of the `k P + 1` longest tasks some worker runs `k + 1`, at best the
///   shortest of them. So a hundred equal tasks on 64 workers take two rounds, not 100/64.
///
/// ```
/// use centurion_graph::Bounds;
///
/// let three_equal = Bounds::new(&[1_000; 3], None);
/// assert_eq!(three_equal.makespan(2), 2_000.0);
/// assert_eq!(three_equal.ceiling(2), 1.5);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// What the longest tasks cost together, for every number of them from 1.
    longest: Vec<u64>,
    critical_path: u64,
}

impl Bounds {
    /// The bounds for tasks of these costs, in any unit. The graph says who needs whom; without one nobody needs
    /// another. Costs of more than 64 bits together count as the most there is.
    ///
    /// # Panics
    /// When there is not exactly one cost per task of the graph.
    pub fn new(costs: &[u64], graph: Option<&Graph>) -> Self {
        let critical_path = graph.map(|graph| graph.critical_path(costs).cost);
        let mut longest = costs.to_vec();
        longest.sort_unstable_by_key(|&cost| Reverse(cost));
        let critical_path = critical_path.or(longest.first().copied()).unwrap_or(0);
        for count in 1..longest.len() {
            longest[count] = longest[count].saturating_add(longest[count - 1]);
        }
        Self { longest, critical_path }
    }

    /// The cost of all tasks.
    pub fn work(&self) -> u64 {
        self.sum(self.longest.len())
    }

    /// The cost of the critical path: no number of workers needs less.
    pub fn critical_path(&self) -> u64 {
        self.critical_path
    }

    /// The shortest makespan that the bounds leave possible, in the unit of the costs.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn makespan(&self, workers: usize) -> f64 {
        let whole = self.critical_path.max(self.fullest_worker(workers));
        (self.work() as f64 / workers as f64).max(whole as f64)
    }

    /// The ceiling: the greatest speedup over one worker that any schedule could reach, the work over the
    /// [makespan](Bounds::makespan). It is 1 for tasks that cost nothing.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn ceiling(&self, workers: usize) -> f64 {
        let makespan = self.makespan(workers);
        if makespan == 0.0 { 1.0 } else { self.work() as f64 / makespan }
    }

    /// Whether it is the critical path that bounds them, so that more workers would not help. Not where tasks
    /// cost nothing.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn path_decides(&self, workers: usize) -> bool {
        let path = self.critical_path;
        let shares = u128::from(path) * workers as u128 >= u128::from(self.work());
        path > 0 && shares && self.fullest_worker(workers) <= path
    }

    /// The cost of so many of the longest tasks.
    fn sum(&self, count: usize) -> u64 {
        count.checked_sub(1).map_or(0, |last| self.longest[last])
    }

    /// For every `k` from 0, some worker runs `k + 1` of the `k P + 1` longest tasks: at least the `k + 1`
    /// shortest of those.
    fn fullest_worker(&self, workers: usize) -> u64 {
        assert!(workers > 0, "a schedule needs at least one worker");
        let some = (1..=self.longest.len()).step_by(workers).enumerate();
        some.map(|(k, count)| self.sum(count) - self.sum(count - k - 1)).max().unwrap_or(0)
    }
}
