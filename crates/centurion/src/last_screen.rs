//! What a run ends with: the answer and where the rest of it is, on one small screen.

use centurion_findings::{Analysis, Trust};
use centurion_record::Record;
use centurion_report::{broken, short_answers};

use crate::output::{plural, width};

/// Lines of the smallest screen that the whole of it fits.
const LINES: usize = 12;

/// Width where nobody says what it is.
const USUAL_WIDTH: usize = 80;

/// What answers are of, and how to read them.
const KEY: &str = "Executors run already. Of several any will do.";

/// An answer for each kind of agents, how much was judged, and these lines, in twelve lines at most, each as wide as
/// said.
pub fn last_screen(record: &Record, width: Option<usize>, ends: &[String]) -> String {
    let width = width.unwrap_or(USUAL_WIDTH);
    let judged = [KEY.to_owned(), judged(record)];
    let ends: Vec<String> = judged.iter().chain(ends).flat_map(|end| lines(end, width)).collect();
    let answers = cut(paragraphs(record, width), LINES.saturating_sub(ends.len()), width);
    [answers, ends].concat().join("\n")
}

/// An answer for each kind of agents, in a line each.
pub(crate) fn in_lines(record: &Record) -> Vec<String> {
    let width = width().unwrap_or(USUAL_WIDTH);
    cut(paragraphs(record, width), 0, width)
}

fn paragraphs(record: &Record, width: usize) -> Vec<Vec<String>> {
    short_answers(record).iter().map(|answer| lines(answer, width)).collect()
}

fn lines(text: &str, width: usize) -> Vec<String> {
    broken(text, width).lines().map(str::to_owned).collect()
}

/// `judged 553 of 553 cells in 12 rounds; 2 reasons for doubt`
fn judged(record: &Record) -> String {
    let analysis = Analysis::new(record);
    let trust = Trust::new(record, &analysis);
    let (cells, rounds) = (plural(trust.cells, "cell"), plural(analysis.rounds, "round"));
    let failed =
        if trust.failed == 0 { String::new() } else { format!("; {} failed", plural(trust.failed, "cell")) };
    let doubts = match analysis.warnings.len() {
        0 => String::new(),
        1 => "; 1 reason for doubt".into(),
        more => format!("; {more} reasons for doubt"),
    };
    format!("Judged {} of {cells} in {rounds}{failed}{doubts}.", trust.judged)
}

/// Paragraphs of so many lines in all, if a line of each is not more: the longest lose their last lines first.
fn cut(mut paragraphs: Vec<Vec<String>>, most: usize, width: usize) -> Vec<String> {
    while paragraphs.iter().map(Vec::len).sum::<usize>() > most {
        let several = paragraphs.iter_mut().filter(|lines| lines.len() > 1);
        let Some(longest) = several.max_by_key(|lines| lines.len()) else { break };
        longest.pop();
        if let Some(last) = longest.last_mut() {
            *last = with_dots(last, width);
        }
    }
    paragraphs.concat()
}

/// The line with as many of its words as leave room to show that more follows.
fn with_dots(line: &str, width: usize) -> String {
    let mut kept = line.trim_end_matches([' ', '…']);
    while kept.chars().count() + 2 > width {
        let Some((before, _)) = kept.trim_end().rsplit_once(' ') else { break };
        kept = before;
    }
    format!("{} …", kept.trim_end_matches([' ', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_paragraphs_lose_their_last_lines() {
        let paragraphs = |sizes: &[usize]| sizes.iter().map(|&size| vec!["a, b,".to_owned(); size]).collect();
        assert_eq!(cut(paragraphs(&[1, 2]), 3, 80), ["a, b,"; 3]);
        assert_eq!(cut(paragraphs(&[1, 3, 1]), 4, 80), ["a, b,", "a, b,", "a, b …", "a, b,"]);
        assert_eq!(cut(paragraphs(&[3, 1]), 0, 5), ["a …", "a, b,"]);
    }
}
