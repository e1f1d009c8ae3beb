//! What a record says in plain words, for pages of any format. Names stand in the text as the record has them:
//! whoever prints it escapes it.

mod advice;
mod trust;

pub use advice::{Advice, Fact, Pick, advice};
pub use trust::{Failure, doubts, failures, trust};

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

/// What a run that was stopped has to say first. `None` for a complete one.
pub fn incomplete(record: &Record) -> Option<String> {
    let rounds = plural(record.rounds.len(), "round");
    (!record.run.complete).then(|| {
        format!("This run was stopped after {rounds}. What follows is partial: figures may move and cells may be missing.")
    })
}
