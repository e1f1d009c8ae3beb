//! A comparison as a table for the terminal, as Markdown for a pull request, and as JSON.

use std::collections::BTreeMap;

use centurion_findings::PaceProbe;
use centurion_findings::compare::{Change, Comparison, GateVerdict, PaceShift, Scope};
use centurion_record::Difference;
use centurion_stats::Estimate;
use serde_json::{Value, json};

use crate::sections::{changes_table, comparison_legend};
use crate::units::plural;
use crate::wording::{change_verdict, counts, gate, metric, reservations, runs};
use crate::write::{markdown, terminal};

/// Findings shown unfolded in Markdown.
const FINDINGS: usize = 10;

/// The headline, both runs, how many cells were judged, a row for each cell that became slower or faster, or for each of `all`
/// cells, and the legend, at most `width` columns wide where names allow it. No row and no legend when nothing could be compared for
/// one and the same reason, which is the headline then.
pub fn table(comparison: &Comparison, all: bool, width: Option<usize>) -> String {
    let words = |text: &str| terminal::words(text, width);
    let head =
        head(comparison).iter().filter(|text| !text.is_empty()).map(|text| words(text)).collect::<String>();
    if comparison.common_obstacle().is_some() {
        return head;
    }
    let shown = if all { by_executor(&comparison.changes) } else { by_executor(comparison.differences()) };
    let hidden = comparison.changes.len() - shown.len();
    let rows = changes_table(shown);
    let table = if rows.rows.is_empty() { String::new() } else { terminal::table(&rows, width) };
    let folded = format!("{} without a difference left out; --all shows them.", plural(hidden, "cell"));
    let folded = if hidden == 0 { String::new() } else { folded };
    let narrow = if rows.rows.is_empty() { String::new() } else { terminal::left_out([&rows], width) };
    let told =
        [narrow, folded].iter().filter(|text| !text.is_empty()).map(|text| words(text)).collect::<String>();
    let legend = Some(width.unwrap_or(terminal::DEFAULT_WIDTH));
    head + &table + &told + &terminal::words(&comparison_legend(comparison), legend)
}

/// The changes of each executor together, in the order of each executor's first.
fn by_executor(changes: &[Change]) -> Vec<&Change> {
    let mut shown: Vec<&Change> = changes.iter().collect();
    let first = |executor: &str| changes.iter().position(|change| change.executor == executor);
    shown.sort_by_key(|change| first(&change.executor));
    shown
}

/// The headline, both runs, how many cells were judged, at most ten findings, and everything else folded: text for a job's
/// summary or a comment.
pub fn markdown(comparison: &Comparison) -> String {
    if comparison.common_obstacle().is_some() {
        return markdown::changes(head(comparison), "", &changes_table([]), 0);
    }
    let open = comparison.differences().len().min(FINDINGS);
    let legend = comparison_legend(comparison);
    markdown::changes(head(comparison), &legend, &changes_table(&comparison.changes), open)
}

/// What must be known first, if anything, the headline, both runs, and how many cells were judged. Where nothing could be compared,
/// what the runs differ in besides is of no use.
fn head(comparison: &Comparison) -> [String; 4] {
    let nothing = comparison.common_obstacle().is_some();
    let first = if nothing { None } else { reservations(comparison) };
    [first.unwrap_or_default(), headline(comparison), runs(comparison), counts(comparison)]
}

/// What changed, or why no cell at all could be compared, if it is the same for all.
fn headline(comparison: &Comparison) -> String {
    comparison.common_obstacle().map_or_else(|| crate::wording::headline(comparison), change_verdict)
}

/// Everything as one object, with what a gate says of it. Changes are ratios: 1.05 is 5 % slower.
pub fn json(comparison: &Comparison, verdict: GateVerdict) -> Value {
    let interval = |estimate: Option<Estimate>| {
        estimate.map(|estimate| {
            let ends = estimate.interval.map(|ends| [ends.low, ends.high]);
            json!({ "value": estimate.value, "interval": ends })
        })
    };
    let changes = comparison.changes.iter().map(|change| {
        json!({
            "cell": change.id.to_string(),
            "workload": change.workload,
            "executor": change.executor,
            "cores": change.cores,
            "workers": change.workers,
            "base_ns": change.base_ns,
            "now_ns": change.now_ns,
            "time": interval(change.time),
            "ratio": interval(change.ratio),
            "carried_by": change.metric.map(metric),
            "noise_floor": change.floor,
            "p_value": change.p_value,
            "verdict": change_verdict(&change.verdict),
        })
    });
    let shared = comparison.shared.iter().map(|shared| {
        let (scope, name) = match &shared.scope {
            Scope::Workload(name) => ("workload", name),
            Scope::Executor(name) => ("executor", name),
        };
        json!({
            "scope": scope,
            "name": name,
            "change": interval(Some(shared.change)),
            "without_executor": shared.hardware,
            "shown": shared.is_shown,
        })
    });
    let builds = comparison
        .builds
        .iter()
        .map(|Difference { field, first, second }| json!({ "field": field, "base": first, "now": second }));
    json!({
        "builds": builds.collect::<Vec<_>>(),
        "reservations": reservations(comparison),
        "headline": headline(comparison),
        "counts": counts(comparison),
        "unjudged": comparison.unjudged().count(),
        "base": comparison.base.started,
        "base_commit": comparison.base.commit,
        "now": comparison.now.started,
        "now_commit": comparison.now.commit,
        "least": comparison.rules.least,
        "alarms": comparison.rules.alarms,
        "gate": gate(verdict, comparison).unwrap_or_else(|| "passed".into()),
        "pace": comparison.pace.as_ref().map(pace),
        "shared": shared.collect::<Vec<_>>(),
        "changes": changes.collect::<Vec<_>>(),
    })
}

fn pace(pace: &PaceShift) -> Value {
    let probe = |probe: PaceProbe| match probe {
        PaceProbe::Chain => "chain",
        PaceProbe::Throughput => "throughput",
        PaceProbe::Both => "both",
    };
    let families = pace.uses.iter();
    let used: BTreeMap<&String, Option<&str>> =
        families.clone().map(|(family, used)| (family, used.probe.map(probe))).collect();
    let explained: BTreeMap<&String, f64> = families.map(|(family, used)| (family, used.explained)).collect();
    json!({
        "moved": pace.moved,
        "throughput_moved": pace.throughput_moved,
        "used": used,
        "explained": explained,
    })
}
