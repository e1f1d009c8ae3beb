//! `centurion run`: the original challenge. A hundred agents, one executor, and how much faster it was.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use centurion_agents::{Grain, Kind, Thinking, Workload};
use centurion_executors::{Factory, Start, Workers, find};
use centurion_harness::{Cpus, stamped};
use centurion_record::Timeline;
use centurion_report::units;
use centurion_schedule::ceiling;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::options::{deciding, failed_to, known};
use crate::say;

/// Starting a pool takes time that grows with the square of its workers.
const MOST_WORKERS: usize = 1_000;

/// What to run.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// What the agents do: thinking, deciding, grain
    #[arg(long, default_value = "thinking", value_name = "NAME")]
    pub workload: String,
    /// How they are run, as `centurion list` names it
    #[arg(long, default_value = "rayon", value_name = "NAME")]
    pub executor: String,
    /// Number of agents
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub agents: usize,
    /// Number of workers [default: one per agent if they wait, one per CPU if they compute]
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// Scale of the thinking agents' time; 1 is the original 0.5 to 1.5 s
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR")]
    pub scale: f64,
    /// Size of a grain agent in iterations of its kernel
    #[arg(long, default_value_t = 1 << 20, value_name = "N")]
    pub iterations: u64,
    /// File of positions for deciding agents, in the format of crates/agents/data/ffo.tsv
    #[arg(long, value_name = "FILE")]
    pub positions: Option<PathBuf>,
    /// Seed of the agents
    #[arg(long, default_value_t = 42, value_name = "N")]
    pub seed: u64,
    /// Run the agents one by one as well, instead of summing up the time each took
    #[arg(long)]
    pub measure_serial: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// What came of it. Times are in nanoseconds.
struct Outcome {
    total_ns: u64,
    serial_ns: u64,
    costs_ns: Vec<u64>,
    timeline: Timeline,
    wrong: Vec<usize>,
}

impl Demo {
    /// Runs the demo and prints what it does. Returns whether every answer was right.
    ///
    /// # Errors
    /// When the options can't be followed, or an agent panics.
    pub fn run(&self) -> Result<bool> {
        let workload = self.workload()?;
        let factory = self.factory()?;
        let workers = self.worker_count(&*workload, &factory)?;
        if !self.json {
            say(&format!(
                "Starting with {} {} agents on {}, {}.",
                workload.agents(),
                workload.name(),
                self.executor,
                plural(workers, "worker")
            ));
            say(&format!("Scheduled {}. Nothing has run yet.", plural(workload.agents(), "task")));
        }
        let outcome = self.execute(&workload, &factory, workers)?;
        if self.json {
            say(&format!("{:#}", self.as_json(&*workload, workers, &outcome)));
        } else {
            self.print(&*workload, workers, &outcome);
        }
        Ok(outcome.wrong.is_empty())
    }

    fn workload(&self) -> Result<Arc<dyn Workload>> {
        known("workload", std::slice::from_ref(&self.workload), &["thinking", "deciding", "grain"])?;
        Ok(match self.workload.as_str() {
            "thinking" => Arc::new(Thinking::new(self.agents, self.seed, self.scale).map_err(failed_to)?),
            "deciding" => Arc::new(deciding(self.positions.as_deref(), self.agents)?),
            _ => Arc::new(Grain::new(self.agents, self.iterations, self.seed)),
        })
    }

    fn factory(&self) -> Result<Factory> {
        let names: Vec<&str> = centurion_executors::all().iter().map(|factory| factory.name).collect();
        known("executor", std::slice::from_ref(&self.executor), &names)?;
        find(&self.executor).context("failed to find the executor")
    }

    fn worker_count(&self, workload: &dyn Workload, factory: &Factory) -> Result<usize> {
        let agents = workload.agents().max(1);
        ensure!(self.workers != Some(0), "failed to start 0 workers; give --workers a number from 1");
        Ok(match (factory.workers, self.workers) {
            (Workers::PerAgent, Some(asked)) if asked != agents => anyhow::bail!(
                "failed to start {} with {asked} workers: it has one per agent; leave out --workers",
                factory.name
            ),
            (_, Some(asked)) if asked > MOST_WORKERS => anyhow::bail!(
                "failed to start {asked} workers; give --workers a number up to {MOST_WORKERS}, \
                 more cost seconds to start and gain nothing"
            ),
            (_, Some(asked)) => asked,
            (Workers::One, None) => 1,
            (Workers::PerAgent, None) => agents,
            (Workers::Any, None) if workload.kind() == Kind::Waiting => agents.min(MOST_WORKERS),
            (Workers::Any, None) => Cpus::detect().count(),
        })
    }

    fn execute(&self, workload: &Arc<dyn Workload>, factory: &Factory, workers: usize) -> Result<Outcome> {
        let executor = factory.start(&Start::workers(workers)).map_err(failed_to)?;
        let timeline = self.computed(workload, &*executor, "computing")?;
        let costs_ns: Vec<u64> =
            timeline.end_ns.iter().zip(&timeline.start_ns).map(|(end, start)| end - start).collect();
        let serial_ns = if self.measure_serial {
            let serial = find("serial").context("failed to find the serial executor")?;
            let serial = serial.start(&Start::workers(1)).map_err(failed_to)?;
            self.computed(workload, &*serial, "one by one")?.makespan_ns
        } else {
            costs_ns.iter().sum()
        };
        let wrong = (0..workload.agents())
            .filter(|&agent| timeline.answers[agent] != workload.answer_text(workload.expected(agent)))
            .collect();
        Ok(Outcome { total_ns: timeline.makespan_ns, serial_ns, costs_ns, timeline, wrong })
    }

    /// Runs the agents with a progress bar, on a terminal.
    fn computed(
        &self,
        workload: &Arc<dyn Workload>,
        executor: &dyn centurion_executors::Executor,
        what: &'static str,
    ) -> Result<Timeline> {
        let bar = if std::io::stderr().is_terminal() && !self.json {
            ProgressBar::new(workload.agents() as u64)
        } else {
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template("{prefix} [{bar:40}] {pos}/{len} agents, {elapsed}")?;
        bar.set_style(style.progress_chars("=> "));
        bar.set_prefix(what);
        let watched: Arc<dyn Workload> = Arc::new(Watched { inner: Arc::clone(workload), bar: bar.clone() });
        let timeline =
            stamped("demo", &watched, executor).map_err(|reason| anyhow::anyhow!("failed: {reason}"));
        bar.finish_and_clear();
        timeline
    }

    fn print(&self, workload: &dyn Workload, workers: usize, outcome: &Outcome) {
        let how =
            if self.measure_serial { "measured" } else { "the sum of the times the agents took in this run" };
        let line = |name: &str, value: String, note: &str| {
            say(format!("{name:<12} {value:>9}   {note}").trim_end());
        };
        say("");
        line("Total time", units::time(outcome.total_ns as f64), "");
        line("Serial time", units::time(outcome.serial_ns as f64), how);
        line("Speedup", units::times(outcome.speedup()), "");
        let ceiling = ceiling(&outcome.costs_ns, workers);
        line(
            "Ceiling",
            units::times(ceiling),
            &format!("what {} could reach at best", plural(workers, "worker")),
        );
        say("\nThe longest agents, which no number of workers makes shorter:");
        for agent in outcome.slowest(3) {
            let (time, name) = (units::time(outcome.costs_ns[agent] as f64), workload.agent_name(agent));
            say(&format!("  {time:>9}   {name}: {}", outcome.timeline.answers[agent]));
        }
        say(&format!(
            "\n{} of {} answers are right.",
            workload.agents() - outcome.wrong.len(),
            workload.agents()
        ));
        for &agent in &outcome.wrong {
            let expected = workload.answer_text(workload.expected(agent));
            say(&format!(
                "WRONG  {}: {}, not {expected}",
                workload.agent_name(agent),
                outcome.timeline.answers[agent]
            ));
        }
    }

    fn as_json(&self, workload: &dyn Workload, workers: usize, outcome: &Outcome) -> serde_json::Value {
        let agents: Vec<_> = (0..workload.agents())
            .map(|agent| {
                json!({
                    "agent": agent,
                    "name": workload.agent_name(agent),
                    "answer": outcome.timeline.answers[agent],
                    "right": !outcome.wrong.contains(&agent),
                    "start_ns": outcome.timeline.start_ns[agent],
                    "end_ns": outcome.timeline.end_ns[agent],
                    "worker": outcome.timeline.worker[agent],
                })
            })
            .collect();
        json!({
            "workload": workload.name(),
            "executor": self.executor,
            "agents": workload.agents(),
            "workers": workers,
            "seed": self.seed,
            "total_ns": outcome.total_ns,
            "serial_ns": outcome.serial_ns,
            "serial": if self.measure_serial { "measured" } else { "sum" },
            "speedup": outcome.speedup(),
            "ceiling": ceiling(&outcome.costs_ns, workers),
            "wrong": outcome.wrong.len(),
            "results": agents,
        })
    }
}

impl Outcome {
    fn speedup(&self) -> f64 {
        self.serial_ns as f64 / self.total_ns.max(1) as f64
    }

    fn slowest(&self, count: usize) -> Vec<usize> {
        let mut agents: Vec<usize> = (0..self.costs_ns.len()).collect();
        agents.sort_by_key(|&agent| std::cmp::Reverse(self.costs_ns[agent]));
        agents.truncate(count);
        agents
    }
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A workload that moves a progress bar on with every agent.
struct Watched {
    inner: Arc<dyn Workload>,
    bar: ProgressBar,
}

impl Workload for Watched {
    fn name(&self) -> String {
        self.inner.name()
    }
    fn family(&self) -> &'static str {
        self.inner.family()
    }
    fn kind(&self) -> Kind {
        self.inner.kind()
    }
    fn agents(&self) -> usize {
        self.inner.agents()
    }
    fn run(&self, agent: usize) -> u64 {
        let answer = self.inner.run(agent);
        self.bar.inc(1);
        answer
    }
    fn expected(&self, agent: usize) -> u64 {
        self.inner.expected(agent)
    }
    fn agent_name(&self, agent: usize) -> String {
        self.inner.agent_name(agent)
    }
    fn answer_text(&self, answer: u64) -> String {
        self.inner.answer_text(answer)
    }
    fn parameters(&self) -> BTreeMap<String, String> {
        self.inner.parameters()
    }
    fn work(&self, agent: usize) -> Option<u64> {
        self.inner.work(agent)
    }
}
