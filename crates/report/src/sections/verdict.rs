//! Which executors are fine, which to avoid, how sure that is, and what limits them.

use centurion_findings::{
    Bags, Bottleneck, Bound, CellResult, Certainty, Figure, LimitedBy, OverviewQuestion, OverviewSubject,
    Reached, Standing, WorkloadResult,
};
use centurion_record::Kind;
use centurion_stats::{Estimate, MIN_ROUNDS};

use super::{Findings, axis_noun, dependent, granularity};
use crate::agents;
use crate::document::{Advice, Fact};
use crate::units::{
    listed, percent, place, plural, ratio, rough_time, time, time_estimate, times, times_estimate,
};
use crate::wording::{NO_ANSWER, NOT_RANKED, at_limit, in_words, noisy};

/// Those that a sentence names of whom are fine, and of whom are to avoid.
const NAMED: usize = 2;

/// Share of a bag's time below which starting an executor decides nothing: no difference as small is called one.
const LITTLE: f64 = 0.01;

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
        to_avoid: to_avoid(findings, question),
        perhaps_to_avoid: perhaps_to_avoid(question),
        pick: pick(question),
        avoid: [avoid(findings, question), perhaps_avoid(question)].concat().trim().to_owned(),
        one_bag: for_one_bag(findings, question),
        one_bag_in_short: one_bag.and_then(|one| in_one_bag(findings, question, one, 1)).unwrap_or_default(),
        sure: in_short(question),
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

/// `a`, `a or b`, `a, b or 3 more`.
fn either(question: &OverviewQuestion<'_>) -> String {
    let fine: Vec<&str> = question.fine().collect();
    match &fine[..] {
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} or {other}"),
        [first, second, others @ ..] => format!("{first}, {second} or {} more", others.len()),
        [] => NO_ANSWER.to_owned(),
    }
}

/// `Perhaps avoid std-chunks (1.4×).` Empty where there is nobody.
fn perhaps_avoid(question: &OverviewQuestion<'_>) -> String {
    let named = perhaps_to_avoid(question);
    if named.is_empty() { String::new() } else { format!("Perhaps avoid {}.", listed(&named, NAMED)) }
}

fn perhaps_to_avoid(question: &OverviewQuestion<'_>) -> Vec<String> {
    let slow = question.perhaps_to_avoid.iter().filter(|_| question.is_judged());
    slow.map(|(name, figure)| format!("{name} ({})", slowness(*figure))).collect()
}

/// The same for whoever has one bag: what is different, or that nothing is. Where one bag was not measured, its start is
/// known: a part of its time that decides nothing where it is below [`LITTLE`]. May be empty.
fn for_one_bag(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    if let Some(one) = question.one_bag.as_deref() {
        let different = in_one_bag(findings, question, one, NAMED).filter(|_| one.is_judged());
        let same = if one.is_judged() { "For one bag the same." } else { "" };
        return different.map_or_else(|| same.to_owned(), |different| format!("For one bag {different}."));
    }
    let share = starting(question).filter(|&share| question.is_judged() && share < LITTLE);
    share.map_or_else(String::new, |share| {
        format!("For one bag the same: starting takes at most {} of it.", percent(share))
    })
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
fn in_one_bag(
    findings: &Findings<'_>,
    many: &OverviewQuestion<'_>,
    one: &OverviewQuestion<'_>,
    most: usize,
) -> Option<String> {
    let known = |name: &str| many.avoid.iter().any(|(known, _)| *known == name);
    let more = one.avoid.iter().filter(|(name, _)| !known(name) && !findings.is_mistake(name));
    let more: Vec<String> = more.map(|avoided| named(findings, avoided)).collect();
    if !more.is_empty() {
        return Some(format!("avoid {} too", listed(&more, most)));
    }
    let fine = |question: &OverviewQuestion<'_>| {
        question.fine().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    (fine(one) != fine(many)).then(|| format!("take {}", either(one)))
}

/// `, with 100 workers`, where workers are a choice; `, from 1.0 µs an agent`, where sizes are asked for.
fn place_of(question: &OverviewQuestion<'_>) -> String {
    if let OverviewSubject::Sizes { family, best: Some(best) } = question.subject {
        let from = best.at(family.ranking).and_then(|metg| metg.crossing.value());
        return from.map(|ns| format!(", from {} an agent", rough_time(ns, ns))).unwrap_or_default();
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
        format!(" As good, as far as is shown: {}.", listed(&names, NAMED))
    }
}

/// `Avoid std-chunks (1.43×).` Empty where there is nobody to avoid.
fn avoid(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    let named = to_avoid(findings, question);
    if named.is_empty() { String::new() } else { format!("Avoid {}. ", listed(&named, NAMED)) }
}

fn to_avoid(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> Vec<String> {
    question.avoid.iter().map(|avoided| named(findings, avoided)).collect()
}

fn named(findings: &Findings<'_>, (name, figure): &(&str, Figure)) -> String {
    format!("{} ({})", findings.called(name), slowness(*figure))
}

fn slowness(figure: Figure) -> String {
    match figure {
        Figure::Ratio(times) => format!("{}×", ratio(times)),
        Figure::Smallest(metg) => match metg.crossing.value() {
            Some(ns) => format!("from {}", rough_time(ns, ns)),
            None => "not efficient at any size".into(),
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
                "on {place}: {makespan} instead of {}{}. Of many bags: the executor runs already.",
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

/// What a single bag takes in all, on whom.
fn one_bag(findings: &Findings<'_>, one: &OverviewQuestion<'_>) -> Option<Fact> {
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

fn nothing(workload: &WorkloadResult) -> Fact {
    if workload.verdict().only_mistakes() {
        return Fact::new("Result", "Only mistakes were measured.", "They are here to show what they cost.");
    }
    let reason = workload.cells.iter().find_map(|cell| cell.outcome.as_ref().err());
    let text = reason.map_or("No cell is in the record.".into(), |reason| format!("First reason: {reason}."));
    Fact::new("Result", "Nothing could be measured.", text)
}

/// How sure it is in a few words that are understood without their label. Nothing where the pick says already that there is
/// none.
fn in_short(question: &OverviewQuestion<'_>) -> String {
    let floor = noise(question).map_or("unknown".into(), percent);
    let (slower, as_fast, undecided) = others(question);
    let slower = match question.subject {
        OverviewSubject::Bag { .. } => format!("{slower} shown to be slower"),
        OverviewSubject::Sizes { .. } => format!("{slower} shown to need larger agents"),
    };
    let as_fast = if as_fast == 0 { String::new() } else { format!(", {as_fast} within 3 %") };
    let undecided = if undecided == 0 { String::new() } else { format!(", {undecided} undecided") };
    match question.certainty {
        Certainty::NotYet | Certainty::TooNoisy(_) => String::new(),
        Certainty::Impossible | Certainty::Busy => "Doubtful.".into(),
        Certainty::Alike if question.avoid.is_empty() => "All shown to be within 3 %.".into(),
        Certainty::Alike => "All others shown to be within 3 %.".into(),
        Certainty::Undecided => no_difference(question).into(),
        Certainty::Rough => format!("Roughly sure: {slower}{as_fast}{undecided}, noise floor {floor}."),
        Certainty::Group => format!("Partly sure: {slower}{as_fast}{undecided}."),
        Certainty::Sure => "Sure.".into(),
    }
}

/// Where none that competes is shown to be slower; a mistake does not compete.
fn no_difference(question: &OverviewQuestion<'_>) -> &'static str {
    if question.avoid.is_empty() {
        "Undecided: no difference is shown."
    } else {
        "Undecided: no other difference is shown."
    }
}

/// The same in a word.
fn in_a_word(question: &OverviewQuestion<'_>) -> &'static str {
    match question.certainty {
        Certainty::NotYet | Certainty::TooNoisy(_) => "no",
        Certainty::Impossible | Certainty::Busy => "doubtful",
        Certainty::Alike => "within 3 %",
        Certainty::Undecided => "undecided",
        Certainty::Group => "partly",
        Certainty::Sure => "yes",
        Certainty::Rough => "roughly",
    }
}

/// The noise floor behind an answer. `None` where it is not known.
fn noise(question: &OverviewQuestion<'_>) -> Option<f64> {
    match question.subject {
        OverviewSubject::Bag { workload, .. } => workload.noise.floor,
        OverviewSubject::Sizes { family, .. } => family.noise,
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
        Certainty::Alike if question.avoid.is_empty() => ("All are within 3 %.", ""),
        Certainty::Alike => ("All others are within 3 %.", ""),
        Certainty::Undecided => (no_difference(question), ""),
        Certainty::Rough => ("Roughly.", ""),
        Certainty::Group => ("Partly.", ""),
        Certainty::Sure => ("Sure.", ""),
    };
    Fact::new(label, lead, format!("{why}{}{}", standings(question), evidence(findings, question, &rounds)))
}

/// In how many rounds the best of a workload was measured: some cells are in every other.
fn samples(question: &OverviewQuestion<'_>) -> Option<usize> {
    let OverviewSubject::Bag { best: Some(best), bags, .. } = question.subject else { return None };
    let measured = best.measured()?;
    match bags {
        Bags::Many => Some(measured.samples),
        Bags::One => Some(measured.once?.samples),
    }
}

/// How many of the others are shown to be behind, shown to be within 3 % of the best, and undecided. Mistakes don't count.
fn others(question: &OverviewQuestion<'_>) -> (usize, usize, usize) {
    let standings: Vec<Standing> = match question.subject {
        OverviewSubject::Bag { workload, best: Some(best), bags } => {
            let cells = workload.row(best.row).filter(|cell| !cell.mistake);
            cells.filter_map(|cell| standing_of(cell, bags)).collect()
        }
        OverviewSubject::Bag { .. } => Vec::new(),
        OverviewSubject::Sizes { family, .. } => {
            let verdict = family.verdict();
            let curves = family.curves.iter().filter(|curve| !curve.mistake);
            curves.filter_map(|curve| verdict.as_ref()?.standing(&curve.executor)).collect()
        }
    };
    let count = |wanted| standings.iter().filter(|&&standing| standing == wanted).count();
    (count(Standing::Behind), count(Standing::Within), count(Standing::Undecided))
}

/// How the others stand, as far as that is shown.
fn standings(question: &OverviewQuestion<'_>) -> String {
    let (slower, as_fast, undecided) = others(question);
    let parts = match question.subject {
        OverviewSubject::Bag { .. } => [
            (as_fast, "shown to be within 3 % of the fastest"),
            (undecided, "undecided"),
            (slower, "shown to be slower"),
        ],
        OverviewSubject::Sizes { .. } => [
            (as_fast, ""),
            (undecided, "undecided, as their intervals overlap that of the smallest"),
            (slower, "shown to need larger agents"),
        ],
    };
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
