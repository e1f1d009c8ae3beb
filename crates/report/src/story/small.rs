//! Which executor bears the smallest agents.

use super::advice::{NO_ANSWER, TOO_NOISY, noisy};
use super::{Advice, Fact, Pick};
use crate::units::{crossing, joined, percent, plural, time};
use crate::wording;
use centurion_findings::{Analysis, Family, FamilyVerdict, Metg, PatternsVerdict, Threshold};
use centurion_stats::{Crossing, MIN_ROUNDS};

/// The answer for agents that need nothing of each other.
pub(super) fn independent(grain: &Family) -> Advice {
    let verdict = grain.verdict();
    let reached =
        verdict.as_ref().filter(|verdict| !matches!(verdict.metg.crossing, Crossing::NotReached(_)));
    let pick = match reached {
        None => Err(NO_ANSWER),
        Some(verdict) if verdict.too_noisy().is_some() => Err(TOO_NOISY),
        Some(verdict) => {
            let equals: Vec<_> = verdict.tied.iter().map(|curve| curve.executor.as_str()).collect();
            Ok(Pick {
                executor: verdict.best.executor.clone(),
                place: String::new(),
                equals: joined(&equals),
            })
        }
    };
    let share = percent(grain.ranking.efficiency(grain.parallelism));
    let facts = match (&verdict, reached) {
        (_, Some(verdict)) => grain_facts(verdict, &share),
        (Some(_), None) => {
            let text = format!("None is {share} efficient at the largest size measured.");
            vec![Fact::new("Result", "No executor is efficient.", text)]
        }
        (None, None) => vec![Fact::new("Result", "Nothing could be measured.", "")],
    };
    let workload = format!("{}: agents of every size on {}", grain.name, plural(grain.cores, "core"));
    Advice { audience: "very small agents", workload, pick, facts }
}

fn grain_facts(verdict: &FamilyVerdict<'_>, share: &str) -> Vec<Fact> {
    let metg = verdict.metg;
    let result = Fact::new(
        "Result",
        efficient(metg, share),
        "That counts the time of all workers; no executor was measured to cope with smaller agents.",
    );
    [Some(result), Some(certainty(verdict)), break_even(verdict)].into_iter().flatten().collect()
}

fn certainty(verdict: &FamilyVerdict<'_>) -> Fact {
    let label = "How sure";
    match (verdict.too_noisy(), verdict.tied.len()) {
        _ if verdict.metg.interval.is_none() => {
            Fact::new(label, "Not yet.", format!("It takes {MIN_ROUNDS} rounds to judge."))
        }
        (Some(floor), _) => Fact::new(label, "Not at all.", noisy(floor, &verdict.best.executor, "smallest")),
        (None, 0) => Fact::new(label, "Sure.", "Its interval lies below all others."),
        (None, tied) => Fact::new(
            label,
            "Sure of the group.",
            format!("The intervals of {} overlap its own.", plural(tied, "other")),
        ),
    }
}

/// From which size of agent on an executor is efficient.
fn efficient(metg: &Metg, share: &str) -> String {
    match metg.crossing {
        Crossing::Below(_) => format!("{share} efficient at every size measured."),
        Crossing::At(_) => {
            format!("{share} efficient from {} an agent upwards.", crossing(metg.crossing, metg.interval))
        }
        Crossing::NotReached(_) => format!("not {share} efficient at the largest size measured."),
    }
}

fn break_even(verdict: &FamilyVerdict<'_>) -> Option<Fact> {
    let even = verdict.best.at(Threshold::BreakEven)?.crossing;
    let text = match even {
        Crossing::At(ns) => {
            format!("Below {} an agent, a serial loop is faster than {}.", time(ns), verdict.best.executor)
        }
        Crossing::Below(_) => "It is never slower than a serial loop at the sizes measured.".into(),
        Crossing::NotReached(_) => "A serial loop is faster at every size measured.".into(),
    };
    Some(Fact::new("What limits it", "Handing out.", text))
}

/// The answer for agents that need each other's answers, over all patterns.
pub(super) fn dependent(analysis: &Analysis) -> Advice {
    let patterns = &analysis.patterns;
    let verdict = analysis.patterns_verdict();
    let cores = patterns.iter().map(|pattern| pattern.cores).max().unwrap_or(0);
    let pick = match &verdict {
        None => Err(NO_ANSWER),
        Some(verdict) if verdict.too_noisy().is_some() => Err(TOO_NOISY),
        Some(verdict) => Ok(Pick {
            executor: verdict.best.to_owned(),
            place: String::new(),
            equals: joined(&verdict.tied),
        }),
    };
    let facts = verdict.as_ref().map_or_else(inefficient, |verdict| {
        vec![pattern_result(verdict), pattern_certainty(verdict), pattern_limit(patterns)]
    });
    let count = plural(patterns.len(), "pattern");
    let workload = format!("{count} of dependent agents of every size on {}", plural(cores, "core"));
    Advice { audience: "small agents that wait for each other", workload, pick, facts }
}

fn inefficient() -> Vec<Fact> {
    let text = format!("None reaches {} in any pattern.", wording::threshold(Threshold::Half));
    vec![Fact::new("Result", "No executor is efficient.", text)]
}

/// One pattern in full, and the range over all.
fn pattern_result(verdict: &PatternsVerdict<'_>) -> Fact {
    let Some((family, metg)) = verdict.example() else {
        return Fact::new("Result", "Nothing could be measured.", "");
    };
    let share = percent(family.ranking.efficiency(family.parallelism));
    let lead = format!("{}: {}", family.name, efficient(metg, &share));
    let mut reached: Vec<(f64, &str)> = verdict
        .patterns
        .iter()
        .filter_map(|other| {
            Some((other.family.metg(verdict.best)?.crossing.value()?, other.family.name.as_str()))
        })
        .collect();
    reached.sort_by(|a, b| a.0.total_cmp(&b.0));
    let text = match (reached.first(), reached.last()) {
        (Some((least, easy)), Some((most, hard))) if easy != hard => {
            format!("Over all patterns from {} ({easy}) to {} ({hard}).", time(*least), time(*most))
        }
        _ => String::new(),
    };
    Fact::new("Result", lead, text)
}

fn pattern_certainty(verdict: &PatternsVerdict<'_>) -> Fact {
    let label = "How sure";
    if !verdict.judged() {
        return Fact::new(label, "Not yet.", format!("It takes {MIN_ROUNDS} rounds to judge."));
    }
    if let Some(floor) = verdict.too_noisy() {
        return Fact::new(label, "Not at all.", noisy(floor, verdict.best, "smallest"));
    }
    let behind = verdict.patterns.iter().filter(|other| !verdict.leads.contains(&other.family.name.as_str()));
    let ahead: Vec<_> =
        behind.map(|other| format!("{} in {}", other.best.executor, other.family.name)).collect();
    let (led, all) = (verdict.leads.len(), plural(verdict.measured, "pattern"));
    let rest = if ahead.is_empty() { String::new() } else { format!(" Smaller: {}.", joined(&ahead)) };
    let text = format!("There its interval is the lowest or overlaps the lowest.{rest}");
    Fact::new(label, format!("In {led} of {all}."), text)
}

fn pattern_limit(patterns: &[Family]) -> Fact {
    let narrow: Vec<_> = patterns
        .iter()
        .filter(|pattern| pattern.parallelism < pattern.cores as f64)
        .map(|pattern| pattern.name.as_str())
        .collect();
    let text = "Efficiency is held against what the pattern allows: an even share or the critical path, whichever is \
                longer.";
    let path = if narrow.is_empty() {
        String::new()
    } else {
        format!(" It is the critical path in {}: more cores are of no use there.", joined(&narrow))
    };
    Fact::new("What limits it", "Handing out.", format!("{text}{path}"))
}
