//! Progress on standard error: a bar on a terminal; elsewhere a line per round of a run, and nothing of agents.

use std::io::IsTerminal as _;
use std::time::Duration;

use crate::output::{note, plural};

use centurion_harness::Event;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// Shows how far something is.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Progress of a measuring run.
    pub(crate) fn with_rounds() -> Self {
        Self { bar: bar("{prefix:>11} [{bar:20}] {wide_msg}", 1, true) }
    }

    /// Progress of so many agents, where it is to be seen.
    pub(crate) fn with_agents(what: &'static str, agents: usize, seen: bool) -> Self {
        let bar = bar("{prefix} [{bar:20}] {pos}/{len} agents, {elapsed}", agents, seen);
        Self { bar: bar.map(|bar| bar.with_prefix(what)) }
    }

    /// Shows what happened in a measuring run. Nothing is drawn while a sample is taken.
    pub(crate) fn show(&self, event: &Event<'_>) {
        match (event, &self.bar) {
            (Event::Cell { round, done, cells, id, left }, Some(bar)) => {
                bar.set_prefix(round.map_or("first trial".into(), |round| format!("round {}", round + 1)));
                bar.set_length(*cells as u64);
                bar.set_position(*done as u64);
                bar.set_message(format!("{}{id}", left.map_or(String::new(), time_left)));
            }
            (Event::Cell { round: None, done: 0, cells, .. }, None) => {
                note(&format!(
                    "{}, with those that others are judged by: finding how often each must run for one sample",
                    plural(*cells, "cell")
                ));
            }
            (Event::Retake(round), _) => self.around(|| {
                note(&format!(
                    "round {} is measured again: other processes took part of the CPUs' time",
                    round.round + 1
                ));
            }),
            (Event::Round(record), None) => note(&format!(
                "round {} ({}) took {:.1} s",
                record.rounds.len(),
                plural(record.cells.len(), "cell"),
                record.rounds.last().map_or(0.0, |round| round.wall_ns as f64 / 1e9)
            )),
            _ => (),
        }
    }

    /// Tells something, if there is something to tell, where the bar is seen and out of its way.
    pub(crate) fn tell(&self, what: impl FnOnce() -> Option<String>) {
        if let Some(text) = self.bar.as_ref().and_then(|_| what()) {
            self.around(|| note(&text));
        }
    }

    /// Shows which footprint is taken.
    pub(crate) fn show_footprint(&self, done: usize, all: usize, what: String) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(what);
                bar.set_prefix("footprints");
                bar.set_length(all as u64);
                bar.set_position(done as u64);
            }
            None if done == 0 => note(&format!("{}, each in a process of its own", plural(all, "footprint"))),
            None => (),
        }
    }

    /// Says what comes after the rounds.
    pub(crate) fn say(&self, what: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(what.to_owned()),
            None => note(what),
        }
    }

    /// One more agent is done.
    pub(crate) fn tick(&self) {
        self.bar.iter().for_each(|bar| bar.inc(1));
    }

    /// So many agents are done.
    pub(crate) fn set_done(&self, agents: usize) {
        self.bar.iter().for_each(|bar| bar.set_position(agents as u64));
    }

    /// Prints something with the bar out of its way.
    pub(crate) fn around(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}

fn bar(template: &str, length: usize, seen: bool) -> Option<ProgressBar> {
    (seen && std::io::stderr().is_terminal()).then(|| {
        let style = ProgressStyle::with_template(template).expect("the template is valid");
        ProgressBar::new(length as u64).with_style(style.progress_chars("=> "))
    })
}

/// Stands first, for a narrow terminal cuts the end off.
fn time_left(left: Duration) -> String {
    format!("about {} left, ", HumanDuration(left))
}
