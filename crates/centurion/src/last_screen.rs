//! What a run ends with: the answer and where the rest of it is, on one small screen.

use centurion_findings::{Analysis, Trust};
use centurion_record::Record;
use centurion_report::{answer_lines, broken};

use crate::output::{plural, width};

/// Lines of the smallest screen that the whole of it fits, but for what comes next.
const LINES: usize = 12;

/// Width where nobody says what it is.
const USUAL_WIDTH: usize = 80;

/// A line for each kind of agents and how much was judged, in twelve lines at most, then these lines, each as wide as said.
/// What stands aside is left out where it has no room.
pub fn last_screen(record: &Record, width: Option<usize>, ends: &[String]) -> String {
    let width = width.unwrap_or(USUAL_WIDTH);
    let lines = |text: &String| broken(text, width).lines().map(str::to_owned).collect::<Vec<_>>();
    let judged = lines(&judged(record));
    let answers = answer_lines(record, width, LINES.saturating_sub(judged.len()));
    let below = [answers.below, judged].concat();
    let needed = answers.rows.len() - answers.aside;
    let most = LINES.saturating_sub(below.len());
    let rows =
        if most < needed { cut(answers.rows, most) } else { answers.rows.into_iter().take(most).collect() };
    [rows, below, ends.iter().flat_map(lines).collect()].concat().join("\n")
}

/// A line for each kind of agents, under a head.
pub(crate) fn in_lines(record: &Record) -> Vec<String> {
    let answers = answer_lines(record, width().unwrap_or(USUAL_WIDTH), LINES);
    [answers.rows, answers.below].concat()
}

/// `553 of 553 cells judged, 12 rounds, 2 doubts.`
fn judged(record: &Record) -> String {
    let analysis = Analysis::new(record);
    let trust = Trust::new(record, &analysis);
    let (cells, rounds) = (plural(trust.cells, "cell"), plural(analysis.rounds, "round"));
    let failed = if trust.failed == 0 { String::new() } else { format!(", {} failed", trust.failed) };
    let doubts = match analysis.warnings.len() {
        0 => String::new(),
        doubts => format!(", {}", plural(doubts, "doubt")),
    };
    format!("{} of {cells} judged, {rounds}{failed}{doubts}.", trust.judged)
}

/// So many lines, the last of which says how many there are besides.
fn cut(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        let shown = most.saturating_sub(1);
        let more = lines.len() - shown;
        lines.truncate(shown);
        lines.push(format!("{more} more"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_counted() {
        let lines = |count: usize| vec!["a".to_owned(); count];
        assert_eq!(cut(lines(2), 2), ["a", "a"]);
        assert_eq!(cut(lines(4), 3), ["a", "a", "2 more"]);
    }
}
