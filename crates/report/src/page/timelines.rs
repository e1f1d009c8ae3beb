//! Where the time goes: what each execution lost, who needs whose answer, and timelines.

use super::parts::{chart, drawer, drawers, missing, opened, pan};
use crate::figures::{Execution, Figures, Size};
use crate::units::{percent, time};
use centurion_findings::WorkloadResult;
use centurion_plot::loss::PARTS;

/// Losses, graphs and timelines of every workload that has them, in about `room` bytes: drawings past that are counted
/// and left out.
pub(super) fn all(figures: &Figures<'_>, room: usize) -> String {
    let alone = figures.analysis.standing_alone();
    let mut parts: Vec<_> = alone.map(|workload| Part::new(figures, workload)).collect();
    let mut room = room.saturating_sub(parts.iter().map(|part| part.losses.len()).sum());
    for rank in Rank::ALL {
        for part in &mut parts {
            part.draw(figures, rank, &mut room);
        }
    }
    parts.into_iter().map(Part::html).collect()
}

/// Drawings of a workload by their rank: the last give way first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// Who needs whose answer, in a drawer that stands open.
    Graph,
    /// The timeline of the shortest execution.
    Shortest,
    /// The timeline of the longest execution.
    Longest,
    /// The other timelines, each in a drawer.
    Between,
}

impl Rank {
    const ALL: [Self; 4] = [Self::Graph, Self::Shortest, Self::Longest, Self::Between];
}

/// What is shown of a workload.
struct Part<'a> {
    workload: &'a WorkloadResult,
    /// The shortest first.
    executions: Vec<Execution<'a>>,
    losses: String,
    /// By rank.
    drawn: [String; 4],
    left_out: usize,
}

impl<'a> Part<'a> {
    fn new(figures: &Figures<'a>, workload: &'a WorkloadResult) -> Self {
        let executions = figures.executions(workload);
        let losses = losses(figures, workload, &executions);
        Self { workload, executions, losses, drawn: Default::default(), left_out: 0 }
    }

    /// Draws what has a rank, as long as there is room.
    fn draw(&mut self, figures: &Figures<'_>, rank: Rank, room: &mut usize) {
        for html in self.drawings(figures, rank) {
            match room.checked_sub(html.len()) {
                None => self.left_out += 1,
                Some(rest) => {
                    *room = rest;
                    self.drawn[rank as usize] += &html;
                }
            }
        }
    }

    fn drawings(&self, figures: &Figures<'_>, rank: Rank) -> Vec<String> {
        let last = self.executions.len().saturating_sub(1);
        let timeline = |execution: &Execution<'_>| {
            let label = format!("Timeline of {} under {}", self.workload.name, execution.executor);
            pan(&label, &figures.timeline(self.workload, *execution, Size::WIDE).svg)
        };
        let folded = |execution: &Execution<'_>| {
            drawer(&summary(figures, self.workload, *execution), &timeline(execution))
        };
        match rank {
            Rank::Shortest => self.executions.first().map(timeline).into_iter().collect(),
            Rank::Graph => figures.graph(self.workload).map(|svg| self.graph(&svg)).into_iter().collect(),
            Rank::Longest => self.executions.iter().skip(last.max(1)).map(timeline).collect(),
            Rank::Between => self.executions.iter().take(last).skip(1).map(folded).collect(),
        }
    }

    fn graph(&self, svg: &str) -> String {
        let label = format!("{}: who needs whose answer", self.workload.name);
        drawers(&opened(&label, &pan(&label, svg)))
    }

    fn html(self) -> String {
        let [graph, shortest, longest, between] = self.drawn;
        let left_out = missing("drawing", self.left_out, "results.json");
        [self.losses, graph, shortest, longest, drawers(&between), left_out].concat()
    }
}

/// A chart for each number of workers.
fn losses(figures: &Figures<'_>, workload: &WorkloadResult, executions: &[Execution<'_>]) -> String {
    let alike = by_workers(executions);
    alike.iter().map(|alike| chart(|size| figures.losses(workload, alike, size))).collect()
}

/// Executions with the same number of workers: only those have bars of comparable length.
fn by_workers<'a>(executions: &[Execution<'a>]) -> Vec<Vec<Execution<'a>>> {
    let mut sorted = executions.to_vec();
    sorted.sort_by_key(|execution| execution.workers);
    sorted.chunk_by(|a, b| a.workers == b.workers).map(<[_]>::to_vec).collect()
}

/// `rayon: 380 ms, 75 % useful work`.
fn summary(figures: &Figures<'_>, workload: &WorkloadResult, execution: Execution<'_>) -> String {
    let loss = figures.loss(workload, execution);
    let makespan = time(execution.timeline.makespan_ns as f64);
    format!("{}: {makespan}, {} {}", execution.executor, percent(loss.share(0)), PARTS[0])
}
