//! When failures end a run.

use crate::Totals;

/// When failures end a run, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HaltRule {
    /// Whether agents under way are killed; otherwise only no more are started.
    pub now: bool,
    /// How many failures.
    pub at: HaltShare,
}

/// How many agents must have failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HaltShare {
    /// So many.
    Count(usize),
    /// This share of those that have ended, from the tenth on.
    Share(f64),
}

/// Agents that must have ended before their share means anything.
const ENOUGH: usize = 10;

impl HaltRule {
    /// Whether so many have failed. Who was not begun, for another failed, does not count.
    pub(crate) fn is_due(&self, totals: &Totals) -> bool {
        self.at.is_reached(totals.failed - totals.unmet, totals.ended() - totals.unmet)
    }
}

impl HaltShare {
    fn is_reached(self, failed: usize, ended: usize) -> bool {
        match self {
            Self::Count(count) => failed >= count,
            Self::Share(share) => ended >= ENOUGH && failed as f64 >= share * ended as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_means_something_from_the_tenth_agent_on() {
        let share = HaltShare::Share(0.3);
        assert!(!share.is_reached(9, 9) && share.is_reached(3, 10) && !share.is_reached(2, 10));
        let count = HaltShare::Count(3);
        assert!(!count.is_reached(2, 2) && count.is_reached(3, 3));
    }
}
