//! Peers beside the serial loop and the fastest executor.

use centurion_findings::{
    Analysis, Contender, ContenderFigures, ContenderKind, ContenderRow, PeerComparison, PeerVerdict,
};
use centurion_plot::lines::{Horizontal, LineChart, LineSeries, Point, SeriesKind, Vertical};
use centurion_stats::Estimate;

use super::scaling::draw;
use super::{Findings, NOTHING};
use crate::chart::{Caption, Chart, ChartSize, Drawing, Layout};
use crate::document::{Content, Outputs, Rank, Reasons, Section, SectionBlock, paragraph};
use crate::table::{Column, Entry, Spacing, Table, entries};
use crate::units::{
    Quantity, measured_time, memory, microseconds, ratio, time, time_estimate, time_in_short, times_estimate,
};

/// Above everything that is told of peers.
const HEADING: &str = "Python and Dask beside the executors";

/// What the tutorial that this comparison begins with printed.
const TUTORIAL: &str = "The tutorial's own script, a hundred sleeping agents on Dask, said 19.61 s, against 100.05 s run serially: 5.1×. \
     These are the tutorial's own figures, from another machine, and nobody measured its serial time: it is the sum \
     of the sleeps. Here the serial loop runs in every round.";

/// Below this speedup the digits say nothing that the slowdown does not.
const HARDLY: f64 = 0.01;

/// A chart for each workload, a table, and a smaller one elsewhere. `None` without peers.
pub(super) fn section<'a>(findings: &'a Findings<'a>) -> Option<Section<'a>> {
    let analysis = findings.analysis;
    let lead = [
        "Python's own pool and Dask's schedulers ran the same agents in the same rounds on the same cores, each from \
         a process of its own, and every answer was checked. Their makespan is taken in that process, from the call \
         until the last answer; start and import of Python, start of the workers and the first call are start-up, \
         which is paid once.",
        "They are held against the executor that was fastest with that workload. They take no part in verdicts, \
         changes and other charts. Agents that wait need many workers: the table says how many there were.",
        TUTORIAL,
    ];
    let charts = analysis.peers.iter().enumerate().map(|(place, peers)| {
        SectionBlock::page(Chart::new(Layout::Small, move |size| chart(findings, peers, place, size)))
    });
    let section = Section::new("peers", HEADING, &lead)
        .with(charts)
        .with([SectionBlock::page(page_table(&analysis.peers))])
        .with(compact(analysis));
    (!analysis.peers.is_empty()).then(|| section.broad().ranked(Rank::Figures(3)))
}

/// A table as small as a terminal needs it, its legend, what failed, and what the tutorial said.
fn compact<'a>(analysis: &Analysis) -> Vec<SectionBlock<'a>> {
    let markdown = Outputs::README | Outputs::SUMMARY;
    let failed =
        Reasons { heading: "Failed", finding: None, most: usize::MAX, cells: analysis.failed_peers() };
    let legend = legend(&analysis.peers);
    vec![
        SectionBlock::new(Outputs::README | Outputs::TERMINAL, Content::Title(HEADING.into())),
        SectionBlock::new(markdown | Outputs::TERMINAL, compact_table(analysis)),
        SectionBlock::new(markdown, paragraph(format!("{legend}."))),
        SectionBlock::new(Outputs::TERMINAL, paragraph(legend)),
        SectionBlock::new(markdown | Outputs::TERMINAL, failed),
        SectionBlock::new(markdown, paragraph(TUTORIAL)),
    ]
}

/// Makespans of a workload, a row for each contender. Peers have identities after those of the executors.
fn chart(findings: &Findings<'_>, peers: &PeerComparison, place: usize, size: ChartSize) -> Drawing {
    let contenders = &peers.contenders;
    let caption = Caption {
        id: format!("peers-{place}"),
        title: format!("{}: makespan", peers.workload),
        subtitle: "Median and 95 % interval".into(),
        description: in_words(contenders),
    };
    let cores = contenders.iter().map(|contender| contender.cores).max().unwrap_or(1);
    let index = |row: usize, name: &str| {
        let known = findings.executors.iter().position(|executor| *executor == name);
        known.unwrap_or(findings.executors.len() + row)
    };
    let series = contenders.iter().enumerate().map(|(row, contender)| LineSeries {
        name: contender.name.clone(),
        index: index(row, &contender.name),
        kind: SeriesKind::Measured,
        points: point(contender, cores as f64).into_iter().collect(),
    });
    draw(&LineChart {
        frame: caption.frame(size),
        x: Horizontal::Count,
        x_label: "cores at most".into(),
        y: Vertical::Nanoseconds,
        series: series.collect(),
        ceilings: Vec::new(),
        oversubscribed_above: None,
        sibling: None,
    })
}

fn point(contender: &Contender, x: f64) -> Option<Point> {
    let bag_ns = contender.outcome.as_ref().ok()?.bag_ns;
    Some(Point { x, y: bag_ns.value, band: bag_ns.interval.map(|ends| (ends.low, ends.high)) })
}

fn in_words(contenders: &[Contender]) -> String {
    let makespan = |contender: &Contender| match &contender.outcome {
        Ok(figures) => format!("{} {}", contender.name, time_in_short(figures.bag_ns)),
        Err(_) => format!("{} failed", contender.name),
    };
    format!("{}.", contenders.iter().map(makespan).collect::<Vec<_>>().join(", "))
}

fn page_table(peers: &[PeerComparison]) -> Table {
    let head = [
        "executor",
        "workload",
        "cores × workers",
        "makespan",
        "speedup",
        "× the fastest",
        "per agent",
        "start-up",
        "memory",
        "verdict",
    ];
    let rows = |peers: &PeerComparison| -> Vec<_> {
        peers.contenders.iter().map(|contender| page_row(peers, contender)).collect()
    };
    let caption = "Peers, the serial loop and the fastest executor of each workload";
    Table::new("peers-table", caption, Column::named(head)).rows(peers.iter().flat_map(rows)).note(
        "× the fastest: makespan over that of the fastest executor in the same round. Per agent: makespan of the \
         smallest agents over their number, which is overhead where they are empty. Memory: of all processes of a peer. \
         [ ] 95 % interval.",
    )
}

fn page_row(peers: &PeerComparison, contender: &Contender) -> Vec<Entry> {
    let figures = match &contender.outcome {
        Ok(found) => entries(figures(peers.sized, contender.kind, found)),
        Err(reason) => {
            let nothing = std::iter::repeat_n(NOTHING.to_owned(), 6);
            entries(nothing.chain([format!("failed: {reason}")]))
        }
    };
    let place = format!("{} × {}", contender.cores, contender.workers);
    entries([contender.name.clone(), peers.workload.clone(), place]).into_iter().chain(figures).collect()
}

fn figures(sized: bool, kind: ContenderKind, found: &ContenderFigures) -> [Quantity; 7] {
    let nothing = || Quantity::from(NOTHING);
    let slowdown = found.slowdown.filter(|_| kind != ContenderKind::Fastest);
    [
        time_estimate(found.bag_ns),
        found.speedup.filter(|_| kind != ContenderKind::Serial).map_or_else(nothing, speedup),
        slowdown.map_or_else(nothing, times_estimate),
        if sized { microseconds(found.agent_ns).into() } else { nothing() },
        time(found.startup_ns).into(),
        found.memory_bytes.map_or_else(nothing, |bytes| memory(bytes).into()),
        verdict(kind, found.verdict).into(),
    ]
}

fn speedup(speedup: Estimate) -> Quantity {
    if speedup.value < HARDLY { format!("below {HARDLY}×").into() } else { times_estimate(speedup) }
}

fn verdict(kind: ContenderKind, verdict: PeerVerdict) -> &'static str {
    match verdict {
        _ if kind == ContenderKind::Fastest => "fastest executor",
        PeerVerdict::Slower => "slower",
        PeerVerdict::Faster => "faster than every executor",
        PeerVerdict::Within => "within 3 %",
        PeerVerdict::Undecided => "undecided",
        PeerVerdict::Unjudged => "needs rounds",
    }
}

/// Who, for each workload the makespan and how many times that of the fastest executor it is, `1.84 s, 12.1×`, start-up
/// and memory. In a size of a family it is the time of an agent instead of the makespan.
fn compact_table(analysis: &Analysis) -> Table {
    let name = |peers: &PeerComparison| {
        let unit = if peers.sized { ", an agent" } else { "" };
        format!("{}{unit}", peers.workload)
    };
    let ends = ["start-up", "memory"].map(|title| Column::new(title).yielding(0));
    let names = std::iter::once(Column::words("")).chain(analysis.peers.iter().map(name).map(Column::new));
    let columns = names.chain(ends).collect();
    let rows = analysis.contender_rows();
    let table = Table::new("", "", columns)
        .rows(rows.iter().map(|row| compact_row(&analysis.peers, row)))
        .spaced(Spacing::Dense);
    Table { most: usize::MAX, ..table }
}

fn compact_row(peers: &[PeerComparison], row: &ContenderRow<'_>) -> Vec<Entry> {
    let name = if row.kind == ContenderKind::Fastest { "fastest executor" } else { row.name };
    let figures = peers.iter().zip(&row.contenders).map(|(peers, contender)| {
        contender.map_or(NOTHING.into(), |contender| compact_figure(peers, contender))
    });
    let start_up = row.most(|figures| Some(figures.startup_ns)).map_or(NOTHING.into(), time);
    let memory = row.most(|figures| figures.memory_bytes).map_or(NOTHING.into(), memory);
    entries(std::iter::once(name.to_owned()).chain(figures).chain([start_up, memory]))
}

fn compact_figure(peers: &PeerComparison, contender: &Contender) -> String {
    let Ok(figures) = &contender.outcome else { return "failed".into() };
    let share = if peers.sized { figures.agent_ns / figures.bag_ns.value } else { 1.0 };
    let shown = measured_time(figures.bag_ns.map(|ns| ns * share));
    let slowdown = figures.slowdown.filter(|_| contender.kind != ContenderKind::Fastest);
    shown + &slowdown.map_or(String::new(), |slowdown| format!(", {}×", ratio(slowdown)))
}

/// What the rows of the compact table are, and who is the fastest executor of each workload.
fn legend(peers: &[PeerComparison]) -> String {
    let fastest = |peers: &PeerComparison| Some(format!("{} in {}", peers.fastest()?.name, peers.workload));
    let named: Vec<_> = peers.iter().filter_map(fastest).collect();
    let named = if named.is_empty() { "not measured".into() } else { named.join(", ") };
    format!(
        "Makespan, × that of the fastest executor: {named}. Start-up and memory are the most of any workload"
    )
}
