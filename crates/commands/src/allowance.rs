//! How long an agent may take.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::median::RunningMedian;

/// How long an agent may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimeLimit {
    /// So long.
    Fixed(Duration),
    /// So many times the median of the agents that answered, as soon as three have.
    OfMedian(f64),
}

/// Agents that must have answered before their median is a limit.
const ENOUGH: usize = 3;
const NONE: u64 = u64::MAX;

/// The limit as it stands; one that follows the median moves, also for the agents under way.
pub(crate) struct Allowance {
    /// Nanoseconds.
    limit: AtomicU64,
    of_median: Option<(f64, Mutex<RunningMedian>)>,
}

impl Allowance {
    pub(crate) fn new(limit: Option<TimeLimit>) -> Self {
        let (fixed, factor) = match limit {
            None => (NONE, None),
            Some(TimeLimit::Fixed(limit)) => (nanoseconds(limit), None),
            Some(TimeLimit::OfMedian(factor)) => (NONE, Some(factor)),
        };
        let of_median = factor.map(|factor| (factor, Mutex::default()));
        Self { limit: AtomicU64::new(fixed), of_median }
    }

    /// The limit is this from now on, also for the agents under way.
    pub(crate) fn set(&self, limit: Option<Duration>) {
        self.limit.store(limit.map_or(NONE, nanoseconds), Ordering::Relaxed);
    }

    pub(crate) fn limit(&self) -> Option<Duration> {
        let limit = self.limit.load(Ordering::Relaxed);
        (limit != NONE).then(|| Duration::from_nanos(limit))
    }

    /// An agent has answered, and took so long.
    pub(crate) fn answered(&self, wall: Duration) {
        let Some((factor, median)) = &self.of_median else { return };
        let mut median = median.lock().unwrap_or_else(PoisonError::into_inner);
        median.add(nanoseconds(wall));
        if median.count() >= ENOUGH {
            let middle = median.median().expect("there are some") as f64;
            self.limit.store((middle * factor) as u64, Ordering::Relaxed);
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_a_limit_as_soon_as_three_have_answered() {
        let allowance = Allowance::new(Some(TimeLimit::OfMedian(3.0)));
        for seconds in [1, 2] {
            allowance.answered(Duration::from_secs(seconds));
            assert_eq!(allowance.limit(), None);
        }
        allowance.answered(Duration::from_secs(9));
        assert_eq!(allowance.limit(), Some(Duration::from_secs(6)));
    }

    #[test]
    fn a_fixed_limit_stays() {
        let allowance = Allowance::new(Some(TimeLimit::Fixed(Duration::from_secs(5))));
        (0..9).for_each(|_| allowance.answered(Duration::from_secs(1)));
        assert_eq!(allowance.limit(), Some(Duration::from_secs(5)));
        assert_eq!(Allowance::new(None).limit(), None);
    }
}
