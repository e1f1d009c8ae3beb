//! Progress on standard error: a bar with the time left on a terminal, a line per round elsewhere.

use std::io::IsTerminal as _;
use std::time::Duration;

use centurion_harness::Event;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// Shows how far a run is.
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A bar if standard error is a terminal.
    ///
    /// # Panics
    /// Never: the bar's template is a constant.
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{prefix:>12} [{bar:30}] {wide_msg}");
            ProgressBar::new(1).with_style(style.expect("the template is valid").progress_chars("=> "))
        });
        Self { bar }
    }

    /// Shows what happened. Nothing is drawn while a sample is taken.
    pub fn show(&self, event: &Event<'_>) {
        match (event, &self.bar) {
            (Event::Cell { round, done, cells, id, left }, Some(bar)) => {
                bar.set_prefix(round.map_or("first trial".into(), |round| format!("round {}", round + 1)));
                bar.set_length(*cells as u64);
                bar.set_position(*done as u64);
                bar.set_message(format!("{id}{}", left.map_or(String::new(), time_left)));
            }
            (Event::Cell { round: None, done: 0, cells, .. }, None) => {
                eprintln!("{cells} cells: finding how often each must run for one sample");
            }
            (Event::Round(record), None) => eprintln!(
                "round {} of {} cells took {:.1} s",
                record.rounds.len(),
                record.cells.len(),
                record.rounds.last().map_or(0.0, |round| round.wall_ns as f64 / 1e9)
            ),
            _ => (),
        }
    }

    /// Says what comes after the rounds.
    pub fn say(&self, what: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(what.to_owned()),
            None => eprintln!("{what}"),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

fn time_left(left: Duration) -> String {
    format!(", about {} left", HumanDuration(left))
}
