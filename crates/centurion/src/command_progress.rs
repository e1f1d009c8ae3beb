//! How far a command's run is: on a terminal a line that is drawn by a thread of its own, elsewhere nothing.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};
use std::sync::Arc;
use std::time::Duration;

use centurion_commands::{Dispatcher, Glance};
use centurion_harness::clock::{self, Moment};
use centurion_report::units;
use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use crate::command_summary::shortened;
use crate::output::{note, plural};

/// How often the line is drawn.
const TICK: Duration = Duration::from_millis(200);
/// Columns that the spinner before the line takes.
const SPINNER: usize = 2;
/// Columns of a name, so that what comes after it is seen.
const LONGEST_NAME: usize = 20;

/// The line, where there is a terminal to see it on.
pub(crate) struct CommandProgress(Option<ProgressBar>);

impl CommandProgress {
    pub(crate) fn new() -> Self {
        Self(io::stderr().is_terminal().then(ProgressBar::new_spinner))
    }

    /// Standard output for results, with the line out of their way where both are seen on one terminal.
    pub(crate) fn standard_output(&self) -> Box<dyn Write + Send> {
        match self.0.clone().filter(|_| io::stdout().is_terminal()) {
            Some(line) => Box::new(AroundLine(line)),
            None => Box::new(io::stdout()),
        }
    }

    /// Draws the line from now on.
    pub(crate) fn begin(&self, dispatcher: &Arc<Dispatcher>, count: Option<usize>) {
        let Some(line) = &self.0 else { return };
        let (dispatcher, begun) = (Arc::clone(dispatcher), clock::now());
        let draw = move |_: &ProgressState, into: &mut dyn std::fmt::Write| {
            let _ = into.write_str(&fitted(&dispatcher.glance(), count, begun));
        };
        let style = ProgressStyle::with_template("{spinner} {how_far}").expect("the template is valid");
        line.set_style(style.with_key("how_far", draw));
        line.enable_steady_tick(TICK);
    }

    /// Says something beside the line.
    pub(crate) fn teller(&self) -> impl Fn(&str) + Send + Sync + 'static {
        let line = self.0.clone();
        move |text| match &line {
            Some(line) => line.suspend(|| note(text)),
            None => note(text),
        }
    }

    /// Takes the line away.
    pub(crate) fn finish(&self) {
        self.0.iter().for_each(ProgressBar::finish_and_clear);
    }
}

/// The text as wide as the terminal, without its end where it does not fit.
fn fitted(glance: &Glance, count: Option<usize>, begun: Moment) -> String {
    let columns = usize::from(console::Term::stderr().size().1);
    console::truncate_str(&text(glance, count, begun.elapsed()), columns.saturating_sub(SPINNER), "…")
        .into_owned()
}

/// Who has run longest comes first, for a hung agent is to be seen on a narrow terminal too.
fn text(glance: &Glance, count: Option<usize>, elapsed: Duration) -> String {
    let ended = glance.ended;
    let mut text = match count {
        Some(count) => format!("{ended} of {}", plural(count, "agent")),
        None => plural(ended, "agent"),
    };
    if let Some(longest) = &glance.longest {
        let time = units::time(longest.wall.as_nanos() as f64);
        let name = shortened(&longest.name);
        let _ = write!(text, ", {} has run for {time}", console::truncate_str(&name, LONGEST_NAME, "…"));
    }
    if let Some(left) = time_left(glance, count, elapsed) {
        let _ = write!(text, ", about {} left", HumanDuration(left));
    }
    text
}

/// The time left if the rest takes as long as what has ended in this run.
fn time_left(glance: &Glance, count: Option<usize>, elapsed: Duration) -> Option<Duration> {
    let left = count?.checked_sub(glance.ended)?;
    let ended = glance.ended - glance.earlier;
    (ended > 0).then(|| elapsed.mul_f64(left as f64 / ended as f64))
}

/// Standard output below which a line is drawn.
struct AroundLine(ProgressBar);

impl Write for AroundLine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stdout().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

#[cfg(test)]
mod tests {
    use centurion_commands::Slowest;

    use super::*;

    fn glance(ended: usize, earlier: usize) -> Glance {
        Glance { ended, earlier, longest: None }
    }

    #[test]
    fn the_time_left_follows_from_what_has_ended_in_this_run() {
        let minute = Duration::from_secs(60);
        assert_eq!(time_left(&glance(75, 50), Some(100), minute), Some(minute));
        assert_eq!(time_left(&glance(50, 50), Some(100), minute), None);
        assert_eq!(time_left(&glance(25, 0), None, minute), None);
    }

    #[test]
    fn the_agent_that_has_run_longest_is_named() {
        let longest = Some(Slowest { name: "q7".into(), wall: Duration::from_secs(34) });
        let glance = Glance { longest, ..glance(0, 0) };
        assert_eq!(text(&glance, Some(1), Duration::ZERO), "0 of 1 agent, q7 has run for 34.0 s");
    }
}
