//! What a job summary or a comment shows: at most ten findings.

use super::escape::escape;
use super::{blocks, headline, list, remark, sentence};
use crate::figures::Figures;
use crate::story;
use crate::units::joined;

/// Most findings that are not folded.
const MOST: usize = 10;

/// Verdicts first, then failures, then doubts.
pub(crate) fn summary(figures: &Figures<'_>) -> String {
    let findings = findings(figures);
    let (shown, folded) = findings.split_at(findings.len().min(MOST));
    let advice = story::advice(figures.record, figures.analysis);
    let answers = advice
        .iter()
        .map(|answer| drawer(&answer.workload, &answer.facts.iter().map(sentence).collect::<Vec<_>>()));
    let trust: Vec<_> = story::trust(figures.record, figures.analysis).iter().map(remark).collect();
    let mut text = vec![
        format!("### {}", escape(&story::machine(&figures.record.environment))),
        format!("{}. [The whole report](README.md).", escape(&story::run(figures.record))),
        list(shown),
    ];
    text.extend(answers);
    text.push(drawer("Machine and noise", &trust));
    text.push(drawer(&format!("{} more findings", folded.len()), folded));
    blocks(&text)
}

fn findings(figures: &Figures<'_>) -> Vec<String> {
    let advice = story::advice(figures.record, figures.analysis);
    let partial = story::incomplete(figures.record).map(|text| format!("**Partial.** {text}"));
    let failures = story::failures(figures.record)
        .into_iter()
        .map(|failure| format!("Failed: {}: {}", escape(&joined(&failure.cells)), escape(&failure.reason)));
    let doubts =
        story::doubts(figures.analysis).into_iter().map(|doubt| format!("Doubt: {}", escape(&doubt)));
    partial.into_iter().chain(advice.iter().map(headline)).chain(failures).chain(doubts).collect()
}

/// Entries folded under a line of text; nothing without entries.
fn drawer(summary: &str, entries: &[String]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    format!("<details><summary>{}</summary>\n\n{}\n\n</details>", escape(summary), list(entries))
}
