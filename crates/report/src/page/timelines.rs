//! Where the time goes: what each execution lost, and its timeline.

use super::parts::{chart, drawer, drawers, missing, pan};
use crate::analysis::WorkloadResult;
use crate::chart::loss::PARTS;
use crate::figures::{Execution, Figures, Size};
use crate::units::{percent, time};

/// Losses and timelines of every workload that has timelines, in about `room` bytes: the timelines past that are
/// counted and left out, the folded ones first.
pub(super) fn all(figures: &Figures<'_>, room: usize) -> String {
    let workloads: Vec<_> =
        figures.analysis.standing_alone().map(|workload| (workload, figures.executions(workload))).collect();
    let losses: Vec<String> =
        workloads.iter().map(|(workload, executions)| losses(figures, workload, executions)).collect();
    let mut room = room.saturating_sub(losses.iter().map(String::len).sum());
    let mut draw = |place| -> Vec<Drawn> {
        workloads
            .iter()
            .map(|(workload, executions)| drawn(figures, workload, executions, place, &mut room))
            .collect()
    };
    let (open, folded) = (draw(Place::Extreme), draw(Place::Between));
    let timelines = open.into_iter().zip(folded).map(|(open, folded)| {
        open.html
            + &drawers(&folded.html)
            + &missing("timeline", open.left_out + folded.left_out, "results.json")
    });
    losses.into_iter().zip(timelines).map(|(losses, timelines)| losses + &timelines).collect()
}

/// A chart for each number of workers.
fn losses(figures: &Figures<'_>, workload: &WorkloadResult, executions: &[Execution<'_>]) -> String {
    let alike = by_workers(executions);
    alike.iter().map(|alike| chart(|size| figures.losses(workload, alike, size))).collect()
}

/// Timelines there was room for.
struct Drawn {
    html: String,
    left_out: usize,
}

/// The shortest and the longest, or the others, each folded.
fn drawn(
    figures: &Figures<'_>,
    workload: &WorkloadResult,
    executions: &[Execution<'_>],
    place: Place,
    room: &mut usize,
) -> Drawn {
    let mut drawn = Drawn { html: String::new(), left_out: 0 };
    for &execution in at(executions, place) {
        let label = format!("Timeline of {} under {}", workload.name, execution.executor);
        let chart = pan(&label, &figures.timeline(workload, execution, Size::WIDE).svg);
        let html = match place {
            Place::Extreme => chart,
            Place::Between => drawer(&summary(figures, workload, execution), &chart),
        };
        match room.checked_sub(html.len()) {
            None => drawn.left_out += 1,
            Some(rest) => {
                *room = rest;
                drawn.html += &html;
            }
        }
    }
    drawn
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

/// The executions at a place; the shortest comes first.
fn at<'a, 'b>(
    executions: &'b [Execution<'a>],
    place: Place,
) -> impl Iterator<Item = &'b Execution<'a>> + use<'a, 'b> {
    let last = executions.len().saturating_sub(1);
    let extreme = move |index: usize| index == 0 || index == last;
    let here = move |(index, _): &(usize, _)| extreme(*index) == (place == Place::Extreme);
    executions.iter().enumerate().filter(here).map(|(_, execution)| execution)
}

/// `rayon: 380 ms, 75 % useful work`.
fn summary(figures: &Figures<'_>, workload: &WorkloadResult, execution: Execution<'_>) -> String {
    let loss = figures.loss(workload, execution);
    let makespan = time(execution.timeline.makespan_ns as f64);
    format!("{}: {makespan}, {} {}", execution.executor, percent(loss.share(0)), PARTS[0])
}
