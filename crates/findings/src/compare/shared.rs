//! What cells share: a change of all cells of a workload, which no ratio between them shows, and one of all cells of an
//! executor, which each by itself may be too noisy to show.

use std::collections::BTreeMap;

use centurion_record::Kind;
use centurion_stats::{Estimate, holm, lowest, median};

use super::pace::PaceShift;
use super::pair::GroupPair;
use super::rule::Rules;
use super::run::ComparedRun;
use super::samples::{SHARE, Samples, logarithms};
use super::shift::{Pairing, Shift, mean, variance};

/// How far cells moved together.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedChange {
    /// Which cells.
    pub scope: Scope,
    /// What their agents spend their time on.
    pub kind: Kind,
    /// Time now over time in the base; of an executor, of the ratio to serial or to what other executors take for the same,
    /// whichever shows more. Above 1 is slower.
    pub change: Estimate,
    /// The same of the copies that run without an executor, if there are any.
    pub hardware: Option<f64>,
    /// Whether it was shown: it is large enough to count and not by chance.
    pub is_shown: bool,
    /// Where it comes from.
    pub cause: Cause,
}

/// What cells have in common that moved together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The family of their workloads: all cells, the baseline among them.
    Workload(String),
    /// The executor: its cells of one [`Kind`].
    Executor(String),
}

impl Scope {
    /// Whether it is that family of workloads.
    pub fn is_workload(&self, family: &str) -> bool {
        matches!(self, Self::Workload(name) if name == family)
    }
}

/// Where a change comes from that cells share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The clock of the CPUs: their pace moved as well.
    Clock,
    /// What runs without an executor moved as well, at the same pace of the CPUs: the agents' code, the compiler, or
    /// what else of the machine the pace can't feel, such as its memory.
    Agents,
    /// What runs without an executor did not move: the code of executors, bags and the harness.
    Executors,
    /// Nothing runs without an executor, so it can't be told.
    Unknown,
}

/// The share of a change that something else must have moved by, in the same direction, to be a witness of it.
pub(super) const WITNESS: f64 = 0.5;

/// Fewest cells that are looked at together: of an executor, and of others beside one of its cells.
const FEWEST: usize = 3;

/// The part of the rate of alarms that is for what cells share, where they share something; the rest is for the cells. There
/// are fewer of these than of cells, so they are held to less, and what is found first is what matters most.
const PART: f64 = 0.5;

/// Cells of the same executor or of the same family of workloads.
type GroupPairs<'a> = Vec<&'a GroupPair<'a>>;

/// What was found, before it is known how unlikely that is.
struct Suspect {
    change: SharedChange,
    shift: Shift,
    /// In how many ways it was looked at, of which this one shows most.
    ways: usize,
}

impl Suspect {
    fn p_value(&self) -> f64 {
        (self.ways as f64 * self.shift.p_value()).min(1.0)
    }
}

/// What all suspects are seen by.
struct Sight<'a> {
    runs: [&'a ComparedRun<'a>; 2],
    pace: Option<&'a PaceShift>,
    drift: MachineDrift,
    pairing: Pairing,
    rules: Rules,
}

/// The rate of alarms that is left for the cells.
pub(super) fn alarms_of_cells(rules: Rules, shared: &[(SharedChange, Shift)]) -> f64 {
    if shared.is_empty() { rules.alarms } else { (1.0 - PART) * rules.alarms }
}

/// Looks at each family of workloads, and at each executor, for what its cells share.
pub(super) fn shared(
    pairs: &[GroupPair<'_>],
    runs: [&ComparedRun<'_>; 2],
    pace: Option<&PaceShift>,
    (pairing, rules): (Pairing, Rules),
) -> Vec<(SharedChange, Shift)> {
    let sight = Sight { runs, pace, drift: MachineDrift::new(pairs, pairing), pairing, rules };
    let mut families: BTreeMap<&str, GroupPairs<'_>> = BTreeMap::new();
    let mut executors: BTreeMap<(&str, bool), GroupPairs<'_>> = BTreeMap::new();
    for pair in pairs {
        families.entry(&pair.group.workload).or_default().push(pair);
        if !pair.is_baseline() {
            let waits = pair.kind == Kind::Waiting;
            executors.entry((&pair.group.executor, waits)).or_default().push(pair);
        }
    }
    let of_families = families.iter().filter_map(|(family, cells)| of_family(family, cells, &sight));
    let of_executors = executors.values().filter_map(|cells| of_executor(cells, &families, &sight));
    let suspects: Vec<Suspect> = of_families.chain(of_executors).collect();
    let p_values: Vec<f64> = suspects.iter().map(Suspect::p_value).collect();
    let judged = suspects.into_iter().zip(holm(&p_values)).map(|(Suspect { change, shift, .. }, p_value)| {
        let is_shown = p_value <= PART * rules.alarms && shift.value.abs() > rules.least_ln();
        (SharedChange { is_shown, ..change }, shift)
    });
    judged.collect()
}

/// How far the executors' cells and their references moved together: by the smaller of the two medians, or not at all
/// where they moved apart. `None` without references.
fn of_family(family: &str, cells: &[&GroupPair<'_>], sight: &Sight<'_>) -> Option<Suspect> {
    let executors: Vec<&GroupPair<'_>> = cells.iter().copied().filter(|pair| !pair.is_baseline()).collect();
    let kind = executors.first()?.kind;
    let times: Vec<f64> = executors.iter().map(|pair| pair.time(sight.pairing).value).collect();
    let references: Option<Vec<f64>> =
        executors.iter().map(|pair| Some(pair.reference(sight.pairing)?.value)).collect();
    let (executor, reference) = (median(&times)?, median(&references?)?);
    let nearer = if executor.abs() < reference.abs() { executor } else { reference };
    let together = if executor * reference > 0.0 { nearer } else { 0.0 };
    let [base, now] = [0, 1].map(|run| common_times(executors.iter().copied(), run));
    let shift = Shift::new(&base, &now, sight.pairing).at(together).with_drift(sight.drift.of(kind));
    let hardware = hardware(cells, sight, family);
    let unused = sight.pace.filter(|pace| pace.probe(family).is_none());
    let change = SharedChange {
        scope: Scope::Workload(family.to_owned()),
        kind,
        change: shift.estimate(sight.rules.alarms),
        hardware: hardware.map(f64::exp),
        is_shown: false,
        cause: cause(together, hardware, unused),
    };
    Some(Suspect { change, shift, ways: 1 })
}

/// How far the cells of an executor moved: beside serial, if their times moved that way too, or beside other executors, if
/// both did. Many others are steadier than the one sample of the baseline, but only the baseline shows what most of them
/// share.
fn of_executor(
    cells: &[&GroupPair<'_>],
    families: &BTreeMap<&str, GroupPairs<'_>>,
    sight: &Sight<'_>,
) -> Option<Suspect> {
    let first = cells.get(FEWEST - 1).and(cells.first())?;
    let times: Vec<f64> = cells.iter().map(|pair| pair.time(sight.pairing).value).collect();
    let (time, serial) = (median(&times)?, beside_serial(cells, sight)?);
    let mut ways = vec![witnessed(serial, &[time])];
    ways.extend(beside_others(cells, families, sight).map(|shift| witnessed(shift, &[time, serial.value])));
    let shift = *ways.iter().min_by(|a, b| a.p_value().total_cmp(&b.p_value()))?;
    let change = SharedChange {
        scope: Scope::Executor(first.group.executor.clone()),
        kind: first.kind,
        change: shift.estimate(sight.rules.alarms),
        hardware: None,
        is_shown: false,
        cause: Cause::Executors,
    };
    Some(Suspect { change, shift, ways: ways.len() })
}

/// The shift, or none where something else did not move that way too.
fn witnessed(shift: Shift, witnesses: &[f64]) -> Shift {
    let all_moved = witnesses.iter().all(|witness| witness / shift.value > WITNESS);
    shift.at(if all_moved { shift.value } else { 0.0 })
}

/// The cells of other executors on the same workloads: those with as many workers, or all where these are too few.
fn others<'a>(cell: &GroupPair<'_>, families: &BTreeMap<&str, GroupPairs<'a>>) -> GroupPairs<'a> {
    let all = families.get(cell.group.workload.as_str()).into_iter().flatten().copied();
    let others: GroupPairs<'_> =
        all.filter(|pair| !pair.is_baseline() && pair.group.executor != cell.group.executor).collect();
    let mut alike = others.clone();
    alike.retain(|pair| pair.group.workers == cell.group.workers);
    if alike.len() < FEWEST { others } else { alike }
}

/// By the median of the ratios. `None` where a cell has none.
fn beside_serial(cells: &[&GroupPair<'_>], sight: &Sight<'_>) -> Option<Shift> {
    let ratios: Option<Vec<f64>> = cells.iter().map(|pair| Some(pair.ratio(sight.pairing)?.value)).collect();
    let [base, now] = [0, 1].map(|run| {
        common(cells.iter().filter_map(|pair| Some((&pair.samples[run], pair.samples[run].ratio()?))))
    });
    Some(Shift::new(&base, &now, sight.pairing).at(median(&ratios?)?))
}

/// By the median of the times over the median of the others'. `None` where a cell has too few of them.
fn beside_others(
    cells: &[&GroupPair<'_>],
    families: &BTreeMap<&str, GroupPairs<'_>>,
    sight: &Sight<'_>,
) -> Option<Shift> {
    let others: Vec<GroupPairs<'_>> = cells.iter().map(|cell| others(cell, families)).collect();
    if others.iter().any(|others| others.len() < FEWEST) {
        return None;
    }
    let moved = |pair: &GroupPair<'_>| pair.time(sight.pairing).value;
    let beside = |(cell, others): (&&GroupPair<'_>, &GroupPairs<'_>)| {
        let others: Vec<f64> = others.iter().map(|other| moved(other)).collect();
        Some(moved(cell) - median(&others)?)
    };
    let shifts: Option<Vec<f64>> = cells.iter().zip(&others).map(beside).collect();
    let [base, now] = [0, 1].map(|run| {
        common(cells.iter().zip(&others).map(|(cell, others)| {
            let samples = &cell.samples[run];
            (samples, samples.beside(&by_round(times(others.iter().copied(), run))))
        }))
    });
    Some(Shift::new(&base, &now, sight.pairing).at(median(&shifts?)?))
}

/// What the rounds of a run have in common: the median over the cells of what each round adds to their levels.
fn by_round<'a>(series: impl Iterator<Item = (&'a Samples, Vec<f64>)>) -> BTreeMap<u32, f64> {
    let mut by_round: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (samples, values) in series {
        let level = mean(&values);
        for (round, value) in samples.rounds.iter().zip(values) {
            by_round.entry(*round).or_default().push(value - level);
        }
    }
    by_round.into_iter().filter_map(|(round, values)| Some((round, median(&values)?))).collect()
}

fn common<'a>(series: impl Iterator<Item = (&'a Samples, Vec<f64>)>) -> Vec<f64> {
    by_round(series).into_values().collect()
}

fn times<'a>(
    pairs: impl Iterator<Item = &'a GroupPair<'a>>,
    run: usize,
) -> impl Iterator<Item = (&'a Samples, Vec<f64>)> {
    pairs.map(move |pair| (&pair.samples[run], pair.samples[run].time.clone()))
}

fn common_times<'a>(pairs: impl Iterator<Item = &'a GroupPair<'a>>, run: usize) -> Vec<f64> {
    common(times(pairs, run))
}

/// How far the machine may have moved between runs that were made at different times, where agents wait and where they
/// compute. Runs lie further apart than rounds, so they are taken to differ by as much as two rounds of theirs do.
pub(super) struct MachineDrift {
    waiting: f64,
    computing: f64,
}

impl MachineDrift {
    pub(super) fn new(pairs: &[GroupPair<'_>], pairing: Pairing) -> Self {
        let [waiting, computing] = [Kind::Waiting, Kind::Computing].map(|kind| {
            let variances =
                [0, 1].map(|run| variance(&common_times(pairs.iter().filter(|pair| pair.kind == kind), run)));
            if pairing == Pairing::Apart { variances.iter().sum::<f64>().sqrt() } else { 0.0 }
        });
        Self { waiting, computing }
    }

    pub(super) fn of(&self, kind: Kind) -> f64 {
        match kind {
            Kind::Waiting => self.waiting,
            Kind::Computing => self.computing,
        }
    }
}

/// How far the copies without an executor moved, the median over the family's workloads.
fn hardware(cells: &[&GroupPair<'_>], sight: &Sight<'_>, family: &str) -> Option<f64> {
    let probe = sight.pace.and_then(|pace| pace.probe(family));
    let workloads = cells.first()?.workloads(sight.runs[0]);
    let moved = workloads.iter().filter_map(|workload| {
        let [base, now] = sight.runs.map(|run| {
            let times = logarithms(run.hardware(workload)?, probe).map(|(_, time)| time);
            Some(mean(&lowest(&times.collect::<Vec<f64>>(), SHARE)))
        });
        Some(now? - base?)
    });
    median(&moved.collect::<Vec<f64>>())
}

/// Of times at the pace the clock is no cause, so it is asked only where they are not.
fn cause(shift: f64, hardware: Option<f64>, unused: Option<&PaceShift>) -> Cause {
    let witnesses = |moved: f64| moved / shift > WITNESS;
    match hardware {
        _ if unused.is_some_and(|pace| witnesses(pace.moved.ln())) => Cause::Clock,
        Some(moved) if witnesses(moved) => Cause::Agents,
        Some(_) => Cause::Executors,
        None => Cause::Unknown,
    }
}
