//! Where the time goes: what each execution lost, who needs whose answer, and timelines.

use centurion_findings::loss::Loss;
use centurion_findings::{Bottleneck, Execution, WorkloadResult};
use centurion_plot::graph::{GraphPicture, svg};
use centurion_plot::{loss, timeline};

use super::Findings;
use crate::chart::{Caption, Chart, ChartSize, Drawing, FilePriority, Layout};
use crate::document::{Content, Fold, Section, SectionBlock};
use crate::units::{percent, plural, time};

/// Timelines that are files of their own: those of the last workloads.
const FILES: usize = 2;

pub(super) fn section<'a>(findings: &'a Findings<'a>) -> Section<'a> {
    let lead = [
        "All workers together have workers × makespan of time. Useful work is what the agents cost serially; \
         inflation, what they took longer than that; scheduling, the gaps between two agents; imbalance, idling \
         after a worker's last agent; start-up, waiting for its first. Where there are more workers than cores, waiting for a core counts as \
         inflation.",
        "The shortest timeline of each workload is shown where workers run more than one agent: bars name the agent, its time and its answer under the pointer.",
        "Each is one execution apart from the timed rounds: stamping reads the clock twice an agent, well below a \
         microsecond.",
    ];
    let mut section = Section::new("time", "Where the time goes", &lead);
    section.lead.extend(findings.has_graph().then(|| {
        "Gaps in which no agent had all the answers it needs yet count as waiting for answers. A line joins the agents \
         of the critical path, the chain that costs most serially."
            .into()
    }));
    let mut executions = Execution::from_record(findings.record);
    let workloads: Vec<_> = findings
        .analysis
        .standing_alone()
        .map(|workload| (workload, executions.remove(workload.name.as_str()).unwrap_or_default()))
        .collect();
    let stamped: Vec<_> = workloads.iter().filter(|(_, executions)| !executions.is_empty()).collect();
    let filed: Vec<_> =
        stamped.iter().rev().take(FILES).map(|(workload, _)| workload.name.as_str()).collect();
    let is_filed = |workload: &WorkloadResult| filed.contains(&workload.name.as_str());
    let blocks =
        workloads.iter().flat_map(|(workload, all)| blocks(findings, workload, all, is_filed(workload)));
    section.with(blocks.collect::<Vec<_>>())
}

/// Losses, then what gives way where there is no room: the graph last, after it the shortest timeline.
fn blocks<'a>(
    findings: &'a Findings<'a>,
    workload: &'a WorkloadResult,
    executions: &[Execution<'a>],
    filed: bool,
) -> Vec<SectionBlock<'a>> {
    let sensible = executions.iter().copied().filter(|execution| !findings.is_mistake(execution.executor));
    let sensible: Vec<_> = sensible.collect();
    let losses = most_alike(workload, &sensible).into_iter().map(|alike| {
        SectionBlock::page(Chart::new(Layout::Small, move |size| {
            loss_chart(findings, workload, &alike, size)
        }))
    });
    let mut blocks: Vec<_> = losses.collect();
    blocks.extend(workload.graph.is_some().then(|| graph(findings, workload).yielding(0)));
    let timeline = |execution: Execution<'a>| {
        let label = format!("Timeline of {} under {}", workload.name, findings.called(execution.executor));
        Chart::new(Layout::Panned(label), move |size| timeline_chart(findings, workload, execution, size))
    };
    let file = |chart: Chart<'a>| {
        let name = format!("{}-timeline", findings.file_name(workload));
        if filed { chart.filed(name, FilePriority::Last) } else { chart }
    };
    let tells = |execution: &&Execution<'a>| execution.workers < workload.agents;
    if let Some(shortest) = sensible.first().filter(tells) {
        blocks.push(SectionBlock::page(file(timeline(*shortest))).yielding(1));
    }
    blocks.push(SectionBlock::page(Content::LeftOut { noun: "drawing", place: "results.json" }));
    blocks
}

/// Executions with as many workers as the best cell has, or all of them in groups where there are none: only those with
/// the same number have bars of comparable length.
fn most_alike<'a>(workload: &WorkloadResult, executions: &[Execution<'a>]) -> Vec<Vec<Execution<'a>>> {
    let mut sorted = executions.to_vec();
    sorted.sort_by_key(|execution| execution.workers);
    let groups = sorted.chunk_by(|a, b| a.workers == b.workers).map(<[_]>::to_vec);
    let groups: Vec<Vec<Execution<'a>>> = groups.collect();
    let workers = workload.verdict().best.map(|best| best.workers);
    let best = groups.iter().find(|group| Some(group[0].workers) == workers && group.len() > 1);
    best.map_or_else(|| groups.clone(), |group| vec![group.clone()])
}

/// Who needs whose answer, with what each agent costs as heat.
fn graph<'a>(findings: &'a Findings<'a>, workload: &'a WorkloadResult) -> SectionBlock<'a> {
    let title = format!("{}: who needs whose answer", workload.name);
    let label = title.clone();
    let draw = move |_| {
        let costs = &workload.costs_ns;
        let picture = GraphPicture {
            title: &title,
            names: agent_names(findings, workload),
            costs: (!costs.is_empty()).then_some(costs),
        };
        let svg = workload.graph.as_ref().map(|graph| svg(graph, &picture));
        Drawing { alt: title.clone(), svg: svg.unwrap_or_default() }
    };
    let chart = Chart::new(Layout::Panned(label.clone()), draw);
    SectionBlock::page(Fold { open: true, ..Fold::new(label, chart) })
}

fn agent_names<'a>(findings: &Findings<'a>, workload: &WorkloadResult) -> &'a [String] {
    findings.record.workload(&workload.name).map_or(&[], |workload| &workload.agent_names)
}

/// A lane per worker, a bar per agent.
fn timeline_chart(
    findings: &Findings<'_>,
    workload: &WorkloadResult,
    execution: Execution<'_>,
    size: ChartSize,
) -> Drawing {
    let loss = execution.loss(workload);
    let Execution { executor, cores, workers, timeline: recorded } = execution;
    let caption = Caption {
        id: format!("timeline-{}-{}", findings.number(workload), findings.index(executor)),
        title: format!(
            "{}: {} agents on {}",
            findings.called(executor),
            workload.name,
            plural(workers, "worker")
        ),
        subtitle: format!(
            "One instrumented execution on {}: {}",
            plural(cores, "core"),
            time(recorded.makespan_ns as f64)
        ),
        description: in_words(&loss),
    };
    let chart = timeline::TimelineChart {
        frame: caption.frame(size),
        workers: loss.workers,
        agents: agents(agent_names(findings, workload), recorded),
        makespan_ns: recorded.makespan_ns as f64,
        bound: bound(workload, workload.processors(cores, workers)),
        critical_path: workload.critical_path(),
    };
    Drawing::new(&chart.frame, timeline::render(&chart))
}

fn agents(names: &[String], recorded: &centurion_record::Timeline) -> Vec<timeline::Agent> {
    let name = |agent: usize| names.get(agent).cloned().unwrap_or_else(|| format!("agent {agent}"));
    (0..recorded.worker.len())
        .map(|agent| timeline::Agent {
            name: name(agent),
            answer: recorded.answers[agent].clone(),
            worker: recorded.worker[agent] as usize,
            start_ns: recorded.start_ns[agent] as f64,
            end_ns: recorded.end_ns[agent] as f64,
        })
        .collect()
}

/// The earliest any schedule could end, by the name of what it waits for.
fn bound(workload: &WorkloadResult, processors: usize) -> Option<timeline::EarliestEnd> {
    let bound = workload.bound(processors)?;
    let name = if bound.bottleneck == Bottleneck::CriticalPath { "critical path" } else { "lower bound" };
    Some(timeline::EarliestEnd { name, at_ns: bound.makespan(&workload.costs_ns) })
}

/// A bar per execution with the same number of workers.
fn loss_chart(
    findings: &Findings<'_>,
    workload: &WorkloadResult,
    executions: &[Execution<'_>],
    size: ChartSize,
) -> Drawing {
    let workers = executions.first().map_or(0, |execution| execution.workers);
    let bar = |execution: &Execution<'_>| loss::LossBar {
        name: findings.called(execution.executor),
        index: findings.index(execution.executor),
        parts_ns: parts(&execution.loss(workload)).map(|ns| ns as f64),
    };
    let told = |execution: &Execution<'_>| {
        format!("{}: {}", findings.called(execution.executor), in_words(&execution.loss(workload)))
    };
    let caption = Caption {
        id: format!("loss-{}-{workers}", findings.number(workload)),
        title: format!("{}: time of {}", workload.name, plural(workers, "worker")),
        subtitle: "One instrumented execution each".into(),
        description: executions.iter().map(told).collect::<Vec<_>>().join(" "),
    };
    let chart = loss::LossChart { frame: caption.frame(size), bars: executions.iter().map(bar).collect() };
    Drawing::new(&chart.frame, loss::render(&chart))
}

/// The parts in the order of [`loss::PARTS`].
fn parts(loss: &Loss) -> [u64; 6] {
    let parts = loss.parts;
    [
        parts.useful_ns,
        parts.inflation_ns,
        parts.scheduling_ns,
        parts.imbalance_ns,
        parts.start_up_ns,
        parts.waiting_ns,
    ]
}

/// The share of each part; waiting for answers is not worth a word where there is none.
fn in_words(loss: &Loss) -> String {
    let told = loss::PARTS.iter().zip(parts(loss)).enumerate();
    let told = told.filter(|(place, (_, ns))| *place < 5 || *ns > 0);
    let parts: Vec<_> = told.map(|(_, (name, ns))| format!("{name} {}", percent(loss.share(ns)))).collect();
    format!("{}.", parts.join(", "))
}
