//! Each cell of two runs.

use std::collections::{BTreeMap, HashMap};

use centurion_record::{Cell, CellId, Kind, Record, Role};

use super::rule::{ChangeVerdict, Rules};
use centurion_stats::{Estimate, Interval, MIN_ROUNDS, median, resample};

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
    fn new(cell: &Cell, record: &Record) -> Self {
        let family = record.workload(&cell.workload).map_or(&cell.workload, |workload| &workload.family);
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
    fn differs(&self, base: &Record, now: &Record) -> Option<String> {
        self.members.iter().find_map(|id| {
            let reason = cells_differ(id, base, now)?;
            Some(if *id == self.id { reason } else { format!("{id}: {reason}") })
        })
    }
}

/// The judged cells of both runs in groups, in the order of the base, then of this run.
fn groups(base: &Record, now: &Record) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<CellId, usize> = HashMap::new();
    for record in [base, now] {
        for cell in judged_cells(record) {
            let group = Group::new(cell, record);
            let place = *places.entry(group.id.clone()).or_insert(groups.len());
            if place == groups.len() {
                groups.push(group);
            }
            if !groups[place].members.contains(&cell.id) {
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
    fn find(record: &Record, group: &Group) -> Option<Self> {
        let series = group.members.iter().map(|id| by_round(record, id));
        let series: Vec<[BTreeMap<u32, f64>; 3]> = series.collect::<Option<_>>()?;
        let has_all = |round: &u32| series.iter().flatten().all(|times| times.contains_key(round));
        let rounds: Vec<u32> = series.first()?[0].keys().copied().filter(has_all).collect();
        let in_order = |times: &BTreeMap<u32, f64>| rounds.iter().map(|round| times[round]).collect();
        let members = series.iter().map(|member| member.each_ref().map(in_order)).collect();
        let medians = group.members.iter().map(|id| median_ln(record, id)).collect::<Option<Vec<f64>>>()?;
        let has_references = group
            .members
            .iter()
            .all(|id| find_cell(record, id).is_some_and(|cell| references(record, cell).is_some()));
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

fn find_cell<'a>(record: &'a Record, id: &CellId) -> Option<&'a Cell> {
    record.cells.iter().find(|cell| cell.id == *id && !cell.round.is_empty())
}

/// The logarithm of a cell's median time.
fn median_ln(record: &Record, id: &CellId) -> Option<f64> {
    median(&find_cell(record, id)?.bag_times().map(|(_, time)| time.ln()).collect::<Vec<f64>>())
}

/// What a cell's time is held against: the baseline and its copy, or the baseline twice where there is none; for the
/// baseline itself the hardware's serial copies on most cores. They run the same code of the agents, which is faster
/// or slower by some percent from one build to the next with the places where it comes to lie.
fn references<'a>(record: &'a Record, cell: &Cell) -> Option<[&'a Cell; 2]> {
    let of_workload =
        || record.cells.iter().filter(|other| other.workload == cell.workload && !other.round.is_empty());
    if cell.role == Role::Baseline {
        let hardware = of_workload().filter(|other| other.role == Role::Hardware);
        return hardware.max_by_key(|other| other.cores).map(|hardware| [hardware; 2]);
    }
    let baseline = of_workload().find(|other| other.role == Role::Baseline)?;
    let again = of_workload().find(|other| other.copy_of() == Some(&baseline.executor));
    Some([baseline, again.unwrap_or(baseline)])
}

/// The logarithms of the times of a cell and of its references, by round. Where agents compute, each time is over the
/// pace of the CPUs around it, which takes the wandering of their clock out. `None` without samples.
fn by_round(record: &Record, id: &CellId) -> Option<[BTreeMap<u32, f64>; 3]> {
    let cell = find_cell(record, id)?;
    let computing = record.workload(&cell.workload)?.kind == Kind::Computing;
    let [first, second] = references(record, cell).unwrap_or([cell; 2]);
    let logarithms = |cell: &Cell| {
        let samples = cell.paced_bag_times();
        samples.map(|(round, time, pace)| (round, if computing { time / pace } else { time }.ln())).collect()
    };
    Some([cell, first, second].map(logarithms))
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
    groups(base, now)
        .iter()
        .map(|group| {
            let reason = incomparable.clone().or_else(|| group.differs(base, now));
            verdict(change(group, (base, now), pairing, rules), reason, rules)
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

/// The change of a group, not yet judged.
fn change(group: &Group, (base, now): (&Record, &Record), pairing: Pairing, rules: Rules) -> Change {
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
fn cells_differ(id: &CellId, base: &Record, now: &Record) -> Option<String> {
    let mut definitions = Vec::new();
    for (record, when) in [(base, "the base"), (now, "this run")] {
        match record.cells.iter().find(|other| other.id == *id) {
            None => return Some(format!("not in {when}")),
            Some(Cell { failure: Some(reason), .. }) => return Some(format!("failed in {when}: {reason}")),
            Some(cell) => {
                definitions.push(record.workload(&cell.workload).map(|workload| &workload.definition));
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
