//! What a record says in plain words, for pages of any format. Names stand in the text as the record has them:
//! whoever prints it escapes it.

mod advice;
mod changes;
mod limit;
mod patterns;
mod peers;
mod small;
mod trust;

pub use advice::{Advice, Fact, Pick, advice};
pub use changes::{against, carriers, unjudged};
pub use patterns::{METG_LEGEND, metg_rows, metg_title};
pub use peers::{PEERS_HEADING, TUTORIAL, peer_failures, peer_legend, peer_rows};
pub use trust::{doubts, failures, trust};

use centurion_record::{Environment, Record};

use crate::units::plural;

/// The machine in a few words: `AMD EPYC, 2 CPUs, virtual machine`.
pub fn machine(environment: &Environment) -> String {
    let model = environment.cpu_model.trim();
    let model = if model.is_empty() { "unknown processor" } else { model };
    let kind = if environment.virtualised { ", virtual machine" } else { "" };
    format!("{model}, {}{kind}", plural(environment.logical_cpus, "CPU"))
}

/// How much was measured: `12 rounds on 2026-01-02, mode full`.
pub fn run(record: &Record) -> String {
    let day = record.run.started.split('T').next().unwrap_or_default();
    format!("{} on {day}", plural(record.rounds.len(), "round"))
}

/// Where a run comes from: `12 rounds on 2026-01-02, commit 32603f1f7a with local changes`.
pub fn origin(record: &Record) -> String {
    const SHORT: usize = 10;
    let commit: Option<String> =
        record.environment.commit.as_ref().map(|commit| commit.chars().take(SHORT).collect());
    let dirty = if record.environment.dirty { " with local changes" } else { "" };
    format!("{}, commit {}{dirty}", run(record), commit.as_deref().unwrap_or("unknown"))
}

/// Cells of which something is missing, all for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Their ids.
    pub cells: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Cells and reasons, those with the same reason together.
fn alike(cells: impl Iterator<Item = (String, String)>) -> Vec<Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for (cell, reason) in cells {
        match failures.iter_mut().find(|failure| failure.reason == reason) {
            Some(failure) => failure.cells.push(cell),
            None => failures.push(Failure { cells: vec![cell], reason }),
        }
    }
    failures
}

/// What a run that was stopped has to say first. `None` for a complete one.
pub fn incomplete(record: &Record) -> Option<String> {
    let rounds = plural(record.rounds.len(), "round");
    (!record.run.complete).then(|| {
        format!("This run was stopped after {rounds}. What follows is partial: figures may move and cells may be missing.")
    })
}
