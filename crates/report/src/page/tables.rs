//! Tables of the page.

use std::collections::BTreeSet;

use centurion_record::Record;

use super::parts::{Entry, Table};
use crate::figures::Figures;
use crate::story;
use crate::units::{percent, plural, time, time_estimate, times, times_estimate};
use crate::wording;
use centurion_findings::{CellResult, Measured, Row, Standing, WorkloadResult};
use centurion_stats::median;

/// What stands where nothing was measured.
pub(super) const NOTHING: &str = "–";

/// An id for a table, of ASCII letters, digits and hyphens.
pub(super) fn id(prefix: &str, name: &str) -> String {
    let slug: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{prefix}-{slug}")
}

/// A figure with its interval below it: `1.23 [1.20, 1.27] ms` has `[1.20, 1.27]` in small print.
pub(super) fn estimated(text: String) -> Entry {
    let parts = text.split_once(" [").and_then(|(value, rest)| Some((value, rest.split_once(']')?)));
    match parts {
        Some((value, (ends, unit))) => {
            Entry { text: format!("{value}{unit}"), small: format!("[{ends}]"), tint: None }
        }
        None => Entry::new(text),
    }
}

/// Plain fields.
pub(super) fn row(texts: impl IntoIterator<Item = String>) -> Vec<Entry> {
    texts.into_iter().map(Entry::new).collect()
}

/// Speedup by executor and place.
pub(super) fn matrix(workload: &WorkloadResult) -> Table {
    let rows = workload.rows();
    let mut executors: Vec<&str> = Vec::new();
    for cell in &workload.cells {
        if !executors.contains(&cell.executor.as_str()) {
            executors.push(&cell.executor);
        }
    }
    let line = |name: &&str| {
        let entries = rows.iter().map(|&row| matrix_entry(workload, name, row));
        std::iter::once(Entry::new(*name)).chain(entries).collect()
    };
    Table {
        id: id("matrix", &workload.name),
        caption: format!("{}: speedup by executor and place", workload.name),
        head: std::iter::once("executor".into()).chain(rows.iter().map(|&row| place(row))).collect(),
        rows: executors.iter().map(line).collect(),
        note: String::new(),
    }
}

/// `2 cores`, or `2 cores, 100 workers`.
fn place(row: Row) -> String {
    let workers = row.workers.map(|workers| format!(", {}", plural(workers, "worker")));
    plural(row.cores, "core") + &workers.unwrap_or_default()
}

/// The fastest cell of an executor in a row.
fn matrix_entry(workload: &WorkloadResult, executor: &str, row: Row) -> Entry {
    let cells: Vec<_> = workload.row(row).filter(|cell| cell.executor == executor).collect();
    let speed = |cell: &CellResult| cell.speedup().map_or(0.0, |speedup| speedup.value);
    let Some(cell) = cells.iter().max_by(|a, b| speed(a).total_cmp(&speed(b))) else {
        return Entry::new(NOTHING);
    };
    match &cell.outcome {
        Ok(measured) => measured_entry(cell, measured),
        Err(_) => Entry { small: "reason above".into(), ..Entry::new("failed") },
    }
}

fn measured_entry(cell: &CellResult, measured: &Measured) -> Entry {
    let Some(gain) = measured.gain else { return Entry::new(time(measured.bag_ns.value)) };
    let shown = estimated(times_estimate(gain.speedup));
    let told = cell.row.workers.is_some() || cell.workers == cell.cores;
    let workers = if told { String::new() } else { plural(cell.workers, "worker") };
    Entry {
        text: format!("{} {}", shown.text, mark(measured)).trim_end().to_owned(),
        small: format!("{} {workers}", shown.small).trim().to_owned(),
        tint: gain.of_ceiling.map(|share| (100.0 * share.value).clamp(0.0, 100.0).round() as u32),
    }
}

fn mark(measured: &Measured) -> &'static str {
    if measured.gain.is_some_and(|gain| gain.impossible) { "!" } else { wording::mark(measured.in_row) }
}

/// Median start-up by executor and number of workers.
pub(super) fn start_up(figures: &Figures<'_>) -> Table {
    let cells = || figures.analysis.workloads.iter().flat_map(|workload| &workload.cells);
    let most = cells().map(|cell| cell.cores).max().unwrap_or(1);
    let measured = |cell: &CellResult| Some(cell.outcome.as_ref().ok()?.startup_ns);
    let on_all = || cells().filter(move |cell| cell.cores == most);
    let workers: BTreeSet<usize> = on_all().map(|cell| cell.workers).collect();
    let entry = |name: &str, workers: usize| {
        let same = on_all().filter(|cell| cell.executor == name && cell.workers == workers);
        let times: Vec<_> = same.filter_map(measured).collect();
        Entry::new(median(&times).map_or(NOTHING.into(), time))
    };
    let line = |name: &&str| {
        std::iter::once(Entry::new(*name)).chain(workers.iter().map(|&count| entry(name, count))).collect()
    };
    let head = workers.iter().map(|&count| plural(count, "worker"));
    Table {
        id: "start-up-times".into(),
        caption: format!("Start-up on {}, median", plural(most, "core")),
        head: std::iter::once("executor".into()).chain(head).collect(),
        rows: figures.cast().iter().map(line).collect(),
        note: String::new(),
    }
}

/// Most rows of a table of cells.
const MOST_ROWS: usize = 300;

/// Every cell of a workload, up to [`MOST_ROWS`].
pub(super) fn cells(workload: &WorkloadResult) -> Table {
    let head = [
        "executor",
        "cores",
        "workers",
        "samples",
        "makespan",
        "speedup",
        "efficiency",
        "of ceiling",
        "start-up",
        "CPU / wall",
        "verdict",
    ];
    Table {
        id: id("cells", &workload.name),
        caption: format!("{}: every cell", workload.name),
        head: head.map(String::from).to_vec(),
        rows: workload.cells.iter().take(MOST_ROWS).map(cell_row).collect(),
        note: note(workload),
    }
}

fn note(workload: &WorkloadResult) -> String {
    let baseline = match &workload.baseline {
        Ok(baseline) => format!("Serial baseline: {}.", time_estimate(baseline.bag_ns)),
        Err(reason) => format!("No serial baseline: {reason}."),
    };
    match workload.cells.len().saturating_sub(MOST_ROWS) {
        0 => baseline,
        more => format!("{baseline} {} more are in results.csv.", plural(more, "row")),
    }
}

fn cell_row(cell: &CellResult) -> Vec<Entry> {
    let place = [cell.executor.clone(), cell.cores.to_string(), cell.workers.to_string()];
    let figures = match &cell.outcome {
        Ok(measured) => figures(measured).map(estimated),
        Err(reason) => {
            let mut figures: [Entry; 8] = std::array::from_fn(|_| Entry::new(NOTHING));
            figures[7] = Entry::new(format!("failed: {reason}"));
            figures
        }
    };
    row(place).into_iter().chain(figures).collect()
}

fn figures(measured: &Measured) -> [String; 8] {
    let gain = measured.gain;
    let share = |share: Option<f64>| share.map_or(NOTHING.into(), percent);
    [
        measured.samples.to_string(),
        time_estimate(measured.bag_ns),
        gain.map_or(NOTHING.into(), |gain| times_estimate(gain.speedup)),
        share(gain.map(|gain| gain.efficiency.value)),
        share(gain.and_then(|gain| gain.of_ceiling).map(|share| share.value)),
        time(measured.startup_ns),
        times(measured.cpu_per_wall).replace('×', ""),
        verdict(measured).into(),
    ]
}

fn verdict(measured: &Measured) -> &'static str {
    match measured.in_row {
        _ if measured.gain.is_some_and(|gain| gain.impossible) => "above its ceiling",
        Standing::Best => "fastest",
        Standing::Tied => "equal to the fastest",
        Standing::Behind => "slower",
        Standing::Unjudged => "needs rounds",
    }
}

/// The machine, the build and the run.
pub(super) fn environment(record: &Record) -> Table {
    let environment = &record.environment;
    let known = |text: &str| if text.is_empty() { "unknown".to_owned() } else { text.to_owned() };
    let commit = environment.commit.as_deref().unwrap_or("unknown");
    let state = if environment.dirty { " with local changes" } else { "" };
    let libraries: Vec<_> =
        record.run.libraries.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let facts = [
        ("processor", known(environment.cpu_model.trim())),
        ("cores", format!("{} physical, {} logical", environment.physical_cores, environment.logical_cpus)),
        ("CPU quota", environment.quota_cpus.map_or("none".into(), |quota| format!("{quota} CPUs"))),
        ("governor", environment.governor.clone().unwrap_or_else(|| "unknown".into())),
        ("virtual machine", if environment.virtualised { "yes" } else { "no" }.into()),
        ("memory", format!("{:.1} GB", environment.memory_bytes as f64 / 1e9)),
        ("platform", format!("{}, kernel {}", known(&environment.platform), known(&environment.kernel))),
        ("compiler", known(&environment.rustc)),
        ("flags", known(&environment.flags)),
        ("commit", format!("{commit}{state}")),
        ("libraries", if libraries.is_empty() { "none".into() } else { libraries.join(", ") }),
        ("run", format!("{}, seed {}", story::run(record), record.run.seed)),
        ("started", known(&record.run.started)),
        ("command", known(&record.run.command)),
        ("code that measures", known(&record.run.bench_code)),
    ];
    Table {
        id: "machine".into(),
        caption: "What it was measured on".into(),
        head: ["what", "value"].map(String::from).to_vec(),
        rows: facts.into_iter().map(|(what, value)| row([what.into(), value])).collect(),
        note: String::new(),
    }
}
