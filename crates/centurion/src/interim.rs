//! The answer so far, told between two rounds of a long run.

use std::time::Duration;

use centurion_harness::clock::{self, Moment};
use centurion_record::Record;

use crate::last_screen;
use crate::output::plural;

/// When it is told for the first time.
const FIRST: Duration = Duration::from_secs(60);

/// Knows when to tell it.
pub(crate) struct Interim {
    begun: Moment,
    next: Duration,
}

impl Interim {
    /// Of a run that begins now.
    pub(crate) fn new() -> Self {
        Self { begun: clock::now(), next: FIRST }
    }

    /// The answer so far, a line for each kind of agents, when it is time: after the first minute, and then whenever twice
    /// as much has passed.
    pub(crate) fn due(&mut self, record: &Record) -> Option<String> {
        let elapsed = self.begun.elapsed();
        if elapsed < self.next {
            return None;
        }
        self.next = 2 * elapsed;
        let lead = format!("so far, after {}:", plural(record.rounds.len(), "round"));
        Some([vec![lead], last_screen::in_lines(record)].concat().join("\n"))
    }
}
