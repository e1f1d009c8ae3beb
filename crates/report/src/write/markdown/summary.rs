//! What a job summary or a comment shows: the answers and, with them, at most ten findings.

use centurion_findings::FailedCells;

use super::blocks::{rows, shown};
use super::{blocks, escape, first_screen, list, sentence};
use crate::document::{Content, Document, Fact, News, Outputs};
use crate::table::Entry;
use crate::units::joined;

/// Most findings that are not folded.
const MOST: usize = 10;

/// Most of them that are news.
const MOST_NEWS: usize = 5;

/// News first, then verdicts, failures and doubts.
pub(crate) fn summary(document: &Document<'_>) -> String {
    let differences = document.news.as_ref().map_or(&[][..], |news| &news.differences.rows);
    let (changed, more_changed) = differences.split_at(differences.len().min(MOST_NEWS));
    let findings = findings(document);
    let (open, folded) =
        findings.split_at(findings.len().min(MOST.saturating_sub(changed.len() + document.answers.len())));
    let mut text = vec![
        format!("### {}", escape(&document.head.machine)),
        format!("{}. [The whole report](README.md).", escape(&document.head.run)),
    ];
    text.extend(document.news.iter().flat_map(|news| against(news, changed)));
    text.extend(first_screen(document));
    text.push(list(open));
    text.extend(document.news.iter().map(|news| {
        folded_under(&format!("{} more changes", more_changed.len()), &table(news, more_changed))
    }));
    text.extend(
        document
            .answers
            .iter()
            .map(|answer| drawer(answer.audience, &answer.facts.iter().map(sentence).collect::<Vec<_>>())),
    );
    text.extend(document.sections.iter().map(|section| {
        folded_under(section.heading, blocks(&shown(section, Outputs::SUMMARY, u8::MAX)).trim())
    }));
    let trust: Vec<_> = document.trust.facts.iter().map(remark).collect();
    text.push(drawer("Machine and noise", &trust));
    text.push(drawer(&format!("{} more findings", folded.len()), folded));
    blocks(&text)
}

/// The headline, some changes, and what counts as one.
fn against(news: &News, changed: &[Vec<Entry>]) -> [String; 3] {
    [super::news(news), table(news, changed), escape(&news.rule)]
}

/// Some differences; nothing without any.
fn table(news: &News, changed: &[Vec<Entry>]) -> String {
    if changed.is_empty() { String::new() } else { rows(&news.differences, changed) }
}

fn findings(document: &Document<'_>) -> Vec<String> {
    let cautions = document.head.cautions.iter();
    let cautions = cautions.map(|caution| format!("**{}** {}", caution.lead, escape(&caution.text)));
    let entry = |what: &str, failed: &FailedCells| {
        format!("{what}: {}: {}", escape(&joined(&failed.cells)), escape(&failed.reason))
    };
    let failures = document.trust.failures.iter().map(|failed| entry("Failed", failed));
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let reasons = blocks.filter_map(|block| match &block.content {
        Content::Reasons(reasons) => Some((reasons.finding?, &reasons.cells)),
        _ => None,
    });
    let reasons = reasons.flat_map(|(what, cells)| cells.iter().map(move |failed| entry(what, failed)));
    let doubts = document.trust.doubts.iter().map(|doubt| format!("Doubt: {}", escape(doubt)));
    cautions.chain(failures).chain(reasons).chain(doubts).collect()
}

/// A fact whose text is an addition to its lead: `Load average: **1.6** (median of the rounds)`.
fn remark(fact: &Fact) -> String {
    format!("{}: **{}** ({})", fact.label, escape(&fact.lead), escape(&fact.text))
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
