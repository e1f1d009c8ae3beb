//! What agents do, in plain words: a title, whom an answer is for, and an example.

use centurion_findings::{Bags, OverviewSubject, WorkloadResult};
use centurion_record::Kind;

use crate::units::{plural, time};

/// What a workload or a family is about.
pub(crate) struct About {
    /// Title of a column, in a word or two.
    pub(crate) title: &'static str,
    /// Whom an answer is for: `Waiting agents`.
    pub(crate) audience: &'static str,
    /// What the agents do: `each sleeps for a while`.
    pub(crate) example: &'static str,
}

/// The workloads of this project by name.
const KNOWN: [(&str, About); 8] = [
    ("thinking", About { title: "waiting", audience: "Waiting agents", example: "each sleeps" }),
    (
        "replying",
        About {
            title: "asking a server",
            audience: "Agents that ask a server",
            example: "each sends a question to a server on this machine and waits for its reply",
        },
    ),
    (
        "llm",
        About {
            title: "coding tasks",
            audience: "Coding agents",
            example: "each calls a language model and tools in turn, with the waits of real tasks made shorter; a few take most of the time",
        },
    ),
    (
        "llm-limited",
        About {
            title: "coding, cut off",
            audience: "Coding agents with a time limit",
            example: "the same tasks, each ended at ten times the usual time",
        },
    ),
    (
        "deciding",
        About {
            title: "computing",
            audience: "Computing agents",
            example: "each works out one move of an Othello endgame",
        },
    ),
    (
        "council",
        About {
            title: "in a council",
            audience: "Computing agents that need each other",
            example: "a hundred work out Othello endgames, groups check them, judges vote, one sums up",
        },
    ),
    (
        "grain",
        About {
            title: "tiny",
            audience: "Tiny agents",
            example: "equal loops of every size, from nothing upwards",
        },
    ),
    (
        "stencil",
        About {
            title: "tiny, dependent",
            audience: "Tiny agents that need each other",
            example: "equal loops of every size in 32 steps; each needs its neighbours of the step before",
        },
    ),
];

/// What is known of a workload or family of that name, or of agents like these.
pub(crate) fn about(name: &str, kind: Kind, dependent: bool) -> &'static About {
    let known = KNOWN.iter().find(|(known, _)| *known == name).map(|(_, about)| about);
    known.unwrap_or(match (kind, dependent) {
        (Kind::Waiting, false) => {
            &About { title: "waiting", audience: "Waiting agents", example: "each waits most of its time" }
        }
        (Kind::Waiting, true) => &About {
            title: "waiting, dependent",
            audience: "Waiting agents that need each other",
            example: "each waits most of its time, and for the answers of others",
        },
        (Kind::Computing, false) => {
            &About { title: "computing", audience: "Computing agents", example: "each computes" }
        }
        (Kind::Computing, true) => &About {
            title: "dependent",
            audience: "Computing agents that need each other",
            example: "each computes, and needs the answers of others",
        },
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

/// Whom an answer is for, and whether it is of a single bag.
pub(crate) fn audience(subject: &OverviewSubject<'_>) -> String {
    let one = matches!(subject, OverviewSubject::Bag { bags: Bags::One, .. });
    format!("{}{}", of_subject(subject).audience, if one { ", one bag only" } else { "" })
}

/// `thinking: 100 agents; each sleeps, 5.4 to 15 ms`.
pub(crate) fn in_a_line(subject: &OverviewSubject<'_>) -> String {
    let about = of_subject(subject);
    match subject {
        OverviewSubject::Bag { workload, .. } => {
            format!(
                "{}: {}; {}{}",
                workload.name,
                plural(workload.agents, "agent"),
                about.example,
                lengths(workload)
            )
        }
        OverviewSubject::Sizes { family, .. } => format!("{}: {}", family.name, about.example),
    }
}

/// How long the agents take by themselves. With longer ones executors differ less.
fn lengths(workload: &WorkloadResult) -> String {
    let costs = &workload.costs_ns;
    costs.iter().min().zip(costs.iter().max()).map_or(String::new(), |(&least, &most)| {
        format!(", {} to {} long", time(least as f64), time(most as f64))
    })
}
