//! What changed against a base.

use super::escape::escape;
use super::{blocks, entry, list};
use crate::compare::markdown_table;
use crate::compare::rule;
use crate::story;
use centurion_findings::compare::Comparison;

/// Most differences shown.
const MOST: usize = 10;

/// Most reasons shown.
const MOST_REASONS: usize = 3;

/// The headline in bold.
pub(super) fn headline(comparison: &Comparison) -> String {
    format!("**{}.**", escape(&story::against(comparison)))
}

/// The largest differences, the rule, and why some cells were not judged.
pub(super) fn section(comparison: &Comparison) -> String {
    let differences = comparison.differences();
    let (shown, rest) = differences.split_at(differences.len().min(MOST));
    let table = match shown {
        [] if comparison.judged() == 0 => String::new(),
        [] => "No cell became slower or faster.".to_owned(),
        shown => markdown_table(shown),
    };
    let rest =
        if rest.is_empty() { String::new() } else { format!("{} more are in index.html.", rest.len()) };
    let rule = format!("{} {}", rule(comparison), story::carriers(comparison));
    blocks(&["## Changes against the base".to_owned(), table, rest, rule, unjudged(comparison)])
}

fn unjudged(comparison: &Comparison) -> String {
    let reasons = story::unjudged(comparison);
    if reasons.is_empty() {
        return String::new();
    }
    let mut entries: Vec<_> = reasons.iter().take(MOST_REASONS).map(entry).collect();
    if reasons.len() > MOST_REASONS {
        entries.push(format!("{} more reasons are in index.html", reasons.len() - MOST_REASONS));
    }
    blocks(&["Not judged:".to_owned(), list(&entries)])
}
