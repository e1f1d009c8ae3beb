//! How much of their time agents stood in line for a CPU, which is neither start-up nor work.

use std::time::Duration;

use crate::CommandOutcome;
use crate::usage::WORTH_READING;

/// What agents took, and what is known of how they stood in line meanwhile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeInLine {
    /// What they took, of those of which it is known how long they stood in line; one that was quick hardly did.
    pub told: Duration,
    /// What they took, of the others.
    pub untold: Duration,
    /// The part of `told` in which they stood in line.
    pub queued: Duration,
    /// The part of `told` until they first read their scenarios that is left if all standing in line was in it.
    pub starts: Duration,
}

impl TimeInLine {
    pub(crate) fn add(&mut self, outcome: &CommandOutcome) {
        let queued = match outcome.queued {
            None if outcome.wall >= WORTH_READING => return self.untold += outcome.wall,
            queued => queued.unwrap_or_default().min(outcome.wall),
        };
        self.told += outcome.wall;
        self.queued += queued;
        self.starts += outcome.start.unwrap_or_default().saturating_sub(queued);
    }

    /// The share of their time in which agents stood in line; `None` where that is not known of most of it.
    pub fn share(&self) -> Option<f64> {
        self.is_told().then(|| self.queued.as_secs_f64() / self.told.as_secs_f64().max(1e-9))
    }

    /// The share of start-up, at least, in the time in which they did not; `None` where that is not known of most of it.
    pub fn starting(&self) -> Option<f64> {
        let own = self.told.saturating_sub(self.queued);
        self.is_told().then(|| self.starts.as_secs_f64() / own.as_secs_f64().max(1e-9))
    }

    fn is_told(&self) -> bool {
        self.told >= self.untold
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CommandFailure;

    fn of(wall: u64, start: u64, queued: Option<u64>) -> CommandOutcome {
        let time = Duration::from_millis;
        let outcome = CommandOutcome::with_failure(CommandFailure::Late, time(wall));
        CommandOutcome { start: Some(time(start)), queued: queued.map(time), ..outcome }
    }

    fn sum(outcomes: &[CommandOutcome]) -> TimeInLine {
        let mut times = TimeInLine::default();
        for outcome in outcomes {
            times.add(outcome);
        }
        times
    }

    #[test]
    fn what_an_agent_stood_in_line_is_not_counted_as_start_up() {
        let times = sum(&[of(1_000, 900, Some(800))]);
        assert_eq!((times.share(), times.starting()), (Some(0.8), Some(0.5)));
        let all = sum(&[of(1_000, 900, Some(1_000))]);
        assert_eq!((all.share(), all.starting()), (Some(1.0), Some(0.0)));
    }

    #[test]
    fn what_is_not_known_of_most_of_the_time_is_not_told() {
        let known = of(100, 50, Some(0));
        assert_eq!(sum(&[known.clone(), of(200, 100, None)]).share(), None);
        assert_eq!(sum(&[known, of(50, 50, None)]).starting(), Some(0.5));
        assert_eq!(sum(&[of(4, 1, None)]).starting(), Some(0.25), "a quick one hardly stood in line");
    }
}
