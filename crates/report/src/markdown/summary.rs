//! What a job summary or a comment shows: at most ten findings.

use super::escape::escape;
use super::{blocks, changes, headline, list, peers, remark, sentence};
use crate::compare::markdown_table;
use crate::compare::rule;
use crate::figures::Figures;
use crate::story::{self, Advice, Failure};
use crate::units::joined;
use centurion_findings::compare::{Change, Comparison};

/// Most findings that are not folded.
const MOST: usize = 10;

/// Most of them that are changes against a base.
const MOST_CHANGES: usize = 5;

/// Changes first, then verdicts, failures and doubts.
pub(crate) fn summary(figures: &Figures<'_>) -> String {
    let comparison = figures.base.map(|base| &base.comparison);
    let differences = comparison.map(Comparison::differences).unwrap_or_default();
    let (changed, more_changed) = differences.split_at(differences.len().min(MOST_CHANGES));
    let findings = findings(figures);
    let (shown, folded) = findings.split_at(findings.len().min(MOST - changed.len()));
    let advice = story::advice(figures.record, figures.analysis);
    let answers = advice
        .iter()
        .map(|answer| drawer(&answer.workload, &answer.facts.iter().map(sentence).collect::<Vec<_>>()));
    let trust: Vec<_> = story::trust(figures.record, figures.analysis).iter().map(remark).collect();
    let mut text = vec![
        format!("### {}", escape(&story::machine(&figures.record.environment))),
        format!("{}. [The whole report](README.md).", escape(&story::run(figures.record))),
    ];
    text.extend(comparison.map(|comparison| against(comparison, changed)));
    text.push(list(shown));
    text.push(folded_under(&format!("{} more changes", more_changed.len()), &markdown_table(more_changed)));
    text.extend(answers);
    text.push(folded_under(story::PEERS_HEADING, &peers::told(figures.analysis)));
    text.push(drawer("Machine and noise", &trust));
    text.push(drawer(&format!("{} more findings", folded.len()), folded));
    blocks(&text)
}

/// The headline, some changes, and what counts as one.
fn against(comparison: &Comparison, changed: &[Change]) -> String {
    blocks(&[changes::headline(comparison), markdown_table(changed), rule(comparison)])
}

fn findings(figures: &Figures<'_>) -> Vec<String> {
    let advice = story::advice(figures.record, figures.analysis);
    let partial = story::incomplete(figures.record).map(|text| format!("**Partial.** {text}"));
    let entry = |what: &str, failure: &Failure| {
        format!("{what}: {}: {}", escape(&joined(&failure.cells)), escape(&failure.reason))
    };
    let failures = story::failures(figures.record).into_iter().map(|failure| entry("Failed", &failure));
    let unjudged = figures.base.map(|base| story::unjudged(&base.comparison)).unwrap_or_default();
    let unjudged = unjudged.iter().map(|failure| entry("Not compared", failure));
    let doubts =
        story::doubts(figures.analysis).into_iter().map(|doubt| format!("Doubt: {}", escape(&doubt)));
    let answers = partial.into_iter().chain(advice.iter().map(answer));
    answers.chain(failures).chain(unjudged).chain(doubts).collect()
}

/// What to pick, and what that gains.
fn answer(advice: &Advice) -> String {
    let result = advice.facts.first().filter(|_| advice.pick.is_ok());
    let result = result.map(|fact| format!(" {}.", escape(fact.lead.trim_end_matches('.'))));
    headline(advice) + &result.unwrap_or_default()
}

/// Entries folded under a line of text; nothing without entries.
fn drawer(summary: &str, entries: &[String]) -> String {
    folded_under(summary, &list(entries))
}

/// Text folded under a line of text; nothing without text.
fn folded_under(summary: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("<details><summary>{}</summary>\n\n{}\n\n</details>", escape(summary), text.trim_end())
}
