//! Peers beside the serial loop and the fastest executor, as compact as a terminal needs it.

use super::{Failure, alike};
use crate::units::{memory, microseconds, time, times};
use centurion_findings::{Analysis, Contender, ContenderFigures, ContenderKind, PeerComparison};

/// Above everything that is told of peers.
pub const PEERS_HEADING: &str = "Python and Dask beside the executors";

/// What the tutorial that this comparison begins with printed.
pub const TUTORIAL: &str = "The tutorial's own script, a hundred sleeping agents on Dask, said 19.61 s, against 100.05 s run serially: 5.1×. \
     These are the tutorial's own figures, from another machine, and nobody measured its serial time: it is the sum \
     of the sleeps. Here the serial loop runs in every round.";

/// What stands where there is nothing to tell.
const NOTHING: &str = "–";

/// Head and rows of a table: who, for each workload the makespan and how many times that of the fastest executor it
/// is, `1.84 s, 12.1×`, start-up and memory. In a size of a family it is the time of an agent instead of the
/// makespan. `None` without peers.
pub fn peer_rows(analysis: &Analysis) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let all = &analysis.peers;
    let name = |beside: &PeerComparison| {
        let unit = if beside.sized { ", an agent" } else { "" };
        format!("{}{unit}", beside.workload)
    };
    let ends = ["start-up", "memory"].map(String::from);
    let head = std::iter::once(String::new()).chain(all.iter().map(name)).chain(ends).collect();
    let names = names(all);
    let rows = names.iter().map(|(part, name)| row(all, *part, name)).collect();
    (!all.is_empty()).then_some((head, rows))
}

/// What the rows of [`peer_rows`] are, and who is the fastest executor of each workload.
pub fn peer_legend(analysis: &Analysis) -> String {
    let fastest = |beside: &PeerComparison| {
        let contender =
            beside.contenders.iter().find(|contender| contender.part == ContenderKind::Fastest)?;
        Some(format!("{} in {}", contender.name, beside.workload))
    };
    let named: Vec<_> = analysis.peers.iter().filter_map(fastest).collect();
    let named = if named.is_empty() { "not measured".into() } else { named.join(", ") };
    format!(
        "Makespan, × that of the fastest executor: {named}. Start-up and memory are the most of any workload"
    )
}

/// Why peers have no figures, those with the same reason together.
pub fn peer_failures(analysis: &Analysis) -> Vec<Failure> {
    let contenders = analysis.peers.iter().flat_map(|beside| &beside.contenders);
    let peers = contenders.filter(|contender| contender.part == ContenderKind::Peer);
    alike(peers.filter_map(|peer| Some((peer.id.to_string(), peer.outcome.clone().err()?))))
}

/// The serial loop, the fastest executor under that name, and each peer once.
fn names(all: &[PeerComparison]) -> Vec<(ContenderKind, String)> {
    let mut names: Vec<(ContenderKind, String)> = Vec::new();
    for part in [ContenderKind::Serial, ContenderKind::Fastest, ContenderKind::Peer] {
        let contenders = all.iter().flat_map(|beside| &beside.contenders);
        for contender in contenders.filter(|contender| contender.part == part) {
            let name = if part == ContenderKind::Fastest { "fastest executor" } else { &contender.name };
            if names.iter().all(|(_, known)| known != name) {
                names.push((part, name.to_owned()));
            }
        }
    }
    names
}

fn row(all: &[PeerComparison], part: ContenderKind, name: &str) -> Vec<String> {
    let own = |contender: &&Contender| {
        contender.part == part && (part != ContenderKind::Peer || contender.name == name)
    };
    let found: Vec<_> = all.iter().map(|beside| (beside, beside.contenders.iter().find(own))).collect();
    let paces = || found.iter().filter_map(|(_, contender)| contender.as_ref()?.outcome.as_ref().ok());
    let most = |of: fn(&ContenderFigures) -> Option<f64>| paces().filter_map(of).max_by(f64::total_cmp);
    let start_up = most(|pace| Some(pace.startup_ns)).map_or(NOTHING.into(), time);
    let memory = most(|pace| pace.memory_bytes).map_or(NOTHING.into(), memory);
    let figures =
        found.iter().map(|(beside, contender)| contender.map_or(NOTHING.into(), |c| figure(beside, c)));
    std::iter::once(name.to_owned()).chain(figures).chain([start_up, memory]).collect()
}

fn figure(beside: &PeerComparison, contender: &Contender) -> String {
    let Ok(pace) = &contender.outcome else { return "failed".into() };
    let shown = if beside.sized { microseconds(pace.agent_ns) } else { time(pace.bag_ns.value) };
    let slowdown = pace.slowdown.filter(|_| contender.part != ContenderKind::Fastest);
    shown + &slowdown.map_or(String::new(), |slowdown| format!(", {}", times(slowdown.value)))
}
