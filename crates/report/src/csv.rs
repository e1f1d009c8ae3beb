//! The figures of every cell as comma-separated values, after RFC 4180.

use centurion_record::{Cell, CellId, Record, Role};

use crate::wording;
use centurion_findings::{
    Analysis, CellResult, ContenderKind, EfficiencyCurve, Family, Measured, Metg, Standing,
};
use centurion_stats::{Crossing, Estimate, median, median_interval};

const HEADER: &str = "workload,executor,role,workers,cores,samples,batch,makespan_ns,makespan_low_ns,\
    makespan_high_ns,speedup,speedup_low,speedup_high,efficiency,of_ceiling,schedule_ceiling,\
    hardware_ceiling,startup_ns,cpu_per_wall,memory_bytes,standing,failure";

/// A header and one row per cell in the order of the record: the baseline, its repeat and the hardware's cells
/// as well. Times are of one bag, in nanoseconds; intervals are at 95 %; a figure that is not known is empty.
pub fn cells(record: &Record, analysis: &Analysis) -> String {
    let results = || analysis.workloads.iter().flat_map(|workload| &workload.cells);
    let rows = record.cells.iter().map(|cell| {
        let result = results().find(|result| result.id == cell.id);
        row(cell, result, result.and_then(CellResult::speedup).or_else(|| peer_speedup(analysis, &cell.id)))
    });
    std::iter::once(HEADER.to_owned()).chain(rows).map(|row| row + "\n").collect()
}

const METG_HEADER: &str = "family,executor,cores,threshold,metg_ns,metg_low_ns,metg_high_ns";

/// A header and one row per family, executor and threshold: the smallest granularity from which on it is reached,
/// in nanoseconds, with its interval at 95 %. `<` and `>` stand before the smallest and the largest granularity
/// measured where the answer lies beyond them.
pub fn metg(analysis: &Analysis) -> String {
    let families = analysis.families();
    let curves = families.flat_map(|family| family.curves.iter().map(move |curve| (family, curve)));
    let rows = curves.flat_map(|(family, curve)| curve.metg.iter().map(|metg| metg_row(family, curve, metg)));
    std::iter::once(METG_HEADER.to_owned()).chain(rows).map(|row| row + "\n").collect()
}

fn metg_row(family: &Family, curve: &EfficiencyCurve, metg: &Metg) -> String {
    let end = |crossing: Option<Crossing>| match crossing {
        None => String::new(),
        Some(Crossing::Below(ns)) => format!("<{}", nanoseconds(ns)),
        Some(Crossing::At(ns)) => nanoseconds(ns),
        Some(Crossing::NotReached(ns)) => format!(">{}", nanoseconds(ns)),
    };
    let threshold = wording::threshold(metg.threshold).to_owned();
    let names = [text(&family.name), text(&curve.executor), family.cores.to_string(), threshold];
    let (low, high) = metg.interval.unzip();
    names.into_iter().chain([Some(metg.crossing), low, high].map(end)).collect::<Vec<_>>().join(",")
}

fn row(cell: &Cell, result: Option<&CellResult>, speedup: Option<Estimate>) -> String {
    let measured = result.and_then(|result| result.outcome.as_ref().ok());
    let mut fields = vec![text(&cell.workload), text(&cell.executor), role(cell.role).to_owned()];
    fields.extend([cell.workers, cell.cores, cell.wall_ns.len()].map(|count| count.to_string()));
    fields.push(cell.batch.to_string());
    fields.extend(estimate(makespan(cell), nanoseconds));
    fields.extend(estimate(speedup, ratio));
    fields.extend(shares(result, measured));
    fields.push(middle(&cell.startup_ns).map(nanoseconds).unwrap_or_default());
    fields.push(measured.map(|measured| ratio(measured.cpu_per_wall)).unwrap_or_default());
    fields.push(middle(&cell.memory_bytes).map(|bytes| format!("{bytes:.0}")).unwrap_or_default());
    fields.push(measured.map(|measured| standing(measured.in_row).to_owned()).unwrap_or_default());
    fields.push(text(cell.failure.as_deref().unwrap_or_default()));
    fields.join(",")
}

fn peer_speedup(analysis: &Analysis, id: &CellId) -> Option<Estimate> {
    let contenders = analysis.peers.iter().flat_map(|beside| &beside.contenders);
    let peer =
        contenders.filter(|contender| contender.part == ContenderKind::Peer).find(|peer| peer.id == *id)?;
    peer.outcome.as_ref().ok()?.speedup
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

fn nanoseconds(ns: f64) -> String {
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
        Standing::Tied => "tied",
        Standing::Behind => "behind",
        Standing::Unjudged => "unjudged",
    }
}

/// A text field, quoted where it must be. One that a spreadsheet would take for a formula gets an apostrophe
/// in front.
fn text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guarded = if formula { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}
