//! Two runs against each other: which cells became faster or slower, and which only look as if.
//!
//! Machines drift between runs, so a cell is compared in two ways: by its time, and by the ratio of its time
//! to the serial baseline of the same round. A difference has to show in both; METHODOLOGY.md gives the rule and
//! how often it was wrong.

mod cells;
mod rule;
pub(crate) mod text;

use cells::Pairing;
use centurion_record::Record;

pub use cells::{Carrier, Change};
pub use rule::{Rules, Verdict};

/// What two runs say about each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// When the base was measured, RFC 3339.
    pub base: String,
    /// When the run that is compared with it was measured.
    pub now: String,
    /// What was asked of a difference.
    pub rules: Rules,
    /// Every cell of an executor in either run: differences first, then the rest, both by size over noise.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// Compares two runs made at different times.
    pub fn of(base: &Record, now: &Record, rules: Rules) -> Self {
        Self::new(base, now, Pairing::Apart, rules)
    }

    /// Compares two runs whose rounds were made alternately, round by round.
    pub fn paired(base: &Record, now: &Record, rules: Rules) -> Self {
        Self::new(base, now, Pairing::Alternate, rules)
    }

    fn new(base: &Record, now: &Record, pairing: Pairing, rules: Rules) -> Self {
        let mut changes = cells::changes(base, now, pairing, rules);
        changes.sort_by(|a, b| {
            let differs = b.verdict.is_difference().cmp(&a.verdict.is_difference());
            differs.then(b.over_noise().total_cmp(&a.over_noise()))
        });
        Self { base: base.run.started.clone(), now: now.run.started.clone(), rules, changes }
    }

    /// Cells with that verdict.
    pub fn count(&self, of: impl Fn(&Verdict) -> bool) -> usize {
        self.changes.iter().filter(|change| of(&change.verdict)).count()
    }

    /// Cells that could be judged.
    pub fn judged(&self) -> usize {
        self.count(Verdict::is_judged)
    }

    /// `1 slower, 0 faster, 29 within noise; judged 30 of 30`.
    pub fn headline(&self) -> String {
        let slower = self.count(|verdict| *verdict == Verdict::Slower);
        let faster = self.count(|verdict| *verdict == Verdict::Faster);
        let judged = self.judged();
        let rest = judged - slower - faster;
        format!(
            "{slower} slower, {faster} faster, {rest} within noise; judged {judged} of {}",
            self.changes.len()
        )
    }
}
