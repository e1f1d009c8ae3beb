//! How long executors take to start.

use std::collections::BTreeSet;

use centurion_findings::CellResult;
use centurion_stats::median;

use super::{Findings, NOTHING};
use crate::document::{Section, SectionBlock};
use crate::table::{Column, Table, entries};
use crate::units::{plural, time};

pub(super) fn section<'a>(findings: &Findings<'a>) -> Section<'a> {
    let lead = [
        "Time to start an executor and have each worker run one empty task. Threads that are kept, as a pool's are, start \
         once, before any makespan above. Threads that are born in every call are born in every makespan: adding this to \
         theirs would count it twice. What a single bag takes in all is measured by itself where the first screen says \
         one bag.",
    ];
    Section::new("start-up", "Start-up", &lead).with([SectionBlock::page(table(findings))]).broad()
}

/// Median start-up by executor and number of workers, on all cores.
fn table(findings: &Findings<'_>) -> Table {
    let most = findings.analysis.cells().map(|cell| cell.cores).max().unwrap_or(1);
    let cells = || findings.analysis.cells().filter(move |cell| cell.cores == most);
    let workers: BTreeSet<usize> = cells().map(|cell| cell.workers).collect();
    let start_up = |cell: &CellResult| Some(cell.measured()?.startup_ns);
    let entry = |name: &str, workers: usize| {
        let same = cells().filter(|cell| cell.executor == name && cell.workers == workers);
        median(&same.filter_map(start_up).collect::<Vec<_>>()).map_or(NOTHING.into(), time)
    };
    let line = |name: &str| {
        let times = workers.iter().map(|&count| entry(name, count));
        entries(std::iter::once(findings.called(name)).chain(times))
    };
    let counts = workers.iter().map(|&count| plural(count, "worker"));
    let columns = Column::named(std::iter::once("executor".to_owned()).chain(counts));
    Table::new("start-up-times", format!("Start-up on {}, median", plural(most, "core")), columns)
        .rows(findings.executors.iter().map(|name| line(name)))
}
