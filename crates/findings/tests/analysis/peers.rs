//! What is found about peers, and that nothing else is changed by them.

use centurion_findings::Analysis;
use centurion_findings::compare::{Comparison, Rules};
use centurion_findings::{Contender, ContenderFigures, ContenderKind, PeerComparison, PeerVerdict};
use centurion_record::{Kind, Record, Role};

use super::{BAG, deciding, near};
use centurion_synthetic::{CALM, STORMY, Synthetic, Weather};

/// A workload of computing agents and empty ones, each with two executors and three peers.
fn peered(rounds: u32, weather: Weather) -> Synthetic {
    deciding(rounds, 5, weather)
        .executor("deciding", "slow", (2, 2), BAG / 1.5)
        .executor("deciding", "fast", (2, 2), BAG / 1.9)
        .peer("deciding", "dask", (2, 2), BAG / 1.9 * 1.2)
        .peer("deciding", "as-good", (2, 2), BAG / 1.9)
        .peer("deciding", "better", (2, 2), BAG / 3.8)
        .workload("grain-0", Kind::Computing, &[], 1_000.0)
        .executor("grain-0", "slow", (2, 2), 30_000.0)
        .executor("grain-0", "fast", (2, 2), 10_000.0)
        .peer("grain-0", "dask", (2, 2), 40e6)
        .peer("grain-0", "broken", (2, 2), 1.0)
        .failing("no module named dask")
}

fn contender<'a>(comparison: &'a PeerComparison, name: &str) -> &'a Contender {
    comparison.contenders.iter().find(|contender| contender.name == name).expect("it is there")
}

fn figures(comparison: &PeerComparison, name: &str) -> ContenderFigures {
    contender(comparison, name).outcome.clone().expect("it has figures")
}

/// The same record as if there had been no peers.
fn without_peers(record: &Record) -> Record {
    let mut record = record.clone();
    record.cells.retain(|cell| cell.role != Role::Peer);
    record
}

#[test]
fn peers_stand_beside_the_serial_loop_and_the_fastest_executor() {
    let peers = Analysis::new(&peered(8, CALM).record()).peers;
    let names = |comparison: &PeerComparison| -> Vec<_> {
        comparison.contenders.iter().map(|contender| (contender.name.clone(), contender.kind)).collect()
    };
    let row = |name: &str, part| (name.to_owned(), part);
    assert_eq!(
        names(&peers[0]),
        [
            row("serial", ContenderKind::Serial),
            row("fast", ContenderKind::Fastest),
            row("dask", ContenderKind::Peer),
            row("as-good", ContenderKind::Peer),
            row("better", ContenderKind::Peer),
        ]
    );
    assert_eq!(peers.iter().map(|comparison| comparison.sized).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn speedup_and_slowdown_are_paired_by_round() {
    let peers = Analysis::new(&peered(12, Weather { drift: 3.0, ..CALM }).record()).peers;
    let dask = figures(&peers[0], "dask");
    for (found, truth) in [(dask.speedup, 1.9 / 1.2), (dask.slowdown, 1.2)] {
        let found = found.expect("they have rounds in common");
        near(found.value, truth, 0.01);
        let ends = found.interval.expect("12 rounds have one");
        assert!(ends.contains(truth) && ends.high / ends.low < 1.02, "{ends:?} in spite of the drift");
    }
}

#[test]
fn a_peer_is_slower_within_3_percent_or_faster_beyond_noise_only() {
    let peers = Analysis::new(&peered(12, CALM).record()).peers;
    let against =
        ["serial", "fast", "dask", "as-good", "better"].map(|name| figures(&peers[0], name).verdict);
    assert_eq!(
        against,
        [
            PeerVerdict::Slower,
            PeerVerdict::Within,
            PeerVerdict::Slower,
            PeerVerdict::Within,
            PeerVerdict::Faster
        ]
    );
    let few = Analysis::new(&peered(3, STORMY).record()).peers;
    assert_eq!(figures(&few[0], "dask").verdict, PeerVerdict::Unjudged);
}

#[test]
fn the_overhead_of_an_agent_is_the_makespan_of_empty_ones_over_their_number() {
    let peers = Analysis::new(&peered(8, CALM).record()).peers;
    near(figures(&peers[1], "dask").agent_ns, 400_000.0, 0.01);
    near(figures(&peers[1], "fast").agent_ns, 100.0, 0.01);
    near(figures(&peers[1], "dask").slowdown.unwrap().value, 4_000.0, 0.01);
}

#[test]
fn start_up_and_memory_are_those_of_the_peer() {
    let peers = Analysis::new(&peered(8, CALM).record()).peers;
    let dask = figures(&peers[0], "dask");
    near(dask.startup_ns, 702e6, 1e-9);
    near(dask.memory_bytes.unwrap(), 84e6, 1e-9);
    assert_eq!(figures(&peers[0], "fast").memory_bytes, None);
}

#[test]
fn a_peer_that_failed_keeps_its_reason() {
    let peers = Analysis::new(&peered(8, CALM).record()).peers;
    assert_eq!(contender(&peers[1], "broken").outcome, Err("no module named dask".into()));
}

#[test]
fn where_no_executor_was_measured_there_is_only_the_speedup() {
    let record = deciding(8, 5, CALM).peer("deciding", "dask", (2, 2), BAG / 1.5).record();
    let peers = Analysis::new(&record).peers;
    assert_eq!(peers[0].contenders.len(), 2);
    let dask = figures(&peers[0], "dask");
    near(dask.speedup.unwrap().value, 1.5, 0.01);
    assert_eq!((dask.slowdown, dask.verdict), (None, PeerVerdict::Unjudged));
}

#[test]
fn peers_change_nothing_else_and_are_not_compared() {
    let record = peered(8, CALM).record();
    let (with, without) = (Analysis::new(&record), Analysis::new(&without_peers(&record)));
    assert!(without.peers.is_empty());
    assert_eq!(Analysis { peers: Vec::new(), ..with }, without);
    let comparison = Comparison::new(&record, &record, Rules::default());
    assert!(comparison.changes.iter().all(|change| change.executor != "dask"));
}
