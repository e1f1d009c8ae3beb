//! How sure a verdict is, and whom to avoid.

use centurion_stats::Estimate;

use crate::{CellResult, Row, Standing, Warning, WorkloadResult, WorkloadVerdict};

/// Noise floor above which a verdict is only rough.
pub const ROUGH: f64 = 0.10;

/// Ratio of times from which an executor is one to avoid, where its whole interval lies there.
pub const AVOID: f64 = 1.25;

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
    /// All that compete are shown to be within 3 % of the best.
    Alike,
    /// None that competes is shown to be slower, and not all are shown to be as fast.
    Undecided,
    /// Judged, with a noise floor that is high or not known.
    Rough,
    /// Some are told apart from the best and some are not.
    Group,
    /// All others are slower.
    Sure,
}

impl Certainty {
    /// Where none is shown to be slower.
    pub(crate) fn of_ties(mut standings: impl Iterator<Item = Standing>) -> Self {
        if standings.all(|standing| standing == Standing::Within) { Self::Alike } else { Self::Undecided }
    }
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
            _ if rivals.is_some_and(|rivals| rivals.behind == 0 && rivals.tied > 0) => {
                Certainty::of_ties(self.tied_in_row().filter_map(|cell| Some(cell.measured()?.in_row)))
            }
            floor if is_rough(floor) => Certainty::Rough,
            _ if self.tied_executors().is_empty() => Certainty::Sure,
            _ => Certainty::Group,
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

    /// The executors that take so much longer that they are to be avoided, the slowest first, each by its fastest cell of
    /// the best's row, with how many times as long that takes.
    pub fn to_avoid(&self) -> Vec<(&'a CellResult, Estimate)> {
        let Some(best) = self.best.filter(|_| self.judged) else { return Vec::new() };
        let workload = self.workload;
        let cells = workload.executors().into_iter().filter_map(|executor| {
            let here = workload.fastest_of(executor, best.row);
            here.or_else(|| workload.mistake_elsewhere(executor, best.row.workers))
        });
        slowest_first(cells.filter_map(|cell| Some((cell, cell.to_avoid()?))))
    }

    /// Those that are estimated to be ones to avoid where that is not shown, in the same way.
    pub fn perhaps_to_avoid(&self) -> Vec<(&'a CellResult, Estimate)> {
        let Some(best) = self.best else { return Vec::new() };
        let executors = self.workload.executors().into_iter();
        let cells = executors.filter_map(|executor| self.workload.fastest_of(executor, best.row));
        slowest_first(cells.filter_map(|cell| Some((cell, cell.perhaps_to_avoid()?))))
    }
}

fn slowest_first<'a>(
    cells: impl Iterator<Item = (&'a CellResult, Estimate)>,
) -> Vec<(&'a CellResult, Estimate)> {
    let mut slow: Vec<_> = cells.collect();
    slow.sort_by(|(_, a), (_, b)| b.value.total_cmp(&a.value));
    slow
}

/// The ratio, where it is reason to avoid an executor: it is shown to be slower, and the whole interval lies at
/// [`AVOID`] or beyond.
pub(crate) fn to_avoid(standing: Standing, ratio: Option<Estimate>) -> Option<Estimate> {
    let shown = |ratio: &Estimate| ratio.interval.is_some_and(|interval| interval.low >= AVOID);
    ratio.filter(|ratio| standing == Standing::Behind && shown(ratio))
}

/// The ratio, where it is estimated to be reason to avoid an executor, and that is not shown.
pub(crate) fn perhaps_to_avoid(standing: Standing, ratio: Option<Estimate>) -> Option<Estimate> {
    let open =
        matches!(standing, Standing::Undecided | Standing::Behind) && to_avoid(standing, ratio).is_none();
    ratio.filter(|ratio| open && ratio.value >= AVOID)
}

/// Whether a noise floor makes a verdict a rough one.
pub(crate) fn is_rough(floor: Option<f64>) -> bool {
    floor.is_none_or(|floor| floor > ROUGH)
}

impl WorkloadResult {
    /// On how many cores an executor is compared with those of a row that it is not in. `None` where it is in that, or nowhere.
    pub fn cores_elsewhere(&self, executor: &str, row: Row) -> Option<usize> {
        let elsewhere = || self.mistake_elsewhere(executor, row.workers);
        if self.fastest_of(executor, row).is_some() { None } else { elsewhere().map(|cell| cell.cores) }
    }

    /// A mistake is measured on few cores only: its cell with as many workers on the most of them.
    fn mistake_elsewhere(&self, executor: &str, workers: Option<usize>) -> Option<&CellResult> {
        let cells = self.cells.iter().filter(|cell| cell.mistake && cell.executor == executor);
        cells.filter(|cell| cell.row.workers == workers).max_by_key(|cell| cell.cores)
    }
}

impl CellResult {
    /// How many times as long it takes as the best of its row, where that is reason to avoid it.
    pub fn to_avoid(&self) -> Option<Estimate> {
        self.measured().and_then(|measured| to_avoid(measured.in_row, measured.over_best))
    }

    /// The same ratio where it is estimated to be reason to, and not shown.
    pub fn perhaps_to_avoid(&self) -> Option<Estimate> {
        let measured = self.measured().filter(|_| !self.mistake)?;
        perhaps_to_avoid(measured.in_row, measured.over_best)
    }

    /// Whether it beat its ceiling, with its whole interval, by more than noise.
    pub fn is_impossible(&self) -> bool {
        self.measured().is_some_and(|measured| measured.gain.is_some_and(|gain| gain.impossible))
    }
}

fn is_behind(cell: &CellResult) -> bool {
    cell.measured().is_some_and(|measured| measured.in_workload == Standing::Behind)
}
