//! Peers beside the serial loop and the fastest executor.

use anstyle::Style;

use super::{Columns, Page, clean};
use crate::story::{PEERS_HEADING, peer_failures, peer_legend, peer_rows};
use crate::units::joined;
use centurion_findings::Analysis;

impl Page {
    /// `None` without peers.
    pub(super) fn peers(&self, analysis: &Analysis) -> Option<String> {
        let (head, rows) = peer_rows(analysis)?;
        let head: Vec<_> = head.iter().map(|title| clean(title)).collect();
        let head: Vec<_> = head.iter().map(String::as_str).collect();
        let mut text = self.text(Style::new().bold(), "", PEERS_HEADING);
        text += &self.table(Columns::Dense, &head, rows.into_iter());
        text += &self.text(Style::new(), "  ", &peer_legend(analysis));
        let failures = peer_failures(analysis);
        let failed = failures.iter().map(|failure| self.failure(&joined(&failure.cells), &failure.reason));
        Some(text + &failed.collect::<String>())
    }
}
