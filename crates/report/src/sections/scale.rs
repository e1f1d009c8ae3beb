//! Many more agents that wait, and what each executor takes for them.

use centurion_findings::{
    Contrast, FailedCells, FootprintFigures, FootprintResult, REACHING, Repeated, ScaleSize, WaitingScale,
};
use centurion_plot::sizes::{self, SizesChart, SizesPoint, SizesRow, SizesUnit};

use super::footprints::{TITLES, figures, middle};
use super::{Findings, NOTHING, slug};
use crate::chart::{Caption, Chart, ChartSize, Drawing, Layout};
use crate::document::{Content, Outputs, Rank, Reasons, Section, SectionBlock, paragraph};
use crate::table::{Column, Entry, MOST_ROWS, Spacing, Table, entries};
use crate::units::{Quantity, digits, grouped, joined, percent, rough_time, time};
use crate::wording::called;

const HEADING: &str = "Waiting at scale";

/// What a chart shows.
struct Taken {
    id: &'static str,
    title: &'static str,
    unit: SizesUnit,
    of: fn(&FootprintFigures) -> Option<Repeated>,
}

const TAKEN: [Taken; 2] = [
    Taken { id: "cpu", title: "CPU time", unit: SizesUnit::Nanoseconds, of: |figures| Some(figures.cpu_ns) },
    Taken { id: "memory", title: "memory", unit: SizesUnit::Bytes, of: |figures| figures.memory_bytes },
];

/// A sentence, charts and a table for each workload; a small table for each size elsewhere. `None` where nothing was run
/// in growing numbers.
pub(super) fn section<'a>(findings: &'a Findings<'a>) -> Option<Section<'a>> {
    let scales = &findings.analysis.scales;
    let page = scales.iter().enumerate().flat_map(|(place, scale)| page(findings, scale, place));
    let mut section = Section::new("scale", HEADING, &[]);
    section.lead = scales.iter().map(in_sentences).chain(scales.iter().map(method)).collect();
    let section = section.with(page).with(scales.iter().flat_map(compact));
    (!scales.is_empty()).then(|| section.broad().ranked(Rank::Figures(1)))
}

fn page<'a>(findings: &'a Findings<'a>, scale: &'a WaitingScale, place: usize) -> Vec<SectionBlock<'a>> {
    let charts = TAKEN.iter().filter(|taken| rows(findings, scale, taken).iter().any(is_drawn));
    let charts =
        charts.map(|taken| Chart::new(Layout::Full, move |size| chart(findings, scale, taken, place, size)));
    let below = [Content::from(page_table(scale)), failures(scale).into()];
    charts.map(Content::from).chain(below).map(SectionBlock::page).collect()
}

/// What the sentence rests on.
fn method(scale: &WaitingScale) -> String {
    let apart = "is told apart only where it differs in every execution";
    let times = match scale.repetitions() {
        None => "No execution succeeded".into(),
        Some((1, 1)) => "Each was executed once, so that only what misses its ceiling is told apart".into(),
        Some((fewest, most)) if fewest == most => format!("Each was executed {most} times, and {apart}"),
        Some((fewest, most)) => format!("Each was executed {fewest} to {most} times, and {apart}"),
    };
    format!(
        "These are {} agents that wait in real time, in growing numbers, each execution in a process of its own. {times}. The \
         ceiling is reached where every execution takes at most {} longer than the longest agent waits. Memory is what \
         the process took beyond what it had before, threads are the most at once beside the main one.",
        scale.workload,
        percent(REACHING - 1.0)
    )
}

/// What becomes of each size, in a sentence each.
fn in_sentences(scale: &WaitingScale) -> String {
    let sentences = scale.sizes.iter().enumerate().map(|(place, size)| {
        let parts = [Some(times(size)), extremes(size), failed(size), missing(scale, size)];
        let said = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
        let what = if place == 0 { format!(" {} agents", scale.workload) } else { String::new() };
        format!("At {}{what} {said}.", grouped(size.agents))
    });
    let once = (scale.repetitions() == Some((1, 1))).then(|| "One execution each.".into());
    sentences.chain(once).collect::<Vec<_>>().join(" ")
}

/// `all 9 executors reach the ceiling`, or `a takes 7.3 s where b takes 1.5 s`.
fn times(size: &ScaleSize) -> String {
    let ranked = size.ranked();
    let reaching = ranked.iter().filter(|run| size.reaches(run) == Some(true)).count();
    let fastest = size.fastest();
    let Some(slowest) = ranked.last() else { return "nothing could be measured".into() };
    match (ranked.len(), reaching) {
        (1, 1) => format!("{} reaches the ceiling", slowest.executor),
        (2, 2) => "both executors reach the ceiling".into(),
        (all, reaching) if reaching == all => format!("all {all} executors reach the ceiling"),
        (1, _) => format!("{} takes {}{}", slowest.executor, wall(slowest), at_least(size)),
        (all, _) if fastest.len() == all => {
            format!("none is told apart by its time, {}{}", range(&fastest), at_least(size))
        }
        (all, reaching) => {
            let none =
                if reaching == 0 && size.bound_ns.is_some() { "none reaches the ceiling: " } else { "" };
            let others = all - reaching - 1;
            let more = match others {
                0 => String::new(),
                _ if reaching == 0 => String::new(),
                1 => ", and one more misses the ceiling".into(),
                others => format!(", and {others} more miss the ceiling"),
            };
            format!("{none}{} takes {} where {}{more}", slowest.executor, wall(slowest), take(&fastest))
        }
    }
}

fn wall(run: &FootprintResult) -> String {
    run.figures().map_or(NOTHING.into(), |figures| middle(&figures.wall_ns, rough_time))
}

/// `, at least 1.50 s`.
fn at_least(size: &ScaleSize) -> String {
    size.bound_ns.map_or(String::new(), |bound| format!(" of at least {}", time(bound)))
}

/// `tokio takes 1.52 s`, `tokio, smol take 1.52 s`.
fn take(runs: &[&FootprintResult]) -> String {
    let names: Vec<_> = runs.iter().map(|run| run.executor.as_str()).collect();
    let verb = if runs.len() == 1 { "takes" } else { "take" };
    format!("{} {verb} {}", joined(&names), range(runs))
}

/// The time of the first to that of the last.
fn range(runs: &[&FootprintResult]) -> String {
    let [first, last] = [runs.first(), runs.last()].map(|run| run.map_or(NOTHING.into(), |run| wall(run)));
    if first == last { first } else { format!("{first} to {last}") }
}

/// Who takes most and least of CPU time and memory, at equal time.
fn extremes(size: &ScaleSize) -> Option<String> {
    let told = TAKEN.iter().filter_map(|taken| Some((taken.title, size.contrast(taken.of)?)));
    let told: Vec<_> = told.collect();
    let names = |contrast: &Contrast<'_>| [contrast.most, contrast.least].map(|run| run.executor.clone());
    let said = told.chunk_by(|(_, a), (_, b)| names(a) == names(b)).map(|alike| {
        let [most, least] = names(&alike[0].1);
        let times: Vec<_> = alike.iter().map(|(what, contrast)| times_the(contrast, what)).collect();
        format!("{most} takes {} of {least}", times.join(" and "))
    });
    (!told.is_empty()).then(|| format!("at equal time {}", said.collect::<Vec<_>>().join(", and ")))
}

/// `18 to 22 times the CPU time`.
fn times_the(contrast: &Contrast<'_>, what: &str) -> String {
    let (low, high) = contrast.times;
    let show = |times: f64| if low < 9.5 { format!("{times:.1}") } else { format!("{times:.0}") };
    let [low, high] = [low, high].map(show);
    let times = if low == high { low } else { format!("{low} to {high}") };
    format!("{times} times the {what}")
}

fn failed(size: &ScaleSize) -> Option<String> {
    let names: Vec<_> = size.failed().iter().map(|run| run.executor.as_str()).collect();
    (!names.is_empty()).then(|| format!("{} failed", joined(&names)))
}

fn missing(scale: &WaitingScale, size: &ScaleSize) -> Option<String> {
    let names = scale.missing(size);
    let were = if names.len() == 1 { "was" } else { "were" };
    (!names.is_empty()).then(|| format!("{} {were} not run", joined(&names)))
}

/// What each executor takes, a dot for each size.
fn chart(
    findings: &Findings<'_>,
    scale: &WaitingScale,
    taken: &Taken,
    place: usize,
    size: ChartSize,
) -> Drawing {
    let caption = Caption {
        id: format!("scale-{}-{place}", taken.id),
        title: format!("{}: {} by number of agents", scale.workload, taken.title),
        subtitle: "One execution in a process of its own".into(),
        description: in_sentences(scale),
    };
    let chart = SizesChart {
        frame: caption.frame(size),
        unit: taken.unit,
        sizes: scale.sizes.iter().map(|size| format!("{} agents", grouped(size.agents))).collect(),
        rows: rows(findings, scale, taken),
    };
    Drawing::new(&chart.frame, sizes::render(&chart))
}

fn rows(findings: &Findings<'_>, scale: &WaitingScale, taken: &Taken) -> Vec<SizesRow> {
    let point = |run: &FootprintResult| {
        let Repeated { median, least, most, .. } = (taken.of)(run.figures()?)?;
        Some(SizesPoint { value: median, ends: (least, most) })
    };
    let row = |name: &str| SizesRow {
        name: findings.called(name),
        index: findings.index(name),
        points: scale.sizes.iter().map(|size| point(size.of(name)?)).collect(),
    };
    scale.executors().into_iter().map(row).collect()
}

fn is_drawn(row: &SizesRow) -> bool {
    row.points.iter().any(Option::is_some)
}

fn page_table(scale: &WaitingScale) -> Table {
    let head = ["executor", "agents", "workers"].into_iter().chain(TITLES).chain(["of bound"]);
    let caption = format!("{}: what an execution takes in all", scale.workload);
    let rows = scale.sizes.iter().flat_map(|size| size.runs.iter().map(move |run| page_row(size, run)));
    Table::new(slug("scale", &scale.workload), caption, Column::named(head))
        .rows(rows)
        .note("Median over the executions, and in small print the least and the greatest. Of bound: makespan over what the longest agent waits.")
}

fn page_row(size: &ScaleSize, run: &FootprintResult) -> Vec<Entry> {
    let names = [called(&run.executor, run.mistake), grouped(run.agents), grouped(run.workers)];
    let taken = match run.figures() {
        Some(taken) => entries(figures(taken).into_iter().chain([over_bound(size, taken)])),
        None => entries(nothing(TITLES.len() + 1)),
    };
    entries(names).into_iter().chain(taken).collect()
}

/// Figures of what failed.
fn nothing(figures: usize) -> impl Iterator<Item = &'static str> {
    std::iter::once("failed").chain(std::iter::repeat_n(NOTHING, figures - 1))
}

fn over_bound(size: &ScaleSize, taken: &FootprintFigures) -> Quantity {
    let times = |bound: f64| format!("{}×", digits(taken.wall_ns.median / bound));
    size.bound_ns.map_or(NOTHING.into(), |bound| times(bound).into())
}

/// The sentence, and a table for each size.
fn compact<'a>(scale: &WaitingScale) -> Vec<SectionBlock<'a>> {
    let shown = Outputs::README | Outputs::TERMINAL;
    let everywhere = shown | Outputs::SUMMARY;
    let mut blocks = vec![
        SectionBlock::new(shown, Content::Title(HEADING.into())),
        SectionBlock::new(everywhere, paragraph(in_sentences(scale))),
    ];
    for size in &scale.sizes {
        for (on, yields) in [(Outputs::README, Some(2)), (Outputs::TERMINAL, None)] {
            let contents = [paragraph(title(size)), compact_table(size).into()];
            blocks.extend(contents.map(|content| SectionBlock { on, content, yields }));
        }
    }
    blocks.push(SectionBlock::new(shown, failures(scale)));
    blocks.push(SectionBlock::new(Outputs::README, paragraph(method(scale))));
    blocks
}

/// `10,000 agents, of which the longest waits 1.50 s`.
fn title(size: &ScaleSize) -> String {
    let bound = size.bound_ns.map(|bound| format!(", of which the longest waits {}", time(bound)));
    format!("{} agents{}:", grouped(size.agents), bound.unwrap_or_default())
}

fn compact_table(size: &ScaleSize) -> Table {
    let mut runs: Vec<_> = size.runs.iter().collect();
    let slowness =
        |run: &FootprintResult| run.figures().map_or(f64::INFINITY, |figures| figures.wall_ns.median);
    runs.sort_by(|a, b| slowness(a).total_cmp(&slowness(b)));
    let columns = Column::named(["executor"].into_iter().chain(TITLES));
    Table::new("", "", columns).rows(runs.into_iter().map(compact_row)).spaced(Spacing::Dense)
}

fn compact_row(run: &FootprintResult) -> Vec<Entry> {
    let taken: Vec<String> = match run.figures() {
        Some(taken) => figures(taken).iter().map(Quantity::short).collect(),
        None => nothing(TITLES.len()).map(String::from).collect(),
    };
    entries(std::iter::once(called(&run.executor, run.mistake)).chain(taken))
}

fn failures(scale: &WaitingScale) -> Reasons {
    let runs = scale.sizes.iter().flat_map(|size| &size.runs);
    let failed = runs.filter_map(|run| {
        let reason = run.outcome.as_ref().err()?;
        Some((format!("{} with {} agents", run.executor, grouped(run.agents)), reason.clone()))
    });
    Reasons {
        heading: "Failed",
        finding: Some("Failed at scale"),
        most: MOST_ROWS,
        cells: FailedCells::grouped(failed),
    }
}
