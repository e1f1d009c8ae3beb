//! What came of a demo, in words and as JSON.

use std::sync::Arc;

use centurion_agents::{AgentKind, Workload};
use centurion_graph::Bounds;
use centurion_harness::Cpus;
use centurion_record::Timeline;
use centurion_report::units;
use serde_json::{Value, json};

use crate::output::{plural, say, say_in_lines};

/// Agents of the longest chain that are listed.
const LISTED: usize = 10;

/// What came of one execution. Times are in nanoseconds.
pub(crate) struct DemoOutcome {
    workload: Arc<dyn Workload>,
    workers: usize,
    timeline: Timeline,
    /// How long each agent took.
    pub(crate) costs_ns: Vec<u64>,
    /// Time the agents took one by one, if that was measured.
    measured_serial_ns: Option<u64>,
    wrong: Vec<usize>,
}

impl DemoOutcome {
    pub(crate) fn new(
        workload: &Arc<dyn Workload>,
        workers: usize,
        timeline: Timeline,
        measured_serial_ns: Option<u64>,
    ) -> Self {
        let costs_ns =
            timeline.end_ns.iter().zip(&timeline.start_ns).map(|(end, start)| end - start).collect();
        let right = |agent: usize| timeline.answers[agent] == workload.answer_text(workload.expected(agent));
        let wrong = (0..workload.agents()).filter(|&agent| !right(agent)).collect();
        Self { workload: Arc::clone(workload), workers, timeline, costs_ns, measured_serial_ns, wrong }
    }

    /// Whether every answer was right.
    pub(crate) fn is_right(&self) -> bool {
        self.wrong.is_empty()
    }

    pub(crate) fn print(&self) {
        if self.workload.stands_alone() && self.workload.graph().is_some() {
            say("");
            self.list(0..self.workload.agents());
        }
        self.print_times();
        match self.critical_path() {
            None => {
                say_in_lines(&format!("\nThe longest agents{}:", self.whatever_the_workers()));
                self.list(self.longest(3));
            }
            Some(path) => {
                let time: u64 = path.iter().map(|&agent| self.costs_ns[agent]).sum();
                say_in_lines(&format!(
                    "\nThe longest chain of agents{}: {}, {}.",
                    self.whatever_the_workers(),
                    plural(path.len(), "agent"),
                    units::time(time as f64)
                ));
                self.list(path.iter().copied().take(LISTED));
                if path.len() > LISTED {
                    say_in_lines(&format!("  and {} more", path.len() - LISTED));
                }
            }
        }
        self.print_answers();
    }

    /// What is said of the longest, but where agents that compute had more workers than CPUs, and so stood in line for one.
    fn whatever_the_workers(&self) -> &'static str {
        let in_line = self.workload.kind() == AgentKind::Computing && self.workers > Cpus::detect().count();
        if in_line { "" } else { ", which no number of workers makes shorter" }
    }

    fn print_times(&self) {
        let line = |name: &str, value: String, note: &str| {
            say_in_lines(format!("{name:<12} {value:>9}   {note}").trim_end());
        };
        let how = match self.measured_serial_ns {
            Some(_) => "measured",
            None => "the sum of the times the agents took in this run",
        };
        let best = format!("what {} could reach at best", plural(self.workers, "worker"));
        say("");
        line("Total time", units::time(self.timeline.makespan_ns as f64), "");
        line("Serial time", units::time(self.serial_ns() as f64), how);
        line("Speedup", units::times(self.speedup()), "");
        line("Ceiling", units::times(self.ceiling()), &best);
    }

    fn print_answers(&self) {
        let agents = self.workload.agents();
        say_in_lines(&format!("\n{} of {agents} answers are right.", agents - self.wrong.len()));
        for &agent in &self.wrong {
            let expected = self.workload.answer_text(self.workload.expected(agent));
            let name = self.workload.agent_name(agent);
            say_in_lines(&format!("WRONG  {name}: {}, not {expected}", self.timeline.answers[agent]));
        }
    }

    fn list(&self, agents: impl IntoIterator<Item = usize>) {
        for agent in agents {
            let time = units::time(self.costs_ns[agent] as f64);
            let name = self.workload.agent_name(agent);
            say_in_lines(&format!("  {time:>9}   {name}: {}", self.timeline.answers[agent]));
        }
    }

    pub(crate) fn as_json(&self, executor: &str, seed: u64) -> Value {
        let graph = self.workload.graph();
        let agents: Vec<Value> = (0..self.workload.agents())
            .map(|agent| {
                json!({
                    "agent": agent,
                    "name": self.workload.agent_name(agent),
                    "inputs": graph.as_ref().map_or(&[][..], |graph| graph.inputs(agent)),
                    "answer": self.timeline.answers[agent],
                    "right": !self.wrong.contains(&agent),
                    "start_ns": self.timeline.start_ns[agent],
                    "end_ns": self.timeline.end_ns[agent],
                    "worker": self.timeline.worker[agent],
                })
            })
            .collect();
        json!({
            "workload": self.workload.name(),
            "executor": executor,
            "agents": self.workload.agents(),
            "workers": self.workers,
            "seed": seed,
            "total_ns": self.timeline.makespan_ns,
            "serial_ns": self.serial_ns(),
            "serial": if self.measured_serial_ns.is_some() { "measured" } else { "sum" },
            "speedup": self.speedup(),
            "ceiling": self.ceiling(),
            "wrong": self.wrong.len(),
            "results": agents,
        })
    }

    fn serial_ns(&self) -> u64 {
        self.measured_serial_ns.unwrap_or_else(|| self.costs_ns.iter().sum())
    }

    fn speedup(&self) -> f64 {
        self.serial_ns() as f64 / self.timeline.makespan_ns.max(1) as f64
    }

    /// The greatest speedup that any schedule of these agents could reach.
    fn ceiling(&self) -> f64 {
        Bounds::new(&self.costs_ns, self.workload.graph().as_deref()).ceiling(self.workers)
    }

    /// The agents that the others wait for longest, where agents wait for each other.
    fn critical_path(&self) -> Option<Vec<usize>> {
        self.workload.graph().map(|graph| graph.critical_path(&self.costs_ns).tasks)
    }

    fn longest(&self, count: usize) -> Vec<usize> {
        let mut agents: Vec<usize> = (0..self.costs_ns.len()).collect();
        agents.sort_by_key(|&agent| std::cmp::Reverse(self.costs_ns[agent]));
        agents.truncate(count);
        agents
    }
}
