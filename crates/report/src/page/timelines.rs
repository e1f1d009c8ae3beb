//! Where the time goes: what each execution lost, and its timeline.

use super::parts::{chart, drawer, drawers, pan};
use crate::analysis::WorkloadResult;
use crate::chart::loss::PARTS;
use crate::figures::{Execution, Figures, Size};
use crate::loss::Loss;
use crate::units::{percent, plural, time};

/// Losses and timelines of every workload that has timelines, in about `room` bytes: the timelines past that are
/// counted and left out.
pub(super) fn all(figures: &Figures<'_>, room: usize) -> String {
    let workloads =
        || figures.analysis.standing_alone().map(|workload| (workload, figures.executions(workload)));
    let losses: Vec<String> =
        workloads().map(|(workload, executions)| losses(figures, workload, &executions)).collect();
    let mut room = room.saturating_sub(losses.iter().map(String::len).sum());
    let timelines =
        workloads().map(|(workload, executions)| timelines(figures, workload, &executions, &mut room));
    losses.iter().zip(timelines).map(|(losses, timelines)| losses.clone() + &timelines).collect()
}

/// A chart for each number of workers.
fn losses(figures: &Figures<'_>, workload: &WorkloadResult, executions: &[Execution<'_>]) -> String {
    let alike = by_workers(executions);
    alike.iter().map(|alike| chart(|size| figures.losses(workload, alike, size))).collect()
}

/// The shortest and the longest, the others folded, and how many there was no room for.
fn timelines(
    figures: &Figures<'_>,
    workload: &WorkloadResult,
    executions: &[Execution<'_>],
    room: &mut usize,
) -> String {
    let (mut open, mut folded, mut left_out) = (String::new(), String::new(), 0);
    for (place, execution) in extremes_first(executions) {
        let label = format!("Timeline of {} under {}", workload.name, execution.executor);
        let chart = pan(&label, &figures.timeline(workload, execution, Size::WIDE).svg);
        let html = match place {
            Place::Extreme => chart,
            Place::Between => drawer(&summary(figures, workload, execution), &chart),
        };
        match room.checked_sub(html.len()) {
            None => {
                left_out += 1;
                continue;
            }
            Some(rest) => *room = rest,
        }
        *(if place == Place::Extreme { &mut open } else { &mut folded }) += &html;
    }
    open + &drawers(&folded) + &missing(left_out)
}

fn missing(left_out: usize) -> String {
    if left_out == 0 {
        return String::new();
    }
    let timelines = plural(left_out, "timeline");
    format!("<p class=\"note\">{timelines} left out to keep this page small: they are in results.json.</p>\n")
}

/// Executions with the same number of workers: only those have bars of comparable length.
fn by_workers<'a>(executions: &[Execution<'a>]) -> Vec<Vec<Execution<'a>>> {
    let mut sorted = executions.to_vec();
    sorted.sort_by_key(|execution| execution.workers);
    sorted.chunk_by(|a, b| a.workers == b.workers).map(<[_]>::to_vec).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Extreme,
    Between,
}

/// The shortest and the longest, then the others.
fn extremes_first<'a>(executions: &[Execution<'a>]) -> Vec<(Place, Execution<'a>)> {
    let extreme = |index: usize| index == 0 || index + 1 == executions.len();
    let place = |index| if extreme(index) { Place::Extreme } else { Place::Between };
    let mut places: Vec<_> =
        executions.iter().enumerate().map(|(index, &execution)| (place(index), execution)).collect();
    places.sort_by_key(|(place, _)| *place == Place::Between);
    places
}

/// `rayon: 380 ms, 75 % useful work`.
fn summary(figures: &Figures<'_>, workload: &WorkloadResult, execution: Execution<'_>) -> String {
    let loss = Loss::of(execution.timeline, figures.costs(workload), execution.workers);
    let makespan = time(execution.timeline.makespan_ns as f64);
    format!("{}: {makespan}, {} {}", execution.executor, percent(loss.share(0)), PARTS[0])
}
