//! What a reader needs to know to believe a figure.

use centurion_record::{Cell, Record, Role, Round};

use super::{Fact, Failure, alike, machine, run};
use crate::units::{joined, percent, plural};
use crate::wording;
use centurion_findings::{Analysis, Standing, WorkloadResult};
use centurion_stats::{MIN_ROUNDS, median};

/// Machine, rounds, noise, disturbances, and how much was judged.
pub fn trust(record: &Record, analysis: &Analysis) -> Vec<Fact> {
    let pinning =
        if record.environment.pinning { "pinned to its CPUs" } else { "not pinned: cores are only workers" };
    vec![
        Fact { label: "Machine", lead: machine(&record.environment), text: pinning.into() },
        Fact { label: "Run", lead: run(record), text: "every cell once a round, in shuffled order".into() },
        noise(analysis),
        judged(analysis),
        load(record),
        disturbance(record, "Other programs", "of all CPU time", |round| round.foreign_ns),
        disturbance(record, "Stolen by the host", "of all CPU time", |round| round.steal_ns),
        throttling(record),
        clock(record),
    ]
}

fn noise(analysis: &Analysis) -> Fact {
    let floors: Vec<_> = analysis.standing_alone().map(floor).collect();
    let floors = if floors.is_empty() { analysis.workloads.iter().map(floor).collect() } else { floors };
    let lead = if floors.is_empty() { "not measured".into() } else { joined(&floors) };
    Fact { label: "Noise floor", lead, text: "between identical cells, serial and on all cores".into() }
}

fn floor(workload: &WorkloadResult) -> String {
    let floor = workload.noise.floor.map_or_else(|| format!("needs {MIN_ROUNDS} rounds"), percent);
    format!("{} {floor}", workload.name)
}

fn judged(analysis: &Analysis) -> Fact {
    let cells = || analysis.workloads.iter().flat_map(|workload| &workload.cells);
    let measured = || cells().filter_map(|cell| cell.outcome.as_ref().ok());
    let judged = measured().filter(|measured| measured.in_row != Standing::Unjudged).count();
    let failed = cells().count() - measured().count();
    let text = if failed == 0 { "none failed".into() } else { format!("{failed} failed, listed below") };
    Fact { label: "Judged", lead: format!("{judged} of {}", plural(cells().count(), "cell")), text }
}

fn load(record: &Record) -> Fact {
    let loads: Vec<_> = record.rounds.iter().filter_map(|round| round.load).collect();
    let lead = median(&loads).map_or("not observed".into(), |load| format!("{load:.1}"));
    let most = loads.iter().copied().max_by(f64::total_cmp);
    let text = most.map(|most| format!("median of the rounds; at most {most:.1}")).unwrap_or_default();
    Fact { label: "Load average", lead, text }
}

fn disturbance(
    record: &Record,
    label: &'static str,
    of: &str,
    taken: impl Fn(&Round) -> Option<u64>,
) -> Fact {
    let cpus = record.environment.logical_cpus.max(1) as f64;
    let share = |round: &Round| Some(taken(round)? as f64 / (round.wall_ns.max(1) as f64 * cpus));
    let shares: Vec<_> = record.rounds.iter().filter_map(share).collect();
    let lead = median(&shares).map_or("not observed".into(), percent);
    let most = shares.iter().copied().max_by(f64::total_cmp);
    let text = most.map(|most| format!("{of}, median; at most {}", percent(most))).unwrap_or_default();
    Fact { label, lead, text }
}

fn throttling(record: &Record) -> Fact {
    let seen: Vec<_> = record.rounds.iter().filter_map(|round| round.throttled_ns).collect();
    let rounds = seen.iter().filter(|&&ns| ns > 0).count();
    let lead = match (seen.len(), rounds) {
        (0, _) => "not observed".into(),
        (_, 0) => "never".into(),
        (all, some) => format!("in {some} of {}", plural(all, "round")),
    };
    let text = record
        .environment
        .quota_cpus
        .map_or("no CPU quota".into(), |quota| format!("a quota of {quota} CPUs"));
    Fact { label: "Throttled", lead, text }
}

/// How far apart the clock of the CPUs was between the fastest and the slowest samples, a tenth of them left out at
/// either end. Only cells on all cores count: more busy CPUs are slower ones.
fn clock(record: &Record) -> Fact {
    let most = record.cells.iter().map(|cell| cell.cores).max();
    let on_all = record.cells.iter().filter(|cell| Some(cell.cores) == most);
    let mut paces: Vec<u64> = on_all.flat_map(|cell| cell.pace_ns.iter().copied()).collect();
    paces.sort_unstable();
    let tenth = paces.len() / 10;
    let wandered = paces.get(tenth).zip(paces.iter().rev().nth(tenth));
    let lead = wandered.map_or("not observed".into(), |(&fast, &slow)| {
        format!("wanders by {}", percent(slow as f64 / fast as f64 - 1.0))
    });
    Fact { label: "Clock of the CPUs", lead, text: "which comparisons take out where agents compute".into() }
}

/// The warnings as sentences, gravest first.
pub fn doubts(analysis: &Analysis) -> Vec<String> {
    analysis.warnings.iter().map(|warning| sentence(&wording::warning(warning))).collect()
}

/// With a full stop and, unless it begins with the id of a cell, a capital.
fn sentence(text: &str) -> String {
    if text.split(' ').next().is_some_and(|word| word.contains('/')) {
        return format!("{}.", text.trim_end_matches('.'));
    }
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// Every cell without samples, those with the same reason together. Peers have a place of their own.
pub fn failures(record: &Record) -> Vec<Failure> {
    let reason = |cell: &Cell| cell.failure.clone().unwrap_or_else(|| "has no samples".into());
    let failed = record.cells.iter().filter(|cell| cell.role != Role::Peer && cell.wall_ns.is_empty());
    alike(failed.map(|cell| (cell.id.to_string(), reason(cell))))
}
