//! The machine, the build and the run.

use centurion_record::{Environment, Record};

use super::Findings;
use super::cautions::cautions;
use crate::document::{Content, Head, Inline, Outputs, Rank, Section, SectionBlock};
use crate::table::{Column, Table, entries};
use crate::units::{percent, plural};

pub(super) fn head(findings: &Findings<'_>) -> Head {
    Head {
        machine: machine(&findings.record.environment),
        run: run(findings.record),
        cautions: cautions(findings),
    }
}

/// The machine in a few words: `AMD EPYC, 2 CPUs, virtual machine`.
pub(super) fn machine(environment: &Environment) -> String {
    let model = environment.cpu_model.trim();
    let model = if model.is_empty() { "unknown processor" } else { model };
    let kind = if environment.virtualised { ", virtual machine" } else { "" };
    format!("{model}, {}{kind}", plural(environment.logical_cpus, "CPU"))
}

/// How much was measured: `12 rounds on 2026-01-02`.
pub(super) fn run(record: &Record) -> String {
    let day = record.run.started.split('T').next().unwrap_or_default();
    format!("{} on {day}", plural(record.rounds.len(), "round"))
}

pub(super) fn section<'a>(findings: &Findings<'a>) -> Section<'a> {
    let noise = findings.analysis.workloads.iter().filter_map(|workload| workload.noise.floor);
    let worst = noise.max_by(f64::total_cmp);
    let lead = ["What the figures hold for: this machine, this build, this weather."];
    let mut section = Section::new("environment", "Machine and build", &lead);
    section
        .lead
        .extend(worst.map(|worst| format!("The worst noise floor of any workload is {}.", percent(worst))));
    section.with([SectionBlock::page(table(findings.record))])
}

fn table(record: &Record) -> Table {
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
        ("run", format!("{}, seed {}", run(record), record.run.seed)),
        ("started", known(&record.run.started)),
        ("command", known(&record.run.command)),
        ("code that measures", known(&record.run.bench_code)),
    ];
    Table::new("machine", "What it was measured on", Column::named(["what", "value"]))
        .rows(facts.into_iter().map(|(what, value)| entries([what.to_owned(), value])))
}

/// What of `results.csv` its titles don't say.
const CSV: &str = " (a row for each cell; makespan_ns is one of many bags, once_ns one bag with starting the executor and dropping it), ";

/// How the report was made, and what lies beside it, for a README.
pub(super) fn how<'a>(findings: &Findings<'a>) -> Section<'a> {
    let Environment { rustc, commit, dirty, .. } = &findings.record.environment;
    let run = &findings.record.run;
    let rustc = if rustc.is_empty() { "an unknown compiler" } else { rustc };
    let (commit, dirty) =
        (commit.as_deref().unwrap_or("unknown"), if *dirty { ", with local changes" } else { "" });
    let plain = |text: &str| Inline::Plain(text.to_owned());
    let file = |file| Inline::Link { label: file, file };
    let mut text = vec![
        Inline::Plain(format!(
            "{} with {rustc}, seed {}, commit {commit}{dirty}. Data: ",
            run.command, run.seed
        )),
        file("results.json"),
        plain(" ("),
        Inline::Link { label: "its schema", file: "schema.json" },
        plain(")"),
    ];
    if findings.base.is_some() {
        text.extend([plain(", compared with what "), file("base.json"), plain(" names")]);
    }
    text.extend([plain(", "), file("results.csv"), plain(CSV), file("environment.json"), plain(".")]);
    Section::new("how", "How it was made", &[])
        .with([SectionBlock::new(Outputs::README, Content::Text(text))])
        .ranked(Rank::End)
}
