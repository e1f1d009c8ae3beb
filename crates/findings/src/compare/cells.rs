//! Each cell of two runs.

use std::collections::{BTreeMap, HashMap, HashSet};

use centurion_record::{Cell, CellId, Record};

use super::rule::{ChangeVerdict, Rules};
use super::run::ComparedRun;
use centurion_stats::{Estimate, Interval, MIN_ROUNDS, resample};

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Time over the time of the serial baseline in the same rounds; of the baseline itself, over that of its copies
    /// without an executor, which show what the hardware can do.
    Ratio,
    /// Time by itself.
    Time,
}

/// One cell in both runs; or, of a family of workloads such as `grain`, all its members under one executor: the
/// points of a curve are judged together.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The cell's id; that of the family for a curve.
    pub id: CellId,
    /// Name of the workload, or of the family.
    pub workload: String,
    /// Name of the executor.
    pub executor: String,
    /// CPUs.
    pub cores: usize,
    /// Workers.
    pub workers: usize,
    /// Whether the base measured it; of a curve, any of its points.
    pub in_base: bool,
    /// Rounds of the run that has fewer.
    pub rounds: usize,
    /// Median time of one bag in the base, in nanoseconds; the geometric mean of those of a curve's points. `None`
    /// where it has no samples.
    pub base_ns: Option<f64>,
    /// The same in the run compared with it.
    pub now_ns: Option<f64>,
    /// Time now over time in the base, each the mean of the faster half of the rounds, with an interval of
    /// [`Rules::errors`] bootstrapped standard errors each way. Above 1 is slower.
    pub time: Option<Estimate>,
    /// The same of the ratio to the faster half of [`Metric::Ratio`]'s reference. `None` where there is none.
    pub ratio: Option<Estimate>,
    /// Which of the two the verdict rests on.
    pub metric: Option<Metric>,
    /// The cell's own noise floor, as a fraction: half the width of the interval of [`Change::decisive`], what noise alone may
    /// shift it by. `None` without an interval.
    pub floor: Option<f64>,
    /// What is said of it.
    pub verdict: ChangeVerdict,
}

impl Change {
    /// The change that the verdict rests on, above 1 for slower.
    pub fn decisive(&self) -> Option<Estimate> {
        match self.metric? {
            Metric::Ratio => self.ratio,
            Metric::Time => self.time,
        }
    }

    /// Whether the base measured it and nothing can be said of it all the same.
    pub fn is_unjudged(&self) -> bool {
        self.in_base && !self.verdict.is_judged()
    }

    /// Size of the change over the cell's own noise floor; 0 when either is unknown.
    pub fn over_noise(&self) -> f64 {
        let size = self.decisive().map_or(0.0, |change| change.value.ln().abs());
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

/// The verdict rests on the more precise view; where there is a ratio, there is a time.
fn metric(time: Option<Estimate>, ratio: Option<Estimate>) -> Option<Metric> {
    let time = half_width(time)?;
    let is_more_precise = half_width(ratio).is_some_and(|ratio| ratio < time);
    Some(if is_more_precise { Metric::Ratio } else { Metric::Time })
}

/// What is judged at once: cells of the same executor at the same place, one of each workload.
struct Group {
    id: CellId,
    workload: String,
    executor: String,
    cores: usize,
    workers: usize,
    /// Ids of the cells.
    members: Vec<CellId>,
}

impl Group {
    fn new(cell: &Cell, run: &ComparedRun<'_>) -> Self {
        let family = run.index.workload(&cell.workload).map_or(&cell.workload, |workload| &workload.family);
        let Cell { executor, cores, workers, .. } = cell;
        Self {
            id: CellId::new(family, family, executor, (*cores, *workers)),
            workload: family.clone(),
            executor: executor.clone(),
            cores: *cores,
            workers: *workers,
            members: Vec::new(),
        }
    }

    /// Why it can't be compared, though the runs can.
    fn differs(&self, base: &ComparedRun<'_>, now: &ComparedRun<'_>) -> Option<String> {
        self.members.iter().find_map(|id| {
            let reason = cells_differ(id, base, now)?;
            Some(if *id == self.id { reason } else { format!("{id}: {reason}") })
        })
    }
}

/// The judged cells of both runs in groups, in the order of the base, then of this run.
fn groups(base: &ComparedRun<'_>, now: &ComparedRun<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<CellId, usize> = HashMap::new();
    let mut members: HashSet<(usize, &CellId)> = HashSet::new();
    for run in [base, now] {
        for cell in run.judged_cells() {
            let group = Group::new(cell, run);
            let place = *places.entry(group.id.clone()).or_insert(groups.len());
            if place == groups.len() {
                groups.push(group);
            }
            if members.insert((place, &cell.id)) {
                groups[place].members.push(cell.id.clone());
            }
        }
    }
    groups
}

/// The samples of a group in one run, as logarithms of the time of one bag at the pace of the CPUs.
struct Samples {
    /// Of each member: its own and those of its two references, in the order of the same rounds.
    members: Vec<[Vec<f64>; 3]>,
    /// Whether there are references; otherwise each member's own samples stand in their place.
    has_references: bool,
    rounds: usize,
    /// Median time of one bag as it was measured, the geometric mean over the members.
    median_ns: f64,
}

impl Samples {
    /// `None` where the run has no round with samples of all members and their baselines.
    fn find(run: &ComparedRun<'_>, group: &Group) -> Option<Self> {
        let series = group.members.iter().map(|id| run.by_round(id));
        let series: Vec<[BTreeMap<u32, f64>; 3]> = series.collect::<Option<_>>()?;
        let has_all = |round: &u32| series.iter().flatten().all(|times| times.contains_key(round));
        let rounds: Vec<u32> = series.first()?[0].keys().copied().filter(has_all).collect();
        let in_order = |times: &BTreeMap<u32, f64>| rounds.iter().map(|round| times[round]).collect();
        let members = series.iter().map(|member| member.each_ref().map(in_order)).collect();
        let medians = group.members.iter().map(|id| run.median_ln(id)).collect::<Option<Vec<f64>>>()?;
        let has_references = group.members.iter().all(|id| run.has_references(id));
        (!rounds.is_empty()).then(|| Self {
            members,
            has_references,
            rounds: rounds.len(),
            median_ns: mean(&medians).exp(),
        })
    }

    /// The faster half of the drawn rounds, as time and as ratio to the mean of the references' own faster halves: the
    /// mean over the members.
    fn level(&self, drawn: &[usize]) -> Level {
        let fastest = |series: &Vec<f64>| faster_half(drawn.iter().map(|&round| series[round]).collect());
        let levels = self.members.iter().map(|both| both.each_ref().map(fastest));
        let (times, ratios): (Vec<f64>, Vec<f64>) =
            levels.map(|[time, serial, again]| (time, time - mean(&[serial, again]))).unzip();
        Level { time: mean(&times), ratio: mean(&ratios) }
    }

    fn levels(&self, seed: u64) -> (Level, Vec<Level>) {
        let all: Vec<usize> = (0..self.rounds).collect();
        (self.level(&all), resample(self.rounds, RESAMPLES, seed, |drawn| self.level(drawn)))
    }
}

/// Resamples that a standard error is taken from.
const RESAMPLES: usize = 200;

#[derive(Clone, Copy)]
struct Level {
    time: f64,
    ratio: f64,
}

/// The mean of the faster half of the values, of at least one. What disturbs a sample makes it slower, so the
/// fast end moves less from run to run than the middle does.
fn faster_half(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.truncate(values.len().div_ceil(2));
    mean(&values)
}

fn mean(values: &[f64]) -> f64 {
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
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

pub(super) fn changes(base: &Record, now: &Record, pairing: Pairing, rules: Rules) -> Vec<Change> {
    let incomparable = runs_differ(base, now);
    let (base, now) = (ComparedRun::new(base), ComparedRun::new(now));
    groups(&base, &now)
        .iter()
        .map(|group| {
            let reason = incomparable.clone().or_else(|| group.differs(&base, &now));
            verdict(change(group, (&base, &now), pairing, rules), reason, rules)
        })
        .collect()
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

/// The change of a group, not yet judged.
fn change(
    group: &Group,
    (base, now): (&ComparedRun<'_>, &ComparedRun<'_>),
    pairing: Pairing,
    rules: Rules,
) -> Change {
    let (old, new) = (Samples::find(base, group), Samples::find(now, group));
    let seeds = pairing.seeds();
    let levels = old.as_ref().zip(new.as_ref()).map(|(old, new)| (old.levels(seeds.0), new.levels(seeds.1)));
    let of = |of| levels.as_ref().map(|(old, new)| moved(old, new, of, rules.errors));
    let time = of(|level| level.time);
    let has_references = old.iter().chain(&new).all(|samples| samples.has_references);
    let ratio = of(|level| level.ratio).filter(|_| has_references);
    let metric = metric(time, ratio);
    Change {
        id: group.id.clone(),
        workload: group.workload.clone(),
        executor: group.executor.clone(),
        cores: group.cores,
        workers: group.workers,
        in_base: group.members.iter().any(|id| base.measured(id).is_some()),
        rounds: old.as_ref().zip(new.as_ref()).map_or(0, |(old, new)| old.rounds.min(new.rounds)),
        base_ns: old.as_ref().map(|old| old.median_ns),
        now_ns: new.as_ref().map(|new| new.median_ns),
        time,
        ratio,
        metric,
        floor: match metric {
            Some(Metric::Ratio) => half_width(ratio),
            Some(Metric::Time) => half_width(time),
            None => None,
        },
        verdict: ChangeVerdict::NeedsRounds,
    }
}

/// Why this cell can't be compared, though the runs can.
fn cells_differ(id: &CellId, base: &ComparedRun<'_>, now: &ComparedRun<'_>) -> Option<String> {
    let mut definitions = Vec::new();
    for (run, when) in [(base, "the base"), (now, "this run")] {
        match run.index.cell(id) {
            None => return Some(format!("not in {when}")),
            Some(Cell { failure: Some(reason), .. }) => return Some(format!("failed in {when}: {reason}")),
            Some(cell) => {
                let workload = run.index.workload(&cell.workload);
                definitions.push(workload.map(|workload| &workload.definition));
            }
        }
    }
    (definitions[0] != definitions[1]).then(|| "the workload is defined otherwise".into())
}

fn half_width(estimate: Option<Estimate>) -> Option<f64> {
    estimate?.interval.map(|ends| (ends.high - ends.low) / 2.0)
}

/// A change is one if the view that the verdict rests on shows at least the least change that counts, with an
/// interval that does not hold none, and the other view shows at least half of it in the same direction: a
/// disturbed baseline moves the ratio alone.
fn verdict(mut change: Change, reason: Option<String>, rules: Rules) -> Change {
    let other = [change.time, change.ratio].into_iter().flatten();
    let witnessed = |least: f64| other.clone().all(|view| view.value.ln() / least.ln() > 0.5);
    let (least, most) = (1.0 / (1.0 + rules.least), 1.0 + rules.least);
    let decisive = change.decisive().and_then(|view| Some((view.value, view.interval?)));
    change.verdict = match (reason, decisive) {
        (Some(reason), _) => ChangeVerdict::NotComparable(reason),
        (None, None) => ChangeVerdict::NeedsRounds,
        (None, Some(_)) if change.rounds < MIN_ROUNDS => ChangeVerdict::NeedsRounds,
        (None, Some((value, ends))) if value > most && ends.low > 1.0 && witnessed(most) => {
            ChangeVerdict::Slower
        }
        (None, Some((value, ends))) if value < least && ends.high < 1.0 && witnessed(least) => {
            ChangeVerdict::Faster
        }
        (None, Some((_, ends))) if ends.low > least && ends.high < most => ChangeVerdict::Same,
        (None, Some(_)) => ChangeVerdict::WithinNoise,
    };
    change
}
