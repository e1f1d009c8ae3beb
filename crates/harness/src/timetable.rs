//! Which round is next, and when it is enough.

use std::time::Duration;

use centurion_record::{Record, Round};

use crate::clock::{self, Moment};

/// When to stop. Rounds are numbered from 0; the number says whether a round is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounds {
    /// Rounds to measure even if the budget is spent, but for the short ones among them.
    pub at_least: u32,
    /// Rounds after which to stop even if there is time left.
    pub at_most: u32,
    /// Time after which nothing is begun that need not be and would not let all that must be end within it.
    pub budget: Duration,
    /// Whether every other round is a short one, in which only those cells take part that tell most for their time.
    pub alternate: bool,
    /// How many rounds may be measured again because other processes disturbed them.
    pub retakes: u32,
}

impl Rounds {
    /// Whether the round of that number is a short one.
    pub(crate) fn is_short(self, round: u32) -> bool {
        self.alternate && round % 2 == 1
    }

    /// The first round from this one on that is to be measured: a short one that there is no time for is left out.
    fn next(self, round: u32, times: &RoundTimes) -> Option<u32> {
        let wanted = |round: u32| {
            let must_be = round < self.at_least && !self.is_short(round);
            round < self.at_most && (must_be || self.end_within_budget(round, times))
        };
        [Some(round), self.is_short(round).then_some(round + 1)]
            .into_iter()
            .flatten()
            .find(|&round| wanted(round))
    }

    /// Whether this round, and after it all that must be, would end within the budget.
    fn end_within_budget(self, round: u32, times: &RoundTimes) -> bool {
        let to_come = (round + 1..self.at_least).filter(|&round| !self.is_short(round)).count() as u32;
        times.elapsed + times.on(self.is_short(round)) + times.whole * to_come <= self.budget
    }
}

/// What rounds have taken.
#[derive(Debug, Clone, Copy, Default)]
struct RoundTimes {
    elapsed: Duration,
    /// The longest round of all cells.
    whole: Duration,
    /// The longest short one.
    short: Option<Duration>,
}

impl RoundTimes {
    fn new(elapsed: Duration, rounds: Rounds, measured: &[Round]) -> Self {
        let longest = |short: bool| {
            let alike = measured.iter().filter(|round| rounds.is_short(round.round) == short);
            alike.map(|round| Duration::from_nanos(round.wall_ns)).max()
        };
        Self { elapsed, whole: longest(false).unwrap_or_default(), short: longest(true) }
    }

    /// What such a round takes at most. As long as none was short, nobody knows how much shorter one is.
    fn on(&self, short: bool) -> Duration {
        if short { self.short.unwrap_or(self.whole) } else { self.whole }
    }
}

/// Keeps the run within its budget.
pub(crate) struct Timetable {
    rounds: Rounds,
    begun: Moment,
    /// The round under way.
    round: u32,
    round_begun: Moment,
    /// When it began.
    times: RoundTimes,
}

impl Timetable {
    pub(crate) fn new(rounds: Rounds) -> Self {
        let now = clock::now();
        Self { rounds, begun: now, round: 0, round_begun: now, times: RoundTimes::default() }
    }

    /// The number of the next round, if there is to be one.
    pub(crate) fn next(&mut self, record: &Record) -> Option<u32> {
        self.round_begun = clock::now();
        self.times = RoundTimes::new(self.begun.elapsed(), self.rounds, &record.rounds);
        let following = record.rounds.iter().map(|round| round.round + 1).max().unwrap_or(0);
        self.round = self.rounds.next(following, &self.times)?;
        Some(self.round)
    }

    /// Whether there is time to measure once more what was just measured.
    pub(crate) fn has_time_for(&self, round: &Round) -> bool {
        let took = Duration::from_nanos(round.wall_ns);
        let longest = if self.rounds.is_short(round.round) {
            RoundTimes { short: self.times.short.max(Some(took)), ..self.times }
        } else {
            RoundTimes { whole: self.times.whole.max(took), ..self.times }
        };
        self.rounds.end_within_budget(round.round, &RoundTimes { elapsed: self.begun.elapsed(), ..longest })
    }

    /// Time until the planned end, when `part` of the current round is done: known as soon as a round is.
    pub(crate) fn left(&self, part: f64) -> Option<Duration> {
        let this = self.times.on(self.rounds.is_short(self.round));
        let mut then = RoundTimes { elapsed: self.times.elapsed + this, ..self.times };
        let mut round = self.round;
        while let Some(next) = self.rounds.next(round + 1, &then) {
            then.elapsed += self.times.on(self.rounds.is_short(next));
            round = next;
        }
        let left = then.elapsed.saturating_sub(self.times.elapsed + this.mul_f64(part));
        (!self.times.whole.is_zero()).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The numbers of the rounds of a run in which whole rounds and short ones take so many seconds.
    fn measured(rounds: Rounds, [whole, short]: [u32; 2]) -> Vec<u32> {
        let (mut times, mut numbers) = (RoundTimes::default(), Vec::new());
        while let Some(round) = rounds.next(numbers.last().map_or(0, |last| last + 1), &times) {
            let took = if rounds.is_short(round) { short } else { whole } * SECOND;
            times.elapsed += took;
            if rounds.is_short(round) {
                times.short = Some(took);
            } else {
                times.whole = took;
            }
            numbers.push(round);
        }
        numbers
    }

    fn rounds(at_least: u32, at_most: u32, budget: u32) -> Rounds {
        Rounds { at_least, at_most, budget: budget * SECOND, alternate: false, retakes: 0 }
    }

    #[test]
    fn the_budget_ends_a_run_between_the_least_and_the_most_rounds() {
        assert_eq!(measured(rounds(3, 5, 10), [20, 0]), [0, 1, 2], "the least, whatever they take");
        assert_eq!(measured(rounds(3, 9, 10), [2, 0]), [0, 1, 2, 3, 4], "as many as end within it");
        assert_eq!(measured(rounds(3, 4, 10), [1, 0]), [0, 1, 2, 3], "the most");
        assert_eq!(measured(rounds(2, 2, 0), [1, 0]), [0, 1], "exactly");
    }

    #[test]
    fn short_rounds_are_left_out_where_whole_ones_would_end_too_late() {
        let measured = |budget| measured(Rounds { alternate: true, ..rounds(7, 40, budget) }, [20, 10]);
        assert_eq!(measured(110), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(measured(109), [0, 1, 2, 3, 4, 6]);
        assert_eq!(measured(99), [0, 2, 4, 6], "none was seen yet, and one may be as long as a whole one");
        assert_eq!(measured(1), [0, 2, 4, 6], "what must be");
        assert_eq!(measured(120), [0, 1, 2, 3, 4, 5, 6, 7], "what ends within it");
        assert_eq!(measured(140), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn a_round_is_measured_again_where_what_must_be_still_ends_within_the_budget() {
        let rounds = Rounds { alternate: true, ..rounds(5, 40, 80) };
        let fits = |round, elapsed: u32| {
            rounds.end_within_budget(
                round,
                &RoundTimes { elapsed: elapsed * SECOND, whole: 20 * SECOND, short: Some(10 * SECOND) },
            )
        };
        assert!(fits(0, 20) && !fits(0, 21), "the first, and two more");
        assert!(fits(3, 50) && !fits(3, 51), "a short one, and the last");
        assert!(fits(4, 60) && !fits(4, 61));
    }

    #[test]
    fn the_time_that_is_left_is_that_of_the_rounds_to_come() {
        let mut timetable = Timetable::new(Rounds { alternate: true, ..rounds(5, 40, 80) });
        assert_eq!(timetable.left(0.5), None, "nobody knows yet how long a round is");
        timetable.times = RoundTimes { elapsed: 20 * SECOND, whole: 20 * SECOND, short: Some(10 * SECOND) };
        timetable.round = 1;
        assert_eq!(timetable.left(0.0), Some(60 * SECOND));
        assert_eq!(timetable.left(0.5), Some(55 * SECOND));
    }
}
