//! What a run ends with: the answer and where the rest of it is, on one small screen.

use centurion_findings::{Analysis, Trust};
use centurion_record::Record;
use centurion_report::{answer_lines, broken};

use crate::output::{plural, width};

/// Lines of the smallest screen that the whole of it fits.
const LINES: usize = 12;

/// Width where nobody says what it is.
const USUAL_WIDTH: usize = 80;

/// A line for each kind of agents, how much was judged, and these lines, in twelve lines at most, each as wide as said.
pub fn last_screen(record: &Record, width: Option<usize>, ends: &[String]) -> String {
    let width = width.unwrap_or(USUAL_WIDTH);
    let ends: Vec<String> =
        std::iter::once(&judged(record)).chain(ends).flat_map(|end| lines(end, width)).collect();
    let answers: Vec<String> = answer_lines(record, width).lines().map(str::to_owned).collect();
    [cut(answers, LINES.saturating_sub(ends.len())), ends].concat().join("\n")
}

/// A line for each kind of agents, under a head.
pub(crate) fn in_lines(record: &Record) -> Vec<String> {
    let width = width().unwrap_or(USUAL_WIDTH);
    answer_lines(record, width).lines().map(str::to_owned).collect()
}

fn lines(text: &str, width: usize) -> Vec<String> {
    broken(text, width).lines().map(str::to_owned).collect()
}

/// `For many bags. 553 of 553 cells judged, 12 rounds, 2 doubts.`
fn judged(record: &Record) -> String {
    let analysis = Analysis::new(record);
    let trust = Trust::new(record, &analysis);
    let (cells, rounds) = (plural(trust.cells, "cell"), plural(analysis.rounds, "round"));
    let failed = if trust.failed == 0 { String::new() } else { format!(", {} failed", trust.failed) };
    let doubts = match analysis.warnings.len() {
        0 => String::new(),
        doubts => format!(", {}", plural(doubts, "doubt")),
    };
    format!("For many bags. {} of {cells} judged, {rounds}{failed}{doubts}.", trust.judged)
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
