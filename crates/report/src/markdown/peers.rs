//! Peers beside the serial loop and the fastest executor.

use super::escape::escape;
use super::{blocks, entry, list, table};
use crate::story::{PEERS_HEADING, TUTORIAL, peer_failures, peer_legend, peer_rows};
use centurion_findings::Analysis;

/// A table, its legend, what failed, and what the tutorial said; nothing without peers.
pub(super) fn told(analysis: &Analysis) -> String {
    let Some((head, rows)) = peer_rows(analysis) else { return String::new() };
    let head: Vec<_> = head.iter().map(String::as_str).collect();
    let failures: Vec<_> = peer_failures(analysis).iter().map(entry).collect();
    let failed = if failures.is_empty() { "" } else { "Failed:" };
    let legend = format!("{}.", escape(&peer_legend(analysis)));
    blocks(&[table(&head, &rows), legend, failed.to_owned(), list(&failures), TUTORIAL.to_owned()])
}

/// The same under a heading.
pub(super) fn section(analysis: &Analysis) -> String {
    let told = told(analysis);
    if told.is_empty() { told } else { blocks(&[format!("### {PEERS_HEADING}"), told]) }
}
