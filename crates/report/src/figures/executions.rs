//! Single executions, what they lost, and the samples of all rounds.

use centurion_record::{Cell, Role, Timeline};

use super::{Drawing, Execution, Figures, Size, Words};
use crate::units::{percent, plural, time};
use centurion_findings::loss::Loss;
use centurion_findings::{Bottleneck, Bound, Row, WorkloadResult};
use centurion_plot::graph::{GraphPicture, svg};
use centurion_plot::{loss, rounds, timeline};

impl<'a> Figures<'a> {
    /// A lane per worker, a bar per agent.
    pub(crate) fn timeline(
        &self,
        workload: &WorkloadResult,
        execution: Execution<'_>,
        size: Size,
    ) -> Drawing {
        let Execution { timeline: recorded, executor, workers, .. } = execution;
        let costs = self.costs(workload);
        let processors = if workload.kind == centurion_record::Kind::Waiting {
            workers
        } else {
            workers.min(execution.cores)
        };
        let loss = self.loss(workload, execution);
        let words = Words {
            id: format!("timeline-{}-{}", self.number(workload), self.index(executor)),
            title: format!("{executor}: {} agents on {}", workload.name, plural(workers, "worker")),
            subtitle: format!(
                "One instrumented execution on {}: {}",
                plural(execution.cores, "core"),
                time(recorded.makespan_ns as f64)
            ),
            description: losses_in_words(&loss),
        };
        let chart = timeline::TimelineChart {
            frame: words.frame(size),
            workers: loss.workers,
            agents: self.agents(workload, recorded),
            makespan_ns: recorded.makespan_ns as f64,
            bound: (!costs.is_empty()).then(|| bound(costs, workload, processors)),
            critical_path: critical_path(costs, workload),
        };
        Drawing::new(&chart.frame, timeline::render(&chart))
    }

    fn agents(&self, workload: &WorkloadResult, recorded: &Timeline) -> Vec<timeline::Agent> {
        let names = self.record.workload(&workload.name).map(|workload| &workload.agent_names);
        let name = |agent: usize| {
            let known = names.and_then(|names| names.get(agent)).cloned();
            known.unwrap_or_else(|| format!("agent {agent}"))
        };
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

    /// Serial costs of the agents; may be empty.
    pub(crate) fn costs(&self, workload: &WorkloadResult) -> &'a [u64] {
        self.record.workload(&workload.name).map_or(&[], |workload| &workload.costs_ns)
    }

    /// Who needs whose answer, with what each agent costs as heat: an SVG drawing. `None` where agents need nothing
    /// of each other.
    pub(crate) fn graph(&self, workload: &WorkloadResult) -> Option<String> {
        let graph = workload.graph.as_ref()?;
        let (title, costs) = (format!("{}: who needs whose answer", workload.name), self.costs(workload));
        let names = self.record.workload(&workload.name).map(|workload| workload.agent_names.as_slice());
        let picture = GraphPicture {
            title: &title,
            names: names.unwrap_or_default(),
            costs: (!costs.is_empty()).then_some(costs),
        };
        Some(svg(graph, &picture))
    }

    /// Where the time of an execution went.
    pub(crate) fn loss(&self, workload: &WorkloadResult, execution: Execution<'_>) -> Loss {
        Loss::new(execution.timeline, self.costs(workload), workload.graph.as_deref(), execution.workers)
    }

    /// A bar per execution with the same number of workers.
    pub(crate) fn losses(
        &self,
        workload: &WorkloadResult,
        executions: &[Execution<'_>],
        size: Size,
    ) -> Drawing {
        let workers = executions.first().map_or(0, |execution| execution.workers);
        let bar = |execution: &Execution<'_>| loss::LossBar {
            name: execution.executor.to_owned(),
            index: self.index(execution.executor),
            parts_ns: self.loss(workload, *execution).parts_ns.map(|ns| ns as f64),
        };
        let in_words = |execution: &Execution<'_>| {
            format!("{}: {}", execution.executor, losses_in_words(&self.loss(workload, *execution)))
        };
        let words = Words {
            id: format!("loss-{}-{workers}", self.number(workload)),
            title: format!("{}: time of {}", workload.name, plural(workers, "worker")),
            subtitle: "One instrumented execution each".into(),
            description: executions.iter().map(in_words).collect::<Vec<_>>().join(" "),
        };
        let chart = loss::LossChart { frame: words.frame(size), bars: executions.iter().map(bar).collect() };
        Drawing::new(&chart.frame, loss::render(&chart))
    }

    /// Samples of the baseline, its repeat and the cells of one row.
    pub(crate) fn rounds(&self, workload: &WorkloadResult, row: Row, size: Size) -> Drawing {
        let shown = |cell: &&Cell| {
            let reference = matches!(cell.role, Role::Baseline | Role::Repeat);
            let in_row = || workload.row(row).any(|result| result.id == cell.id);
            cell.workload == workload.name && (reference || in_row())
        };
        let series = |cell: &Cell| rounds::RoundSeries {
            name: cell.executor.clone(),
            index: self.index(&cell.executor),
            samples: cell.bag_times().collect(),
        };
        let workers = row.workers.map(|workers| format!(", {}", plural(workers, "worker")));
        let place = format!("{}{}", plural(row.cores, "core"), workers.unwrap_or_default());
        let words = Words {
            id: format!("rounds-{}", self.number(workload)),
            title: format!("{}: every sample of {place}", workload.name),
            subtitle: "A dot per round; a strip per executor, and the serial baseline twice".into(),
            description: "Where dots of one strip rise or fall together, the machine drifted.".into(),
        };
        let chart = rounds::RoundsChart {
            frame: words.frame(size),
            rounds: self.record.rounds.len() as u32,
            series: self.record.cells.iter().filter(shown).map(series).collect(),
        };
        Drawing::new(&chart.frame, rounds::render(&chart))
    }
}

/// The earliest any schedule could end, by the name of what it waits for.
fn bound(costs: &[u64], workload: &WorkloadResult, processors: usize) -> timeline::EarliestEnd {
    let bound = Bound::new(costs, workload.graph.as_deref(), processors.max(1));
    let name = if bound.bottleneck == Bottleneck::CriticalPath { "critical path" } else { "lower bound" };
    timeline::EarliestEnd { name, at_ns: bound.makespan(costs) }
}

/// The agents on the critical path. Empty where agents need nothing of each other, or costs are not known.
fn critical_path(costs: &[u64], workload: &WorkloadResult) -> Vec<usize> {
    let graph = workload.graph.as_ref().filter(|_| !costs.is_empty());
    graph.map_or(Vec::new(), |graph| graph.critical_path(costs).tasks)
}

fn losses_in_words(loss: &Loss) -> String {
    let parts = loss::PARTS.iter().enumerate().filter(|(part, _)| loss.has(*part));
    let parts: Vec<_> = parts.map(|(part, name)| format!("{name} {}", percent(loss.share(part)))).collect();
    format!("{}.", parts.join(", "))
}
