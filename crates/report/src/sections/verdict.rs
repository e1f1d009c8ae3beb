//! Which executor to pick, how sure that is, and what limits it.

use centurion_findings::{
    Bottleneck, CellResult, Certainty, LimitedBy, Reached, Rivals, WorkloadResult, WorkloadVerdict,
};
use centurion_record::Kind;
use centurion_stats::MIN_ROUNDS;

use super::{Findings, axis_noun, dependent, granularity};
use crate::document::{Advice, Fact, Pick};
use crate::units::{joined, percent, place, plural, time, times, times_estimate};
use crate::wording::{NO_ANSWER, NOT_RANKED, noisy};

/// One answer for each workload that stands alone, one for small agents and one for dependent ones.
pub(super) fn answers(findings: &Findings<'_>) -> Vec<Advice> {
    let alone = findings.analysis.standing_alone().map(|workload| answer(findings, workload));
    let independent = findings.analysis.independent.iter().map(granularity::answer);
    alone.chain(independent).chain(dependent::answer(findings.analysis)).collect()
}

fn answer(findings: &Findings<'_>, workload: &WorkloadResult) -> Advice {
    let verdict = workload.verdict();
    let facts = match verdict.best {
        Some(best) => [Some(result(workload, best)), Some(certainty(&verdict, best, findings))]
            .into_iter()
            .chain([Some(limit(workload, best)), slowest(&verdict)])
            .flatten()
            .collect(),
        None if verdict.only_mistakes() => {
            vec![Fact::new("Result", "Only mistakes were measured.", "They are here to show what they cost.")]
        }
        None => vec![Fact::new("Result", "Nothing could be measured.", first_failure(workload))],
    };
    Advice {
        audience: match (&workload.graph, workload.kind) {
            (Some(_), _) => "agents that wait for each other",
            (None, Kind::Waiting) => "waiting agents",
            (None, Kind::Computing) => "computing agents",
        },
        subject: format!("{}: {}", workload.name, plural(workload.agents, "agent")),
        pick: match verdict.best {
            None => Err(NO_ANSWER),
            Some(_) if verdict.too_noisy().is_some() => Err(NOT_RANKED),
            Some(best) => Ok(pick(&verdict, best)),
        },
        facts,
    }
}

fn first_failure(workload: &WorkloadResult) -> String {
    let reason = workload.cells.iter().find_map(|cell| cell.outcome.as_ref().err());
    reason.map_or("No cell is in the record.".into(), |reason| format!("First reason: {reason}."))
}

fn pick(verdict: &WorkloadVerdict<'_>, best: &CellResult) -> Pick {
    let equals: Vec<_> = verdict.tied_in_row().map(|cell| cell.executor.as_str()).collect();
    let workers = best.row.workers.map(|workers| format!(" with {}", plural(workers, "worker")));
    Pick { name: best.executor.clone(), place: workers.unwrap_or_default(), equals: joined(&equals) }
}

/// `2 cores`, or `2 cores, 100 workers`.
fn place_of(cell: &CellResult) -> String {
    place(cell.cores, cell.workers_beside_cores(), ", ")
}

fn result(workload: &WorkloadResult, best: &CellResult) -> Fact {
    let makespan = time(best.slowness());
    let place = place_of(best);
    match (best.speedup(), &workload.baseline) {
        (Some(speedup), Ok(baseline)) => Fact::new(
            "Result",
            format!("{} the serial speed", times_estimate(speedup)),
            format!(
                "on {place}: {makespan} instead of {}.{}",
                time(baseline.bag_ns.value),
                circumstances(workload)
            ),
        ),
        _ => Fact::new(
            "Result",
            makespan,
            format!("on {place}; without a serial baseline there is no speedup."),
        ),
    }
}

/// How long the agents are and what is left out: with longer ones, executors differ less.
fn circumstances(workload: &WorkloadResult) -> String {
    let costs = &workload.costs_ns;
    costs.iter().min().zip(costs.iter().max()).map_or(String::new(), |(&least, &most)| {
        let (least, most) = (time(least as f64), time(most as f64));
        format!(" Agents take {least} to {most}; starting the executor is not counted.")
    })
}

fn certainty(verdict: &WorkloadVerdict<'_>, best: &CellResult, findings: &Findings<'_>) -> Fact {
    let label = "How sure";
    let rounds = plural(findings.analysis.rounds, "round");
    let (lead, why) = match verdict.certainty(&findings.analysis.warnings) {
        Certainty::NotYet => {
            let text = format!("{rounds} can't judge it, {MIN_ROUNDS} can: this is only the fastest so far.");
            return Fact::new(label, "Not yet.", text);
        }
        Certainty::TooNoisy(floor) => {
            let leader = format!("{} on {}", best.executor, place_of(best));
            return Fact::new(label, "Not at all.", noisy(floor, &leader, "fastest"));
        }
        Certainty::Impossible => {
            ("Doubtful.", "It was measured above its own ceiling, so the measurement is wrong. ")
        }
        Certainty::Busy => ("Doubtful.", "The machine was busy with something else. "),
        Certainty::AllEqual => ("Any of them.", ""),
        Certainty::Rough => ("Roughly.", ""),
        Certainty::Sure => ("Sure.", ""),
    };
    let noise = verdict.workload.noise.floor.map_or("unknown".into(), percent);
    let rivals = verdict.rivals().map(rivals_in_words).unwrap_or_default();
    Fact::new(label, lead, format!("{why}{rivals} {rounds}, noise floor {noise}."))
}

fn rivals_in_words(rivals: Rivals<'_>) -> String {
    let next = rivals.next.and_then(|cell| Some((cell, cell.speedup()?.value)));
    let next = next.map(|(cell, speed)| format!("; the next, {}, reaches {}", cell.executor, times(speed)));
    let slower = match rivals.behind {
        0 => String::new(),
        1 => "One other is slower beyond noise".into(),
        behind => format!("{behind} others are slower beyond noise"),
    };
    let sentence = match (rivals.behind, rivals.tied) {
        (0, 0) => "It had no rival.".into(),
        (0, tied) => format!("All {} are equal within noise.", tied + 1),
        (_, 0) => format!("{slower}{}.", next.unwrap_or_default()),
        (_, tied) => format!("{slower}{}; {tied} can't be told apart from it.", next.unwrap_or_default()),
    };
    match rivals.elsewhere {
        0 => sentence,
        1 => format!("{sentence} One cell with other cores or workers is equal too."),
        cells => format!("{sentence} {cells} cells with other cores or workers are equal too."),
    }
}

fn slowest(verdict: &WorkloadVerdict<'_>) -> Option<Fact> {
    let (worst, ratio) = verdict.to_avoid()?;
    let what = if worst.mistake { "A mistake that people make: it" } else { "It" };
    let text = format!("{what} takes {} as long on the same cores.", times(ratio));
    Some(Fact::new("Avoid", format!("{}.", worst.executor), text))
}

fn limit(workload: &WorkloadResult, best: &CellResult) -> Fact {
    let (lead, bound) = bound(workload, best);
    let name = &best.executor;
    let reached = best.reached().map(|reached| match reached {
        Reached::All => format!(" {name} reaches all of that."),
        Reached::Nearly(share) => format!(" {name} reaches {} of that.", percent(share)),
        Reached::Partly(share) => {
            format!(" {name} reaches {} of that; where the time goes shows the rest.", percent(share))
        }
    });
    Fact::new("What limits it", lead, bound + &reached.unwrap_or_default())
}

/// The lower ceiling in words.
fn bound(workload: &WorkloadResult, best: &CellResult) -> (&'static str, String) {
    let noun = axis_noun(workload.kind);
    match workload.limit(best) {
        LimitedBy::Unknown => {
            let text = "The agents' costs were not recorded, so there is no ceiling to hold it against.";
            ("Unknown.", text.into())
        }
        LimitedBy::Hardware { cores, speedup } => {
            let (cores, most) = (plural(cores, "core"), times(speedup.value));
            let text = format!("{cores} deliver at most {most} of this work, however it is handed out.");
            ("The hardware.", text)
        }
        LimitedBy::LongestAgent { speedup, makespan_ns } => {
            let (most, takes) = (times(speedup), time(makespan_ns));
            let text =
                format!("It alone takes {takes}: no schedule beats {most}, with any number of {noun}s.");
            ("The longest agent.", text)
        }
        LimitedBy::CriticalPath { agents, speedup, makespan_ns } => {
            let (agents, most, takes) = (plural(agents, "agent"), times(speedup), time(makespan_ns));
            let text = format!(
                "{agents} that wait for each other, one after another, take {takes}: no schedule beats {most}, \
                 with any number of {noun}s."
            );
            ("The critical path.", text)
        }
        LimitedBy::Processors { count, speedup, unlimited } => {
            processors(workload.kind, count, speedup, unlimited)
        }
    }
}

/// The number of cores or workers limits, and what would with more of them.
fn processors(
    kind: Kind,
    count: usize,
    speedup: f64,
    unlimited: centurion_findings::Bound,
) -> (&'static str, String) {
    let lead = match kind {
        Kind::Waiting => "The number of workers.",
        Kind::Computing => "The number of cores.",
    };
    let next = match unlimited.bottleneck {
        Bottleneck::CriticalPath => "critical path",
        _ => "longest agent",
    };
    let allow = if count == 1 { "allows" } else { "allow" };
    let (on, most, more) = (plural(count, axis_noun(kind)), times(speedup), times(unlimited.speedup));
    (lead, format!("{on} {allow} at most {most}; with more, the {next} would allow {more}."))
}
