//! What changed against a base.

use super::Section;
use super::parts::{Entry, Table, chart, drawer, drawers, reasons};
use super::tables::{estimated, row};
use crate::compare;
use crate::compare::rule;
use crate::figures::{Base, Figures};
use crate::story;
use crate::units::plural;
use crate::wording::headline;
use centurion_findings::compare::{Change, Comparison};

/// Most rows of the table.
const MOST_ROWS: usize = 150;

pub(super) fn section(figures: &Figures<'_>, base: &Base<'_>) -> Section {
    let comparison = &base.comparison;
    let mut lead = vec![
        format!("{}.", headline(comparison)),
        format!("Base: {}. Now: {}.", story::origin(base.record), story::origin(figures.record)),
    ];
    let mut body = String::new();
    if comparison.judged() > 0 {
        lead.extend([rule(comparison), story::carriers(comparison)]);
        body += &chart(|size| figures.changes(base, size));
    }
    body += &reasons("Not judged", &story::unjudged(comparison));
    body += &cells(comparison);
    Section { id: "changes", heading: "Changes against the base", lead, body, broad: false }
}

/// Every cell that can be compared, folded.
fn cells(comparison: &Comparison) -> String {
    let all: Vec<&Change> =
        comparison.changes.iter().filter(|change| change.verdict.is_comparable()).collect();
    if all.is_empty() {
        return String::new();
    }
    let summary = format!("All {} that can be compared", plural(all.len(), "cell"));
    let note = match all.len().saturating_sub(MOST_ROWS) {
        0 => String::new(),
        more => format!("{} more: centurion compare base.json results.json.", plural(more, "row")),
    };
    let table = Table {
        id: "changes-cells".into(),
        caption: "Change by cell: positive is slower".into(),
        head: compare::HEADER.map(String::from).to_vec(),
        rows: all.iter().take(MOST_ROWS).map(|change| entries(change)).collect(),
        note,
    };
    drawers(&drawer(&summary, &table.html()))
}

/// The fields of a change, with the interval of its ratio below it.
fn entries(change: &Change) -> Vec<Entry> {
    const CHANGE: usize = 3;
    let fields = compare::row(change);
    let ratio = estimated(fields[CHANGE].clone());
    let mut entries = row(fields);
    entries[CHANGE] = ratio;
    entries
}
