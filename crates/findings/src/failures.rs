//! What has no figure, and why.

use std::collections::HashMap;

use centurion_record::{Cell, Record, Role};

use crate::cells::reason;
use crate::{Analysis, ContenderKind};

/// Cells of which something is missing, all for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCells {
    /// Their ids.
    pub cells: Vec<String>,
    /// Why.
    pub reason: String,
}

impl FailedCells {
    /// Cells with their reasons, those with the same reason together.
    pub fn grouped(cells: impl Iterator<Item = (String, String)>) -> Vec<Self> {
        let mut failures: Vec<Self> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (cell, reason) in cells {
            let place = *places.entry(reason.clone()).or_insert(failures.len());
            match failures.get_mut(place) {
                Some(failure) => failure.cells.push(cell),
                None => failures.push(Self { cells: vec![cell], reason }),
            }
        }
        failures
    }

    /// Every cell of a record without samples. Peers have a place of their own, [`Analysis::failed_peers`].
    pub fn from_record(record: &Record) -> Vec<Self> {
        let failed = |cell: &&Cell| cell.role != Role::Peer && cell.wall_ns.is_empty();
        Self::grouped(record.cells.iter().filter(failed).map(|cell| (cell.id.to_string(), reason(cell))))
    }
}

impl Analysis {
    /// The peers without figures.
    pub fn failed_peers(&self) -> Vec<FailedCells> {
        let contenders = self.peers.iter().flat_map(|comparison| &comparison.contenders);
        let peers = contenders.filter(|contender| contender.kind == ContenderKind::Peer);
        FailedCells::grouped(
            peers.filter_map(|peer| Some((peer.id.to_string(), peer.outcome.clone().err()?))),
        )
    }
}
