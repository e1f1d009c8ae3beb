//! The figures of every cell: all of them on the page, by row in a terminal, and those that compete in a README.

use centurion_findings::{
    Bottleneck, CellResult, FailedCells, FootprintResult, Measured, Row, Standing, WorkloadResult,
};
use centurion_stats::{Estimate, MIN_ROUNDS};

use super::{Findings, NOTHING, axis_noun, footprints, mark, shortened, slug};
use crate::document::{Content, Fold, Outputs, Rank, Reasons, Section, SectionBlock, paragraph};
use crate::table::{Column, Entry, MOST_ROWS, Spacing, Table, entries};
use crate::units::{
    Quantity, percent, place, plural, time, time_estimate, time_in_short, times, times_estimate,
};
use crate::wording::{self, MISTAKEN, called, of_ceiling};

/// Most rows of a table of the page.
const MOST_CELLS: usize = 300;

pub(super) fn section<'a>(findings: &Findings<'a>) -> Section<'a> {
    let lead = [
        "Every figure of the cells on the cores and workers that won. Those of all cells are in results.csv beside this \
         page, the raw nanoseconds of each sample in results.json.",
    ];
    let mut section = Section::new("numbers", "The numbers", &lead);
    let sized = findings.analysis.workloads.iter().any(|workload| !workload.stands_alone());
    section
        .lead
        .extend(sized.then(|| "So are the cells of agents of every size; their METG is in metg.csv.".into()));
    let page = findings.alone().map(|workload| {
        SectionBlock::page(Fold::new(format!("{}: every figure", workload.name), every_figure(workload)))
    });
    let readme = findings.analysis.standing_alone().flat_map(competing);
    let terminal = findings.analysis.standing_alone().flat_map(by_row);
    let ends = [mistaken(findings), more_rows(findings)].into_iter().flatten();
    section.with(page).with(readme).with(terminal).with(ends).broad().ranked(Rank::Figures(0))
}

/// What the mark of mistakes means, where there are any.
fn mistaken<'a>(findings: &Findings<'_>) -> Option<SectionBlock<'a>> {
    let any = findings.analysis.cells().any(|cell| cell.mistake);
    any.then(|| SectionBlock::new(Outputs::README | Outputs::TERMINAL, paragraph(format!("{MISTAKEN}."))))
}

/// Where the rows are that a terminal leaves out.
fn more_rows<'a>(findings: &Findings<'_>) -> Option<SectionBlock<'a>> {
    let all: usize = findings.alone().map(|workload| workload.rows().len()).sum();
    let shown: usize = findings.alone().map(|workload| winning_rows(workload).len()).sum();
    let words =
        "Shown are the cells on the cores and workers that won; `centurion show --all` has the others.";
    (shown < all).then(|| SectionBlock::new(Outputs::BRIEF_TERMINAL, paragraph(words)))
}

/// The cells that compete with the best, up to [`MOST_CELLS`]. Where it is known what executions take, there is no room for the number
/// of samples.
fn every_figure(workload: &WorkloadResult) -> Table {
    let known = !workload.footprints.is_empty();
    let head = ["executor", "cores", "workers"].into_iter().chain((!known).then_some("samples"));
    let head = head.chain(["makespan", "speedup", "efficiency", "of ceiling", "start-up", "CPU / wall"]);
    let head = head.chain(TAKEN.into_iter().filter(|_| known)).chain(["verdict"]);
    let caption = format!("{}: every figure of those that compete", workload.name);
    Table::new(slug("cells", &workload.name), caption, Column::named(head))
        .rows(competitors(workload).into_iter().take(MOST_CELLS).map(|cell| row(workload, cell, known)))
        .note(note(workload))
}

fn note(workload: &WorkloadResult) -> String {
    let baseline = match &workload.baseline {
        Ok(baseline) => format!("Serial baseline: {}.", time_estimate(baseline.bag_ns)),
        Err(reason) => format!("No serial baseline: {reason}."),
    };
    let taken = if workload.footprints.is_empty() { "" } else { FOOTPRINTS };
    match competitors(workload).len().saturating_sub(MOST_CELLS) {
        0 => format!("{baseline}{taken}"),
        more => format!("{baseline}{taken} {} more are in results.csv.", plural(more, "row")),
    }
}

/// The titles of [`taken`].
const TAKEN: [&str; 3] = ["CPU time", "memory", "threads"];

/// Where they are from.
const FOOTPRINTS: &str = " CPU time, memory and threads: of one execution in a process of its own, for the largest cell of each executor.";

/// CPU time, memory and threads of one execution of a cell.
fn taken(workload: &WorkloadResult, cell: &CellResult) -> [Quantity; 3] {
    let figures = workload.footprint(cell).and_then(FootprintResult::figures);
    figures.map_or([NOTHING; 3].map(Quantity::from), |taken| {
        let [_, cpu, _, memory, threads, _] = footprints::figures(taken);
        [cpu, memory, threads].map(|figure| figure.short().into())
    })
}

/// One cell, with what an execution takes instead of the number of samples where that is known of any.
fn row(workload: &WorkloadResult, cell: &CellResult, known: bool) -> Vec<Entry> {
    let place = [called(&cell.executor, cell.mistake), cell.cores.to_string(), cell.workers.to_string()];
    let figures = match &cell.outcome {
        Ok(measured) => figures(cell, measured),
        Err(reason) => {
            let mut figures: [Quantity; 8] = std::array::from_fn(|_| NOTHING.into());
            figures[7] = format!("failed: {reason}").into();
            figures
        }
    };
    let figures = entries(figures).into_iter();
    let row = entries(place).into_iter();
    if !known {
        return row.chain(figures).collect();
    }
    before_last(row.chain(figures.skip(1)).collect(), taken(workload, cell))
}

/// A row with more figures before the last of it, which are words.
fn before_last(mut row: Vec<Entry>, more: [Quantity; 3]) -> Vec<Entry> {
    let last = row.len().saturating_sub(1);
    row.splice(last..last, entries(more));
    row
}

fn figures(cell: &CellResult, measured: &Measured) -> [Quantity; 8] {
    let gain = measured.gain;
    let share = |share: Option<f64>| share.map_or(NOTHING.into(), |share| percent(share).into());
    [
        measured.samples.to_string().into(),
        time_estimate(measured.bag_ns),
        gain.map_or(NOTHING.into(), |gain| times_estimate(gain.speedup)),
        share(gain.map(|gain| gain.efficiency.value)),
        gain.and_then(|gain| gain.of_ceiling).map_or(NOTHING.into(), |share| of_ceiling(share.value).into()),
        time(measured.startup_ns).into(),
        times(measured.cpu_per_wall).replace('×', "").into(),
        verdict(cell, measured).into(),
    ]
}

fn verdict(cell: &CellResult, measured: &Measured) -> &'static str {
    match measured.in_row {
        _ if cell.mistake => "a mistake",
        _ if measured.gain.is_some_and(|gain| gain.impossible) => "above its ceiling",
        Standing::Best => "fastest",
        Standing::Within => "within 3 %",
        Standing::Undecided => "undecided",
        Standing::Behind => "slower",
        Standing::Unjudged => "needs rounds",
    }
}

/// The executors that compete with the winner, fastest first, failures last.
fn competing<'a>(workload: &WorkloadResult) -> Vec<SectionBlock<'a>> {
    let verdict = workload.verdict();
    let Some(best) = verdict.best else { return Vec::new() };
    let place = place(best.row.cores, best.row.workers, ", ");
    let cells = workload.ranked(best.row);
    let known = cells.iter().any(|cell| workload.footprint(cell).is_some());
    let head = ["executor", "makespan", "speedup", "of ceiling", "start-up"];
    let head = head.into_iter().chain(TAKEN.into_iter().filter(|_| known)).chain([""]);
    let rows = cells.iter().map(|cell| {
        let row = competitor(cell);
        if known { before_last(row, taken(workload, cell)) } else { row }
    });
    let table = Table::new("", "", Column::named(head)).rows(rows);
    vec![
        SectionBlock::new(Outputs::README, Content::Title(format!("{} on {place}", workload.name)))
            .yielding(1),
        SectionBlock::new(Outputs::README, table).yielding(1),
    ]
}

fn competitor(cell: &CellResult) -> Vec<Entry> {
    let name = called(&cell.executor, cell.mistake);
    let measured = match &cell.outcome {
        Ok(measured) => measured,
        Err(reason) => {
            let nothing = std::iter::repeat_n(NOTHING.to_owned(), 4);
            let failed = format!("failed: {}", shortened(reason));
            return entries(std::iter::once(name).chain(nothing).chain([failed]));
        }
    };
    let standing = verdict(cell, measured);
    let share = measured.gain.and_then(|gain| gain.of_ceiling);
    let nothing = || Quantity::from(NOTHING);
    entries([
        name.into(),
        time_in_short(measured.bag_ns).into(),
        measured.gain.map_or_else(nothing, |gain| times_estimate(gain.speedup)),
        share.map_or_else(nothing, |share| of_ceiling(share.value).into()),
        time(measured.startup_ns).into(),
        Quantity::from(standing),
    ])
}

/// A verdict, what the workload is, and every cell by its row.
fn by_row<'a>(workload: &WorkloadResult) -> Vec<SectionBlock<'a>> {
    let failed = workload.cells.iter().filter_map(|cell| {
        let reason = cell.outcome.as_ref().err()?;
        Some(FailedCells { cells: vec![cell.id.to_string()], reason: reason.clone() })
    });
    let failed = Reasons { heading: "Failed", finding: None, most: MOST_ROWS, cells: failed.collect() };
    let before = [
        Content::Title(wording::workload_verdict(&workload.verdict())),
        paragraph(context(workload)),
        paragraph(ceilings(workload)),
    ];
    let tables = [
        (Outputs::BRIEF_TERMINAL, terminal_table(workload, winning_rows(workload))),
        (Outputs::FULL_TERMINAL, terminal_table(workload, workload.rows())),
    ];
    let after = [failed.into()].into_iter().chain(in_all(workload).into_iter().flatten());
    let in_both = |content| SectionBlock::new(Outputs::TERMINAL, content);
    let tables = tables.into_iter().map(|(on, table)| SectionBlock::new(on, table));
    before.into_iter().map(in_both).chain(tables).chain(after.map(in_both)).collect()
}

/// What one execution of each executor's largest cell takes. `None` where it was not looked at.
fn in_all<'a>(workload: &WorkloadResult) -> Option<[Content<'a>; 2]> {
    let columns = Column::named(["executor"].into_iter().chain(footprints::TITLES));
    let row = |run: &FootprintResult| {
        let figures = footprints::figures(run.figures()?).map(|figure| figure.short());
        Some(entries(std::iter::once(called(&run.executor, run.mistake)).chain(figures)))
    };
    let rows: Vec<_> = workload.footprints.iter().filter_map(row).collect();
    let words = "one execution of the largest cell of each, in a process of its own:";
    (!rows.is_empty())
        .then(|| [paragraph(words), Table::new("", "", columns).rows(rows).spaced(Spacing::Dense).into()])
}

/// `100 agents; serial baseline 1.21 [1.20, 1.22] s; noise floor 1.2 %`.
fn context(workload: &WorkloadResult) -> String {
    let baseline = match &workload.baseline {
        Ok(baseline) => format!("serial baseline {}", time_estimate(baseline.bag_ns)),
        Err(reason) => format!("no serial baseline: {reason}"),
    };
    format!("{}; {baseline}; noise floor {}", plural(workload.agents, "agent"), floor(workload.noise.floor))
}

pub(super) fn floor(floor: Option<f64>) -> String {
    floor.map_or(format!("needs {MIN_ROUNDS} rounds"), percent)
}

/// What any schedule and the hardware allow on each number of processors.
fn ceilings(workload: &WorkloadResult) -> String {
    let noun = axis_noun(workload.kind);
    let schedule = workload.schedule_by_row().into_iter().map(|(count, bound)| {
        let critical = bound.bottleneck == Bottleneck::CriticalPath;
        let why = if critical { " (the critical path)" } else { "" };
        format!("{} on {}{why}", times(bound.speedup), plural(count, noun))
    });
    let mut schedule: Vec<_> = schedule.collect();
    if schedule.is_empty() {
        schedule.push("unknown, as costs were not recorded".into());
    }
    let hardware = workload.hardware.iter().map(|ceiling| match &ceiling.speedup {
        Ok(speedup) => format!("{} on {}", times_estimate(*speedup), plural(ceiling.cores, "core")),
        Err(reason) => format!("unknown on {} ({reason})", plural(ceiling.cores, "core")),
    });
    let hardware: Vec<_> = hardware.collect();
    let measured = if hardware.is_empty() {
        String::new()
    } else {
        format!("; by the hardware {}", hardware.join(", "))
    };
    format!("limits: by the schedule {}{measured}", schedule.join(", "))
}

/// The cells of those rows, the fastest first in each.
fn competitors(workload: &WorkloadResult) -> Vec<&CellResult> {
    winning_rows(workload).into_iter().flat_map(|row| workload.ranked(row)).collect()
}

/// The row of the fastest cell; every row where there is none.
fn winning_rows(workload: &WorkloadResult) -> Vec<Row> {
    workload.verdict().best.map_or_else(|| workload.rows(), |best| vec![best.row])
}

/// The serial references, then the cells of each of these rows, fastest first, failures last.
fn terminal_table(workload: &WorkloadResult, rows: Vec<Row>) -> Table {
    let columns = vec![
        Column::words(""),
        Column::words("executor"),
        Column::new("cores × workers").broken(["cores ×", "workers"]),
        Column::new("makespan"),
        Column::new("speedup"),
        Column::new("efficiency").broken(["effi-", "ciency"]).yielding(3),
        Column::new("of ceiling").broken(["of", "ceiling"]).yielding(1),
        Column::new("start-up").yielding(2),
    ];
    let tested = rows.into_iter().flat_map(|row| workload.ranked(row)).map(terminal_row);
    Table::new("", "", columns).rows(reference_rows(workload).into_iter().chain(tested))
}

/// The baseline, which is 1 by definition, and the identical copies, whose distance from 1 is noise.
fn reference_rows(workload: &WorkloadResult) -> Vec<Vec<Entry>> {
    let row = |name: String, place: String, makespan: String, speedup: Quantity| {
        let figures = entries([Quantity::from(""), name.into(), place.into(), makespan.into(), speedup]);
        figures.into_iter().chain(entries([""; 3])).collect()
    };
    let baseline = workload.baseline.as_ref().ok();
    let baseline = baseline
        .map(|baseline| row("serial".into(), "1 × 1".into(), time_in_short(baseline.bag_ns), "1×".into()));
    let copies = workload.noise.copies.iter().map(|copy| {
        let place = format!("{} × {}", copy.cores, copy.workers);
        row(format!("{} / the same", copy.executor), place, String::new(), times_estimate(copy.ratio))
    });
    baseline.into_iter().chain(copies).collect()
}

fn terminal_row(cell: &CellResult) -> Vec<Entry> {
    let place = format!("{} × {}", cell.cores, cell.workers);
    let (mark, figures) = match &cell.outcome {
        Ok(measured) => (mark(cell, measured), terminal_figures(measured)),
        Err(_) => ("", ["failed", "", "", "", ""].map(Quantity::from)),
    };
    let names = [mark.to_owned(), called(&cell.executor, cell.mistake), place];
    entries(names).into_iter().chain(entries(figures)).collect()
}

/// Makespan, speedup, efficiency, share of the ceiling, start-up.
fn terminal_figures(measured: &Measured) -> [Quantity; 5] {
    let gain = measured.gain;
    let share = |share: Option<Estimate>| share.map(|share| percent(share.value)).unwrap_or_default().into();
    [
        time_in_short(measured.bag_ns).into(),
        gain.map(|gain| times_estimate(gain.speedup)).unwrap_or_default(),
        share(gain.map(|gain| gain.efficiency)),
        gain.and_then(|gain| gain.of_ceiling).map(|share| of_ceiling(share.value)).unwrap_or_default().into(),
        time(measured.startup_ns).into(),
    ]
}
