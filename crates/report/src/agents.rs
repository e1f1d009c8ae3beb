//! What agents do, in plain words: a title, whom an answer is for, and an example.

use centurion_findings::{OverviewSubject, WorkloadResult};
use centurion_record::Kind;

use crate::units::{grouped, rough_time, two_digits_beside};

/// What a workload or a family is about.
pub(crate) struct About {
    /// Title of a column, in a word or two.
    pub(crate) title: &'static str,
    /// Whom an answer is for: `Waiting agents`.
    pub(crate) audience: &'static str,
    /// What one of the agents does: `each sleeps`.
    pub(crate) example: &'static str,
    /// Whether it stands beside the matrix: a variant of what has a column.
    pub(crate) aside: bool,
}

impl About {
    const fn new(title: &'static str, audience: &'static str, example: &'static str) -> Self {
        Self { title, audience, example, aside: false }
    }

    const fn aside(self) -> Self {
        Self { aside: true, ..self }
    }
}

/// The workloads of this project by name.
const KNOWN: [(&str, About); 8] = [
    ("thinking", About::new("waiting", "Waiting agents", "each sleeps")),
    ("replying", About::new("asking a server", "Agents that ask a server", "each waits for a reply")),
    ("llm", About::new("coding", "Coding agents", "each calls a language model and tools in turn").aside()),
    (
        "llm-limited",
        About::new(
            "coding, cut off",
            "Coding agents with a time limit",
            "the same, cut off at ten times the usual time",
        )
        .aside(),
    ),
    ("deciding", About::new("computing", "Computing agents", "each finds a move in an Othello endgame")),
    (
        "council",
        About::new(
            "in a council",
            "Computing agents that need each other",
            "a hundred find Othello moves, 21 more judge them",
        ),
    ),
    ("grain", About::new("tiny", "Tiny agents", "equal loops of every size")),
    (
        "stencil",
        About::new(
            "tiny, dependent",
            "Tiny agents that need each other",
            "the same, each needs its neighbours",
        ),
    ),
];

/// What is known of a workload or family of that name, or of agents like these.
pub(crate) fn about(name: &str, kind: Kind, dependent: bool) -> &'static About {
    let known = KNOWN.iter().find(|(known, _)| *known == name).map(|(_, about)| about);
    known.unwrap_or(match (kind, dependent) {
        (Kind::Waiting, false) => &const { About::new("waiting", "Waiting agents", "each mostly waits") },
        (Kind::Waiting, true) => {
            &const {
                About::new(
                    "waiting, dependent",
                    "Waiting agents that need each other",
                    "each mostly waits, and for the answers of others too",
                )
            }
        }
        (Kind::Computing, false) => &const { About::new("computing", "Computing agents", "each computes") },
        (Kind::Computing, true) => {
            &const {
                About::new(
                    "dependent",
                    "Computing agents that need each other",
                    "each computes, and needs the answers of others",
                )
            }
        }
    })
}

/// What the agents of a question do.
pub(crate) fn of_subject(subject: &OverviewSubject<'_>) -> &'static About {
    match subject {
        OverviewSubject::Bag { workload, .. } => {
            about(&workload.name, workload.kind, workload.graph.is_some())
        }
        OverviewSubject::Sizes { family, .. } => about(&family.name, Kind::Computing, !family.independent),
    }
}

/// What the agents do, how long they last, and what that is of real time: `each sleeps, 5.4 to 15 ms, 1/200 of real time`. With
/// longer ones executors differ less.
pub(crate) fn in_a_line(subject: &OverviewSubject<'_>) -> String {
    let example = of_subject(subject).example;
    match subject {
        OverviewSubject::Bag { workload, .. } => {
            let shortened = workload
                .shortened
                .map(|times| format!(", 1/{} of real time", grouped(times.round() as usize)));
            format!("{example}{}{}", lengths(workload), shortened.unwrap_or_default())
        }
        OverviewSubject::Sizes { .. } => example.to_owned(),
    }
}

/// `, 0.62 to 76 ms`, or only `, up to 76 ms` where the shortest are a thousandth of that.
fn lengths(workload: &WorkloadResult) -> String {
    const FAR: u64 = 1_000;
    let costs = &workload.costs_ns;
    let Some((&least, &most)) = costs.iter().min().zip(costs.iter().max()) else { return String::new() };
    let longest = rough_time(most as f64, most as f64);
    if least == most {
        return format!(", {longest}");
    }
    if most / FAR >= least {
        return format!(", up to {longest}");
    }
    format!(", {} to {longest}", two_digits_beside(least as f64, most as f64))
}
