//! What is different for whoever has one bag, and starts an executor for it.

use centurion_findings::{Family, OverviewQuestion, OverviewSubject};

use super::Findings;
use super::certainty::certainty;
use super::verdict::{NAMED, avoid, either, named, perhaps_avoid};
use crate::document::Fact;
use crate::units::{percent, place, rough_time, some_of, time_estimate, two_digits_beside};

/// Share of a bag's time below which starting an executor decides nothing: no difference as small is called one.
const LITTLE: f64 = 0.01;

/// The same answer for whoever has one bag: what is different, or that nothing is. Where one bag was not measured, its start
/// is known. May be empty.
pub(super) fn for_one_bag(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    if let Some(one) = question.one_bag.as_deref() {
        let different = in_one_bag(findings, question, one, NAMED).filter(|_| one.is_judged());
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

/// What is different for one bag: whom to avoid besides who is no mistake, so many of them by name, or else whom to pick.
/// `None` where it is the same.
pub(super) fn in_one_bag(
    findings: &Findings<'_>,
    many: &OverviewQuestion<'_>,
    one: &OverviewQuestion<'_>,
    most: usize,
) -> Option<String> {
    let known = |name: &str| many.avoid.iter().any(|(known, _)| *known == name);
    let more = one.avoid.iter().filter(|(name, _)| !known(name) && !findings.is_mistake(name));
    let more: Vec<String> = more.map(|avoided| named(findings, avoided)).collect();
    if !more.is_empty() {
        return Some(format!("avoid {} too", some_of(&more, most)));
    }
    let fine = |question: &OverviewQuestion<'_>| {
        question.fine().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    (fine(one) != fine(many)).then(|| format!("take {}", either(one)))
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
    let parts = [fine, avoid, perhaps_avoid(one), how_sure];
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    let told = parts.collect::<Vec<_>>().join(" ");
    let text = format!("on {place}: starting the executor, one bag, and dropping it. {told}");
    Some(Fact::new("One bag", time_estimate(whole).to_string(), text))
}
