//! How small an agent may be: minimum effective task granularity.

use std::collections::{HashMap, HashSet};

use centurion_record::{Cell, ExecutorEntry, Record, Role, WorkloadEntry};

use crate::WorkloadResult;
use crate::index::RecordIndex;
use crate::paired::PairedTimes;
use centurion_stats::{Crossing, MIN_ROUNDS, median, metg, percentile_interval, resample};

/// The pattern that stands before the others: the one that METG was first published for.
const FIRST: &str = "stencil";

/// Resamples of the bootstrap over rounds.
const RESAMPLES: usize = 500;

/// Workloads that differ only in the size of their agents, on the largest number of cores, each executor with the
/// fewest workers it was given there.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Its name, which its workloads share.
    pub name: String,
    /// Whether its agents need nothing of each other and are there for their size alone.
    pub independent: bool,
    /// Cores: the `P` of the definitions.
    pub cores: usize,
    /// Cores that can be of use at once, `min(P, n / L)` for `n` agents of which the longest path holds `L`: `P`
    /// itself where agents need nothing of each other.
    pub parallelism: f64,
    /// The threshold that ranks executors.
    pub ranking: Threshold,
    /// Median noise floor of its workloads, as a fraction. `None` with fewer than 6 rounds.
    pub noise: Option<f64>,
    /// The curve of every executor that was meant to be measured there, in the order of the record.
    pub curves: Vec<EfficiencyCurve>,
}

/// One executor over all sizes.
#[derive(Debug, Clone, PartialEq)]
pub struct EfficiencyCurve {
    /// Name of the executor.
    pub executor: String,
    /// Whether that shows what a common mistake costs.
    pub mistake: bool,
    /// Its efficiency, by ascending serial time per agent.
    pub points: Vec<CurvePoint>,
    /// One per [`Threshold`], in the order of [`Threshold::ALL`]. Empty without points.
    pub metg: Vec<Metg>,
    /// Sizes that have no samples, each with the reason.
    pub failures: Vec<(String, String)>,
}

/// One size of one executor.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvePoint {
    /// Name of the workload.
    pub workload: String,
    /// Serial time per agent in nanoseconds, `w`: median over rounds.
    pub serial_ns: f64,
    /// Granularity `g = T min(P, n / L) / n` in nanoseconds: median over rounds.
    pub granularity_ns: f64,
    /// Efficiency `e = w / g` within the round, which is `w max(L, n / P) / T`: median over rounds.
    pub efficiency: f64,
}

/// An efficiency to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// 50 %, the METG of the literature. On two workers it *is* break-even.
    Half,
    /// 75 %, the more telling one on two workers.
    ThreeQuarters,
    /// 90 %.
    NineTenths,
    /// One over the cores that can be of use: below it, going parallel is slower than serial.
    BreakEven,
}

impl Threshold {
    /// All of them in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Half, Self::ThreeQuarters, Self::NineTenths, Self::BreakEven];

    /// The efficiency as a fraction, where so many cores can be of use at once.
    pub fn efficiency(self, parallelism: f64) -> f64 {
        match self {
            Self::Half => 0.5,
            Self::ThreeQuarters => 0.75,
            Self::NineTenths => 0.9,
            Self::BreakEven => 1.0 / parallelism,
        }
    }
}

/// The smallest granularity that reaches a threshold and stays there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metg {
    /// The efficiency to reach.
    pub threshold: Threshold,
    /// Where it is reached, in nanoseconds.
    pub crossing: Crossing,
    /// Percentile interval of 500 bootstrap resamples of the rounds, seeded with the run's seed. An end may lie
    /// off the measured sizes. `None` with fewer than 6 rounds.
    pub interval: Option<(Crossing, Crossing)>,
}

/// One size of one executor before the median: `(w, g, e)` by index of the round, where there is one.
struct FamilySize {
    workload: String,
    by_round: Vec<Option<[f64; 3]>>,
}

/// A cell of a family and the workload it belongs to.
type Member<'a> = (&'a Cell, &'a WorkloadEntry);

impl Family {
    /// Every family that was measured: the independent agents first, then stencil, then the others in the order of
    /// the record.
    pub(crate) fn all(record: &Record, index: &RecordIndex<'_>, results: &[WorkloadResult]) -> Vec<Self> {
        let mut sizes: Vec<Vec<&WorkloadResult>> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for result in results {
            let place = *places.entry(&result.family).or_insert(sizes.len());
            if place == sizes.len() {
                sizes.push(Vec::new());
            }
            sizes[place].push(result);
        }
        sizes.retain(|sizes| sizes.iter().any(|size| !size.stands_alone()));
        let families = sizes.iter().filter_map(|sizes| Self::new(record, index, sizes));
        let mut families: Vec<Self> = families.collect();
        families.sort_by_key(|family| (!family.independent, family.name != FIRST));
        families
    }

    fn new(record: &Record, index: &RecordIndex<'_>, sizes: &[&WorkloadResult]) -> Option<Self> {
        let members: Vec<Member<'_>> = sizes
            .iter()
            .filter_map(|size| index.workload(&size.name))
            .flat_map(|size| index.in_role(&size.name, Role::Executor).map(move |cell| (cell, size)))
            .collect();
        let cores = members.iter().map(|(cell, _)| cell.cores).max()?;
        let first = sizes.first()?;
        let parallelism = first.parallelism(cores);
        let independent = first.graph.is_none();
        let mut of_executors: HashMap<&str, Vec<Member<'_>>> = HashMap::new();
        for member in members.into_iter().filter(|(cell, _)| cell.cores == cores) {
            of_executors.entry(&member.0.executor).or_default().push(member);
        }
        let curves = record.executors.iter().filter_map(|executor| {
            let mut members = of_executors.remove(executor.name.as_str())?;
            let fewest = members.iter().map(|(cell, _)| cell.workers).min();
            members.retain(|(cell, _)| Some(cell.workers) == fewest);
            Some(curve((record, index), executor, &members, parallelism))
        });
        let curves = curves.collect();
        let noise = median(&sizes.iter().filter_map(|size| size.noise.floor).collect::<Vec<_>>());
        Some(Self {
            name: first.family.clone(),
            independent,
            cores,
            parallelism,
            ranking: ranking(independent, cores),
            noise,
            curves,
        })
    }
}

/// 50 % ranks, as in the literature. Independent agents are ranked by 75 % on two cores or fewer, where 50 % is
/// break-even.
fn ranking(independent: bool, cores: usize) -> Threshold {
    if independent && cores <= 2 { Threshold::ThreeQuarters } else { Threshold::Half }
}

impl Family {
    /// The curve of an executor.
    pub fn curve(&self, executor: &str) -> Option<&EfficiencyCurve> {
        self.curves.iter().find(|curve| curve.executor == executor)
    }

    /// The curves of executors that are no mistakes.
    pub(crate) fn sensible(&self) -> impl Iterator<Item = &EfficiencyCurve> {
        self.curves.iter().filter(|curve| !curve.mistake)
    }
}

impl EfficiencyCurve {
    /// The answer for one threshold. `None` without points.
    pub fn at(&self, threshold: Threshold) -> Option<&Metg> {
        self.metg.iter().find(|metg| metg.threshold == threshold)
    }
}

fn curve(
    (record, index): (&Record, &RecordIndex<'_>),
    executor: &ExecutorEntry,
    members: &[Member<'_>],
    parallelism: f64,
) -> EfficiencyCurve {
    let sizes: Vec<_> = members.iter().map(|member| size(record, index, *member, parallelism)).collect();
    let every_round: Vec<usize> = (0..record.rounds.len()).collect();
    let mut points = points(&sizes, &every_round);
    points.sort_by(|a, b| a.serial_ns.total_cmp(&b.serial_ns));
    let measured: HashSet<&str> = points.iter().map(|point| point.workload.as_str()).collect();
    let failures = members
        .iter()
        .filter(|(cell, _)| !measured.contains(cell.workload.as_str()))
        .map(|(cell, _)| {
            (cell.workload.clone(), cell.failure.clone().unwrap_or_else(|| "has no samples".into()))
        })
        .collect();
    let metg = all_metg(&sizes, &points, parallelism, record);
    let ExecutorEntry { name, mistake, .. } = executor.clone();
    EfficiencyCurve { executor: name, mistake, points, metg, failures }
}

fn size(
    record: &Record,
    index: &RecordIndex<'_>,
    (cell, workload): Member<'_>,
    parallelism: f64,
) -> FamilySize {
    let baseline = index.in_role(&workload.name, Role::Baseline).next();
    let (series, serial) = (PairedTimes::new(cell), baseline.map(PairedTimes::new));
    let point = |round: u32| {
        let w = serial.as_ref()?.at(round)? / workload.agents as f64;
        let g = series.at(round)? * parallelism / workload.agents as f64;
        Some([w, g, w / g])
    };
    FamilySize {
        workload: workload.name.clone(),
        by_round: record.rounds.iter().map(|round| point(round.round)).collect(),
    }
}

/// Medians over the given rounds; sizes without any of them are left out.
fn points(sizes: &[FamilySize], rounds: &[usize]) -> Vec<CurvePoint> {
    let point = |size: &FamilySize| {
        let seen: Vec<_> = rounds.iter().filter_map(|&round| size.by_round[round]).collect();
        let middle = |column: usize| median(&seen.iter().map(|row| row[column]).collect::<Vec<_>>());
        Some(CurvePoint {
            workload: size.workload.clone(),
            serial_ns: middle(0)?,
            granularity_ns: middle(1)?,
            efficiency: middle(2)?,
        })
    };
    sizes.iter().filter_map(point).collect()
}

fn all_metg(sizes: &[FamilySize], points: &[CurvePoint], parallelism: f64, record: &Record) -> Vec<Metg> {
    let rounds = record.rounds.len();
    let resamples = if rounds < MIN_ROUNDS { 0 } else { RESAMPLES };
    let drawn_points = resample(rounds, resamples, record.run.seed, |drawn| self::points(sizes, drawn));
    let one = |threshold: Threshold| {
        let crossing = |points: &[CurvePoint]| cross(points, threshold.efficiency(parallelism));
        let drawn: Vec<_> = drawn_points.iter().filter_map(|points| crossing(points)).collect();
        Some(Metg {
            threshold,
            crossing: crossing(points)?,
            interval: percentile_interval(&drawn, Crossing::total_cmp),
        })
    };
    Threshold::ALL.into_iter().filter_map(one).collect()
}

fn cross(points: &[CurvePoint], efficiency: f64) -> Option<Crossing> {
    let curve: Vec<_> = points.iter().map(|point| (point.granularity_ns, point.efficiency)).collect();
    metg(&curve, efficiency)
}
