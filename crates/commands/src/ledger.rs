//! Where results are written: into the journal as they come, and in the order of the scenarios for everybody else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Map, Value};
use thiserror::Error;

use crate::answer::is_same;
use crate::{CommandOutcome, InputError, Journal, Scenario, Totals};

/// Where results are written.
pub struct Ledger {
    results: Box<dyn Write + Send>,
    journal: Option<Journal>,
    /// The turn whose result is written next.
    next: usize,
    /// Results that wait for those before them.
    waiting: BTreeMap<usize, String>,
    pub(crate) totals: Totals,
}

/// Why a run can't go on.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The journal can't be written.
    #[error("write the journal: {0}; what it holds is whole: make room, and go on with --resume")]
    Journal(io::Error),
    /// Results can't be written.
    #[error("write results: {0}")]
    Results(io::Error),
    /// Scenarios can't be read.
    #[error(transparent)]
    Input(#[from] InputError),
}

impl LedgerError {
    /// Whether nobody reads the results any more.
    pub fn is_unread(&self) -> bool {
        matches!(self, Self::Results(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl Ledger {
    /// Writes results, one JSON object a line, and keeps a journal if there is one.
    pub fn new(results: Box<dyn Write + Send>, journal: Option<Journal>) -> Self {
        Self { results, journal, next: 0, waiting: BTreeMap::new(), totals: Totals::default() }
    }

    /// The turn whose result is written next.
    pub(crate) fn next(&self) -> usize {
        self.next
    }

    /// Takes in what became of an agent, the journal first.
    pub(crate) fn add(
        &mut self,
        turn: usize,
        scenario: &Scenario,
        outcome: &CommandOutcome,
    ) -> Result<(), LedgerError> {
        let fields = outcome.fields(scenario);
        self.totals.add(scenario, outcome);
        let journalled = match &mut self.journal {
            Some(journal) => journal.add(scenario, &fields),
            None => Ok(()),
        };
        if journalled.is_err() {
            self.journal = None;
        }
        self.tell(turn, &fields).and(journalled.map_err(LedgerError::Journal))
    }

    /// Takes in what became of an agent in an earlier run, if it is not to be run again, and gives that.
    pub(crate) fn add_earlier(
        &mut self,
        turn: usize,
        scenario: &Scenario,
    ) -> Result<Option<Map<String, Value>>, LedgerError> {
        let Some(journal) = &self.journal else { return Ok(None) };
        let Some(mut fields) = journal.earlier(scenario).map_err(LedgerError::Journal)? else {
            return Ok(None);
        };
        judge_again(&mut fields, scenario);
        self.totals.add_earlier(scenario, &fields);
        self.tell(turn, &fields)?;
        Ok(Some(fields))
    }

    fn tell(&mut self, turn: usize, fields: &Map<String, Value>) -> Result<(), LedgerError> {
        self.waiting.insert(turn, harmless(fields));
        while let Some(line) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.write(&line)?;
        }
        Ok(())
    }

    /// Where a line could not be written, none is written after it: what stands there ends with the beginning of one.
    fn write(&mut self, line: &str) -> Result<(), LedgerError> {
        let written = self.results.write_all(line.as_bytes());
        if written.is_err() {
            self.results = Box::new(io::sink());
        }
        written.map_err(LedgerError::Results)
    }

    /// Writes what waits for agents that will not be run, and what is still on its way.
    pub(crate) fn close(&mut self) -> Result<(), LedgerError> {
        for line in std::mem::take(&mut self.waiting).into_values() {
            self.write(&line)?;
        }
        self.results.flush().map_err(LedgerError::Results)
    }
}

/// Whether a line is a result, as it is written here.
pub fn is_result(line: &[u8]) -> bool {
    let fields: Map<String, Value> = serde_json::from_slice(line).unwrap_or_default();
    let has = |name: &str| fields.contains_key(name);
    has("id") && has("attempts") && (has("answer") || has("failure"))
}

/// What is right may have been found out since.
fn judge_again(fields: &mut Map<String, Value>, scenario: &Scenario) {
    let right = scenario.expected.as_ref().zip(fields.get("answer")).map(|(one, other)| is_same(one, other));
    match right {
        Some(right) => fields.insert("right".into(), right.into()),
        None => fields.shift_remove("right"),
    };
}

/// A line of JSON. What could move a terminal's cursor is written as JSON writes it.
fn harmless(fields: &Map<String, Value>) -> String {
    let mut line = String::new();
    for c in serde_json::to_string(fields).expect("it is plain data").chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                let _ = write!(line, "\\u{:04x}", u32::from(c));
            }
            c => line.push(c),
        }
    }
    line + "\n"
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::CommandFailure;

    /// A disk that has room again after it was full once.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<Vec<u8>>>);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut written = self.0.lock().expect("nobody panicked");
            if written.is_empty() {
                written.extend(&bytes[..5]);
                return Err(io::ErrorKind::StorageFull.into());
            }
            written.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn after_half_a_line_no_other_is_written() {
        let disk = Disk::default();
        let mut ledger = Ledger::new(Box::new(disk.clone()), None);
        let outcome = CommandOutcome::with_failure(CommandFailure::Silent, std::time::Duration::ZERO);
        let mut add = |number| ledger.add(number, &Scenario::with_number(number), &outcome);
        assert!(matches!(add(0), Err(LedgerError::Results(_))) && add(1).is_ok());
        assert_eq!(*disk.0.lock().expect("nobody panicked"), b"{\"id\"");
    }
}
