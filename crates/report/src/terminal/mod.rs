//! What a run prints at its end: a verdict and a table for each workload, then the reasons for doubt.

mod families;
mod peers;

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use centurion_record::Kind;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use crate::units::{percent, plural, time, time_estimate, times, times_estimate};
use crate::wording;
use centurion_findings::{
    Analysis, Bottleneck, Bound, CellResult, Gain, Measured, Row, Standing, WorkloadResult,
};
use centurion_stats::MIN_ROUNDS;

/// Width that running text is broken at when the terminal's is not known.
const DEFAULT_WIDTH: usize = 100;

pub(crate) const LIGHT: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The summary of a run as text that ends in a newline, at most `width` columns wide where words allow it. With
/// `colour` it holds ANSI styles. Control characters in names are replaced.
pub fn summary(analysis: &Analysis, width: Option<usize>, colour: bool) -> String {
    let page = Page { width, colour };
    let workloads = analysis.standing_alone().map(|workload| page.workload(workload));
    let grain = analysis.independent.first().map(|grain| page.grain(analysis, grain));
    let patterns = (!analysis.patterns.is_empty()).then(|| page.patterns(analysis));
    let sections: Vec<_> = workloads
        .chain(grain)
        .chain(patterns)
        .chain(page.peers(analysis))
        .chain([page.trust(analysis)])
        .collect();
    sections.join("\n")
}

struct Page {
    width: Option<usize>,
    colour: bool,
}

/// What a table's columns hold.
#[derive(Clone, Copy)]
enum Columns {
    /// Marks, names, then figures.
    Marked,
    /// Names, then figures, close together.
    Dense,
}

impl Columns {
    /// Columns before the figures.
    fn words(self) -> usize {
        match self {
            Self::Marked => 2,
            Self::Dense => 1,
        }
    }

    /// Spaces left and right of figures.
    fn padding(self) -> (u16, u16) {
        match self {
            Self::Marked => (1, 1),
            Self::Dense => (1, 0),
        }
    }
}

impl Page {
    fn workload(&self, workload: &WorkloadResult) -> String {
        let mut text = self.text(Style::new().bold(), "", &wording::workload_verdict(&workload.verdict()));
        text += &self.text(Style::new(), "  ", &context(workload));
        text += &self.text(Style::new(), "  ", &ceilings(workload));
        let header = [
            "",
            "executor",
            "cores ×\nworkers",
            "makespan",
            "speedup",
            "effi-\nciency",
            "of\nceiling",
            "start-up",
        ];
        let tested = workload.rows().into_iter().flat_map(|row| table_rows(workload, row));
        text += &self.table(Columns::Marked, &header, reference_rows(workload).into_iter().chain(tested));
        for cell in &workload.cells {
            if let Err(reason) = &cell.outcome {
                text += &self.failure(&cell.id.to_string(), reason);
            }
        }
        text
    }

    /// How much was judged, what the marks mean, and the warnings.
    fn trust(&self, analysis: &Analysis) -> String {
        let mut text = self.text(Style::new(), "", &judged(analysis));
        let legend = format!(
            "* best of its row   ~ not told apart from it   ? needs {MIN_ROUNDS} rounds   ! above its ceiling"
        );
        text += &self.text(Style::new(), "", &legend);
        for warning in &analysis.warnings {
            text += &self.text(
                AnsiColor::Yellow.on_default(),
                "",
                &format!("warning: {}", wording::warning(warning)),
            );
        }
        text
    }

    fn failure(&self, what: &str, reason: &str) -> String {
        self.text(AnsiColor::Red.on_default(), "  ", &format!("failed: {what}: {reason}"))
    }

    fn table(&self, columns: Columns, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
        let mut table = Table::new();
        table.load_style(LIGHT).set_header(header);
        for row in rows {
            table.add_row(row.iter().map(|cell| clean(cell)));
        }
        if let Some(width) = self.width {
            table.set_width(width as u16).set_content_arrangement(ContentArrangement::Dynamic);
        }
        if let Some(first) = table.column_mut(0) {
            first.set_padding((0, 1));
        }
        for column in table.column_iter_mut().skip(columns.words()) {
            column.set_cell_alignment(CellAlignment::Right);
            column.set_padding(columns.padding());
        }
        table.trim_fmt() + "\n"
    }

    /// Running text, broken at words; lines after the first are indented two columns more.
    fn text(&self, style: Style, indent: &str, text: &str) -> String {
        let broken = wrap(&clean(text), indent, self.width.unwrap_or(DEFAULT_WIDTH));
        if self.colour { format!("{style}{broken}{style:#}\n") } else { broken + "\n" }
    }
}

fn wrap(text: &str, indent: &str, width: usize) -> String {
    let mut lines = vec![indent.to_owned()];
    let mut words = text.split(' ');
    lines[0] += words.next().unwrap_or_default();
    for word in words {
        let line = lines.last_mut().expect("there is a first line");
        if line.chars().count() + 1 + word.chars().count() > width {
            lines.push(format!("{indent}  {word}"));
        } else {
            *line += " ";
            *line += word;
        }
    }
    lines.join("\n")
}

/// Names and reasons come from outside: no control character of theirs reaches the terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// `100 agents; serial baseline 1.21 [1.20, 1.22] s; noise floor 1.2 %`.
fn context(workload: &WorkloadResult) -> String {
    let baseline = match &workload.baseline {
        Ok(baseline) => format!("serial baseline {}", time_estimate(baseline.bag_ns)),
        Err(reason) => format!("no serial baseline: {reason}"),
    };
    format!("{}; {baseline}; noise floor {}", plural(workload.agents, "agent"), floor(workload.noise.floor))
}

fn floor(floor: Option<f64>) -> String {
    floor.map_or(format!("needs {MIN_ROUNDS} rounds"), percent)
}

/// What any schedule and the hardware allow on each number of processors.
fn ceilings(workload: &WorkloadResult) -> String {
    let mut bounds: BTreeMap<usize, Bound> = BTreeMap::new();
    for cell in &workload.cells {
        let Some(bound) = cell.ceilings.schedule else { continue };
        let most = bounds.entry(cell.row.workers.unwrap_or(cell.row.cores)).or_insert(bound);
        if bound.speedup > most.speedup {
            *most = bound;
        }
    }
    let noun = if workload.kind == Kind::Waiting { "worker" } else { "core" };
    let in_words = |(&count, bound): (&usize, &Bound)| {
        let critical = bound.bottleneck == Bottleneck::CriticalPath;
        let why = if critical { " (the critical path)" } else { "" };
        format!("{} on {}{why}", times(bound.speedup), plural(count, noun))
    };
    let mut schedule: Vec<_> = bounds.iter().map(in_words).collect();
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
    format!("at most, by the schedule {}{measured}", schedule.join(", "))
}

/// The baseline, which is 1 by definition, and the identical copies, whose distance from 1 is noise.
fn reference_rows(workload: &WorkloadResult) -> Vec<Vec<String>> {
    let row = |name: String, place: String, makespan: String, speedup: String| {
        let none = String::new;
        vec![none(), name, place, makespan, speedup, none(), none(), none()]
    };
    let baseline = workload.baseline.as_ref().ok();
    let baseline = baseline
        .map(|baseline| row("serial".into(), "1 × 1".into(), time(baseline.bag_ns.value), "1×".into()));
    let copies = workload.noise.copies.iter().map(|copy| {
        let place = format!("{} × {}", copy.cores, copy.workers);
        row(format!("{} / the same", copy.executor), place, String::new(), times_estimate(copy.ratio))
    });
    baseline.into_iter().chain(copies).collect()
}

/// The cells of one row, fastest first, failures last.
fn table_rows(workload: &WorkloadResult, row: Row) -> Vec<Vec<String>> {
    let mut cells: Vec<_> = workload.row(row).collect();
    let time =
        |cell: &CellResult| cell.outcome.as_ref().map_or(f64::INFINITY, |measured| measured.bag_ns.value);
    cells.sort_by(|a, b| time(a).total_cmp(&time(b)));
    cells.into_iter().map(table_row).collect()
}

fn table_row(cell: &CellResult) -> Vec<String> {
    let place = format!("{} × {}", cell.cores, cell.workers);
    let figures = match &cell.outcome {
        Ok(measured) => figures(measured),
        Err(_) => ["failed", "", "", "", ""].map(str::to_owned),
    };
    let mark = cell.outcome.as_ref().map_or("", mark);
    [mark.to_owned(), cell.executor.clone(), place].into_iter().chain(figures).collect()
}

/// Makespan, speedup, efficiency, share of the ceiling, start-up.
fn figures(measured: &Measured) -> [String; 5] {
    let gain = |show: fn(&Gain) -> String| measured.gain.as_ref().map(show).unwrap_or_default();
    [
        time(measured.bag_ns.value),
        gain(|gain| times_estimate(gain.speedup)),
        gain(|gain| percent(gain.efficiency.value)),
        gain(|gain| gain.of_ceiling.map_or_else(String::new, |share| percent(share.value))),
        time(measured.startup_ns),
    ]
}

fn mark(measured: &Measured) -> &'static str {
    if measured.gain.is_some_and(|gain| gain.impossible) { "!" } else { wording::mark(measured.in_row) }
}

/// `judged 29 of 30 cells in 12 rounds`.
fn judged(analysis: &Analysis) -> String {
    let cells = || analysis.workloads.iter().flat_map(|workload| &workload.cells);
    let judged = cells()
        .filter_map(|cell| cell.outcome.as_ref().ok())
        .filter(|measured| measured.in_row != Standing::Unjudged)
        .count();
    format!("judged {judged} of {} in {}", plural(cells().count(), "cell"), plural(analysis.rounds, "round"))
}
