//! What times of computing agents are taken over: the pace of the CPUs, by the probe that explains most of how serial
//! samples vary, or nothing where none explains a part that counts. It is chosen once for a family of workloads, from serial samples
//! only, so that nothing that is judged by it has a say.

use std::collections::{BTreeMap, HashMap};
use std::iter::repeat;

use centurion_record::{Cell, Kind, Record, Role};
use centurion_stats::{lowest, student_p};

use crate::compare::SHARE;

/// From this part of the variance of serial samples on, a probe explains more than a simpler one.
const LEAST_GAIN: f64 = 0.1;

/// How probable such a gain may be where the probe has nothing to do with the samples.
const CHANCE: f64 = 0.05;

/// By what the pace of the CPUs is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaceProbe {
    /// One chain of dependent steps, which feels the clock.
    Chain,
    /// Several chains at once, which also feel whoever shares the core's units.
    Throughput,
    /// The geometric mean of the two, for agents that feel others half as much.
    Both,
}

impl PaceProbe {
    /// The simplest first.
    const ALL: [Self; 3] = [Self::Chain, Self::Throughput, Self::Both];

    /// The pace beside each sample of a cell. Empty where it was not looked at.
    fn paces(self, cell: &Cell) -> Vec<f64> {
        let [chain, throughput] =
            [&cell.pace_ns, &cell.throughput_ns].map(|series| series.iter().map(|&pace| pace as f64));
        match self {
            Self::Chain => chain.collect(),
            Self::Throughput => throughput.collect(),
            Self::Both => chain.zip(throughput).map(|(one, many)| (one * many).sqrt()).collect(),
        }
    }
}

/// Which pace the times of a family of computing agents are taken over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaceUse {
    /// `None` where times are compared as they were measured.
    pub probe: Option<PaceProbe>,
    /// The share of its serial samples' variance that is gone at that pace, or where none is used, at the one that takes
    /// most. It is below 0 where all add to the variance.
    pub explained: f64,
}

impl PaceUse {
    /// Of each family of computing agents whose cells all have a pace, in all runs.
    pub(crate) fn of_families(runs: &[&Record]) -> BTreeMap<String, Self> {
        let mut families: BTreeMap<&str, Vec<&Cell>> = BTreeMap::new();
        for run in runs {
            let computing = run.workloads.iter().filter(|workload| workload.kind == Kind::Computing);
            let family: HashMap<&str, &str> =
                computing.map(|workload| (workload.name.as_str(), workload.family.as_str())).collect();
            for cell in run.cells.iter().filter(|cell| cell.role != Role::Peer && !cell.round.is_empty()) {
                if let Some(family) = family.get(cell.workload.as_str()) {
                    families.entry(family).or_default().push(cell);
                }
            }
        }
        families
            .into_iter()
            .filter_map(|(family, cells)| Some((family.to_owned(), Self::choose(&cells)?)))
            .collect()
    }

    fn choose(cells: &[&Cell]) -> Option<Self> {
        let serial: Vec<&Cell> = cells.iter().copied().filter(|cell| is_serial(cell, cells)).collect();
        let measured = SerialNoise::new(&serial, None);
        let is_looked_at = |probe: &PaceProbe| cells.iter().all(|cell| !probe.paces(cell).is_empty());
        let (mut probe, mut least, mut most) = (None, measured.clone(), f64::NEG_INFINITY);
        for candidate in PaceProbe::ALL.into_iter().filter(is_looked_at) {
            let noise = SerialNoise::new(&serial, Some(candidate));
            most = most.max(noise.explained(&measured));
            let gain = noise.explained(&measured) - least.explained(&measured);
            if gain >= LEAST_GAIN && noise.is_less_than(&least) {
                (probe, least) = (Some(candidate), noise);
            }
        }
        let explained = if probe.is_some() { least.explained(&measured) } else { most };
        explained.is_finite().then_some(Self { probe, explained })
    }
}

/// Each sample of a cell as `(round, nanoseconds of one bag, pace of the CPUs)`; the pace is 1 without a probe.
pub(crate) fn paced_bag_times(
    cell: &Cell,
    probe: Option<PaceProbe>,
) -> impl Iterator<Item = (u32, f64, f64)> + '_ {
    let paces = probe.map(|probe| probe.paces(cell)).unwrap_or_default();
    cell.bag_times()
        .zip(paces.into_iter().chain(repeat(1.0)))
        .map(|((round, time), pace)| (round, time, pace))
}

/// A baseline, or a copy of one.
fn is_serial(cell: &Cell, cells: &[&Cell]) -> bool {
    let is_baseline =
        |original: &str| cells.iter().any(|cell| cell.role == Role::Baseline && cell.executor == original);
    cell.role == Role::Baseline || cell.copy_of().is_some_and(is_baseline)
}

/// What each serial sample adds to the level of its cell, in logarithms and beside the mean.
#[derive(Clone)]
struct SerialNoise {
    values: Vec<f64>,
    freedom: f64,
}

impl SerialNoise {
    fn new(serial: &[&Cell], probe: Option<PaceProbe>) -> Self {
        let of_cell = |cell: &&Cell| {
            let times: Vec<f64> =
                paced_bag_times(cell, probe).map(|(_, time, pace)| (time / pace).ln()).collect();
            let values = lowest(&times, SHARE);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.into_iter().map(move |value| value - mean)
        };
        let freedom = serial.iter().map(|cell| SHARE * cell.round.len() as f64 - 1.0).sum::<f64>() - 1.0;
        Self { values: serial.iter().flat_map(of_cell).collect(), freedom }
    }

    fn squares(&self) -> f64 {
        products(&self.values, &self.values)
    }

    fn explained(&self, measured: &Self) -> f64 {
        1.0 - self.squares() / measured.squares()
    }

    /// Pitman's and Morgan's test: of two series on the same samples one varies less if their sum goes with their
    /// difference.
    fn is_less_than(&self, other: &Self) -> bool {
        let pairs = || other.values.iter().zip(&self.values);
        let sums: Vec<f64> = pairs().map(|(other, own)| other + own).collect();
        let differences: Vec<f64> = pairs().map(|(other, own)| other - own).collect();
        let correlation = products(&sums, &differences)
            / (products(&sums, &sums) * products(&differences, &differences)).sqrt();
        let t = correlation * (self.freedom / (1.0 - correlation.powi(2)).max(f64::EPSILON)).sqrt();
        t > 0.0 && student_p(t, self.freedom) <= CHANCE
    }
}

fn products(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}
