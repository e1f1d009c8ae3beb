//! What a job summary or a comment shows: at most ten findings.

use super::escape::escape;
use super::{headline, sentence};
use crate::figures::Figures;
use crate::story;
use crate::units::joined;

/// Most findings that are not folded.
const MOST: usize = 10;

/// Verdicts first, then failures, then doubts.
pub(crate) fn summary(figures: &Figures<'_>) -> String {
    let advice = story::advice(figures.record, figures.analysis);
    let partial = story::incomplete(figures.record).map(|text| format!("**Partial.** {text}"));
    let failures = story::failures(figures.record)
        .into_iter()
        .map(|failure| format!("Failed: {}: {}", escape(&joined(&failure.cells)), escape(&failure.reason)));
    let doubts =
        story::doubts(figures.analysis).into_iter().map(|doubt| format!("Doubt: {}", escape(&doubt)));
    let findings: Vec<_> =
        partial.into_iter().chain(advice.iter().map(headline)).chain(failures).chain(doubts).collect();
    let (shown, folded) = findings.split_at(findings.len().min(MOST));
    let mut text = format!(
        "### {}\n\n{}. [The whole report](README.md).\n\n{}",
        escape(&story::machine(&figures.record.environment)),
        escape(&story::run(figures.record)),
        list(shown)
    );
    for answer in &advice {
        text += &drawer(&answer.workload, &answer.facts.iter().map(sentence).collect::<Vec<_>>());
    }
    let trust: Vec<_> = story::trust(figures.record, figures.analysis).iter().map(sentence).collect();
    text += &drawer("Machine and noise", &trust);
    if !folded.is_empty() {
        text += &drawer(&format!("{} more findings", folded.len()), folded);
    }
    text
}

fn list(entries: &[String]) -> String {
    entries.iter().map(|entry| format!("- {entry}\n")).collect()
}

fn drawer(summary: &str, entries: &[String]) -> String {
    format!("\n<details><summary>{}</summary>\n\n{}\n</details>\n", escape(summary), list(entries))
}
