//! Figures of the committed report that documents quote: the documents, the report and its record say the same.

use std::path::Path;

use centurion::store;
use centurion_findings::executors_under_test;
use centurion_record::{Record, Role};
use centurion_stats::median;

use crate::repository::{read, root};

const REPORT: &str = "reports/intel-xeon-2-cpus";

/// Words that a document must have, made from the report.
struct Quote {
    file: &'static str,
    /// What is quoted, to find it by.
    of: &'static str,
    words: String,
}

#[test]
fn documents_quote_the_figures_of_the_committed_report() {
    let record =
        store::read_record(&root().join(REPORT).join("results.json")).expect("a report is committed");
    let stale: Vec<String> = quotes(&record).iter().filter_map(lacking).collect();
    assert!(
        stale.is_empty(),
        "{} figures are not those of {REPORT}:\n\n{}\n",
        stale.len(),
        stale.join("\n\n")
    );
}

/// What a document must say, and the lines that speak of it. `None` where it says so.
fn lacking(quote: &Quote) -> Option<String> {
    let text = read(quote.file);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.contains(&quote.words) {
        return None;
    }
    let part = tell_tale(&quote.words);
    let near = text.lines().enumerate().filter(|(_, line)| line.contains(part.as_str())).take(3);
    let near: Vec<String> =
        near.map(|(place, line)| format!("  {}:{}: {line}", quote.file, place + 1)).collect();
    Some(format!("{}: {} must read: {}\n{}", quote.file, quote.of, quote.words, near.join("\n")))
}

/// Some of the words beside the figures, by which a line that has others is found.
fn tell_tale(words: &str) -> String {
    const ENOUGH: usize = 16;
    let is_figure = |c: char| c.is_ascii_digit() || ".,".contains(c);
    let longest = words.split(is_figure).map(str::trim).max_by_key(|part| part.len());
    longest.unwrap_or(words).chars().take(ENOUGH).collect()
}

fn quotes(record: &Record) -> Vec<Quote> {
    let executors = executors_under_test(record);
    let mistakes =
        record.executors.iter().filter(|entry| entry.mistake && executors.contains(&entry.name.as_str()));
    let (executors, mistakes) = (in_words(executors.len()), in_words(mistakes.count()));
    let rounds = record.rounds.len();
    let quote = |file, of, words| Quote { file, of, words };
    let mut quotes = vec![
        quote("README.md", "the number of executors", format!("under {executors} executors")),
        quote("README.md", "the number of mistakes", format!("{mistakes} are mistakes that people make")),
        quote("METHODOLOGY.md", "the rounds of a full run", format!("A full run has {rounds}.")),
        quote(
            "METHODOLOGY.md",
            "how large the committed record is",
            format!("of {rounds} rounds with {executors} executors"),
        ),
    ];
    quotes.extend(durations(record).into_iter().map(|(of, words)| quote("METHODOLOGY.md", of, words)));
    quotes.extend(
        empty_agents().into_iter().map(|words| quote("METHODOLOGY.md", "what an empty agent costs", words)),
    );
    quotes
}

/// How long rounds take, all of them and one of each kind.
fn durations(record: &Record) -> Vec<(&'static str, String)> {
    let seconds = |ns: f64| (ns / 1e9).round();
    let all = record.rounds.iter().map(|round| round.wall_ns as f64).sum::<f64>();
    let baselines = record.cells.iter().filter(|cell| cell.role == Role::Baseline);
    let spared: Vec<_> = baselines.filter(|cell| cell.round.len() < record.rounds.len()).collect();
    let median_of = |long: bool| {
        let is_long = |number: u32| spared.iter().any(|cell| cell.round.contains(&number));
        let rounds = record.rounds.iter().filter(|round| is_long(round.round) == long);
        median(&rounds.map(|round| round.wall_ns as f64).collect::<Vec<_>>())
    };
    let mut words = vec![("how long all rounds took", format!("{} s of rounds", seconds(all)))];
    if let (false, Some(long), Some(short)) = (spared.is_empty(), median_of(true), median_of(false)) {
        words.push((
            "the median round of long bags",
            format!("{} s where long bags take part", seconds(long)),
        ));
        words.push(("the median round without them", format!("{} s without them", seconds(short))));
    }
    words
}

/// What the report says an empty agent costs on Dask's schedulers.
fn empty_agents() -> Vec<String> {
    let summary = read(&Path::new(REPORT).join("summary.md").to_string_lossy());
    let figure = |name: &str| {
        let row = summary.lines().find(|line| line.starts_with(&format!("| {name} |")))?;
        let field = row.split('|').nth(4)?;
        Some(field.split(',').next()?.trim().to_owned())
    };
    let of = [
        ("dask-threads", "on Dask's threads"),
        ("dask-processes", "on its processes"),
        ("dask-distributed", "on its distributed scheduler"),
        ("python-threads", "on Python's own thread pool"),
    ];
    of.iter().filter_map(|(name, place)| Some(format!("{} {place}", figure(name)?))).collect()
}

fn in_words(count: usize) -> String {
    let words = [
        "none",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    words.get(count).map_or_else(|| count.to_string(), |&word| word.to_owned())
}
