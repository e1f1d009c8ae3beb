//! Each cell of two runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use centurion_record::{Cell, Record, Role};

use super::rule::{Rules, Verdict};
use crate::stats::{Estimate, Interval, MIN_ROUNDS, median, resample};

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Time over the time of the serial baseline in the same rounds.
    Ratio,
    /// Time by itself.
    Time,
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ratio => "ratio to serial",
            Self::Time => "time",
        })
    }
}

/// One cell in both runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The cell's id.
    pub id: String,
    /// Name of the workload.
    pub workload: String,
    /// Name of the executor.
    pub executor: String,
    /// CPUs.
    pub cores: usize,
    /// Workers.
    pub workers: usize,
    /// Rounds of the run that has fewer.
    pub rounds: usize,
    /// Median time of one bag in the base, in nanoseconds. `None` where it has no samples.
    pub base_ns: Option<f64>,
    /// The same in the run compared with it.
    pub now_ns: Option<f64>,
    /// Time now over time in the base, each the mean of the fastest quarter of the rounds, with an interval of
    /// [`Rules::errors`] bootstrapped standard errors each way. Above 1 is slower.
    pub time: Option<Estimate>,
    /// The same of the ratio to the serial baseline's own fastest quarter. `None` for the baseline itself.
    pub ratio: Option<Estimate>,
    /// Which of the two is the more precise and carries the verdict.
    pub carrier: Option<Carrier>,
    /// The cell's own noise floor, as a fraction: half the width of the carrier's interval, what noise alone may
    /// shift it by. `None` without an interval.
    pub floor: Option<f64>,
    /// What is said of it.
    pub verdict: Verdict,
}

impl Change {
    /// The change that the verdict rests on, above 1 for slower.
    pub fn carried(&self) -> Option<Estimate> {
        match self.carrier? {
            Carrier::Ratio => self.ratio,
            Carrier::Time => self.time,
        }
    }

    /// Size of the change over the cell's own noise floor; 0 when either is unknown.
    pub fn over_noise(&self) -> f64 {
        let size = self.carried().map_or(0.0, |change| change.value.ln().abs());
        self.floor.filter(|floor| *floor > 0.0).map_or(0.0, |floor| size / floor)
    }
}

/// How the rounds of two runs belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairing {
    /// Not at all: the runs were made at different times.
    Apart,
    /// Round by round: the runs were made alternately.
    Alternate,
}

impl Pairing {
    /// Seeds of the two runs' resamples: with the same seed the same rounds are drawn from both.
    fn seeds(self) -> (u64, u64) {
        match self {
            Self::Apart => (1, 2),
            Self::Alternate => (1, 1),
        }
    }
}

/// The samples of one cell in one run, as logarithms of the time of one bag.
struct Samples {
    times: Vec<f64>,
    /// The baseline's in the same rounds.
    serial: Vec<f64>,
}

impl Samples {
    /// `None` where the run has no samples of the cell and its baseline.
    fn find(record: &Record, id: &str) -> Option<Self> {
        let cell = record.cells.iter().find(|cell| cell.id == id && !cell.round.is_empty())?;
        let is_baseline = |other: &&Cell| other.role == Role::Baseline && other.workload == cell.workload;
        let baseline: BTreeMap<u32, f64> = record.cells.iter().find(is_baseline)?.bag_times().collect();
        let pairs =
            cell.bag_times().filter_map(|(round, time)| Some((time.ln(), baseline.get(&round)?.ln())));
        let (times, serial): (Vec<f64>, Vec<f64>) = pairs.unzip();
        (!times.is_empty()).then_some(Self { times, serial })
    }

    fn rounds(&self) -> usize {
        self.times.len()
    }

    fn median_ns(&self) -> Option<f64> {
        median(&self.times).map(f64::exp)
    }

    /// The fastest quarter of the drawn rounds, as time and as ratio to the baseline's own fastest quarter.
    fn level(&self, drawn: &[usize]) -> Level {
        let fastest = |series: &[f64]| fastest_quarter(drawn.iter().map(|&round| series[round]).collect());
        let time = fastest(&self.times);
        Level { time, ratio: time - fastest(&self.serial) }
    }

    fn levels(&self, seed: u64) -> (Level, Vec<Level>) {
        let all: Vec<usize> = (0..self.rounds()).collect();
        (self.level(&all), resample(self.rounds(), RESAMPLES, seed, |drawn| self.level(drawn)))
    }
}

/// Resamples that a standard error is taken from.
const RESAMPLES: usize = 200;

#[derive(Clone, Copy)]
struct Level {
    time: f64,
    ratio: f64,
}

/// The mean of the fastest quarter of the values, of at least one. What disturbs a sample makes it slower, so
/// the fast end moves far less from run to run than the middle does.
fn fastest_quarter(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.truncate(values.len().div_ceil(4));
    values.iter().sum::<f64>() / values.len() as f64
}

/// How far a level moved from `old` to `new`, with an interval of `errors` bootstrapped standard errors each way,
/// both exponentiated.
fn moved(
    (old, old_drawn): &(Level, Vec<Level>),
    (new, new_drawn): &(Level, Vec<Level>),
    of: fn(&Level) -> f64,
    errors: f64,
) -> Estimate {
    let change = of(new) - of(old);
    let drawn: Vec<f64> = new_drawn.iter().zip(old_drawn).map(|(new, old)| of(new) - of(old)).collect();
    let reach = errors * standard_deviation(&drawn);
    let interval = Some(Interval { low: change - reach, high: change + reach });
    Estimate { value: change, interval }.map(f64::exp)
}

fn standard_deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

pub(super) fn changes(base: &Record, now: &Record, pairing: Pairing, rules: Rules) -> Vec<Change> {
    let ids: BTreeSet<&str> = judged_cells(base).map(|cell| cell.id.as_str()).collect();
    let new = judged_cells(now).filter(|cell| !ids.contains(cell.id.as_str()));
    let incomparable = runs_differ(base, now);
    judged_cells(base)
        .chain(new)
        .map(|cell| {
            let reason = incomparable.clone().or_else(|| cells_differ(cell, base, now));
            verdict(change(cell, (base, now), pairing, rules), reason, rules)
        })
        .collect()
}

/// The cells that have a verdict: those of executors, and the baseline.
fn judged_cells(record: &Record) -> impl Iterator<Item = &Cell> {
    record.cells.iter().filter(|cell| matches!(cell.role, Role::Executor | Role::Baseline))
}

/// Why nothing of these runs can be compared.
fn runs_differ(base: &Record, now: &Record) -> Option<String> {
    let (old, new) = (base.environment.machine(), now.environment.machine());
    if old != new {
        return Some(format!("another machine, {old} and {new}"));
    }
    if base.run.bench_code != now.run.bench_code {
        return Some("other bench code; measure the base again with this code".into());
    }
    None
}

/// The change of a cell, not yet judged.
fn change(cell: &Cell, (base, now): (&Record, &Record), pairing: Pairing, rules: Rules) -> Change {
    let (old, new) = (Samples::find(base, &cell.id), Samples::find(now, &cell.id));
    let seeds = pairing.seeds();
    let levels = old.as_ref().zip(new.as_ref()).map(|(old, new)| (old.levels(seeds.0), new.levels(seeds.1)));
    let of = |of| levels.as_ref().map(|(old, new)| moved(old, new, of, rules.errors));
    let time = of(|level| level.time);
    let ratio = of(|level| level.ratio).filter(|_| cell.role != Role::Baseline);
    let carrier = more_precise(time, ratio);
    Change {
        id: cell.id.clone(),
        workload: cell.workload.clone(),
        executor: cell.executor.clone(),
        cores: cell.cores,
        workers: cell.workers,
        rounds: old.as_ref().zip(new.as_ref()).map_or(0, |(old, new)| old.rounds().min(new.rounds())),
        base_ns: old.as_ref().and_then(Samples::median_ns),
        now_ns: new.as_ref().and_then(Samples::median_ns),
        time,
        ratio,
        carrier,
        floor: match carrier {
            Some(Carrier::Ratio) => half_width(ratio),
            Some(Carrier::Time) => half_width(time),
            None => None,
        },
        verdict: Verdict::NeedsRounds,
    }
}

/// Why this cell can't be compared, though the runs can.
fn cells_differ(cell: &Cell, base: &Record, now: &Record) -> Option<String> {
    let definition =
        |record: &Record| record.workload(&cell.workload).map(|workload| workload.definition.clone());
    for (record, when) in [(base, "the base"), (now, "this run")] {
        match record.cells.iter().find(|other| other.id == cell.id) {
            None => return Some(format!("not in {when}")),
            Some(Cell { failure: Some(reason), .. }) => return Some(format!("failed in {when}: {reason}")),
            Some(_) => (),
        }
    }
    (definition(base) != definition(now)).then(|| "the workload is defined otherwise".into())
}

fn more_precise(time: Option<Estimate>, ratio: Option<Estimate>) -> Option<Carrier> {
    match (half_width(time), half_width(ratio)) {
        (Some(time), Some(ratio)) if time < ratio => Some(Carrier::Time),
        (_, Some(_)) => Some(Carrier::Ratio),
        (Some(_), None) => Some(Carrier::Time),
        (None, None) => None,
    }
}

fn half_width(estimate: Option<Estimate>) -> Option<f64> {
    estimate?.interval.map(|ends| (ends.high - ends.low) / 2.0)
}

/// A change is one if both ways to look at it show at least the least change that counts, in the same
/// direction, and neither interval holds none: a drift of the machine shows in the time alone, a disturbed
/// baseline in the ratio alone.
fn verdict(mut change: Change, reason: Option<String>, rules: Rules) -> Change {
    let views: Vec<(Estimate, Interval)> = [change.time, change.ratio]
        .into_iter()
        .flatten()
        .filter_map(|view| Some((view, view.interval?)))
        .collect();
    let least = 1.0 + rules.least;
    let all = |holds: &dyn Fn(&(Estimate, Interval)) -> bool| views.iter().all(holds);
    change.verdict = match reason {
        Some(reason) => Verdict::NotComparable(reason),
        None if change.rounds < MIN_ROUNDS => Verdict::NeedsRounds,
        None if all(&|(view, ends)| view.value > least && ends.low > 1.0) => Verdict::Slower,
        None if all(&|(view, ends)| view.value < 1.0 / least && ends.high < 1.0) => Verdict::Faster,
        None if all(&|(_, ends)| ends.low > 1.0 / least && ends.high < least) => Verdict::Same,
        None => Verdict::WithinNoise,
    };
    change
}
