//! Where the time of a measuring run went.

use std::fmt;
use std::time::Duration;

use centurion_harness::clock::{self, Moment};

use crate::output::note;

/// Parts shorter than this are left out.
const WORTH_SAYING: Duration = Duration::from_millis(500);

/// A run shorter than this is over before anybody asks.
const WORTH_ASKING: Duration = Duration::from_secs(10);

/// How long each part of a run took, one after another.
pub struct Spent {
    parts: Vec<(&'static str, Duration)>,
    since: Moment,
}

impl Spent {
    /// Of a run that begins now.
    pub(crate) fn new() -> Self {
        Self { parts: Vec::new(), since: clock::now() }
    }

    /// What went by since the part before this one ended was for this one.
    pub fn on(&mut self, part: &'static str) {
        self.parts.push((part, self.since.elapsed()));
        self.since = clock::now();
    }

    /// Says it of a long run.
    pub(crate) fn tell(&self) {
        if self.all() >= WORTH_ASKING {
            note(&format!("all of it took {self}"));
        }
    }

    fn all(&self) -> Duration {
        self.parts.iter().map(|(_, time)| *time).sum()
    }
}

/// `345 s: planning 2 s, rounds 310 s, footprints 33 s`.
impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} s", self.all().as_secs_f64())?;
        let parts = self.parts.iter().filter(|(_, time)| *time >= WORTH_SAYING);
        for (place, (part, time)) in parts.enumerate() {
            let before = if place == 0 { ": " } else { ", " };
            write!(f, "{before}{part} {:.0} s", time.as_secs_f64())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_parts_are_left_out_of_the_parts_and_not_of_the_sum() {
        let parts = [("planning", 400), ("rounds", 310_400), ("footprints", 33_000)];
        let parts = parts.map(|(part, ms)| (part, Duration::from_millis(ms))).to_vec();
        let spent = Spent { parts, since: clock::now() };
        assert_eq!(spent.to_string(), "344 s: rounds 310 s, footprints 33 s");
        assert_eq!(Spent { parts: Vec::new(), ..spent }.to_string(), "0 s");
    }
}
