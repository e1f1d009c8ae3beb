//! How sure a verdict is, and whom to avoid.

use crate::{CellResult, Standing, Warning, WorkloadVerdict};

/// Noise floor above which a verdict is only rough.
const ROUGH: f64 = 0.10;

/// Ratio of times from which an executor is one to avoid.
const AVOID: f64 = 1.25;

/// How much a verdict is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Certainty {
    /// Too few rounds.
    NotYet,
    /// Nothing is ranked: identical cells were measured so far apart, as a fraction.
    TooNoisy(f64),
    /// The best was measured above its own ceiling.
    Impossible,
    /// The machine was busy with something else.
    Busy,
    /// All that compete are equal within noise.
    AllEqual,
    /// Judged, with a noise floor that is high or not known.
    Rough,
    /// Judged.
    Sure,
}

/// Those with samples beside the best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rivals<'a> {
    /// Told apart from the best, in its row.
    pub behind: usize,
    /// Not told apart, in its row.
    pub tied: usize,
    /// Not told apart, on other cores or workers.
    pub elsewhere: usize,
    /// The fastest of those behind.
    pub next: Option<&'a CellResult>,
}

impl<'a> WorkloadVerdict<'a> {
    /// How sure it is that the best is the best, with the warnings of the run.
    pub fn certainty(&self, warnings: &[Warning]) -> Certainty {
        let Some(best) = self.best.filter(|_| self.judged) else { return Certainty::NotYet };
        if let Some(floor) = self.too_noisy() {
            return Certainty::TooNoisy(floor);
        }
        let name = &self.workload.name;
        let busy = |warning: &Warning| matches!(warning, Warning::Busy { workloads, .. } if workloads.contains(name));
        let rivals = self.rivals();
        match self.workload.noise.floor {
            _ if best.is_impossible() => Certainty::Impossible,
            _ if warnings.iter().any(busy) => Certainty::Busy,
            _ if rivals.is_some_and(|rivals| rivals.behind == 0 && rivals.tied > 0) => Certainty::AllEqual,
            floor if floor.is_none_or(|floor| floor > ROUGH) => Certainty::Rough,
            _ => Certainty::Sure,
        }
    }

    /// The others of the best's row but for mistakes, and who equals it elsewhere. `None` without a best.
    pub fn rivals(&self) -> Option<Rivals<'a>> {
        let best = self.best?;
        let row = || self.workload.row(best.row).filter(|cell| !cell.mistake);
        let measured = row().filter(|cell| cell.outcome.is_ok()).count();
        let tied = self.tied_in_row().count();
        let speed = |cell: &CellResult| cell.speedup().map_or(0.0, |speedup| speedup.value);
        Some(Rivals {
            behind: measured - 1 - tied,
            tied,
            elsewhere: self.tied.len() - tied,
            next: row().filter(|cell| is_behind(cell)).max_by(|a, b| speed(a).total_cmp(&speed(b))),
        })
    }

    /// Cells of the best's row that are not told apart from it.
    pub fn tied_in_row(&self) -> impl Iterator<Item = &'a CellResult> {
        let row = self.best.map(|best| best.row);
        self.tied.iter().copied().filter(move |cell| Some(cell.row) == row)
    }

    /// The slowest cell of the best's row, where it takes so much longer that it is one to avoid, and how many times
    /// as long it takes.
    pub fn to_avoid(&self) -> Option<(&'a CellResult, f64)> {
        let best = self.best?;
        let behind = self.workload.row(best.row).filter(|cell| is_behind(cell));
        let worst = behind.max_by(|a, b| a.slowness().total_cmp(&b.slowness()))?;
        let ratio = worst.slowness() / best.slowness();
        (ratio >= AVOID).then_some((worst, ratio))
    }
}

impl CellResult {
    /// Whether it beat its ceiling, with its whole interval, by more than noise.
    pub fn is_impossible(&self) -> bool {
        self.measured().is_some_and(|measured| measured.gain.is_some_and(|gain| gain.impossible))
    }
}

fn is_behind(cell: &CellResult) -> bool {
    cell.measured().is_some_and(|measured| measured.in_workload == Standing::Behind)
}
