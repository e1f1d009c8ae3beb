//! In what the builds, machines and plans of two runs differ.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use crate::Record;

/// A field in which two runs differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs, in words.
    pub field: String,
    /// What it is in the first run.
    pub first: String,
    /// What it is in the second run.
    pub second: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, first, second } = self;
        write!(f, "{field}: {first:?} and {second:?}")
    }
}

impl Record {
    /// In what the programs that made two runs, and the systems they ran on, differ: figures of both are not of the
    /// same thing then. Empty where they are the same.
    pub fn build_differences(&self, other: &Self) -> Vec<Difference> {
        let (one, two) = (&self.environment, &other.environment);
        let commit = |commit: &Option<String>| commit.clone().unwrap_or_else(|| "unknown".into());
        let fields = [
            ("machine", one.machine(), two.machine()),
            ("kernel", one.kernel.clone(), two.kernel.clone()),
            ("rustc", one.rustc.clone(), two.rustc.clone()),
            ("flags", one.flags.clone(), two.flags.clone()),
            ("commit", commit(&one.commit), commit(&two.commit)),
            ("uncommitted changes", yes_or_no(one.dirty), yes_or_no(two.dirty)),
            ("bench code", self.run.bench_code.clone(), other.run.bench_code.clone()),
        ];
        let mut differences = differing(fields);
        differences.extend(self.library_differences(other));
        differences
    }

    /// In what was asked for in two runs. Empty where a round of one can be a round of the other.
    pub fn plan_differences(&self, other: &Self) -> Vec<Difference> {
        let mode = |record: &Self| format!("{:?}", record.run.mode).to_lowercase();
        let narrowed = |record: &Self| record.run.narrowed_to.join("; ");
        let executors = |record: &Self| names(record.executors.iter().map(|executor| &executor.name));
        let mut differences = differing([
            ("seed", self.run.seed.to_string(), other.run.seed.to_string()),
            ("mode", mode(self), mode(other)),
            ("narrowed to", narrowed(self), narrowed(other)),
            ("executors", executors(self), executors(other)),
        ]);
        differences.extend(self.workload_differences(other));
        differences
    }

    fn library_differences(&self, other: &Self) -> Vec<Difference> {
        let (one, two) = (&self.run.libraries, &other.run.libraries);
        let names: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
        let version = |version: Option<&String>| version.map_or("none".into(), String::clone);
        differing(names.into_iter().map(|name| (&**name, version(one.get(name)), version(two.get(name)))))
    }

    fn workload_differences(&self, other: &Self) -> Vec<Difference> {
        let names: BTreeSet<&String> =
            self.workloads.iter().chain(&other.workloads).map(|workload| &workload.name).collect();
        let (one, two) = (self.definitions(), other.definitions());
        let definition =
            |of: &HashMap<&str, &str>, name: &str| of.get(name).map_or("none".into(), ToString::to_string);
        let fields = names.into_iter().map(|name| (name, definition(&one, name), definition(&two, name)));
        let differences = differing(fields);
        differences
            .into_iter()
            .map(|found| Difference { field: format!("workload {}", found.field), ..found })
            .collect()
    }

    fn definitions(&self) -> HashMap<&str, &str> {
        self.workloads.iter().map(|workload| (&*workload.name, &*workload.definition)).collect()
    }
}

fn differing<N: AsRef<str>>(fields: impl IntoIterator<Item = (N, String, String)>) -> Vec<Difference> {
    let differing = fields.into_iter().filter(|(_, first, second)| first != second);
    let difference =
        |(field, first, second): (N, _, _)| Difference { field: field.as_ref().into(), first, second };
    differing.map(difference).collect()
}

fn yes_or_no(holds: bool) -> String {
    if holds { "yes" } else { "no" }.into()
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}
