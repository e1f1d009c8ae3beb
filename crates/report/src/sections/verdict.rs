//! Which executors are fine, which to avoid, how sure that is, and what limits them.

use centurion_findings::{
    Bottleneck, Bound, CellResult, Certainty, Figure, LimitedBy, Metg, OverviewQuestion, OverviewSubject,
    Reached, WorkloadResult,
};
use centurion_record::Kind;
use centurion_stats::{Crossing, Estimate, MIN_ROUNDS};

use super::certainty::{certainty, in_a_word, in_short};
use super::one_bag::{for_one_bag, in_few_words, one_bag};
use super::{Findings, axis_noun, dependent, granularity};
use crate::agents;
use crate::document::{Advice, Fact};
use crate::units::{
    crossing_in_short, percent, place, plural, ratio, rough_time, some_of, time, time_in_short, times,
    times_estimate,
};
use crate::wording::{NO_ANSWER, NOT_RANKED, at_limit, in_words, on_cores};

/// Those that a sentence names of whom are fine, and of whom are to avoid.
pub(super) const NAMED: usize = 2;

/// One answer for each workload that stands alone, one for small agents and one for dependent ones; what stands aside last.
pub(super) fn answers(findings: &Findings<'_>) -> Vec<Advice> {
    let overview = findings.analysis.overview();
    let mut answers: Vec<_> = overview.questions.iter().map(|question| answer(findings, question)).collect();
    answers.sort_by_key(|answer| answer.aside);
    answers
}

fn answer(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> Advice {
    let about = agents::of_subject(&question.subject);
    let one_bag = question.one_bag.as_deref().filter(|one| one.is_judged());
    Advice {
        title: about.title,
        audience: about.audience,
        about: agents::in_a_line(&question.subject),
        aside: about.aside,
        fine: question.fine().map(str::to_owned).collect(),
        all: are_all(question),
        to_avoid: to_avoid(findings, question),
        perhaps_to_avoid: perhaps_to_avoid(question),
        pick: pick(question),
        unranked: unranked(question),
        avoid: [avoid(findings, question), perhaps_avoid(question)].concat().trim().to_owned(),
        one_bag: for_one_bag(findings, question),
        one_bag_in_short: one_bag.and_then(|one| in_few_words(findings, question, one)).unwrap_or_default(),
        sure: in_short(findings, question),
        sure_in_a_word: in_a_word(question),
        limit: limit_in_short(question),
        facts: facts(findings, question),
    }
}

fn facts(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> Vec<Fact> {
    let facts = match question.subject {
        OverviewSubject::Bag { workload, best: Some(best), .. } => {
            vec![result(workload, best), certainty(findings, question), limit(question, workload, best)]
        }
        OverviewSubject::Bag { workload, best: None, .. } => vec![nothing(workload)],
        OverviewSubject::Sizes { family, .. } => {
            let patterns = (!family.independent).then(|| dependent::over_all(findings.analysis)).flatten();
            granularity::facts(family, certainty(findings, question)).into_iter().chain(patterns).collect()
        }
    };
    let fine = (question.fine().count() > NAMED).then(|| {
        let names: Vec<_> = question.fine().collect();
        Fact::new(
            "Fine",
            format!("Any of {}.", in_words(names.len())),
            format!("Fastest first: {}.", names.join(", ")),
        )
    });
    let named = |label, names: Vec<String>| {
        (!names.is_empty()).then(|| Fact::new(label, format!("{}.", names.join(", ")), ""))
    };
    let avoid = named("Avoid", to_avoid(findings, question));
    let perhaps = named("Perhaps avoid", perhaps_to_avoid(question));
    let one_bag = question.one_bag.as_deref().and_then(|one| one_bag(findings, one));
    facts.into_iter().chain(fine).chain(avoid).chain(perhaps).chain(one_bag).collect()
}

/// Names only what is judged, and says how many others are fine.
fn pick(question: &OverviewQuestion<'_>) -> String {
    match question.certainty {
        _ if question.front.is_empty() => format!("{NO_ANSWER}."),
        Certainty::NotYet => format!("not judged; it takes {MIN_ROUNDS} rounds."),
        Certainty::TooNoisy(floor) => {
            format!("{NOT_RANKED}: even the same code differed by up to {}.", percent(floor))
        }
        _ => {
            let (place, elsewhere) = (place_of(question), elsewhere(question));
            format!("{}{place}.{elsewhere}", either(question))
        }
    }
}

/// Whether everybody who was measured is fine or one to avoid, perhaps or surely.
fn are_all(question: &OverviewQuestion<'_>) -> bool {
    let measured: Vec<&str> = match question.subject {
        OverviewSubject::Bag { workload, best: Some(best), .. } => {
            let here = |executor: &&str| workload.fastest_of(executor, best.row).is_some();
            workload.executors().into_iter().filter(here).collect()
        }
        OverviewSubject::Bag { best: None, .. } => return false,
        OverviewSubject::Sizes { family, .. } => {
            family.curves.iter().map(|curve| curve.executor.as_str()).collect()
        }
    };
    let slow = || question.avoid.iter().chain(&question.perhaps_to_avoid).map(|(name, _)| *name);
    measured.into_iter().all(|name| question.fine().chain(slow()).any(|told| told == name))
}

/// Why nobody is named, in few words. Empty where somebody is.
fn unranked(question: &OverviewQuestion<'_>) -> &'static str {
    match question.certainty {
        _ if question.front.is_empty() => "no answer",
        Certainty::NotYet => "not judged: too few rounds",
        Certainty::TooNoisy(_) => "not ranked: too noisy",
        _ => "",
    }
}

/// `a`, `a or b`, `a, b or 3 more`.
pub(super) fn either(question: &OverviewQuestion<'_>) -> String {
    let fine: Vec<&str> = question.fine().collect();
    match &fine[..] {
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} or {other}"),
        [first, second, others @ ..] => format!("{first}, {second} or {} more", others.len()),
        [] => NO_ANSWER.to_owned(),
    }
}

/// `Perhaps avoid std-chunks (1.4×).` Empty where there is nobody.
pub(super) fn perhaps_avoid(question: &OverviewQuestion<'_>) -> String {
    let named = perhaps_to_avoid(question);
    if named.is_empty() { String::new() } else { format!("Perhaps avoid {}.", some_of(&named, NAMED)) }
}

fn perhaps_to_avoid(question: &OverviewQuestion<'_>) -> Vec<String> {
    let slow = question.perhaps_to_avoid.iter().filter(|_| question.is_judged());
    slow.map(|(name, figure)| format!("{name} ({})", slowness(*figure))).collect()
}

/// `, with 100 workers`, where workers are a choice; `, from 1.0 µs an agent`, where sizes are asked for.
fn place_of(question: &OverviewQuestion<'_>) -> String {
    if let OverviewSubject::Sizes { family, best: Some(best) } = question.subject {
        let from = best.at(family.ranking).and_then(from_size);
        return from.map(|size| format!(", from {size} an agent")).unwrap_or_default();
    }
    let row = question.subject.row().filter(|row| row.workers.is_some());
    row.map(|row| format!(", on {}", place(row.cores, row.workers, " with "))).unwrap_or_default()
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
        format!(" As good, as far as is shown: {}.", some_of(&names, NAMED))
    }
}

/// `Avoid std-chunks (1.43×).` Empty where there is nobody to avoid.
pub(super) fn avoid(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    let named = to_avoid(findings, question);
    if named.is_empty() { String::new() } else { format!("Avoid {}. ", some_of(&named, NAMED)) }
}

fn to_avoid(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> Vec<String> {
    question.avoid.iter().map(|avoided| named(findings, question, avoided)).collect()
}

/// `tokio-blocking‡ (32.9×, on 2 cores)`.
pub(super) fn named(
    findings: &Findings<'_>,
    question: &OverviewQuestion<'_>,
    (name, figure): &(&str, Figure),
) -> String {
    let cores = match question.subject {
        OverviewSubject::Bag { workload, best: Some(best), .. } => workload.cores_elsewhere(name, best.row),
        _ => None,
    };
    format!("{} ({}{})", findings.called(name), slowness(*figure), on_cores(cores))
}

fn slowness(figure: Figure) -> String {
    match figure {
        Figure::Ratio(times) => format!("{}×", ratio(times)),
        Figure::Smallest(metg) => match from_size(&metg) {
            Some(size) => format!("from {size}"),
            None if metg.interval.is_none_or(|(low, _)| matches!(low, Crossing::NotReached(_))) => {
                "not efficient at any size measured".into()
            }
            None => "not shown to be efficient at any size measured".into(),
        },
    }
}

/// In two digits or, where that says little by itself, with its interval. `None` where it is not at a size measured.
fn from_size(metg: &Metg) -> Option<String> {
    let short = crossing_in_short(metg.crossing, metg.interval);
    let ns = metg.crossing.value()?;
    Some(if short == time(ns) { rough_time(ns, ns) } else { short })
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
                "on {place}: {makespan} instead of {}{}. Of many bags: the executor runs already.",
                time_in_short(baseline.bag_ns),
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

fn nothing(workload: &WorkloadResult) -> Fact {
    if workload.verdict().only_mistakes() {
        return Fact::new("Result", "Only mistakes were measured.", "They are here to show what they cost.");
    }
    let reason = workload.cells.iter().find_map(|cell| cell.outcome.as_ref().err());
    let text = reason.map_or("No cell is in the record.".into(), |reason| format!("First reason: {reason}."));
    Fact::new("Result", "Nothing could be measured.", text)
}

/// How near the fastest is to what limits it, in a few words. Empty where nothing is judged.
fn limit_in_short(question: &OverviewQuestion<'_>) -> String {
    match question.subject {
        _ if !question.is_judged() => String::new(),
        OverviewSubject::Sizes { .. } => "Limited by handing agents out.".into(),
        OverviewSubject::Bag { best: Some(best), .. } => at_limit(best).unwrap_or_default(),
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
        Reached::WithinError => format!(" {name} is within the error of this."),
        Reached::All => format!(" {name} reaches all of this estimate."),
        Reached::Partly(share) => {
            format!(" {name} reaches {} of that.", percent(share))
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
            let text = format!(
                "It alone took {takes} by itself, so about {most} is the most, with any number of {noun}s."
            );
            ("The longest agent.", text)
        }
        LimitedBy::CriticalPath { agents, speedup, makespan_ns } => {
            let (agents, most, takes) = (plural(agents, "agent"), times(speedup), time(makespan_ns));
            let text = format!(
                "{agents} that wait for each other, one after another, took {takes} by themselves, so about \
                 {most} is the most, with any number of {noun}s."
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
