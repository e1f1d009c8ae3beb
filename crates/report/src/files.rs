//! The files of a report.

use std::collections::BTreeMap;

use centurion_record::{JSON_SCHEMA, Record, Round};
use serde_json::{Value, json};

use crate::csv;
use crate::figures::{Base, Drawing, Figures, Size};
use crate::markdown;
use crate::page;
use centurion_findings::{Analysis, Family, WorkloadResult};
use centurion_stats::median;

/// Charts that a folder holds at most, and timelines among them.
const CHARTS: usize = 6;
const TIMELINES: usize = 2;

/// Bytes that a chart may have: what GitHub shows of a file by itself.
const CHART_BYTES: usize = 20_000;

/// A chart as a file, and what it says in words.
pub(crate) struct Picture {
    /// Name of the file in `charts/`.
    pub(crate) name: String,
    /// Text alternative.
    pub(crate) alt: String,
    svg: String,
}

/// Every file of a machine's report, as relative path and text. A pure function of the record and of the base
/// that it is compared with, if there is one: it holds no time of rendering and no version, and the order of
/// a record's cells makes no difference. The base is among the files, so that they can be rendered from what
/// they hold. Whether a record is complete is the caller's to judge; the files of a partial one say so.
pub fn files(record: &Record, base: Option<&Record>) -> BTreeMap<String, String> {
    let record = record.canonical();
    let analysis = Analysis::new(&record);
    let base = base.map(Record::canonical);
    let base = base.as_ref().map(|base| Base::of(base, &record));
    let figures = Figures::new(&record, &analysis, base.as_ref());
    let pictures = pictures(&figures);
    let mut files: BTreeMap<String, String> = [
        ("README.md", markdown::readme(&figures, &pictures)),
        ("summary.md", markdown::summary(&figures)),
        ("index.html", page::render(&figures)),
        ("results.json", record.to_text()),
        ("schema.json", JSON_SCHEMA.to_owned()),
        ("results.csv", csv::cells(&record, &analysis)),
        ("metg.csv", csv::metg(&analysis)),
        ("environment.json", environment(&record)),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .into();
    files.extend(base.as_ref().map(|base| ("base.json".to_owned(), base.record.to_text())));
    files.extend(pictures.into_iter().map(|picture| (format!("charts/{}", picture.name), picture.svg)));
    files
}

/// Timelines of the last workloads, granularity, and as many speedups as there is room for.
fn pictures(figures: &Figures<'_>) -> Vec<Picture> {
    let alone: Vec<_> = figures.analysis.standing_alone().collect();
    let timelines = alone.iter().rev().filter_map(|workload| {
        let shortest = figures.executions(workload).into_iter().next()?;
        let drawing = figures.timeline(workload, shortest, Size::FILE);
        Some(picture(&format!("{}-timeline", file_name(figures, workload)), drawing))
    });
    let mut timelines: Vec<_> = timelines.take(TIMELINES).collect();
    timelines.reverse();
    let small = |name: &str, family: Option<&Family>| {
        family.map(|family| picture(name, figures.family(family, Size::FILE)))
    };
    let families = small("small-agents", figures.analysis.independent.first())
        .into_iter()
        .chain(small("dependent-agents", figures.analysis.patterns.first()));
    let rest: Vec<_> = families.chain(timelines).collect();
    let speedups = alone.iter().take(CHARTS - rest.len()).map(|workload| {
        picture(&format!("{}-speedup", file_name(figures, workload)), speedup(figures, workload))
    });
    speedups.chain(rest).collect()
}

/// With the base's thin lines, unless they make it too large.
fn speedup(figures: &Figures<'_>, workload: &WorkloadResult) -> Drawing {
    let drawing = figures.speedup(workload, Size::FILE);
    if drawing.svg.len() < CHART_BYTES {
        return drawing;
    }
    Figures::new(figures.record, figures.analysis, None).speedup(workload, Size::FILE)
}

fn picture(name: &str, drawing: Drawing) -> Picture {
    Picture { name: format!("{name}.svg"), alt: drawing.alt, svg: drawing.svg + "\n" }
}

/// The workload's name, or its place in the record where the name is not fit for a file.
fn file_name(figures: &Figures<'_>, workload: &WorkloadResult) -> String {
    let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=40).contains(&workload.name.len()) && workload.name.chars().all(fit) {
        return workload.name.clone();
    }
    let place = figures.record.workloads.iter().position(|other| other.name == workload.name);
    format!("workload_{}", place.unwrap_or_default())
}

/// The machine, the build, the run and what was seen of the machine, without the samples.
fn environment(record: &Record) -> String {
    let rounds = &record.rounds;
    let shares = |taken: fn(&Round) -> Option<u64>| {
        let cpus = record.environment.logical_cpus.max(1) as f64;
        let share = |round: &Round| Some(taken(round)? as f64 / (round.wall_ns.max(1) as f64 * cpus));
        spread(&rounds.iter().filter_map(share).collect::<Vec<_>>())
    };
    let value = json!({
        "machine": record.environment.machine(),
        "environment": record.environment,
        "run": record.run,
        "observed": {
            "rounds": rounds.len(),
            "load": spread(&rounds.iter().filter_map(|round| round.load).collect::<Vec<_>>()),
            "share_of_cpu_stolen": shares(|round| round.steal_ns),
            "share_of_cpu_taken_by_others": shares(|round| round.foreign_ns),
            "throttled_ns": rounds.iter().filter_map(|round| round.throttled_ns).sum::<u64>(),
        },
    });
    format!("{value:#}\n")
}

/// Median and greatest, to four decimals. `null` for no values.
fn spread(values: &[f64]) -> Value {
    let rounded = |value: f64| (value * 1e4).round() / 1e4;
    let most = values.iter().copied().max_by(f64::total_cmp);
    match (median(values), most) {
        (Some(median), Some(most)) => json!({ "median": rounded(median), "most": rounded(most) }),
        _ => Value::Null,
    }
}
