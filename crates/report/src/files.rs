//! The files of a report.

use std::collections::BTreeMap;

use centurion_findings::compare::BaseRun;
use centurion_findings::{Analysis, RoundSpread, Trust};
use centurion_record::{JSON_SCHEMA, Record};
use serde_json::{Value, json};

use crate::chart::{Chart, ChartFile, ChartSize, FilePriority, Picture};
use crate::document::{Content, Document};
use crate::sections::Findings;
use crate::write::{csv, html, markdown};

/// Charts that a folder holds at most.
const CHARTS: usize = 6;

/// Every file of a machine's report, as relative path and text. A pure function of the record and of the base
/// that it is compared with, if there is one: it holds no time of rendering and no version, and the order of
/// a record's cells makes no difference. Whether a record is complete is the caller's to judge; the files of a partial one say so.
pub fn files(record: &Record, base: Option<&Record>) -> BTreeMap<String, String> {
    let record = record.canonical();
    let analysis = Analysis::new(&record);
    let base = base.map(Record::canonical);
    let base = base.as_ref().map(|base| BaseRun::new(base, &record));
    let findings = Findings::new(&record, &analysis, base.as_ref());
    let document = findings.document();
    let pictures = pictures(&document);
    let (results, executions) = record.to_texts();
    let mut files: BTreeMap<String, String> = [
        ("README.md", markdown::readme(&document, &pictures)),
        ("summary.md", markdown::summary(&document)),
        ("index.html", html::page(&document)),
        ("results.json", results),
        ("schema.json", JSON_SCHEMA.to_owned()),
        ("environment.json", environment(&record, &analysis)),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .into();
    files.extend(document.sheets.iter().map(|sheet| (sheet.file.to_owned(), csv::sheet(sheet))));
    files.extend(executions.map(|text| ("executions.json".to_owned(), text)));
    files.extend(pictures.into_iter().map(|picture| (format!("charts/{}", picture.name), picture.svg)));
    files
}

/// The charts that are files, in the order of the document: those that are wanted always, and as many more as there is
/// room for, the most wanted first.
fn pictures(document: &Document<'_>) -> Vec<Picture> {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let filed: Vec<(&Chart<'_>, &ChartFile)> = blocks
        .filter_map(|block| match &block.content {
            Content::Chart(chart) => Some((chart, chart.file.as_ref()?)),
            _ => None,
        })
        .collect();
    let mut order: Vec<usize> = (0..filed.len()).collect();
    order.sort_by_key(|&place| filed[place].1.wanted);
    let always = filed.iter().filter(|(_, file)| file.wanted == FilePriority::Always).count();
    order.truncate(CHARTS.max(always));
    order.sort_unstable();
    order.into_iter().map(|place| picture(filed[place].0, filed[place].1)).collect()
}

fn picture(chart: &Chart<'_>, file: &ChartFile) -> Picture {
    let drawing = (chart.draw)(ChartSize::FILE);
    Picture { name: format!("{}.svg", file.name), alt: drawing.alt, svg: drawing.svg + "\n" }
}

/// The machine, the build, the run and what was seen of the machine, without the samples.
fn environment(record: &Record, analysis: &Analysis) -> String {
    let trust = Trust::new(record, analysis);
    let value = json!({
        "machine": record.environment.machine(),
        "environment": record.environment,
        "run": record.run,
        "observed": {
            "rounds": record.rounds.len(),
            "load": spread(trust.load),
            "share_of_cpu_stolen": spread(trust.stolen),
            "share_of_cpu_taken_by_others": spread(trust.foreign),
            "throttled_ns": record.rounds.iter().filter_map(|round| round.throttled_ns).sum::<u64>(),
        },
    });
    format!("{value:#}\n")
}

/// Median and greatest, to four decimals. `null` where nothing was observed.
fn spread(spread: Option<RoundSpread>) -> Value {
    let rounded = |value: f64| (value * 1e4).round() / 1e4;
    spread.map_or(
        Value::Null,
        |spread| json!({ "median": rounded(spread.median), "most": rounded(spread.most) }),
    )
}
