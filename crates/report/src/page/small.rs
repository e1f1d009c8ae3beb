//! Small agents: how small they may be.

use super::Section;
use super::parts::{Entry, Table, chart, missing, multiples};
use super::sections::section;
use super::tables::NOTHING;
use crate::figures::{Figures, Size};
use crate::units::{crossing_parts, plural};
use crate::wording;
use centurion_findings::{Analysis, EfficiencyCurve, Family, Threshold};

/// Agents that need nothing of each other.
pub(super) fn independent(figures: &Figures<'_>) -> Option<Section> {
    let grain = figures.analysis.independent.first()?;
    let body = chart(|size| figures.family(grain, size)) + &metg(grain).html();
    let lead = [
        "How small may an agent be? Handing it to a worker costs time; below some size that eats the gain.",
        "METG(x %) is the smallest granularity, the time of all workers per agent, at which x % of their time is \
         work, and from which on it stays so. Smaller is better. Below break-even a serial loop is faster.",
    ];
    Some(section("small", "Small agents", &lead, body))
}

/// Agents that need each other's answers: the table, the chart of the first pattern, and small ones of the others as long as there is room for them.
pub(super) fn dependent(figures: &Figures<'_>, room: usize) -> Option<Section> {
    let patterns = &figures.analysis.patterns;
    let (first, others) = patterns.split_first()?;
    let small = Size { hovers: false, ..Size::SMALL };
    let mut body = metg_by_pattern(figures.analysis).html() + &chart(|size| figures.family(first, size));
    let mut taken = body.len();
    let drawn: Vec<_> = others
        .iter()
        .map(|pattern| figures.family(pattern, small))
        .take_while(|drawing| {
            taken += drawing.svg.len();
            taken <= room
        })
        .collect();
    let left_out = missing("chart", others.len() - drawn.len(), "metg.csv and results.csv");
    body += &(multiples(drawn) + &left_out);
    let lead = [
        "Agents that need each other's answers can't all run at once. A pattern says who needs whom; every agent of \
         a pattern costs the same, and checks that it got exactly the answers it should.",
        "With n agents of serial time w each and P cores, no schedule is shorter than an even share of n/P agents or \
         the longest path of L, whichever is more. So with makespan T efficiency is w · max(L, n/P) / T, and \
         granularity T · min(P, n/L) / n. METG(50 %) is the smallest granularity from which on efficiency stays at \
         50 % or above.",
    ];
    let mut section = section("dependent", "Dependent agents", &lead, body);
    section.lead.extend(even(first.cores));
    section
        .lead
        .extend((!others.is_empty()).then(|| format!("Lines are named in the chart of {}.", first.name)));
    Some(Section { broad: true, ..section })
}

/// What 50 % means on very few cores.
fn even(cores: usize) -> Option<String> {
    (cores <= 2).then(|| {
        format!("On {} a pattern at 50 % is at most as fast as a serial loop.", plural(cores, "core"))
    })
}

/// The smallest granularities of every executor.
fn metg(grain: &Family) -> Table {
    let line = |curve: &EfficiencyCurve| {
        let reached = Threshold::ALL.map(|threshold| metg_entry(grain, curve, threshold));
        [Entry::new(&curve.executor)].into_iter().chain(reached).collect()
    };
    Table {
        id: "metg".into(),
        caption: format!("{}: smallest efficient granularity on {}", grain.name, plural(grain.cores, "core")),
        head: ["executor"]
            .into_iter()
            .chain(Threshold::ALL.map(wording::threshold))
            .map(String::from)
            .collect(),
        rows: grain.curves.iter().map(line).collect(),
        note: format!(
            "Ranked by {}: * smallest, ~ its interval overlaps the smallest's. [ ] 95 % interval.",
            wording::threshold(grain.ranking)
        ),
    }
}

/// The smallest granularities of every executor, a column for each pattern.
fn metg_by_pattern(analysis: &Analysis) -> Table {
    let entry = |pattern: &Family, name: &str| {
        let curve = pattern.curves.iter().find(|curve| curve.executor == name);
        curve.map_or_else(|| Entry::new(NOTHING), |curve| metg_entry(pattern, curve, pattern.ranking))
    };
    let line = |name: &str| {
        let entries = analysis.patterns.iter().map(|pattern| entry(pattern, name));
        std::iter::once(Entry::new(name)).chain(entries).collect()
    };
    let cores = analysis.patterns.iter().map(|pattern| pattern.cores).max().unwrap_or(0);
    let names = analysis.patterns.iter().map(|pattern| pattern.name.clone());
    Table {
        id: "metg-by-pattern".into(),
        caption: format!("{} by pattern on {}", wording::threshold(Threshold::Half), plural(cores, "core")),
        head: std::iter::once("executor".into()).chain(names).collect(),
        rows: analysis.pattern_executors().into_iter().map(line).collect(),
        note: "In each column * marks the smallest and ~ those whose interval overlaps the smallest's; ? needs more \
               rounds. [ ] 95 % interval; an end with < or > lies off the sizes measured."
            .into(),
    }
}

/// Where an executor reaches a threshold, with its interval below; its mark where the threshold ranks.
fn metg_entry(family: &Family, curve: &EfficiencyCurve, threshold: Threshold) -> Entry {
    let Some(metg) = curve.at(threshold) else { return Entry::new("failed") };
    let verdict = family.verdict().filter(|_| threshold == family.ranking);
    let standing = verdict.and_then(|verdict| verdict.standing(&curve.executor));
    let (figure, small) = crossing_parts(metg.crossing, metg.interval);
    let text = format!("{figure} {}", standing.map_or("", wording::mark)).trim_end().to_owned();
    Entry { text, small, tint: None }
}
