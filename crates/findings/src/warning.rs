//! What a reader should know before trusting the figures.

use centurion_record::{Kind, Record, Round};

use crate::{Copied, WorkloadResult};
use centurion_stats::MIN_ROUNDS;

/// CPU over wall time of a computing baseline below which the machine was busy.
const BUSY: f64 = 0.9;

/// Noise floor above which a workload hardly tells executors apart.
const NOISY: f64 = 0.10;

/// One reason for doubt.
#[derive(Debug, Clone, PartialEq)]
pub enum Warning {
    /// The program was built without optimisation.
    Unoptimised {
        /// Flags of the build.
        flags: String,
    },
    /// These cells beat their ceiling by more than 10 %.
    Impossible {
        /// Unique names of the cells.
        cells: Vec<String>,
    },
    /// The run was stopped.
    Incomplete {
        /// Rounds it finished.
        rounds: usize,
    },
    /// Too few rounds for intervals.
    FewRounds {
        /// Rounds it finished.
        rounds: usize,
    },
    /// A computing baseline got less CPU time than wall time.
    Busy {
        /// Names of the workloads.
        workloads: Vec<String>,
        /// The lowest CPU over wall time among them.
        least: f64,
    },
    /// Something else took CPU time away in some rounds.
    Disturbed {
        /// What it was.
        by: Disturbance,
        /// Rounds in which it was noticeable.
        rounds: usize,
        /// Rounds in which it was observed.
        of: usize,
    },
    /// The A/A interval excludes 1: identical code was measured as different.
    Biased {
        /// Names of the workloads.
        workloads: Vec<String>,
    },
    /// The noise floor is above 10 %.
    Noisy {
        /// Names of the workloads.
        workloads: Vec<String>,
        /// The highest floor among them, as a fraction.
        worst: f64,
    },
    /// The control group allows less CPU time than there are CPUs.
    Quota {
        /// CPUs' worth of time it allows.
        allowed: f64,
        /// CPUs the process may use.
        cpus: usize,
    },
    /// The process could not be restricted to chosen CPUs.
    Unpinned,
}

/// What took CPU time away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// Other processes, for more than 5 % of the CPUs' time.
    OtherProcesses,
    /// The hypervisor, for more than 5 % of the CPUs' time.
    Hypervisor,
    /// The control group's quota, at all.
    Throttling,
}

impl Disturbance {
    /// Whether it was noticeable in a round. `None` where it was not observed.
    fn disturbed(self, round: &Round, cpus: usize) -> Option<bool> {
        match self {
            Self::OtherProcesses => round.is_disturbed(cpus),
            Self::Hypervisor => round.steal_ns.map(|taken| round.is_noticeable(taken, cpus)),
            Self::Throttling => round.throttled_ns.map(|taken| taken > 0),
        }
    }
}

/// Every warning that applies, gravest first.
pub(crate) fn all(record: &Record, workloads: &[WorkloadResult]) -> Vec<Warning> {
    let rounds = record.rounds.len();
    let mut warnings = Vec::new();
    warnings.extend(unoptimised(record));
    warnings.extend(impossible(workloads));
    warnings.extend((!record.run.complete).then_some(Warning::Incomplete { rounds }));
    warnings.extend((rounds < MIN_ROUNDS).then_some(Warning::FewRounds { rounds }));
    warnings.extend(busy(workloads));
    warnings.extend(disturbances(record));
    warnings.extend(biased(workloads));
    warnings.extend(noisy(workloads));
    warnings.extend(quota(record));
    warnings.extend((!record.environment.pinning).then_some(Warning::Unpinned));
    warnings
}

fn unoptimised(record: &Record) -> Option<Warning> {
    let flags = &record.environment.flags;
    let low = ["opt-level=0", "opt-level=1"].iter().any(|level| flags.split(' ').any(|flag| flag == *level));
    low.then(|| Warning::Unoptimised { flags: flags.clone() })
}

fn impossible(workloads: &[WorkloadResult]) -> Option<Warning> {
    let cells: Vec<_> = workloads
        .iter()
        .flat_map(|workload| &workload.cells)
        .filter(|cell| {
            cell.outcome.as_ref().is_ok_and(|measured| measured.gain.is_some_and(|gain| gain.impossible))
        })
        .map(|cell| cell.id.to_string())
        .collect();
    (!cells.is_empty()).then_some(Warning::Impossible { cells })
}

fn busy(workloads: &[WorkloadResult]) -> Option<Warning> {
    let (workloads, shares) = which(workloads, |workload| {
        let share = workload.baseline.as_ref().ok()?.cpu_per_wall;
        (workload.kind == Kind::Computing && share < BUSY).then_some(share)
    })?;
    Some(Warning::Busy { workloads, least: shares.into_iter().fold(f64::INFINITY, f64::min) })
}

fn disturbances(record: &Record) -> impl Iterator<Item = Warning> {
    let kinds = [Disturbance::OtherProcesses, Disturbance::Hypervisor, Disturbance::Throttling];
    kinds.into_iter().filter_map(|by| {
        let cpus = record.environment.logical_cpus;
        let seen: Vec<bool> = record.rounds.iter().filter_map(|round| by.disturbed(round, cpus)).collect();
        let rounds = seen.iter().filter(|&&disturbed| disturbed).count();
        (rounds > 0).then_some(Warning::Disturbed { by, rounds, of: seen.len() })
    })
}

fn biased(workloads: &[WorkloadResult]) -> Option<Warning> {
    let (workloads, _) = which(workloads, |workload| {
        let biased = |copy: &Copied| copy.ratio.interval.is_some_and(|ends| !ends.contains(1.0));
        workload.noise.copies.iter().any(biased).then_some(1.0)
    })?;
    Some(Warning::Biased { workloads })
}

fn noisy(workloads: &[WorkloadResult]) -> Option<Warning> {
    let (workloads, floors) =
        which(workloads, |workload| workload.noise.floor.filter(|&floor| floor > NOISY))?;
    Some(Warning::Noisy { workloads, worst: floors.into_iter().fold(0.0, f64::max) })
}

fn quota(record: &Record) -> Option<Warning> {
    let (allowed, cpus) = (record.environment.quota_cpus?, record.environment.logical_cpus);
    (allowed < cpus as f64).then_some(Warning::Quota { allowed, cpus })
}

/// Names of the workloads a doubt applies to, with its figure. `None` when it applies to none.
fn which(
    workloads: &[WorkloadResult],
    doubt: impl Fn(&WorkloadResult) -> Option<f64>,
) -> Option<(Vec<String>, Vec<f64>)> {
    let found: (Vec<_>, Vec<_>) =
        workloads.iter().filter_map(|workload| Some((workload.name.clone(), doubt(workload)?))).unzip();
    (!found.0.is_empty()).then_some(found)
}
