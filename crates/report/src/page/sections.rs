//! The sections below the verdict, top to bottom.

use centurion_record::Kind;

use super::parts::{Table, chart, drawer, drawers, multiples};
use super::{Section, changes, peers, small, tables, timelines};
use crate::figures::{Figures, Size};
use crate::units::{percent, time};
use centurion_findings::WorkloadResult;
use centurion_findings::prediction::{Prediction, predict};

/// Bytes that all sections may take. Small charts of patterns and timelines give way: those for which there is no
/// room are left out.
const ROOM: usize = 465_000;

/// Every section that the record can fill.
pub(super) fn all(figures: &Figures<'_>) -> Vec<Section> {
    let above = [
        Some(speedup(figures)),
        Some(efficiency(figures)),
        Some(matrix(figures)),
        figures.base.map(|base| changes::section(figures, base)),
        small::independent(figures),
        peers::all(figures),
    ];
    let below = [
        samples(figures),
        prediction(figures),
        Some(start_up(figures)),
        Some(numbers(figures)),
        Some(environment(figures)),
    ];
    let taken: usize = above.iter().chain(&below).flatten().map(|section| section.body.len()).sum();
    let room = ROOM.saturating_sub(taken);
    let patterns = small::dependent(figures, room / 3);
    let rest = room.saturating_sub(patterns.as_ref().map_or(0, |section| section.body.len()));
    let executions = executions(figures, rest);
    let sections = above.into_iter().chain([patterns, executions]).chain(below).flatten();
    sections.filter(|section| !section.body.is_empty()).collect()
}

pub(super) fn section(id: &'static str, heading: &'static str, lead: &[&str], body: String) -> Section {
    let lead = lead.iter().map(|&paragraph| paragraph.to_owned()).collect();
    Section { id, heading, lead, body, broad: false }
}

/// The workloads that stand alone and have cells.
fn alone<'a>(figures: &Figures<'a>) -> impl Iterator<Item = &'a WorkloadResult> {
    figures.analysis.standing_alone().filter(|workload| !workload.cells.is_empty())
}

/// A chart or table for each of them.
fn charts(figures: &Figures<'_>, draw: impl Fn(&WorkloadResult) -> String) -> String {
    alone(figures).map(draw).collect()
}

fn speedup(figures: &Figures<'_>) -> Section {
    let body = charts(figures, |workload| chart(|size| figures.speedup(workload, size)));
    let lead = [
        "How many times faster than one agent after another on one core.",
        "Computing agents scale with cores, waiting agents with workers. The plain solid line is the most that \
         any schedule could reach with these very agents; the dotted one what the CPUs deliver without any \
         executor.",
        "Shaded: more workers than cores.",
    ];
    let mut section = section("speedup", "Speedup", &lead, body);
    section.lead.extend(has_graph(figures).then(|| {
        "Where agents need each other's answers, no schedule is shorter than an even share of the work or the critical \
         path, whichever takes longer."
            .into()
    }));
    section
}

/// Whether some agents need each other's answers, apart from those of patterns.
fn has_graph(figures: &Figures<'_>) -> bool {
    alone(figures).any(|workload| workload.graph.is_some())
}

fn efficiency(figures: &Figures<'_>) -> Section {
    let body = multiples(alone(figures).map(|workload| figures.efficiency(workload, Size::SMALL)));
    let lead = [
        "Speedup for each core, or for each worker where agents wait.",
        "A line that falls says that more of them pay less; where the ceiling falls too, the agents are the \
         reason and not the executor.",
    ];
    section("efficiency", "Efficiency", &lead, body)
}

fn matrix(figures: &Figures<'_>) -> Section {
    let body = charts(figures, |workload| tables::matrix(workload).html());
    let lead = [
        "Speedup with its 95 % interval. The deeper the tint, the nearer to the ceiling. In each column * marks \
                 the fastest and ~ what can't be told apart from it; ? needs more rounds.",
    ];
    Section { broad: true, ..section("matrix", "Every combination", &lead, body) }
}

fn executions(figures: &Figures<'_>, room: usize) -> Option<Section> {
    let body = timelines::all(figures, room);
    let lead = [
        "All workers together have workers × makespan of time. Useful work is what the agents cost serially; \
         inflation, what they took longer than that; scheduling, the gaps between two agents; imbalance, idling \
         after a worker's last agent; start-up, waiting for its first. Where there are more workers than cores, waiting for a core counts as \
         inflation.",
        "The shortest and the longest timeline of each workload are shown, the others folded. Bars name the agent, \
         its time and its answer under the pointer.",
        "Each is one execution apart from the timed rounds: stamping reads the clock twice an agent, well below a \
         microsecond.",
    ];
    let mut section = section("time", "Where the time goes", &lead, body);
    section.lead.extend(has_graph(figures).then(|| {
        "Gaps in which no agent had all the answers it needs yet count as waiting for answers. A line joins the agents \
         of the critical path, the chain that costs most serially."
            .into()
    }));
    (!section.body.is_empty()).then_some(section)
}

fn samples(figures: &Figures<'_>) -> Option<Section> {
    let body = multiples(alone(figures).filter_map(|workload| {
        let row = workload.verdict().best?.row;
        Some(figures.rounds(workload, row, Size { hovers: false, ..Size::SMALL }))
    }));
    let lead = [
        "Every sample of the winner's row, round by round. Each round runs every cell once, in a new order.",
        "Dots that rise together are the machine's weather; one strip that scatters alone is that executor.",
    ];
    (!body.is_empty()).then(|| section("samples", "Samples over rounds", &lead, body))
}

fn prediction(figures: &Figures<'_>) -> Option<Section> {
    let body = charts(figures, |result| {
        let workload =
            figures.record.workload(&result.name).filter(|workload| workload.kind == Kind::Computing);
        let predictions = workload.map(|workload| predict(workload, result)).unwrap_or_default();
        if predictions.is_empty() {
            return String::new();
        }
        let draw = |size| figures.prediction(result, &predictions, Size { hovers: false, ..size });
        chart(draw) + &assumptions(result, &predictions)
    });
    let lead = [
        "A prediction, not a measurement: agents with their recorded costs are handed out in order to the core that \
         is free first, in virtual time.",
        "Each agent is slowed down as this hardware slows it, and laden with the overhead this executor showed here. \
         An executor that hands out fixed shares, or whose overhead grows with cores, will do worse.",
    ];
    (!body.is_empty()).then(|| section("prediction", "Past this machine", &lead, body))
}

fn assumptions(result: &WorkloadResult, predictions: &[Prediction]) -> String {
    let head = ["executor", "measured", "slowdown", "overhead an agent", "at 64 cores", "at 1,024 cores"];
    let at = |prediction: &Prediction, wanted| {
        let point = prediction.points.iter().find(|(cores, _)| *cores == wanted);
        point.map_or("–".into(), |(_, speedup)| crate::units::times(*speedup))
    };
    let row = |prediction: &Prediction| {
        tables::row([
            prediction.executor.clone(),
            crate::units::times(prediction.measured_speedup),
            crate::units::times(prediction.slowdown),
            if prediction.overhead_ns > 0.0 { time(prediction.overhead_ns) } else { "none".into() },
            at(prediction, 64),
            at(prediction, 1024),
        ])
    };
    let table = Table {
        id: tables::id("assumptions", &result.name),
        caption: format!("{}: what the prediction assumes", result.name),
        head: head.map(String::from).to_vec(),
        rows: predictions.iter().map(row).collect(),
        note: String::new(),
    };
    drawers(&drawer("What it assumes of each executor", &table.html()))
}

fn start_up(figures: &Figures<'_>) -> Section {
    let lead = [
        "Time to start an executor and have each worker run one empty task. It is not part of any makespan above: a \
         pool pays it once, what is spawned for each call pays it in every bag.",
    ];
    Section { broad: true, ..section("start-up", "Start-up", &lead, tables::start_up(figures).html()) }
}

fn numbers(figures: &Figures<'_>) -> Section {
    let body = charts(figures, |workload| {
        let summary = format!("{}: every cell", workload.name);
        drawer(&summary, &tables::cells(workload).html())
    });
    let lead = [
        "Every figure of every cell. The raw nanoseconds of each sample are in results.json beside this page, \
         the same figures in results.csv.",
    ];
    let mut section = section("numbers", "The numbers", &lead, drawers(&body));
    let sized = figures.analysis.workloads.iter().any(|workload| !workload.stands_alone());
    section.lead.extend(
        sized.then(|| "The cells of agents of every size are there only, their METG is in metg.csv.".into()),
    );
    Section { broad: true, ..section }
}

fn environment(figures: &Figures<'_>) -> Section {
    let noise = figures.analysis.workloads.iter().filter_map(|workload| workload.noise.floor);
    let worst = noise.max_by(f64::total_cmp);
    let body = tables::environment(figures.record).html();
    let mut section = section("environment", "Machine and build", &[], body);
    section.lead.push("What the figures hold for: this machine, this build, this weather.".into());
    section
        .lead
        .extend(worst.map(|worst| format!("The worst noise floor of any workload is {}.", percent(worst))));
    section
}
