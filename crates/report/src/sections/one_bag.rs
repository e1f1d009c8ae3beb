//! What is different for whoever has one bag, and starts an executor for it.

use centurion_findings::{CellResult, Family, Figure, Measured, OverviewQuestion, OverviewSubject, Standing};

use super::Findings;
use super::certainty::certainty;
use super::verdict::{NAMED, avoid, either, named, perhaps_avoid};
use crate::document::Fact;
use crate::units::{all_of, percent, place, rough_time, some_of, time_estimate, two_digits_beside};

/// Share of a bag's time below which starting an executor decides nothing: no difference as small is called one.
const LITTLE: f64 = 0.01;

/// The same answer for whoever has one bag: what is different, or that nothing is. Where one bag was not measured, its start
/// is known. May be empty.
pub(super) fn for_one_bag(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    if let Some(one) = question.one_bag.as_deref() {
        let different = in_one_bag(findings, question, one).filter(|_| one.is_judged());
        let same = if one.is_judged() { "For one bag the same." } else { "" };
        return different.map_or_else(|| same.to_owned(), |different| format!("For one bag {different}."));
    }
    let started = match question.subject {
        _ if !question.is_judged() => None,
        OverviewSubject::Bag { .. } => starting(question).map(beside_the_bag),
        OverviewSubject::Sizes { family, .. } => beside_tiny_agents(findings, question, family),
    };
    started.unwrap_or_default()
}

/// What starting adds, which decides nothing where it is below [`LITTLE`].
fn beside_the_bag(share: f64) -> String {
    let most = percent(share);
    if share < LITTLE {
        format!("For one bag the same: starting takes at most {most} of it.")
    } else {
        format!("One bag was not measured: starting adds at most {most}.")
    }
}

/// `For one bag add starting: 0.17 to 0.34 ms.` Of those that are fine.
fn beside_tiny_agents(
    findings: &Findings<'_>,
    question: &OverviewQuestion<'_>,
    family: &Family,
) -> Option<String> {
    let starting = || question.fine().filter_map(|executor| findings.analysis.starting(family, executor));
    let (least, most) = (starting().reduce(f64::min)?, starting().reduce(f64::max)?);
    let (from, upto) = (two_digits_beside(least, most), rough_time(most, most));
    let range = if upto.starts_with(&format!("{from} ")) { upto } else { format!("{from} to {upto}") };
    Some(format!("For one bag add starting: {range}."))
}

/// The greatest share of its bag's time that starting one of those in front takes.
fn starting(question: &OverviewQuestion<'_>) -> Option<f64> {
    let OverviewSubject::Bag { workload, best: Some(best), .. } = question.subject else { return None };
    let in_front = workload.row(best.row).filter(|cell| question.front.contains(&cell.executor.as_str()));
    let shares = in_front.filter_map(|cell| Some(cell.measured()?.startup_ns / cell.slowness()));
    shares.reduce(f64::max)
}

/// What is different for one bag: whom to avoid besides, or else whom to pick. `None` where it is the same.
fn in_one_bag(
    findings: &Findings<'_>,
    many: &OverviewQuestion<'_>,
    one: &OverviewQuestion<'_>,
) -> Option<String> {
    let more: Vec<String> =
        more_to_avoid(findings, many, one).map(|avoided| named(findings, one, avoided)).collect();
    if more.is_empty() { other_pick(many, one) } else { Some(format!("avoid {} too", some_of(&more, NAMED))) }
}

/// The same without figures, in the order of the record, so that kinds of agents that go alike are told in the same words.
pub(super) fn in_few_words(
    findings: &Findings<'_>,
    many: &OverviewQuestion<'_>,
    one: &OverviewQuestion<'_>,
) -> Option<String> {
    let OverviewSubject::Bag { workload, .. } = one.subject else { return None };
    let more: Vec<&str> = more_to_avoid(findings, many, one).map(|(name, _)| *name).collect();
    let names: Vec<&str> = workload.executors().into_iter().filter(|name| more.contains(name)).collect();
    if names.is_empty() {
        other_pick(many, one)
    } else {
        Some(format!("avoid {} too", some_of(&names, NAMED)))
    }
}

/// Who is to avoid for one bag only, and is no mistake.
fn more_to_avoid<'o, 'a>(
    findings: &'o Findings<'_>,
    many: &'o OverviewQuestion<'a>,
    one: &'o OverviewQuestion<'a>,
) -> impl Iterator<Item = &'o (&'a str, Figure)> {
    let known = |name: &str| many.avoid.iter().any(|(known, _)| *known == name);
    one.avoid.iter().filter(move |(name, _)| !known(name) && !findings.is_mistake(name))
}

/// Whom to pick for one bag, where that is not the same.
fn other_pick(many: &OverviewQuestion<'_>, one: &OverviewQuestion<'_>) -> Option<String> {
    let fine = |question: &OverviewQuestion<'_>| {
        question.fine().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    (fine(one) != fine(many)).then(|| format!("take {}", either(one)))
}

/// Who was measured in many bags and is not judged of one. May be empty.
fn not_judged(one: &OverviewQuestion<'_>) -> String {
    let OverviewSubject::Bag { workload, best: Some(best), .. } = one.subject else { return String::new() };
    let open = |executor: &&str| {
        let cell = workload.fastest_of(executor, best.row).filter(|cell| !cell.mistake);
        let standing = |measured: &Measured| measured.once.map_or(Standing::Unjudged, |once| once.standing);
        cell.and_then(CellResult::measured).is_some_and(|measured| standing(measured) == Standing::Unjudged)
    };
    let names: Vec<&str> = workload.executors().into_iter().filter(open).collect();
    match (one.is_judged(), names.len()) {
        (false, _) | (_, 0) => String::new(),
        (_, 1) => format!("Not judged, as one bag of it was timed too seldom or never: {}.", names[0]),
        _ => format!("Not judged, as one bag of each was timed too seldom or never: {}.", all_of(&names)),
    }
}

/// What a single bag takes in all, on whom.
pub(super) fn one_bag(findings: &Findings<'_>, one: &OverviewQuestion<'_>) -> Option<Fact> {
    let OverviewSubject::Bag { best: Some(best), .. } = one.subject else { return None };
    let whole = best.measured()?.once?.whole_ns;
    let place = place(best.cores, best.row.workers, ", ");
    let fine: Vec<_> = one.fine().collect();
    let avoid = avoid(findings, one);
    let fine = if fine.is_empty() { String::new() } else { format!(" Fine: {}.", fine.join(", ")) };
    let how_sure = certainty(findings, one);
    let how_sure = format!("How sure: {} {}", how_sure.lead.to_lowercase(), how_sure.text);
    let parts = [fine, avoid, perhaps_avoid(one), how_sure, not_judged(one)];
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    let told = parts.collect::<Vec<_>>().join(" ");
    let text = format!("on {place}: starting the executor, one bag, and dropping it. {told}");
    Some(Fact::new("One bag", time_estimate(whole).to_string(), text))
}
