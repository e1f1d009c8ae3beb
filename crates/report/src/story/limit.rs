//! What limits the fastest cell of a workload.

use centurion_record::{Kind, WorkloadEntry};

use super::Fact;
use crate::units::{percent, plural, time, times};
use centurion_findings::{Bottleneck, Bound, CellResult, WorkloadResult};

/// Share of the ceiling above which the ceiling, and not the executor, is what limits.
const NEAR: f64 = 0.90;

pub(super) fn limit(workload: &WorkloadEntry, result: &WorkloadResult, best: &CellResult) -> Fact {
    let (lead, bound) = bound(workload, result, best);
    let gain = best.outcome.as_ref().ok().and_then(|measured| measured.gain);
    let share = gain.and_then(|gain| gain.of_ceiling).map(|share| share.value);
    let reached = match share {
        Some(share) if share >= 1.0 => format!(" {} reaches all of that.", best.executor),
        Some(share) if share >= NEAR => format!(" {} reaches {} of that.", best.executor, percent(share)),
        Some(share) => {
            format!(
                " {} reaches {} of that; where the time goes shows the rest.",
                best.executor,
                percent(share)
            )
        }
        None => String::new(),
    };
    Fact::new("What limits it", lead, bound + &reached)
}

/// The lower ceiling in words.
fn bound(workload: &WorkloadEntry, result: &WorkloadResult, best: &CellResult) -> (&'static str, String) {
    let Some(schedule) = best.ceilings.schedule else {
        let text = "The agents' costs were not recorded, so there is no ceiling to hold it against.";
        return ("Unknown.", text.into());
    };
    if let Some(hardware) = best.ceilings.hardware_limit() {
        let (cores, most) = (plural(best.cores, "core"), times(hardware.value));
        let text = format!("{cores} deliver at most {most} of this work, however it is handed out.");
        return ("The hardware.", text);
    }
    let costs = &workload.costs_ns;
    let noun = if workload.kind == Kind::Waiting { "worker" } else { "core" };
    let (at_most, takes) = (times(schedule.speedup), time(schedule.makespan(costs)));
    match schedule.bottleneck {
        Bottleneck::LongestAgent => {
            let text =
                format!("It alone takes {takes}: no schedule beats {at_most}, with any number of {noun}s.");
            ("The longest agent.", text)
        }
        Bottleneck::CriticalPath => {
            let agents = plural(critical_path(result, costs), "agent");
            let text = format!(
                "{agents} that wait for each other, one after another, take {takes}: no schedule beats {at_most}, \
                 with any number of {noun}s."
            );
            ("The critical path.", text)
        }
        Bottleneck::Processors => processors(costs, result, best, noun, &at_most),
    }
}

/// Agents on the critical path.
fn critical_path(result: &WorkloadResult, costs: &[u64]) -> usize {
    result.graph.as_ref().map_or(0, |graph| graph.critical_path(costs).tasks.len())
}

/// The number of cores or workers limits, and what would with more of them.
fn processors(
    costs: &[u64],
    result: &WorkloadResult,
    best: &CellResult,
    noun: &str,
    at_most: &str,
) -> (&'static str, String) {
    let (lead, count) = match result.kind {
        Kind::Waiting => ("The number of workers.", best.workers),
        Kind::Computing => ("The number of cores.", best.cores.min(best.workers)),
    };
    let unlimited = Bound::new(costs, result.graph.as_deref(), result.agents.max(1));
    let next = match unlimited.bottleneck {
        Bottleneck::CriticalPath => "critical path",
        _ => "longest agent",
    };
    let allow = if count == 1 { "allows" } else { "allow" };
    let (on, more) = (plural(count, noun), times(unlimited.speedup));
    (lead, format!("{on} {allow} at most {at_most}; with more, the {next} would allow {more}."))
}
