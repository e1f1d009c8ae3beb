//! Every sample, round by round.

use std::collections::HashSet;

use centurion_findings::{Row, WorkloadResult};
use centurion_plot::rounds;
use centurion_record::{Cell, CellId, Role};

use super::Findings;
use crate::chart::{Caption, Chart, ChartSize, Drawing, Layout};
use crate::document::{Section, SectionBlock};
use crate::units::place;

pub(super) fn section<'a>(findings: &'a Findings<'a>) -> Section<'a> {
    let lead = [
        "Every sample of the winner's row, round by round. Each round is in a new order.",
        "Dots that rise together are the machine's weather; one strip that scatters alone is that executor.",
    ];
    Section::new("samples", "Samples over rounds", &lead).with(findings.alone().filter_map(|workload| {
        let row = workload.verdict().best?.row;
        let chart = Chart::new(Layout::Small, move |size| chart(findings, workload, row, size));
        Some(SectionBlock::page(chart.still()))
    }))
}

/// Samples of the baseline, the cells of one row, and copies of either.
fn chart(findings: &Findings<'_>, workload: &WorkloadResult, row: Row, size: ChartSize) -> Drawing {
    let in_row: HashSet<&CellId> = workload.row(row).map(|result| &result.id).collect();
    let shown = |cell: &&Cell| {
        let reference = match cell.role {
            Role::Baseline => true,
            Role::Repeat => cell.cores == row.cores || cell.workers == 1,
            _ => false,
        };
        cell.workload == workload.name && (reference || in_row.contains(&cell.id))
    };
    let series = |cell: &Cell| rounds::RoundSeries {
        name: findings.called(&cell.executor),
        index: findings.index(&cell.executor),
        samples: cell.bag_times().collect(),
    };
    let caption = Caption {
        id: format!("rounds-{}", findings.number(workload)),
        title: format!("{}: every sample of {}", workload.name, place(row.cores, row.workers, ", ")),
        subtitle: "A dot per round; “again” is the same code once more".into(),
        description: "Where dots of one strip rise or fall together, the machine drifted.".into(),
    };
    let chart = rounds::RoundsChart {
        frame: caption.frame(size),
        rounds: findings.record.rounds.len() as u32,
        series: findings.record.cells.iter().filter(shown).map(series).collect(),
    };
    Drawing::new(&chart.frame, rounds::render(&chart))
}
