//! Where the time goes: what each execution lost, and its timeline.

use super::parts::{chart, drawer, pan};
use crate::analysis::WorkloadResult;
use crate::chart::loss::PARTS;
use crate::figures::{Execution, Figures, Size};
use crate::loss::Loss;
use crate::units::{percent, plural, time};

/// Bytes that the timelines of a page may take; those past it are counted and left out.
const ROOM: usize = 200_000;

/// Losses and timelines of every workload that has timelines.
pub(super) fn all(figures: &Figures<'_>) -> String {
    let mut room = ROOM;
    let workloads = figures.analysis.standing_alone();
    workloads.map(|workload| of_workload(figures, workload, &mut room)).collect()
}

fn of_workload(figures: &Figures<'_>, workload: &WorkloadResult, room: &mut usize) -> String {
    let executions = figures.executions(workload);
    let mut html: String = by_workers(&executions)
        .iter()
        .map(|alike| chart(|size| figures.losses(workload, alike, size)))
        .collect();
    let mut left_out = 0;
    for (place, execution) in shown_first(&executions) {
        let svg = figures.timeline(workload, *execution, Size::WIDE).svg;
        if svg.len() > *room {
            left_out += 1;
            continue;
        }
        *room -= svg.len();
        html += &timeline(figures, workload, *execution, &svg, place);
    }
    if left_out > 0 {
        html += &format!(
            "<p class=\"note\">{} more would make this page too large; they are in results.json.</p>\n",
            plural(left_out, "timeline")
        );
    }
    html
}

/// Executions with the same number of workers: only those have bars of comparable length.
fn by_workers<'a>(executions: &[Execution<'a>]) -> Vec<Vec<Execution<'a>>> {
    let mut sorted = executions.to_vec();
    sorted.sort_by_key(|execution| execution.workers);
    sorted.chunk_by(|a, b| a.workers == b.workers).map(<[_]>::to_vec).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Shortest,
    Longest,
    Between,
}

/// The shortest and the longest, then the others.
fn shown_first<'a, 'b>(executions: &'a [Execution<'b>]) -> Vec<(Place, &'a Execution<'b>)> {
    let place = |index: usize| match index {
        0 => Place::Shortest,
        last if last + 1 == executions.len() => Place::Longest,
        _ => Place::Between,
    };
    let mut places: Vec<_> =
        executions.iter().enumerate().map(|(index, execution)| (place(index), execution)).collect();
    places.sort_by_key(|(place, _)| *place == Place::Between);
    places
}

fn timeline(
    figures: &Figures<'_>,
    workload: &WorkloadResult,
    execution: Execution<'_>,
    svg: &str,
    place: Place,
) -> String {
    let label = format!("Timeline of {} under {}", workload.name, execution.executor);
    let chart = pan(&label, svg);
    if place != Place::Between {
        return chart;
    }
    let loss = Loss::of(execution.timeline, figures.costs(workload), execution.workers);
    let summary = format!(
        "{}: {}, {} {}",
        execution.executor,
        time(execution.timeline.makespan_ns as f64),
        percent(loss.share(0)),
        PARTS[0]
    );
    drawer(&summary, &chart)
}
