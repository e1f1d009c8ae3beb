//! Agents of every size that need each other's answers, in several patterns.

use centurion_findings::{Analysis, FailedCells, Family, PatternsVerdict, Threshold};

use super::granularity::{failures, family_chart, in_short, metg_entry};
use super::{Findings, NOTHING};
use crate::chart::{Chart, FilePriority, Layout};
use crate::document::{Content, Fact, Outputs, Rank, Reasons, Section, SectionBlock, paragraph};
use crate::table::{Column, Entry, MOST_ROWS, Spacing, Table, entries};
use crate::units::{crossing_in_microseconds, joined, plural};
use crate::wording::{called, mark, one_of, patterns_verdict, threshold};

/// What the marks of the compact table mean.
const LEGEND: &str = "* smallest of its pattern, ~ undecided: their intervals overlap; < below the smallest size measured, > not \
                      reached at the largest; – joins the ends of an interval that are far apart";

/// A table, and the chart of the first pattern. `None` without patterns.
pub(super) fn section<'a>(findings: &'a Findings<'a>) -> Option<Section<'a>> {
    let first = findings.analysis.patterns.first()?;
    let lead = [
        "Agents that need each other's answers can't all run at once. A pattern says who needs whom; every agent of \
         a pattern costs the same, and checks that it got exactly the answers it should.",
        "With n agents of serial time w each and P cores, no schedule is shorter than an even share of n/P agents or \
         the longest path of L, whichever is more. So with makespan T efficiency is w · max(L, n/P) / T, and \
         granularity T · min(P, n/L) / n. METG(50 %) is the smallest granularity from which on efficiency stays at \
         50 % or above.",
    ];
    let mut section = Section::new("dependent", "Dependent agents", &lead);
    section.lead.extend(even(first.cores));
    let full = Chart::new(Layout::Full, move |size| family_chart(findings, first, size));
    let section = section
        .with([
            SectionBlock::page(page_table(findings.analysis)),
            SectionBlock::page(full.filed("dependent-agents", FilePriority::Always).still()),
        ])
        .with(compact(findings.analysis));
    Some(section.broad().ranked(Rank::Figures(2)))
}

/// What 50 % means on very few cores.
fn even(cores: usize) -> Option<String> {
    (cores <= 2).then(|| {
        format!("On {} a pattern at 50 % is at most as fast as a serial loop.", plural(cores, "core"))
    })
}

fn most_cores(patterns: &[Family]) -> usize {
    patterns.iter().map(|pattern| pattern.cores).max().unwrap_or(0)
}

/// `METG(50 %) by pattern on 2 cores`.
fn caption(patterns: &[Family]) -> String {
    format!("{} by pattern on {}", threshold(Threshold::Half), plural(most_cores(patterns), "core"))
}

fn lines(analysis: &Analysis, entry: impl Fn(&Family, &str) -> Entry) -> Vec<Vec<Entry>> {
    let line = |name: &str| {
        let figures = analysis.patterns.iter().map(|pattern| entry(pattern, name));
        let mistake =
            analysis.patterns.iter().filter_map(|pattern| pattern.curve(name)).any(|curve| curve.mistake);
        entries([called(name, mistake)]).into_iter().chain(figures).collect()
    };
    analysis.pattern_executors().into_iter().map(line).collect()
}

/// The smallest granularities of every executor, a column for each pattern.
fn page_table(analysis: &Analysis) -> Table {
    let entry = |pattern: &Family, name: &str| {
        pattern.curve(name).map_or(NOTHING.into(), |curve| metg_entry(pattern, curve, pattern.ranking))
    };
    let names = analysis.patterns.iter().map(|pattern| pattern.name.as_str());
    let columns = Column::named(std::iter::once("executor").chain(names));
    Table::new("metg-by-pattern", caption(&analysis.patterns), columns).rows(lines(analysis, entry)).note(
        "In each column * marks the smallest and ~ those whose interval overlaps the smallest's; · needs more \
         rounds. [ ] 95 % interval; an end with < or > lies off the sizes measured.",
    )
}

/// The same as small as a terminal needs it: `4.58*`, `<0.31~`, `>120`.
fn compact<'a>(analysis: &Analysis) -> Vec<SectionBlock<'a>> {
    let title = format!("{}, in µs", caption(&analysis.patterns));
    let verdict = analysis.patterns_verdict();
    let sentence = verdict.as_ref().map_or_else(unreached, patterns_verdict);
    let names = analysis.patterns.iter().map(|pattern| Column::hyphenated(&pattern.name));
    let columns = [Column::words("executor")].into_iter().chain(names).collect();
    let table = Table::new("", "", columns)
        .rows(lines(analysis, |pattern, name| compact_entry(pattern, name).into()))
        .spaced(Spacing::Dense);
    let readme = Content::Title(format!("Dependent agents: {title}"));
    let failed: Vec<FailedCells> =
        analysis.patterns.iter().flat_map(|pattern| failures(pattern).cells).collect();
    let failed = Reasons { heading: "Failed", finding: None, most: MOST_ROWS, cells: failed };
    vec![
        SectionBlock::new(Outputs::README, readme),
        SectionBlock::new(Outputs::TERMINAL, Content::Title(sentence)),
        SectionBlock::new(Outputs::TERMINAL, paragraph(title)),
        SectionBlock::new(Outputs::README | Outputs::TERMINAL, table),
        SectionBlock::new(Outputs::README, paragraph(format!("{LEGEND}."))),
        SectionBlock::new(Outputs::TERMINAL, paragraph(LEGEND)),
        SectionBlock::new(Outputs::TERMINAL, failed),
    ]
}

fn compact_entry(pattern: &Family, executor: &str) -> String {
    let Some(curve) = pattern.curve(executor) else { return NOTHING.into() };
    let Some(metg) = curve.at(pattern.ranking) else { return "failed".into() };
    let standing = pattern.verdict().and_then(|verdict| verdict.standing(executor));
    crossing_in_microseconds(metg.crossing, metg.interval) + standing.map_or("", mark)
}

fn unreached() -> String {
    format!("dependent agents: no executor reaches {} in any pattern", threshold(Threshold::Half))
}

/// How it is over all patterns, where there are several.
pub(super) fn over_all(analysis: &Analysis) -> Option<Fact> {
    let verdict = analysis.patterns_verdict()?;
    let several = analysis.patterns.len() > 1 && verdict.judged() && verdict.too_noisy().is_none();
    several.then(|| patterns(analysis, &verdict))
}

/// Who is in front in most patterns, and who is where those are not.
fn patterns(analysis: &Analysis, verdict: &PatternsVerdict<'_>) -> Fact {
    let front: Vec<&str> = std::iter::once(verdict.best).chain(verdict.tied.iter().copied()).collect();
    let (led, all) = (verdict.leads.len(), plural(verdict.measured, "pattern"));
    let others = verdict.lost().map(|other| {
        let front = std::iter::once(other.best).chain(other.tied.iter().copied());
        let front: Vec<&str> = front.map(|curve| curve.executor.as_str()).collect();
        format!(" In {}: {}.", other.family.name, one_of(&front))
    });
    let range = match verdict.extremes() {
        Some([(least, easy), (most, hard)]) if easy.name != hard.name => {
            let [least, most] = [least, most].map(in_short);
            format!(" {} takes from {least} ({}) to {most} ({}).", verdict.best, easy.name, hard.name)
        }
        _ => String::new(),
    };
    let text = format!(
        "not shown to need larger agents than others in {led} of {all}.{}{range} {}",
        others.collect::<String>(),
        limit(&analysis.patterns)
    );
    Fact::new("Other patterns", one_of(&front), text)
}

/// In which patterns more cores are of no use. May be empty.
fn limit(patterns: &[Family]) -> String {
    let narrow = patterns.iter().filter(|pattern| pattern.parallelism < pattern.cores as f64);
    let narrow: Vec<_> = narrow.map(|pattern| pattern.name.as_str()).collect();
    if narrow.is_empty() {
        return String::new();
    }
    format!("The critical path limits {}: more cores are of no use there.", joined(&narrow))
}
