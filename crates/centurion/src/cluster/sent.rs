//! What came of agents on a cluster, in words and as JSON.

use std::io::IsTerminal as _;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use centurion_dask::{Cluster, Ended, Event, Outcome};
use centurion_harness::clock;
use centurion_report::units;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{Agents, time};
use crate::demo::Demo;
use crate::options::failed_to;
use crate::outcome::plural;
use crate::{interrupt, say};

/// What came of agents that were sent to a cluster.
pub(super) struct Sent<'a> {
    agents: &'a Agents,
    outcomes: Vec<Outcome>,
    ended: Ended,
}

impl<'a> Sent<'a> {
    /// Sends the agents and waits for them. Without `json`, each is told when its turn has come.
    pub(super) fn run(agents: &'a Agents, cluster: &Cluster, demo: &Demo) -> Result<Self> {
        let bar = bar(agents.count, demo.json)?;
        let mut outcomes = Vec::new();
        let ended =
            cluster.run(&agents.work, demo.on_cluster.batch.map(NonZeroUsize::get), |event| match event {
                Event::Finished(finished) => bar.set_position(finished as u64),
                Event::Note(note) => bar.suspend(|| eprintln!("{note}")),
                Event::Outcome(outcome) => {
                    if !demo.json && !cancelled(&outcome) {
                        bar.suspend(|| say(&agents.line(&outcome)));
                    }
                    outcomes.push(outcome);
                }
            });
        bar.finish_and_clear();
        Ok(Self { agents, outcomes, ended: ended.map_err(failed_to)? })
    }

    fn rights(&self) -> usize {
        let right = |outcome: &&Outcome| {
            outcome.result.as_ref().is_ok_and(|answer| self.agents.rather(outcome.agent, answer).is_none())
        };
        self.outcomes.iter().filter(right).count()
    }

    /// How the program ends.
    pub(super) fn exit_code(&self) -> ExitCode {
        if self.ended.cancelled {
            ExitCode::from(interrupt::EXIT_CODE)
        } else if self.rights() == self.agents.count {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    /// Time the agents took on their workers, together.
    fn serial(&self) -> Duration {
        self.outcomes.iter().filter_map(|outcome| outcome.time).sum()
    }

    fn attempts(&self) -> u64 {
        self.outcomes.iter().map(|outcome| u64::from(outcome.attempts)).sum()
    }

    fn speedup(&self) -> f64 {
        self.serial().as_secs_f64() / self.ended.wall.as_secs_f64().max(1e-9)
    }

    pub(super) fn print(&self) {
        let line = |name: &str, value: String, note: &str| {
            say(format!("{name:<12} {value:>9}   {note}").trim_end());
        };
        say("");
        line("Total time", time(self.ended.wall), "");
        line("Serial time", time(self.serial()), "the sum of the times the agents took in this run");
        line("Speedup", units::times(self.speedup()), "");
        let verdict = if self.agents.workload.is_some() { "answers are right" } else { "agents answered" };
        say(&format!("\n{} of {} {verdict}.", self.rights(), self.agents.count));
        let again = self.outcomes.iter().filter(|outcome| outcome.attempts > 1).count();
        if again > 0 {
            say(&format!(
                "{} took more than one attempt, {} in all.",
                plural(again, "agent"),
                self.attempts()
            ));
        }
        if self.ended.cancelled {
            let cancelled = self.outcomes.iter().filter(|outcome| cancelled(outcome)).count();
            say(&format!("Cancelled; {} had not finished.", plural(cancelled, "agent")));
        }
    }

    pub(super) fn as_json(&self, cluster: &Cluster, seed: u64) -> Value {
        json!({
            "workload": self.agents.kind(),
            "executor": super::EXECUTOR,
            "cluster": cluster.address,
            "agents": self.agents.count,
            "workers": cluster.workers,
            "processes": cluster.processes,
            "brought": cluster.brought,
            "seed": seed,
            "startup_ns": clock::nanoseconds(cluster.startup),
            "first_call_ns": clock::nanoseconds(cluster.first_call),
            "total_ns": clock::nanoseconds(self.ended.wall),
            "serial_ns": clock::nanoseconds(self.serial()),
            "serial": "sum",
            "speedup": self.speedup(),
            "attempts": self.attempts(),
            "right": self.rights(),
            "cancelled": self.ended.cancelled,
            "results": self.outcomes.iter().map(|outcome| self.outcome_as_json(outcome)).collect::<Vec<_>>(),
        })
    }

    fn outcome_as_json(&self, outcome: &Outcome) -> Value {
        let answer = outcome.result.as_ref().ok();
        json!({
            "agent": outcome.agent,
            "name": self.agents.name(outcome.agent),
            "answer": answer.map(|answer| self.agents.text(answer)),
            "right": answer.is_some_and(|answer| self.agents.rather(outcome.agent, answer).is_none()),
            "reason": outcome.result.as_ref().err(),
            "attempts": outcome.attempts,
            "worker": outcome.worker,
            "ns": outcome.time.map(clock::nanoseconds),
        })
    }
}

/// A progress bar on a terminal, unless JSON is printed.
fn bar(agents: usize, json: bool) -> Result<ProgressBar> {
    if json || !std::io::stderr().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("on the cluster [{bar:40}] {pos}/{len} agents, {elapsed}")?;
    Ok(ProgressBar::new(agents as u64).with_style(style.progress_chars("=> ")))
}

/// Whether an agent had not finished when the run was cancelled.
fn cancelled(outcome: &Outcome) -> bool {
    outcome.result.as_ref().is_err_and(|reason| reason == "cancelled")
}
