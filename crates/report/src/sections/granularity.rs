//! Agents of every size that need nothing of each other: how small they may be.

use centurion_findings::{
    Analysis, CurvePoint, EfficiencyCurve, FailedCells, Family, FamilyVerdict, Metg, Threshold,
};
use centurion_plot::lines::{Horizontal, LineChart, LineSeries, Point, SeriesKind, Sibling, Vertical};
use centurion_stats::Crossing;

use super::numbers::floor;
use super::scaling::draw;
use super::sheet::nanoseconds;
use super::{Findings, slug};
use crate::chart::{Caption, Chart, ChartSize, Drawing, FilePriority, Layout};
use crate::document::{Content, Fact, Outputs, Rank, Reasons, Section, SectionBlock, Sheet, paragraph};
use crate::table::{Column, Entry, MOST_ROWS, Table, entries};
use crate::units::{
    crossing, crossing_in_short, crossing_or_range, crossing_parts, joined, percent, plural, time,
};
use crate::wording::{called, family_verdict, mark, threshold};

/// Points that a chart of granularity has at most; more would be too large to review.
const MOST_POINTS: usize = 100;

/// Points that it has at most where they can be asked for their numbers.
const MOST_HOVERS: usize = 400;

/// `None` where no family of independent agents was measured.
pub(super) fn section<'a>(findings: &'a Findings<'a>) -> Option<Section<'a>> {
    let families = &findings.analysis.independent;
    let lead = [
        "How small may an agent be? Handing it to a worker costs time; below some size that eats the gain.",
        "METG(x %) is the smallest granularity, the time of all workers per agent, at which x % of their time is \
         work, and from which on it stays so. Smaller is better. Below break-even a serial loop is faster.",
    ];
    let blocks = families.iter().enumerate().flat_map(|(place, family)| blocks(findings, family, place));
    let section = Section::new("small", "Small agents", &lead).ranked(Rank::Figures(1));
    (!families.is_empty()).then(|| section.with(blocks))
}

fn blocks<'a>(findings: &'a Findings<'a>, family: &'a Family, place: usize) -> Vec<SectionBlock<'a>> {
    let chart = Chart::new(Layout::Full, move |size| family_chart(findings, family, size));
    let chart = if place == 0 { chart.filed("small-agents", FilePriority::Always) } else { chart }.still();
    let verdict = family.verdict();
    let sentence = verdict
        .as_ref()
        .map_or_else(|| format!("{}: nothing could be measured", family.name), family_verdict);
    let on = |outputs, content: Content<'a>| SectionBlock::new(outputs, content);
    vec![
        SectionBlock::page(chart),
        SectionBlock::page(page_table(family, place)),
        on(Outputs::README, Content::Title(caption(family))),
        on(Outputs::README, readme_table(family).into()),
        on(Outputs::TERMINAL, Content::Title(sentence)),
        on(Outputs::TERMINAL, paragraph(context(findings.analysis, family))),
        on(Outputs::TERMINAL, terminal_table(family, verdict.as_ref()).into()),
        on(Outputs::TERMINAL, failures(family).into()),
    ]
}

fn caption(family: &Family) -> String {
    format!("{}: smallest efficient granularity on {}", family.name, plural(family.cores, "core"))
}

/// Efficiency against granularity, one curve per executor. With very many points only one size in two or more is drawn,
/// and the chart says so.
pub(super) fn family_chart(findings: &Findings<'_>, family: &Family, size: ChartSize) -> Drawing {
    let points: usize = family.curves.iter().map(|curve| curve.points.len()).sum();
    let step = points.div_ceil(if size.hovers { MOST_HOVERS } else { MOST_POINTS }).max(1);
    let thinned = match step {
        1 => String::new(),
        2 => ", every second size".into(),
        _ => format!(", one of {step} sizes"),
    };
    let place = findings.analysis.families().position(|other| other.name == family.name);
    let whose = if family.parallelism < family.cores as f64 { "the workers of use" } else { "all workers" };
    let caption = Caption {
        id: format!("granularity-{}", place.unwrap_or(0)),
        title: format!("{}: efficiency", family.name),
        subtitle: format!("By granularity: time of {whose} per agent{thinned}"),
        description: smallest(family),
    };
    draw(&LineChart {
        frame: caption.frame(size),
        x: Horizontal::Nanoseconds,
        x_label: "granularity".into(),
        y: Vertical::Efficiency,
        series: family.curves.iter().map(|curve| series(findings, curve, step)).collect(),
        ceilings: Vec::new(),
        oversubscribed_above: None,
        sibling: sibling(findings.analysis, family),
    })
}

/// All patterns share the range of their sizes, and the names that the first of them gives.
fn sibling(analysis: &Analysis, family: &Family) -> Option<Sibling> {
    let patterns = &analysis.patterns;
    let place = patterns.iter().position(|pattern| pattern.name == family.name)?;
    let points = patterns.iter().flat_map(|pattern| &pattern.curves).flat_map(|curve| &curve.points);
    let sizes = || points.clone().map(|point| point.granularity_ns);
    let x = (sizes().min_by(f64::total_cmp)?, sizes().max_by(f64::total_cmp)?);
    Some(Sibling { x, names: place == 0 })
}

/// One size in `step`, the largest among them.
fn series(findings: &Findings<'_>, curve: &EfficiencyCurve, step: usize) -> LineSeries {
    let point = |point: &CurvePoint| Point { x: point.granularity_ns, y: point.efficiency, band: None };
    let mut points: Vec<Point> = curve.points.iter().rev().step_by(step).map(point).collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    LineSeries {
        name: called(&curve.executor, curve.mistake),
        index: findings.index(&curve.executor),
        kind: SeriesKind::Measured,
        points,
    }
}

fn smallest(family: &Family) -> String {
    let reached = family.curves.iter().filter_map(|curve| {
        Some(format!("{} {}", called(&curve.executor, curve.mistake), in_short(curve.at(family.ranking)?)))
    });
    let reached: Vec<_> = reached.collect();
    let share = percent(family.ranking.efficiency(family.parallelism));
    format!("Smallest granularity with an efficiency of {share}: {}.", reached.join(", "))
}

fn columns() -> Vec<Column> {
    Column::named(["executor"].into_iter().chain(Threshold::ALL.map(threshold)))
}

/// The smallest granularities of every executor.
fn page_table(family: &Family, place: usize) -> Table {
    let line = |curve: &EfficiencyCurve| {
        let reached = Threshold::ALL.map(|threshold| metg_entry(family, curve, threshold));
        entries([called(&curve.executor, curve.mistake)]).into_iter().chain(reached).collect()
    };
    let id = if place == 0 { "metg".into() } else { slug("metg", &family.name) };
    Table::new(id, caption(family), columns()).rows(family.curves.iter().map(line)).note(format!(
        "Ranked by {}: * smallest, ~ its interval overlaps the smallest's. [ ] 95 % interval.",
        threshold(family.ranking)
    ))
}

/// Where an executor reaches a threshold, with its interval below; its mark where the threshold ranks.
pub(super) fn metg_entry(family: &Family, curve: &EfficiencyCurve, threshold: Threshold) -> Entry {
    let Some(metg) = curve.at(threshold) else { return "failed".into() };
    let verdict = family.verdict().filter(|_| threshold == family.ranking);
    let standing = verdict.and_then(|verdict| verdict.standing(&curve.executor));
    Entry { mark: standing.map_or("", mark), ..Entry::from(crossing_parts(metg.crossing, metg.interval)) }
}

fn readme_table(family: &Family) -> Table {
    let line = |curve| reached(curve, Some(family.ranking));
    Table::new("", "", columns()).rows(family.curves.iter().map(line))
}

/// Where a threshold is reached, with its interval where the figure says little by itself.
pub(super) fn in_short(metg: &Metg) -> String {
    crossing_in_short(metg.crossing, metg.interval)
}

/// An executor and where it reaches each threshold. The interval is shown beside one of them only: four would not fit.
fn reached(curve: &EfficiencyCurve, ranking: Option<Threshold>) -> Vec<Entry> {
    let reached = Threshold::ALL.map(|threshold| match curve.at(threshold) {
        Some(metg) if ranking == Some(threshold) => crossing(metg.crossing, metg.interval),
        Some(metg) => crossing_or_range(metg.crossing, metg.interval),
        None => "failed".into(),
    });
    entries(std::iter::once(called(&curve.executor, curve.mistake)).chain(reached))
}

fn terminal_table(family: &Family, verdict: Option<&FamilyVerdict<'_>>) -> Table {
    let line = |curve: &EfficiencyCurve| {
        let standing = verdict.and_then(|verdict| verdict.standing(&curve.executor));
        let ranking = verdict.map(|verdict| verdict.metg.threshold);
        entries([standing.map_or("", mark)]).into_iter().chain(reached(curve, ranking)).collect()
    };
    let figures = Threshold::ALL.map(|of| {
        let column = Column::new(threshold(of));
        if of == family.ranking { column } else { column.yielding(0) }
    });
    let columns = [Column::words(""), Column::words("executor")].into_iter().chain(figures).collect();
    Table::new("", "", columns).rows(family.curves.iter().map(line))
}

/// `16 sizes of agents, 12.0 ns to 9.80 ms serially; noise floor 2.1 % to 14 %`.
fn context(analysis: &Analysis, family: &Family) -> String {
    let sizes = || analysis.sizes(family);
    let serial = sizes()
        .filter_map(|size| Some(size.baseline.as_ref().ok()?.bag_ns.value / size.agents as f64))
        .collect::<Vec<_>>();
    let floors: Vec<_> = sizes().filter_map(|size| size.noise.floor).collect();
    format!(
        "{} of agents, {} serially; noise floor {}",
        plural(sizes().count(), "size"),
        range(&serial, time).unwrap_or("never measured".into()),
        range(&floors, percent).unwrap_or_else(|| floor(None)),
    )
}

/// `least to greatest`. `None` for no values.
fn range(values: &[f64], show: fn(f64) -> String) -> Option<String> {
    let least = values.iter().copied().min_by(f64::total_cmp)?;
    let greatest = values.iter().copied().max_by(f64::total_cmp)?;
    Some(format!("{} to {}", show(least), show(greatest)))
}

/// Sizes without samples, those of an executor that failed alike together.
pub(super) fn failures(family: &Family) -> Reasons {
    let groups = family.curves.iter().flat_map(|curve| {
        let alike = curve.failures.chunk_by(|a, b| a.1 == b.1);
        alike.map(|group| {
            let sizes: Vec<_> = group.iter().map(|(workload, _)| workload).collect();
            let cells = vec![format!("{} on {}", curve.executor, joined(&sizes))];
            FailedCells { cells, reason: group[0].1.clone() }
        })
    });
    Reasons { heading: "Failed", finding: None, most: MOST_ROWS, cells: groups.collect() }
}

/// What is said of the executor that bears the smallest agents, with how sure that is.
pub(super) fn facts(family: &Family, certainty: Fact) -> Vec<Fact> {
    let share = percent(family.ranking.efficiency(family.parallelism));
    let verdict = family.verdict();
    let reached = verdict.as_ref().filter(|verdict| verdict.is_reached());
    let Some(verdict) = reached else {
        return vec![match verdict {
            Some(_) => {
                let text = format!("None is {share} efficient at the largest size measured.");
                Fact::new("Result", "No executor is efficient.", text)
            }
            None => Fact::new("Result", "Nothing could be measured.", ""),
        }];
    };
    let cores = plural(family.cores, "core");
    let text = format!("That counts the time of all workers, on {cores}.");
    let result = Fact::new("Result", efficient(verdict.metg, &share), text);
    [result, certainty].into_iter().chain(break_even(verdict)).collect()
}

/// From which size of agent on an executor is efficient.
pub(super) fn efficient(metg: &Metg, share: &str) -> String {
    match metg.crossing {
        Crossing::Below(_) => format!("{share} efficient at every size measured."),
        Crossing::At(_) => {
            format!("{share} efficient from {} an agent upwards.", crossing(metg.crossing, metg.interval))
        }
        Crossing::NotReached(_) => format!("not {share} efficient at the largest size measured."),
    }
}

fn break_even(verdict: &FamilyVerdict<'_>) -> Option<Fact> {
    let even = verdict.best.at(Threshold::BreakEven)?;
    let text = match even.crossing {
        Crossing::At(_) => {
            format!(
                "Below {} an agent, a serial loop is faster than {}.",
                in_short(even),
                verdict.best.executor
            )
        }
        Crossing::Below(_) => "It is never slower than a serial loop at the sizes measured.".into(),
        Crossing::NotReached(_) => "A serial loop is faster at every size measured.".into(),
    };
    Some(Fact::new("What limits it", "Handing out.", text))
}

/// One row per family, executor and threshold: the smallest granularity from which on it is reached, in nanoseconds,
/// with its interval at 95 %. `<` and `>` stand before the smallest and the largest granularity measured where the
/// answer lies beyond them.
pub(super) fn sheet(analysis: &Analysis) -> Sheet {
    let curves =
        analysis.families().flat_map(|family| family.curves.iter().map(move |curve| (family, curve)));
    let rows =
        curves.flat_map(|(family, curve)| curve.metg.iter().map(move |metg| sheet_row(family, curve, metg)));
    Sheet {
        file: "metg.csv",
        head: &["family", "executor", "cores", "threshold", "metg_ns", "metg_low_ns", "metg_high_ns"],
        rows: rows.collect(),
    }
}

fn sheet_row(family: &Family, curve: &EfficiencyCurve, metg: &Metg) -> Vec<String> {
    let end = |crossing: Option<Crossing>| match crossing {
        None => String::new(),
        Some(Crossing::Below(ns)) => format!("<{}", nanoseconds(ns)),
        Some(Crossing::At(ns)) => nanoseconds(ns),
        Some(Crossing::NotReached(ns)) => format!(">{}", nanoseconds(ns)),
    };
    let names = [family.name.clone(), curve.executor.clone(), family.cores.to_string()];
    let (low, high) = metg.interval.unzip();
    let figures = [Some(metg.crossing), low, high].map(end);
    names.into_iter().chain([threshold(metg.threshold).to_owned()]).chain(figures).collect()
}
