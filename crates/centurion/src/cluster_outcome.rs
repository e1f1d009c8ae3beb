//! What came of agents on a cluster, in words and as JSON.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use centurion_dask::{AgentFailure, AgentOutcome, Cluster, ClusterEvent, Ended};
use centurion_harness::clock;
use centurion_report::units;
use serde_json::{Value, json};

use crate::args::DemoArgs;
use crate::cluster_work::{ClusterWork, time};
use crate::demo_options::CLUSTER;
use crate::error::failed_to;
use crate::interrupt;
use crate::output::{note, plural, say};
use crate::progress::Progress;

/// What came of agents that were sent to a cluster.
pub(crate) struct ClusterOutcome<'a> {
    work: &'a ClusterWork,
    outcomes: Vec<AgentOutcome>,
    ended: Ended,
}

impl<'a> ClusterOutcome<'a> {
    /// Sends the agents and waits for them. Without `json`, each is told when its turn has come.
    pub(crate) fn send(work: &'a ClusterWork, cluster: &Cluster, args: &DemoArgs) -> Result<Self> {
        let progress = Progress::with_agents("on the cluster", work.count, !args.json);
        let mut outcomes = Vec::new();
        let ended = cluster.run(&work.definition, args.on_cluster.batch, |event| match event {
            ClusterEvent::Finished(finished) => progress.set_done(finished),
            ClusterEvent::Note(what) => progress.around(|| note(&what)),
            ClusterEvent::Outcome(outcome) => {
                if !args.json && !cancelled(&outcome) {
                    progress.around(|| say(&work.line(&outcome)));
                }
                outcomes.push(outcome);
            }
        });
        progress.finish();
        Ok(Self { work, outcomes, ended: ended.map_err(failed_to)? })
    }

    fn rights(&self) -> usize {
        let right = |outcome: &&AgentOutcome| {
            outcome.result.as_ref().is_ok_and(|&answer| self.work.rather(outcome.agent, answer).is_none())
        };
        self.outcomes.iter().filter(right).count()
    }

    /// How the program ends.
    pub(crate) fn exit_code(&self) -> ExitCode {
        if self.ended.cancelled {
            ExitCode::from(interrupt::EXIT_CODE)
        } else if self.rights() == self.work.count {
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

    pub(crate) fn print(&self) {
        let line = |name: &str, value: String, note: &str| {
            say(format!("{name:<12} {value:>9}   {note}").trim_end());
        };
        say("");
        line("Total time", time(self.ended.wall), "");
        line("Serial time", time(self.serial()), "the sum of the times the agents took in this run");
        line("Speedup", units::times(self.speedup()), "");
        say(&format!("\n{} of {} answers are right.", self.rights(), self.work.count));
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

    pub(crate) fn as_json(&self, cluster: &Cluster, seed: u64) -> Value {
        json!({
            "workload": self.work.kind(),
            "executor": CLUSTER,
            "cluster": cluster.address,
            "agents": self.work.count,
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

    fn outcome_as_json(&self, outcome: &AgentOutcome) -> Value {
        let answer = outcome.result.as_ref().ok().copied();
        json!({
            "agent": outcome.agent,
            "name": self.work.name(outcome.agent),
            "answer": answer.map(|answer| self.work.text(answer)),
            "right": answer.is_some_and(|answer| self.work.rather(outcome.agent, answer).is_none()),
            "reason": outcome.result.as_ref().err().map(ToString::to_string),
            "attempts": outcome.attempts,
            "worker": outcome.worker,
            "ns": outcome.time.map(clock::nanoseconds),
        })
    }
}

/// Whether an agent had not finished when the run was cancelled.
fn cancelled(outcome: &AgentOutcome) -> bool {
    outcome.result == Err(AgentFailure::Cancelled)
}
