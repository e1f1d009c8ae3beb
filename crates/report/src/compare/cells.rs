//! Each cell of two runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use centurion_record::{Cell, Record, Role};

use super::rule::{Rules, Verdict};
use crate::stats::{
    Estimate, MIN_ROUNDS, benjamini_hochberg, mann_whitney, median, pseudo_median, shift, signed_rank,
};

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Time over the time of the serial baseline in the same round.
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
    /// Time now over time in the base: Hodges and Lehmann's shift of the logarithms, exponentiated, with the
    /// interval of the rank-sum test. Above 1 is slower.
    pub time: Option<Estimate>,
    /// The same of the ratios to the serial baseline of the same round. `None` for the baseline itself.
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

/// How the samples of two runs belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairing {
    /// Not at all: the runs were made at different times.
    Apart,
    /// Round by round: the runs were made alternately.
    Alternate,
}

impl Pairing {
    /// The shift of the logarithms from `old` to `new`, and the p-value that there is none.
    fn compare(self, old: &Logs, new: &Logs) -> Option<(Estimate, f64)> {
        match self {
            Self::Apart => {
                let values = |logs: &Logs| logs.values().copied().collect::<Vec<f64>>();
                let (old, new) = (values(old), values(new));
                Some((shift(&old, &new)?, mann_whitney(&old, &new)))
            }
            Self::Alternate => {
                let difference = |(round, new): (&u32, &f64)| Some(new - old.get(round)?);
                let differences: Vec<f64> = new.iter().filter_map(difference).collect();
                Some((pseudo_median(&differences)?, signed_rank(&differences)))
            }
        }
    }
}

/// A logarithm for each round.
type Logs = BTreeMap<u32, f64>;

/// The samples of one cell in one run.
struct Samples {
    times: Logs,
    /// Of time over the baseline's time in the same round.
    ratios: Logs,
}

impl Samples {
    /// `None` where the run has no samples of the cell.
    fn find(record: &Record, id: &str) -> Option<Self> {
        let cell = record.cells.iter().find(|cell| cell.id == id && !cell.round.is_empty())?;
        let is_baseline = |other: &&Cell| other.role == Role::Baseline && other.workload == cell.workload;
        let baseline = record.cells.iter().find(is_baseline).map(logs).unwrap_or_default();
        let times = logs(cell);
        let ratio = |(&round, time): (&u32, &f64)| Some((round, time - baseline.get(&round)?));
        Some(Self { ratios: times.iter().filter_map(ratio).collect(), times })
    }

    fn median_ns(&self) -> Option<f64> {
        median(&self.times.values().copied().collect::<Vec<_>>()).map(f64::exp)
    }
}

fn logs(cell: &Cell) -> Logs {
    cell.bag_times().map(|(round, time)| (round, time.ln())).collect()
}

pub(super) fn changes(base: &Record, now: &Record, pairing: Pairing, rules: Rules) -> Vec<Change> {
    let ids: BTreeSet<&str> = judged_cells(base).map(|cell| cell.id.as_str()).collect();
    let new = judged_cells(now).filter(|cell| !ids.contains(cell.id.as_str()));
    let incomparable = runs_differ(base, now);
    let mut judged: Vec<(Change, Option<f64>)> = judged_cells(base)
        .chain(new)
        .map(|cell| change(cell, (base, now), pairing, incomparable.as_deref()))
        .collect();
    adjust(&mut judged);
    judged.into_iter().map(|(change, p)| verdict(change, p, rules)).collect()
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

fn change(
    cell: &Cell,
    (base, now): (&Record, &Record),
    pairing: Pairing,
    incomparable: Option<&str>,
) -> (Change, Option<f64>) {
    let reason = incomparable.map(str::to_owned).or_else(|| cells_differ(cell, base, now));
    let (old, new) = (Samples::find(base, &cell.id), Samples::find(now, &cell.id));
    let compare = |logs: fn(&Samples) -> &Logs| pairing.compare(logs(old.as_ref()?), logs(new.as_ref()?));
    let time = compare(|samples| &samples.times);
    let ratio = compare(|samples| &samples.ratios).filter(|_| cell.role != Role::Baseline);
    let carrier = more_precise(time.map(|time| time.0), ratio.map(|ratio| ratio.0));
    let evidence = match carrier {
        Some(Carrier::Ratio) => ratio,
        Some(Carrier::Time) => time,
        None => None,
    };
    let as_ratio = |found: Option<(Estimate, f64)>| found.map(|(shift, _)| shift.map(f64::exp));
    let change = Change {
        id: cell.id.clone(),
        workload: cell.workload.clone(),
        executor: cell.executor.clone(),
        cores: cell.cores,
        workers: cell.workers,
        rounds: old.as_ref().zip(new.as_ref()).map_or(0, |(old, new)| old.times.len().min(new.times.len())),
        base_ns: old.as_ref().and_then(Samples::median_ns),
        now_ns: new.as_ref().and_then(Samples::median_ns),
        time: as_ratio(time),
        ratio: as_ratio(ratio),
        carrier,
        floor: half_width(evidence.map(|(shift, _)| shift)),
        verdict: reason.map_or(Verdict::WithinNoise, Verdict::NotComparable),
    };
    (change, evidence.map(|(_, p)| p))
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

/// Adjusts the p-values for how many there are.
fn adjust(judged: &mut [(Change, Option<f64>)]) {
    let comparable = |change: &Change| !matches!(change.verdict, Verdict::NotComparable(_));
    let places: Vec<usize> =
        (0..judged.len()).filter(|&i| comparable(&judged[i].0) && judged[i].1.is_some()).collect();
    let raw: Vec<f64> = places.iter().filter_map(|&i| judged[i].1).collect();
    for (&place, adjusted) in places.iter().zip(benjamini_hochberg(&raw)) {
        judged[place].1 = Some(adjusted);
    }
}

/// A change is one if it is significant among all that were looked at, if its whole interval lies beyond the
/// least change that counts, and if the other way to look at it shows at least half of it: a drift of the
/// machine shows in the time alone, a disturbed baseline in the ratio alone.
fn verdict(mut change: Change, p: Option<f64>, rules: Rules) -> Change {
    if matches!(change.verdict, Verdict::NotComparable(_)) {
        return change;
    }
    let enough = change.carried().filter(|_| change.rounds >= MIN_ROUNDS);
    let Some((estimate, ends)) = enough.and_then(|carried| Some((carried, carried.interval?))) else {
        change.verdict = Verdict::NeedsRounds;
        return change;
    };
    let least = rules.least.ln_1p();
    let (low, high) = (ends.low.ln(), ends.high.ln());
    let significant = p.is_some_and(|p| p <= rules.discovery);
    let confirmed = [change.time, change.ratio]
        .iter()
        .flatten()
        .all(|other| other.value.ln() * estimate.value.ln().signum() >= estimate.value.ln().abs() / 2.0);
    change.verdict = match () {
        () if significant && confirmed && low > least => Verdict::Slower,
        () if significant && confirmed && high < -least => Verdict::Faster,
        () if low > -least && high < least => Verdict::Same,
        () => Verdict::WithinNoise,
    };
    change
}
