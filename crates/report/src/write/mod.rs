//! Writers of documents. None of them knows a workload or an executor.

mod answer_lines;
pub(crate) mod csv;
mod grid;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod terminal;

pub use answer_lines::AnswerLines;

/// No line ends between a number and its unit.
pub(crate) fn unbroken(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    let mut words = text.split(' ');
    let mut kept = words.next().unwrap_or_default().to_owned();
    for word in words {
        let number = kept.ends_with(|end: char| end.is_ascii_digit() || end == ']');
        let unit = ["%", "ns", "µs", "ms", "s"].contains(&word.trim_end_matches(['.', ',', ';', ':', ')']));
        kept.push(if number && unit { '\u{a0}' } else { ' ' });
        kept += word;
    }
    kept
}
