//! List scheduling in virtual time.
//!
//! Given what each task costs, this room answers how long `P` workers would need: the bound that no
//! schedule can beat, and the makespan of the greedy schedule that hands tasks out in order. Nothing
//! here runs a task or reads a clock, so every figure is exact and repeatable.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One task's place in a schedule. Times are in the unit of the costs, from the start of the bag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Index of the task.
    pub task: usize,
    /// Worker that runs it, from 0.
    pub worker: usize,
    /// When it starts.
    pub start: u64,
    /// When it ends.
    pub end: u64,
}

/// Greedy list schedule: each task in index order goes to the worker that is free first (the lowest
/// numbered of several), which is what a shared queue does when handing out costs nothing.
///
/// Returns one span per task, in task order. Graham (1969) bounds its makespan `T`:
/// `max(W/P, c_max) <= T <= W/P + (1 - 1/P) c_max`.
///
/// # Panics
/// When `workers` is zero.
///
/// ```
/// use centurion_schedule::{greedy, makespan};
/// assert_eq!(makespan(&greedy(&[3, 3, 2, 2, 2], 2)), 7);
/// ```
pub fn greedy(costs: &[u64], workers: usize) -> Vec<Span> {
    assert!(workers > 0, "a schedule needs at least one worker");
    let mut free: BinaryHeap<Reverse<(u64, usize)>> =
        (0..workers.min(costs.len().max(1))).map(|worker| Reverse((0, worker))).collect();
    costs
        .iter()
        .enumerate()
        .map(|(task, &cost)| {
            let Reverse((start, worker)) = free.pop().expect("there is at least one worker");
            let end = start + cost;
            free.push(Reverse((end, worker)));
            Span { task, worker, start, end }
        })
        .collect()
}

/// When the last task of a schedule ends; 0 for an empty one.
pub fn makespan(spans: &[Span]) -> u64 {
    spans.iter().map(|span| span.end).max().unwrap_or(0)
}

/// The shortest makespan any schedule of independent, indivisible tasks could have on `workers`
/// workers: the greatest of the even share `sum(c)/P`, the longest task `max(c)`, and what the pigeonhole
/// principle adds: of the `k P + 1` longest tasks some worker runs `k + 1`. The last makes a hundred equal
/// tasks on 64 workers take two rounds, not 100/64.
///
/// # Panics
/// When `workers` is zero.
pub fn lower_bound(costs: &[u64], workers: usize) -> f64 {
    assert!(workers > 0, "a schedule needs at least one worker");
    let mut sorted = costs.to_vec();
    sorted.sort_unstable_by_key(|&cost| Reverse(cost));
    let even_share = sorted.iter().sum::<u64>() as f64 / workers as f64;
    even_share.max(fullest_worker(&sorted, workers) as f64)
}

/// For every `k` from 0, some worker runs `k + 1` of the `k P + 1` longest tasks: at least the sum of the
/// `k + 1` shortest of those. `sorted` is in descending order.
fn fullest_worker(sorted: &[u64], workers: usize) -> u64 {
    (1..=sorted.len())
        .step_by(workers)
        .enumerate()
        .map(|(k, longest)| sorted[longest - k - 1..longest].iter().sum())
        .max()
        .unwrap_or(0)
}

/// The ceiling: the greatest speedup over one worker that any schedule could reach with these task
/// costs, `sum(c) / lower_bound(c, P)`. It is 1 for an empty bag.
///
/// # Panics
/// When `workers` is zero.
///
/// ```
/// use centurion_schedule::ceiling;
/// let equal = [1_000; 100];
/// assert!((ceiling(&equal, 16) - 14.29).abs() < 0.01); // 100 / ceil(100/16), not 16
/// ```
pub fn ceiling(costs: &[u64], workers: usize) -> f64 {
    let bound = lower_bound(costs, workers);
    if bound == 0.0 { 1.0 } else { costs.iter().sum::<u64>() as f64 / bound }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_equal_tasks_reach_the_published_ceilings() {
        for (workers, expected) in [(8, 100.0 / 13.0), (16, 100.0 / 7.0), (32, 25.0), (64, 50.0)] {
            assert!((ceiling(&[7; 100], workers) - expected).abs() < 1e-9, "{workers} workers");
        }
    }

    #[test]
    fn the_greedy_makespan_stays_within_grahams_bounds() {
        let costs: Vec<u64> = (0..100u64).map(|i| 1 + (i * 7919) % 1000).collect();
        let (work, longest) = (costs.iter().sum::<u64>() as f64, *costs.iter().max().unwrap() as f64);
        for workers in 1..=128 {
            let p = workers as f64;
            let makespan = makespan(&greedy(&costs, workers)) as f64;
            assert!(makespan >= lower_bound(&costs, workers), "{workers} workers beat the bound");
            assert!(makespan <= work / p + (1.0 - 1.0 / p) * longest, "{workers} workers exceed the bound");
        }
    }

    #[test]
    fn no_exhaustively_searched_schedule_beats_the_lower_bound() {
        let costs = [9, 8, 7, 5, 4, 4, 2];
        for workers in 1..=4usize {
            let best = (0..workers.pow(costs.len() as u32))
                .map(|code| {
                    let mut load = vec![0; workers];
                    for (task, cost) in costs.iter().enumerate() {
                        load[code / workers.pow(task as u32) % workers] += cost;
                    }
                    load.into_iter().max().unwrap()
                })
                .min()
                .unwrap();
            assert!(lower_bound(&costs, workers) <= best as f64, "{workers} workers");
        }
    }

    #[test]
    fn one_worker_takes_the_sum_and_tasks_keep_their_order() {
        let spans = greedy(&[5, 1, 3], 1);
        assert_eq!(spans.iter().map(|s| (s.start, s.end)).collect::<Vec<_>>(), [(0, 5), (5, 6), (6, 9)]);
        assert!((ceiling(&[5, 1, 3], 1) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn more_workers_than_tasks_take_as_long_as_the_longest_task() {
        assert_eq!(makespan(&greedy(&[5, 1, 3], 10)), 5);
        assert!((lower_bound(&[5, 1, 3], 10) - 5.0).abs() < 1e-12);
    }

    #[test]
    fn an_empty_bag_takes_no_time() {
        assert_eq!(makespan(&greedy(&[], 3)), 0);
        assert!((ceiling(&[], 3) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn two_long_tasks_that_must_share_a_worker_raise_the_bound() {
        assert!((lower_bound(&[10, 10, 10, 1], 2) - 20.0).abs() < 1e-12);
    }
}
