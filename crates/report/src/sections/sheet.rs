//! The figures of every cell for other programs.

use std::collections::HashMap;

use centurion_findings::{Analysis, CellResult, ContenderKind, Measured, Standing};
use centurion_record::{Cell, CellId, Role};
use centurion_stats::{Estimate, median, median_interval};

use super::Findings;
use crate::document::Sheet;

/// One row per cell in the order of the record: the baseline, its copy and the hardware's cells as well. Times are of
/// one bag, in nanoseconds, where `once_ns` is that of one bag from nothing to nothing; intervals are at 95 %; a figure that is not known is empty.
pub(super) fn sheet(findings: &Findings<'_>) -> Sheet {
    let results: HashMap<&CellId, &CellResult> =
        findings.analysis.cells().map(|result| (&result.id, result)).collect();
    let peers = peer_speedups(findings.analysis);
    let row = |cell: &Cell| {
        let result = results.get(&cell.id).copied();
        let speedup = result.and_then(CellResult::speedup);
        row(cell, result, speedup.or_else(|| peers.get(&cell.id).copied()))
    };
    Sheet {
        file: "results.csv",
        head: &[
            "workload",
            "executor",
            "role",
            "workers",
            "cores",
            "samples",
            "batch",
            "makespan_ns",
            "makespan_low_ns",
            "makespan_high_ns",
            "speedup",
            "speedup_low",
            "speedup_high",
            "efficiency",
            "of_ceiling",
            "schedule_ceiling",
            "hardware_ceiling",
            "startup_ns",
            "once_ns",
            "once_low_ns",
            "once_high_ns",
            "cpu_per_wall",
            "memory_bytes",
            "standing",
            "failure",
        ],
        rows: findings.record.cells.iter().map(row).collect(),
    }
}

fn row(cell: &Cell, result: Option<&CellResult>, speedup: Option<Estimate>) -> Vec<String> {
    let measured = result.and_then(CellResult::measured);
    let mut fields = vec![cell.workload.clone(), cell.executor.clone(), role(cell.role).to_owned()];
    fields.extend([cell.workers, cell.cores, cell.wall_ns.len()].map(|count| count.to_string()));
    fields.push(cell.batch.to_string());
    fields.extend(estimate(makespan(cell), nanoseconds));
    fields.extend(estimate(speedup, ratio));
    fields.extend(shares(result, measured));
    fields.push(middle(&cell.startup_ns).map(nanoseconds).unwrap_or_default());
    fields.extend(estimate(measured.and_then(|measured| Some(measured.once?.whole_ns)), nanoseconds));
    fields.push(measured.map(|measured| ratio(measured.cpu_per_wall)).unwrap_or_default());
    fields.push(middle(&cell.memory_bytes).map(|bytes| format!("{bytes:.0}")).unwrap_or_default());
    fields.push(measured.map(|measured| standing(measured.in_row).to_owned()).unwrap_or_default());
    fields.push(cell.failure.clone().unwrap_or_default());
    fields
}

fn peer_speedups(analysis: &Analysis) -> HashMap<&CellId, Estimate> {
    let contenders = analysis.peers.iter().flat_map(|peers| &peers.contenders);
    let peers = contenders.filter(|contender| contender.kind == ContenderKind::Peer);
    peers.filter_map(|peer| Some((&peer.id, peer.outcome.as_ref().ok()?.speedup?))).collect()
}

fn makespan(cell: &Cell) -> Option<Estimate> {
    median_interval(&cell.bag_times().map(|(_, time)| time).collect::<Vec<_>>())
}

fn middle(series: &[u64]) -> Option<f64> {
    median(&series.iter().map(|&value| value as f64).collect::<Vec<_>>())
}

/// Efficiency, share of the ceiling, and the two ceilings.
fn shares(result: Option<&CellResult>, measured: Option<&Measured>) -> [String; 4] {
    let gain = measured.and_then(|measured| measured.gain);
    let ceilings = result.map(|result| result.ceilings);
    [
        gain.map(|gain| gain.efficiency.value),
        gain.and_then(|gain| gain.of_ceiling).map(|share| share.value),
        ceilings.and_then(|ceilings| ceilings.schedule).map(|bound| bound.speedup),
        ceilings.and_then(|ceilings| ceilings.hardware).map(|hardware| hardware.value),
    ]
    .map(|share| share.map(ratio).unwrap_or_default())
}

/// The value and the ends of its interval.
fn estimate(estimate: Option<Estimate>, show: fn(f64) -> String) -> [String; 3] {
    let interval = estimate.and_then(|estimate| estimate.interval);
    [estimate.map(|estimate| estimate.value), interval.map(|ends| ends.low), interval.map(|ends| ends.high)]
        .map(|value| value.map(show).unwrap_or_default())
}

/// Tenths below a microsecond, whole ones from there on.
pub(super) fn nanoseconds(ns: f64) -> String {
    if ns < 1000.0 { format!("{ns:.1}") } else { format!("{ns:.0}") }
}

fn ratio(ratio: f64) -> String {
    if ratio < 0.001 { format!("{ratio:.8}") } else { format!("{ratio:.4}") }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Baseline => "baseline",
        Role::Repeat => "repeat",
        Role::Hardware => "hardware",
        Role::Executor => "executor",
        Role::Peer => "peer",
    }
}

/// Against the best cell on the same cores and, for waiting agents, workers.
fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Best => "best",
        Standing::Within => "within",
        Standing::Undecided => "undecided",
        Standing::Behind => "behind",
        Standing::Unjudged => "unjudged",
    }
}
