//! What reaches the terminal.

use std::borrow::Cow;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use centurion_record::Record;
use centurion_report::broken;
pub(crate) use centurion_report::units::plural;
use serde_json::Value;

use crate::error::UnknownName;
use crate::unfinished;

/// The tables of a record, after the first screen, as wide as the terminal and in colour where standard output shows it: of every cell, or of
/// those on the cores and workers that won.
pub fn tables(record: &Record, all: bool) -> String {
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let tables = if all { centurion_report::full_terminal } else { centurion_report::terminal };
    let first = centurion_report::first_screen_in_terminal(record, width(), colour);
    let summary = format!("{first}\n{}", tables(record, width(), colour));
    match narrowed(record) {
        Some(narrowed) => format!("{}\n\n{summary}", wrapped(&narrowed, width())),
        None => summary,
    }
}

/// Says before anything is measured that it is of no use, where this program was built without optimisation.
pub(crate) fn warn_if_unoptimised() {
    if cfg!(debug_assertions) {
        note(
            "warning: this program was built without optimisation: its figures say nothing of a release build; measure with \
             cargo bench or cargo centurion",
        );
    }
}

/// Fewest columns that anything is made for.
const NARROWEST: usize = 40;

/// Columns of the terminal, where standard output is one or `COLUMNS` says how many there are.
pub fn width() -> Option<usize> {
    width_or(|| std::io::stdout().is_terminal().then(|| usize::from(console::Term::stdout().size().1)))
}

/// As many columns as `COLUMNS` says, where 0 says that nobody knows, or else as are seen.
fn width_or(seen: impl FnOnce() -> Option<usize>) -> Option<usize> {
    let said =
        std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0);
    said.or_else(seen).map(|columns| columns.max(NARROWEST))
}

/// Says of a run that was asked for less than everything what it is of.
pub fn narrowed(record: &Record) -> Option<String> {
    let narrowed_to = record.run.narrowed_to.join("; ");
    record.is_narrowed().then(|| format!("narrowed to {narrowed_to}: not this machine's full run"))
}

/// Prints a line. When nobody reads any more, as in `| head -1`, the process goes on without a word, for its exit code is to
/// say what came of it. When standard output can't be written to for another reason, it ends with 1.
pub fn say(line: &str) {
    use std::io::{ErrorKind, Write as _};
    match writeln!(std::io::stdout(), "{}", harmless(line, true)) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            note(&format!("error: failed to print: {error}"));
            unfinished::exit(1);
        }
        Ok(()) | Err(_) => (),
    }
}

/// Prints lines, each broken at words where the terminal is narrower.
pub(crate) fn say_in_lines(text: &str) {
    let fitted = |line: &str| match width() {
        Some(width) if line.chars().count() > width => broken(line, width).trim_end().to_owned(),
        _ => line.to_owned(),
    };
    say(&text.split('\n').map(fitted).collect::<Vec<_>>().join("\n"));
}

/// Prints JSON. What could move a terminal's cursor is written as JSON writes it, so that it reads as it was.
pub(crate) fn say_json(value: &Value) {
    say(&json_text(value));
}

fn json_text(value: &Value) -> String {
    let escaped = |c: char| match c {
        c if moves_a_terminal(c) => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("{value:#}").chars().map(escaped).collect()
}

/// Prints a line, broken at spaces where it is wider than what it is read on.
#[cfg(any(unix, feature = "bench"))]
pub(crate) fn say_wrapped(line: &str) {
    say(&wrapped(line, width()));
}

/// The text with lines of so many columns at most, if words fit; what is broken goes on under an indent.
fn wrapped(text: &str, width: Option<usize>) -> String {
    const INDENT: &str = "    ";
    let Some(width) = width else { return text.to_owned() };
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut rest = line.to_owned();
        while console::measure_text_width(&rest) > width {
            let start = rest.len() - rest.trim_start().len();
            let spaces = rest.match_indices(' ').map(|(place, _)| place).filter(|&place| place > start);
            let fits = |&place: &usize| console::measure_text_width(&rest[..place]) <= width;
            let Some(place) = spaces.take_while(fits).last() else { break };
            let next = format!("{INDENT}{}", rest[place..].trim_start());
            rest.truncate(place);
            lines.push(std::mem::replace(&mut rest, next).trim_end().to_owned());
        }
        lines.push(rest);
    }
    lines.join("\n")
}

/// Prints a line on standard error, broken at spaces where it is wider than what it is read on.
pub fn note(line: &str) {
    let seen = || std::io::stderr().is_terminal().then(|| usize::from(console::Term::stderr().size().1));
    note_to_paste(&wrapped(line, width_or(seen)));
}

/// The text below what a terminal shows of the Ctrl-C that it is about.
pub(crate) fn after_ctrl_c(text: &str) -> String {
    format!("{}{text}", if std::io::stderr().is_terminal() { "\n" } else { "" })
}

/// Prints lines on standard error of which some are to be pasted, and so are left whole. Nobody has to read it: a closed or
/// full one ends nothing.
pub(crate) fn note_to_paste(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{}", harmless(line, false));
}

/// Says why the program failed.
pub fn say_failure(error: &anyhow::Error) {
    note(&format!("error: {error:#}"));
}

/// What the program ends with that failed so.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<UnknownName>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// A text from outside that stands in a line of ours: no line and no colour in it is one of ours.
pub fn shown(text: &str) -> String {
    harmless(&text.replace('\n', "\\n"), false).into_owned()
}

/// The text with everything that could move a terminal's cursor or turn its writing around made visible: what stands in
/// files is not to be trusted. Colours stay where they may be ours.
fn harmless(text: &str, colours: bool) -> Cow<'_, str> {
    if !text.contains(moves_a_terminal) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find(moves_a_terminal) {
        shown += &rest[..found];
        rest = &rest[found..];
        let colour = if colours { colour(rest) } else { 0 };
        let kept = if colour > 0 { colour } else { rest.chars().next().map_or(0, char::len_utf8) };
        if colour > 0 {
            shown += &rest[..kept];
        } else {
            shown.extend(rest[..kept].chars().flat_map(char::escape_unicode));
        }
        rest = &rest[kept..];
    }
    Cow::Owned(shown + rest)
}

/// Controls, and the marks that turn the direction of writing around.
fn moves_a_terminal(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() && c != '\n' && c != '\t'
}

/// Length of the colour that a text begins with; 0 if it begins with none.
fn colour(text: &str) -> usize {
    let Some(numbers) = text.strip_prefix("\u{1b}[") else { return 0 };
    let length = numbers.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(numbers.len());
    if numbers[length..].starts_with('m') { 2 + length + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_cursor_or_turns_writing_around_is_made_visible() {
        let evil = "a\u{1b}[2Jb\u{7}c\u{202e}d\re\u{9b}1m";
        assert_eq!(harmless(evil, true), "a\\u{1b}[2Jb\\u{7}c\\u{202e}d\\u{d}e\\u{9b}1m");
        assert_eq!(harmless("two\n\tlines × 3", false), "two\n\tlines × 3");
    }

    #[test]
    fn long_lines_are_broken_at_spaces_and_go_on_under_an_indent() {
        assert_eq!(wrapped("one two three four", Some(9)), "one two\n    three\n    four");
        assert_eq!(
            wrapped("  a-word-that-does-not-fit x\n\nlast", Some(9)),
            "  a-word-that-does-not-fit x\n\nlast"
        );
        assert_eq!(wrapped("one two three", None), "one two three");
        assert_eq!(wrapped("as wide as is", Some(13)), "as wide as is");
    }

    #[test]
    fn json_reads_as_it_was() {
        let value = Value::from("\u{1b}[2J\u{202e}\u{9b}evil");
        let text = json_text(&value);
        assert!(!text.contains(moves_a_terminal), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("it is JSON"), value);
    }

    #[test]
    fn colours_stay_only_where_they_are_ours() {
        let green = "\u{1b}[1;32mfast\u{1b}[0m";
        assert_eq!(harmless(green, true), green);
        assert_eq!(harmless(green, false), "\\u{1b}[1;32mfast\\u{1b}[0m");
    }
}
