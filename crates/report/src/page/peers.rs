//! Peers beside the serial loop and the fastest executor.

use super::Section;
use super::parts::{Entry, Table, multiples};
use super::sections::section;
use super::tables::{NOTHING, estimated, row};
use crate::figures::{Figures, Size};
use crate::story::{PEERS_HEADING, TUTORIAL};
use crate::units::{memory, microseconds, time, time_estimate, times_estimate};
use centurion_findings::{Contender, ContenderFigures, ContenderKind, PeerComparison, PeerVerdict};
use centurion_stats::Estimate;

/// Below this speedup the digits say nothing that the slowdown does not.
const HARDLY: f64 = 0.01;

/// A chart for each workload and one table. `None` without peers.
pub(super) fn all(figures: &Figures<'_>) -> Option<Section> {
    let peers = &figures.analysis.peers;
    let charts = peers.iter().map(|beside| figures.makespans(beside, Size::SMALL));
    let lead = [
        "Python's own pool and Dask's schedulers ran the same agents in the same rounds on the same cores, each from \
         a process of its own, and every answer was checked. Their makespan is taken in that process, from the call \
         until the last answer; start and import of Python, start of the workers and the first call are start-up, \
         which is paid once.",
        "They are held against the executor that was fastest with that workload. They take no part in verdicts, \
         changes and other charts. Agents that wait need many workers: the table says how many there were.",
        TUTORIAL,
    ];
    let body = multiples(charts) + &table(peers).html();
    (!peers.is_empty()).then(|| Section { broad: true, ..section("peers", PEERS_HEADING, &lead, body) })
}

fn table(peers: &[PeerComparison]) -> Table {
    let rows = |beside: &'_ PeerComparison| -> Vec<_> {
        beside.contenders.iter().map(|contender| line(beside, contender)).collect()
    };
    let head = [
        "executor",
        "workload",
        "cores × workers",
        "makespan",
        "speedup",
        "× the fastest",
        "per agent",
        "start-up",
        "memory",
        "verdict",
    ];
    Table {
        id: "peers-table".into(),
        caption: "Peers, the serial loop and the fastest executor of each workload".into(),
        head: head.map(String::from).to_vec(),
        rows: peers.iter().flat_map(rows).collect(),
        note: "× the fastest: makespan over that of the fastest executor in the same round. Per agent: makespan of the \
               smallest agents over their number, which is overhead where they are empty. Memory: of all processes of a peer. \
               [ ] 95 % interval."
            .into(),
    }
}

fn line(beside: &PeerComparison, contender: &Contender) -> Vec<Entry> {
    let figures = match &contender.outcome {
        Ok(pace) => figures(beside.sized, contender.part, pace).map(estimated).to_vec(),
        Err(reason) => {
            let nothing = std::iter::repeat_n(Entry::new(NOTHING), 6);
            nothing.chain([Entry::new(format!("failed: {reason}"))]).collect()
        }
    };
    let place = format!("{} × {}", contender.cores, contender.workers);
    row([contender.name.clone(), beside.workload.clone(), place]).into_iter().chain(figures).collect()
}

fn figures(sized: bool, part: ContenderKind, pace: &ContenderFigures) -> [String; 7] {
    let nothing = || NOTHING.to_owned();
    let slowdown = pace.slowdown.filter(|_| part != ContenderKind::Fastest);
    [
        time_estimate(pace.bag_ns),
        pace.speedup.filter(|_| part != ContenderKind::Serial).map_or_else(nothing, speedup),
        slowdown.map_or_else(nothing, times_estimate),
        if sized { microseconds(pace.agent_ns) } else { nothing() },
        time(pace.startup_ns),
        pace.memory_bytes.map_or_else(nothing, memory),
        verdict(part, pace.verdict).into(),
    ]
}

fn speedup(speedup: Estimate) -> String {
    if speedup.value < HARDLY { format!("below {HARDLY}×") } else { times_estimate(speedup) }
}

fn verdict(part: ContenderKind, verdict: PeerVerdict) -> &'static str {
    match verdict {
        _ if part == ContenderKind::Fastest => "fastest executor",
        PeerVerdict::Slower => "slower",
        PeerVerdict::Faster => "faster than every executor",
        PeerVerdict::Alike => "not told apart from the fastest",
        PeerVerdict::Unjudged => "needs rounds",
    }
}
