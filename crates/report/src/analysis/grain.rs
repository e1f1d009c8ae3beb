//! How small an agent may be: minimum effective task granularity.

use centurion_record::{Cell, Record, Role, Workload};

use super::series::Series;
use crate::stats::{Crossing, MIN_ROUNDS, median, metg, percentile_interval, resample};

/// Family of the workloads that differ only in the size of their agents.
pub(super) const FAMILY: &str = "grain";

/// Resamples of the bootstrap over rounds.
const RESAMPLES: usize = 500;

/// The grain family on the largest number of cores, each executor with the fewest workers it was given there.
#[derive(Debug, Clone, PartialEq)]
pub struct Grain {
    /// The family's name, which its workloads share.
    pub family: String,
    /// Cores: the `P` of the definitions.
    pub cores: usize,
    /// Every executor that was meant to be measured there, in the order of the record.
    pub executors: Vec<GrainExecutor>,
}

/// One executor over all sizes.
#[derive(Debug, Clone, PartialEq)]
pub struct GrainExecutor {
    /// Its name.
    pub name: String,
    /// Its efficiency curve, by ascending serial time per agent.
    pub points: Vec<GrainPoint>,
    /// One per [`Threshold`], in the order of [`Threshold::ALL`]. Empty without points.
    pub metg: Vec<Metg>,
    /// Sizes that have no samples, each with the reason.
    pub failures: Vec<(String, String)>,
}

/// One size of one executor.
#[derive(Debug, Clone, PartialEq)]
pub struct GrainPoint {
    /// Name of the workload.
    pub workload: String,
    /// Serial time per agent in nanoseconds, `w`: median over rounds.
    pub serial_ns: f64,
    /// Granularity `g = P T / agents` in nanoseconds: median over rounds.
    pub granularity_ns: f64,
    /// Efficiency `e = w / g` within the round: median over rounds.
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
    /// `1/P`: below it, going parallel is slower than serial.
    BreakEven,
}

impl Threshold {
    /// All of them in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Half, Self::ThreeQuarters, Self::NineTenths, Self::BreakEven];

    /// The efficiency as a fraction.
    pub fn efficiency(self, processors: usize) -> f64 {
        match self {
            Self::Half => 0.5,
            Self::ThreeQuarters => 0.75,
            Self::NineTenths => 0.9,
            Self::BreakEven => 1.0 / processors as f64,
        }
    }

    /// What it is called in tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::Half => "METG(50 %)",
            Self::ThreeQuarters => "METG(75 %)",
            Self::NineTenths => "METG(90 %)",
            Self::BreakEven => "break-even",
        }
    }
}

/// The smallest granularity that reaches a threshold.
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
struct Curve {
    workload: String,
    by_round: Vec<Option<[f64; 3]>>,
}

impl Grain {
    pub(super) fn of(record: &Record) -> Option<Self> {
        let cells: Vec<_> = record
            .cells
            .iter()
            .filter(|cell| cell.role == Role::Executor)
            .filter_map(|cell| Some((cell, record.workload(&cell.workload)?)))
            .filter(|(_, workload)| workload.family == FAMILY)
            .collect();
        let cores = cells.iter().map(|(cell, _)| cell.cores).max()?;
        let of_executor = |name: &str| {
            let chosen = cells.iter().filter(|(cell, _)| cell.cores == cores && cell.executor == name);
            let workers = chosen.clone().map(|(cell, _)| cell.workers).min();
            chosen.copied().filter(|(cell, _)| Some(cell.workers) == workers).collect::<Vec<_>>()
        };
        let executors = record
            .executors
            .iter()
            .map(|executor| (&executor.name, of_executor(&executor.name)))
            .filter(|(_, cells)| !cells.is_empty())
            .map(|(name, cells)| executor(record, name, &cells))
            .collect();
        Some(Self { family: FAMILY.into(), cores, executors })
    }

    /// The threshold that ranks executors: 50 %, but 75 % on two cores or fewer, where 50 % is break-even.
    pub fn ranking(&self) -> Threshold {
        if self.cores > 2 { Threshold::Half } else { Threshold::ThreeQuarters }
    }
}

impl GrainExecutor {
    /// The answer for one threshold. `None` without points.
    pub fn at(&self, threshold: Threshold) -> Option<&Metg> {
        self.metg.iter().find(|metg| metg.threshold == threshold)
    }
}

fn executor(record: &Record, name: &str, cells: &[(&Cell, &Workload)]) -> GrainExecutor {
    let curves: Vec<_> = cells.iter().map(|(cell, workload)| curve(record, cell, workload)).collect();
    let every_round: Vec<usize> = (0..record.rounds.len()).collect();
    let mut points = points(&curves, &every_round);
    points.sort_by(|a, b| a.serial_ns.total_cmp(&b.serial_ns));
    let failures = cells
        .iter()
        .filter(|(cell, _)| points.iter().all(|point| point.workload != cell.workload))
        .map(|(cell, _)| {
            (cell.workload.clone(), cell.failure.clone().unwrap_or_else(|| "has no samples".into()))
        })
        .collect();
    let processors = cells.first().map_or(1, |(cell, _)| cell.cores);
    let metg = all_metg(&curves, &points, processors, record);
    GrainExecutor { name: name.to_owned(), points, metg, failures }
}

fn curve(record: &Record, cell: &Cell, workload: &Workload) -> Curve {
    let baseline =
        record.cells.iter().find(|other| other.workload == cell.workload && other.role == Role::Baseline);
    let (series, serial) = (Series::of(cell), baseline.map(Series::of));
    let point = |round: u32| {
        let w = serial.as_ref()?.at(round)? / workload.agents as f64;
        let g = series.at(round)? * cell.cores as f64 / workload.agents as f64;
        Some([w, g, w / g])
    };
    Curve {
        workload: workload.name.clone(),
        by_round: record.rounds.iter().map(|round| point(round.round)).collect(),
    }
}

/// Medians over the given rounds; sizes without any of them are left out.
fn points(curves: &[Curve], rounds: &[usize]) -> Vec<GrainPoint> {
    let point = |curve: &Curve| {
        let seen: Vec<_> = rounds.iter().filter_map(|&round| curve.by_round[round]).collect();
        let middle = |column: usize| median(&seen.iter().map(|row| row[column]).collect::<Vec<_>>());
        Some(GrainPoint {
            workload: curve.workload.clone(),
            serial_ns: middle(0)?,
            granularity_ns: middle(1)?,
            efficiency: middle(2)?,
        })
    };
    curves.iter().filter_map(point).collect()
}

fn all_metg(curves: &[Curve], points: &[GrainPoint], processors: usize, record: &Record) -> Vec<Metg> {
    let rounds = record.rounds.len();
    let resamples = if rounds < MIN_ROUNDS { 0 } else { RESAMPLES };
    let drawn_points = resample(rounds, resamples, record.run.seed, |drawn| self::points(curves, drawn));
    let one = |threshold: Threshold| {
        let crossing = |points: &[GrainPoint]| cross(points, threshold.efficiency(processors));
        let drawn: Vec<_> = drawn_points.iter().filter_map(|points| crossing(points)).collect();
        Some(Metg {
            threshold,
            crossing: crossing(points)?,
            interval: percentile_interval(&drawn, Crossing::total_cmp),
        })
    };
    Threshold::ALL.into_iter().filter_map(one).collect()
}

fn cross(points: &[GrainPoint], efficiency: f64) -> Option<Crossing> {
    let curve: Vec<_> = points.iter().map(|point| (point.granularity_ns, point.efficiency)).collect();
    metg(&curve, efficiency)
}
