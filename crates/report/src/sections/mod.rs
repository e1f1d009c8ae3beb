//! What a report says, a file for each subject.

mod cautions;
mod certainty;
mod changes;
mod dependent;
mod environment;
mod footprints;
mod granularity;
mod numbers;
mod one_bag;
mod overview;
mod peers;
mod prediction;
mod samples;
mod scale;
mod scaling;
mod sheet;
mod start_up;
mod tails;
mod timelines;
mod timers;
mod trust;
mod verdict;

use centurion_findings::compare::BaseRun;
use centurion_findings::{Analysis, CellResult, Measured, WorkloadResult, executors_under_test};
use centurion_record::{ExecutorEntry, Kind, Record};

use crate::document::{Document, LegendEntry, Section, Sheet};
use crate::wording;

pub(crate) use changes::{legend as comparison_legend, table as changes_table};

/// What stands where nothing was measured.
const NOTHING: &str = "–";

/// What sections are made from.
pub(crate) struct Findings<'a> {
    pub(crate) record: &'a Record,
    pub(crate) analysis: &'a Analysis,
    /// The run to compare with, if there is one.
    pub(crate) base: Option<&'a BaseRun<'a>>,
    /// Names of the executors under test; the place in the list is the executor's identity in every chart.
    executors: Vec<&'a str>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(record: &'a Record, analysis: &'a Analysis, base: Option<&'a BaseRun<'a>>) -> Self {
        Self { record, analysis, base, executors: executors_under_test(record) }
    }

    /// Everything there is to say.
    pub(crate) fn document(&'a self) -> Document<'a> {
        Document {
            head: environment::head(self),
            news: self.base.map(|base| changes::news(&base.comparison)),
            answers: verdict::answers(self),
            overview: overview::table(self),
            overview_in_letters: overview::in_letters(self),
            trust: trust::facts(self),
            legend: self.executors.iter().map(|name| self.legend_entry(name)).collect(),
            sections: self.sections(),
            sheets: self.sheets(),
        }
    }

    fn sheets(&self) -> Vec<Sheet> {
        let always = [sheet::sheet(self), granularity::sheet(self.analysis)];
        always.into_iter().chain(footprints::sheet(self)).collect()
    }

    /// Every section that the record can fill, in the order of the page.
    fn sections(&'a self) -> Vec<Section<'a>> {
        let above = [Some(scaling::speedup(self)), scaling::efficiency(self), Some(scaling::matrix(self))];
        let middle = [
            changes::section(self),
            scale::section(self),
            timers::section(self),
            tails::section(self),
            granularity::section(self),
            peers::section(self),
            dependent::section(self),
            Some(timelines::section(self)),
        ];
        let below = [
            Some(samples::section(self)),
            Some(prediction::section(self)),
            Some(start_up::section(self)),
            Some(numbers::section(self)),
            Some(environment::section(self)),
            Some(environment::how(self)),
            Some(trust::judged(self)),
        ];
        let sections = above.into_iter().chain(middle).chain(below).flatten();
        if self.record.environment.is_simulated() {
            sections.map(Section::of_simulated).collect()
        } else {
            sections.collect()
        }
    }

    fn legend_entry(&self, name: &str) -> LegendEntry {
        LegendEntry {
            name: self.called(name),
            summary: self.entry(name).map(described).unwrap_or_default(),
            mistake: self.is_mistake(name),
        }
    }

    fn entry(&self, executor: &str) -> Option<&'a ExecutorEntry> {
        self.record.executors.iter().find(|entry| entry.name == executor)
    }

    /// An executor's name, marked where it is a mistake.
    fn called(&self, executor: &str) -> String {
        wording::called(executor, self.is_mistake(executor))
    }

    fn is_mistake(&self, executor: &str) -> bool {
        self.entry(executor).is_some_and(|entry| entry.mistake)
    }

    /// Identity of an executor; what is not under test follows the others.
    fn index(&self, executor: &str) -> usize {
        self.executors.iter().position(|name| *name == executor).unwrap_or(self.executors.len())
    }

    /// Place of a workload in the record, for ids.
    fn number(&self, workload: &WorkloadResult) -> usize {
        self.analysis.workloads.iter().position(|other| other.name == workload.name).unwrap_or(0)
    }

    /// The workloads that stand alone and have cells.
    fn alone(&self) -> impl Iterator<Item = &'a WorkloadResult> {
        self.analysis.standing_alone().filter(|workload| !workload.cells.is_empty())
    }

    /// Whether some agents need each other's answers, apart from those of patterns.
    fn has_graph(&self) -> bool {
        self.alone().any(|workload| workload.graph.is_some())
    }

    /// The workload's name, or its place in the record where the name is not fit for a file.
    fn file_name(&self, workload: &WorkloadResult) -> String {
        let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=40).contains(&workload.name.len()) && workload.name.chars().all(fit) {
            return workload.name.clone();
        }
        format!("workload_{}", self.number(workload))
    }
}

fn described(executor: &ExecutorEntry) -> String {
    let parts = [&executor.summary, &executor.placement];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("; ")
}

/// What scales a workload: `workers` for waiting agents, `cores` for computing ones.
fn axis(kind: Kind) -> &'static str {
    match kind {
        Kind::Waiting => "workers",
        Kind::Computing => "cores",
    }
}

/// One of what scales a workload.
fn axis_noun(kind: Kind) -> &'static str {
    axis(kind).trim_end_matches('s')
}

/// An id of ASCII letters, digits and hyphens.
fn slug(prefix: &str, name: &str) -> String {
    let slug: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{prefix}-{slug}")
}

/// How a cell stands in its row. Empty for a mistake.
fn mark(cell: &CellResult, measured: &Measured) -> &'static str {
    if cell.mistake {
        return "";
    }
    match cell.perhaps_to_avoid() {
        _ if measured.gain.is_some_and(|gain| gain.impossible) => "^",
        Some(_) => "?",
        None => wording::mark(measured.in_row),
    }
}

/// Reasons may be long, a table may not.
pub(crate) fn shortened(reason: &str) -> String {
    const LONGEST: usize = 160;
    if reason.chars().count() <= LONGEST {
        return reason.to_owned();
    }
    reason.chars().take(LONGEST - 1).chain(['…']).collect()
}
