//! Which executors are fine, which to avoid, how sure that is, and what limits them.

use centurion_findings::{
    AVOID, Bags, Bottleneck, Bound, CellResult, Certainty, Figure, LimitedBy, OverviewQuestion,
    OverviewSubject, Reached, Standing, WorkloadResult,
};
use centurion_record::Kind;
use centurion_stats::{Estimate, MIN_ROUNDS};

use super::{Findings, axis_noun, dependent, granularity};
use crate::agents;
use crate::document::{Advice, Fact};
use crate::units::{
    crossing, listed, percent, place, plural, ratio, time, time_estimate, times, times_estimate,
};
use crate::wording::{NO_ANSWER, NOT_RANKED, noisy, one_of};

/// Those to avoid that a sentence names.
const AVOIDED: usize = 3;

/// One answer for each workload that stands alone, one for small agents and one for dependent ones.
pub(super) fn answers(findings: &Findings<'_>) -> Vec<Advice> {
    let overview = findings.analysis.overview();
    overview.questions.iter().map(|question| answer(findings, question)).collect()
}

fn answer(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> Advice {
    let facts = match question.subject {
        OverviewSubject::Bag { workload, best: Some(best), bags: Bags::Many } => {
            vec![result(workload, best), certainty(findings, question), limit(question, workload, best)]
        }
        OverviewSubject::Bag { best: Some(best), bags: Bags::One, .. } => {
            one_bag(best).into_iter().chain([certainty(findings, question)]).collect()
        }
        OverviewSubject::Bag { workload, best: None, .. } => vec![nothing(workload)],
        OverviewSubject::Sizes { family, .. } => {
            let patterns = (!family.independent).then(|| dependent::over_all(findings.analysis)).flatten();
            granularity::facts(family, certainty(findings, question)).into_iter().chain(patterns).collect()
        }
    };
    Advice {
        audience: agents::audience(&question.subject),
        about: agents::in_a_line(&question.subject),
        pick: pick(question),
        avoid: avoid(findings, question),
        sure: in_short(findings, question),
        limit: limit_in_short(question),
        facts,
    }
}

/// Names only what is judged, and all that are not told apart.
fn pick(question: &OverviewQuestion<'_>) -> String {
    match (&question.front[..], question.certainty) {
        ([], _) => format!("{NO_ANSWER}."),
        (_, Certainty::NotYet) => format!("not judged; it takes {MIN_ROUNDS} rounds."),
        (_, Certainty::TooNoisy(_)) => format!("{NOT_RANKED}."),
        (front, _) => {
            let (place, slow, elsewhere) = (place_of(question), perhaps_slow(question), elsewhere(question));
            format!("{}{place}.{slow}{elsewhere}", one_of(front))
        }
    }
}

/// Those in front that would be ones to avoid, were their difference shown: the slowest first.
fn perhaps_slow(question: &OverviewQuestion<'_>) -> String {
    let OverviewSubject::Bag { workload, best: Some(best), bags } = question.subject else {
        return String::new();
    };
    let slow = |cell: &CellResult| {
        let ratio = over_best(cell, bags).filter(|ratio| ratio.value >= AVOID)?;
        let undecided = standing_of(cell, bags) == Some(Standing::Undecided) && !cell.mistake;
        undecided.then(|| (cell.executor.clone(), ratio))
    };
    let mut slow: Vec<(String, Estimate)> = workload.row(best.row).filter_map(slow).collect();
    slow.sort_by(|(_, a), (_, b)| b.value.total_cmp(&a.value));
    let named = slow.iter().map(|(name, ratio)| format!("{name}: {}", slowness(Figure::Ratio(*ratio))));
    let named: Vec<String> = named.collect();
    if named.is_empty() { String::new() } else { format!(" Perhaps slow: {}.", listed(&named, AVOIDED)) }
}

fn over_best(cell: &CellResult, bags: Bags) -> Option<Estimate> {
    let measured = cell.measured()?;
    match bags {
        Bags::Many => measured.over_best,
        Bags::One => measured.once?.over_best,
    }
}

/// ` with 100 workers`, where workers are a choice.
fn place_of(question: &OverviewQuestion<'_>) -> String {
    let workers = question.subject.row().and_then(|row| row.workers);
    workers.map(|workers| format!(" with {}", plural(workers, "worker"))).unwrap_or_default()
}

/// Who is as fast on other cores or workers.
fn elsewhere(question: &OverviewQuestion<'_>) -> String {
    let name = |cell: &&CellResult| {
        format!("{} on {}", cell.executor, place(cell.cores, cell.workers_beside_cores(), " with "))
    };
    let names: Vec<String> = question.elsewhere.iter().map(name).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(" Not told apart from it: {}.", listed(&names, AVOIDED))
    }
}

/// `Avoid std-chunks: 1.43×.` Empty where there is nobody to avoid.
fn avoid(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    let named = |(name, figure): &(&str, Figure)| format!("{}: {}", findings.called(name), slowness(*figure));
    let named: Vec<String> = question.avoid.iter().map(named).collect();
    if named.is_empty() { String::new() } else { format!("Avoid {}.", listed(&named, AVOIDED)) }
}

fn slowness(figure: Figure) -> String {
    match figure {
        Figure::Ratio(times) => format!("{}×", ratio(times)),
        Figure::Smallest(metg) => match metg.crossing.value() {
            Some(_) => format!("only from {}", crossing(metg.crossing, None)),
            None => "at no size measured".into(),
        },
    }
}

/// Time, speed and where.
fn result(workload: &WorkloadResult, best: &CellResult) -> Fact {
    let makespan = time(best.slowness());
    let place = place(best.cores, best.workers_beside_cores(), ", ");
    match (best.speedup(), &workload.baseline) {
        (Some(speedup), Ok(baseline)) => Fact::new(
            "Result",
            format!("{} the serial speed", times_estimate(speedup)),
            format!(
                "on {place}: {makespan} instead of {}{}. That is one bag on an executor that runs already.",
                time(baseline.bag_ns.value),
                unlike_quotient(speedup, baseline.bag_ns.value / best.slowness())
            ),
        ),
        _ => Fact::new(
            "Result",
            makespan,
            format!("on {place}; without a serial baseline there is no speedup."),
        ),
    }
}

/// Why a speedup is not what its two times would give, where a reader would notice.
fn unlike_quotient(speedup: Estimate, quotient: f64) -> &'static str {
    const NOTICED: f64 = 0.03;
    let noticed = (quotient / speedup.value - 1.0).abs() > NOTICED;
    if noticed { " (medians; the speedup is the median of each round's own)" } else { "" }
}

/// What a single bag takes in all.
fn one_bag(best: &CellResult) -> Option<Fact> {
    let whole = best.measured()?.once?.whole_ns;
    let place = place(best.cores, best.workers_beside_cores(), ", ");
    let text = format!("on {place}: starting the executor, one bag, and dropping it.");
    Some(Fact::new("Result", time_estimate(whole).to_string(), text))
}

fn nothing(workload: &WorkloadResult) -> Fact {
    if workload.verdict().only_mistakes() {
        return Fact::new("Result", "Only mistakes were measured.", "They are here to show what they cost.");
    }
    let reason = workload.cells.iter().find_map(|cell| cell.outcome.as_ref().err());
    let text = reason.map_or("No cell is in the record.".into(), |reason| format!("First reason: {reason}."));
    Fact::new("Result", "Nothing could be measured.", text)
}

/// How sure it is in a few words that are understood without their label. Nothing where the pick says already that there is none.
fn in_short(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    match question.certainty {
        Certainty::NotYet if question.front.is_empty() => String::new(),
        Certainty::TooNoisy(_) => String::new(),
        Certainty::NotYet => "Not sure yet.".into(),
        Certainty::Rough => "Roughly sure.".into(),
        _ => certainty(findings, question).lead,
    }
}

fn certainty(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> Fact {
    let label = "How sure";
    let rounds = plural(samples(question).unwrap_or(findings.analysis.rounds), "round");
    let (lead, why) = match question.certainty {
        Certainty::NotYet if question.front.is_empty() => return Fact::new(label, "Not at all.", ""),
        Certainty::NotYet => {
            let text = format!("{rounds} can't judge it, {MIN_ROUNDS} can.");
            return Fact::new(label, "Not yet.", text);
        }
        Certainty::TooNoisy(floor) => return Fact::new(label, "Not at all.", noisy(floor)),
        Certainty::Impossible => {
            ("Doubtful.", "It was measured above its own ceiling, so the measurement is wrong. ")
        }
        Certainty::Busy => ("Doubtful.", "The machine was busy with something else. "),
        Certainty::Any => ("No difference shown.", ""),
        Certainty::Rough => ("Roughly.", ""),
        Certainty::Group => ("Sure of the group.", ""),
        Certainty::Sure => ("Sure.", ""),
    };
    Fact::new(label, lead, format!("{why}{}{}", tie(question), evidence(findings, question, &rounds)))
}

/// In how many rounds the best of a workload was measured: long bags are in every other.
fn samples(question: &OverviewQuestion<'_>) -> Option<usize> {
    let OverviewSubject::Bag { best: Some(best), bags, .. } = question.subject else { return None };
    let measured = best.measured()?;
    match bags {
        Bags::Many => Some(measured.samples),
        Bags::One => Some(measured.once?.samples),
    }
}

/// How close those in front are, as far as that is shown.
fn tie(question: &OverviewQuestion<'_>) -> String {
    let OverviewSubject::Bag { workload, best: Some(best), bags } = question.subject else {
        let others = question.front.len().saturating_sub(1);
        return if others == 0 {
            "Its interval lies below all others. ".into()
        } else {
            format!("The intervals of {} overlap that of the smallest. ", plural(others, "other"))
        };
    };
    let count = |standing| {
        let cells = workload.row(best.row).filter(|cell| !cell.mistake);
        cells.filter(|cell| standing_of(cell, bags) == Some(standing)).count()
    };
    let parts = [
        (count(Standing::Within), "shown to be within 3 % of the fastest"),
        (count(Standing::Undecided), "undecided"),
        (count(Standing::Behind), "slower"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
    if parts.is_empty() {
        "It had no rival. ".into()
    } else {
        format!("Of the others: {}. ", parts.join(", "))
    }
}

fn standing_of(cell: &CellResult, bags: Bags) -> Option<Standing> {
    let measured = cell.measured()?;
    match bags {
        Bags::Many => Some(measured.in_row),
        Bags::One => Some(measured.once?.standing),
    }
}

fn evidence(findings: &Findings<'_>, question: &OverviewQuestion<'_>, rounds: &str) -> String {
    let floor = match question.subject {
        OverviewSubject::Bag { workload, .. } => workload.noise.floor,
        OverviewSubject::Sizes { family, .. } if family.independent => family.noise,
        OverviewSubject::Sizes { .. } => findings.analysis.patterns.first().and_then(|pattern| pattern.noise),
    };
    format!("{rounds}, noise floor {}.", floor.map_or("unknown".into(), percent))
}

/// What limits the best in a few words. Empty where nothing is judged.
fn limit_in_short(question: &OverviewQuestion<'_>) -> String {
    match question.subject {
        _ if !question.is_judged() => String::new(),
        OverviewSubject::Sizes { .. } => "Limit: handing out.".into(),
        OverviewSubject::Bag { workload, best: Some(best), bags: Bags::Many } => {
            let lead = bound(workload, best).0.trim_end_matches('.').to_lowercase();
            let reached = match best.reached() {
                Some(Reached::All) => ", reached".into(),
                Some(Reached::Nearly(share) | Reached::Partly(share)) => {
                    format!(", {} of it reached", percent(share))
                }
                None => String::new(),
            };
            format!("Limit: {lead}{reached}.")
        }
        OverviewSubject::Bag { .. } => String::new(),
    }
}

/// What too much noise leaves unranked is nowhere beside its limit either.
fn limit(question: &OverviewQuestion<'_>, workload: &WorkloadResult, best: &CellResult) -> Fact {
    let (lead, bound) = bound(workload, best);
    if let Certainty::TooNoisy(_) = question.certainty {
        return Fact::new("What limits it", lead, bound);
    }
    let name = &best.executor;
    let reached = best.reached().map(|reached| match reached {
        Reached::All => format!(" {name} is at this limit."),
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
            let (cores, most) = (plural(cores, "core"), times_estimate(speedup));
            let text = format!("{cores} deliver {most} of this work, however it is handed out.");
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
fn processors(kind: Kind, count: usize, speedup: f64, unlimited: Bound) -> (&'static str, String) {
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
