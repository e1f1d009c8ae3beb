//! What is found about agents that need each other's answers.

use centurion_findings::Analysis;
use centurion_findings::{Bottleneck, CellResult, Standing, Threshold};
use centurion_record::Kind;
use centurion_stats::Crossing;

use super::{BAG, found, gain, near};
use centurion_synthetic::{CALM, STORMY, Synthetic};

/// Agent `i` needs the answers of the agents so many numbers before it.
fn before(agents: u32, distances: &[u32]) -> Vec<Vec<u32>> {
    let inputs = |agent: u32| distances.iter().filter_map(|distance| agent.checked_sub(*distance)).collect();
    (0..agents).map(inputs).collect()
}

fn chain(agents: u32) -> Vec<Vec<u32>> {
    before(agents, &[1])
}

/// Rows of four, each agent needs those above and above to the left.
fn rows(agents: u32) -> Vec<Vec<u32>> {
    before(agents, &[4, 5])
}

/// A workload that stands alone, with a cell on four cores.
fn council(inputs: &[Vec<u32>], costs: &[u64]) -> CellResult {
    let synthetic = Synthetic::new(6, 1, CALM)
        .workload("council", Kind::Computing, costs, BAG)
        .depending("council", inputs)
        .executor("council", "a", (4, 4), BAG / 1.5);
    found(&Analysis::new(&synthetic.record()), "a", (4, 4)).clone()
}

#[test]
fn a_graph_bounds_speedup_by_its_critical_path_and_not_by_its_longest_agent() {
    let cell = council(&[vec![], vec![], vec![0, 1], vec![2]], &[30, 40, 20, 40]);
    let bound = cell.ceilings.schedule.unwrap();
    assert_eq!(bound.bottleneck, Bottleneck::CriticalPath);
    near(bound.speedup, 130.0 / 100.0, 1e-9);
}

#[test]
fn an_even_share_bounds_it_where_that_takes_longer() {
    let bound = council(&before(40, &[8]), &[10; 40]).ceilings.schedule.unwrap();
    assert_eq!(bound.bottleneck, Bottleneck::Processors);
    near(bound.speedup, 4.0, 1e-9);
}

#[test]
fn a_path_of_a_single_agent_is_the_longest_agent() {
    let bound = council(&[vec![], vec![], vec![]], &[1, 1, 8]).ceilings.schedule.unwrap();
    assert_eq!(bound.bottleneck, Bottleneck::LongestAgent);
    near(bound.speedup, 10.0 / 8.0, 1e-9);
}

/// A pattern of 40 agents of 1 µs to 128 µs on two cores: each executor adds its overhead to every agent that a
/// core runs or that stands on the longest path, whichever are more.
fn pattern(synthetic: Synthetic, name: &str, inputs: &[Vec<u32>], executors: &[(&str, f64)]) -> Synthetic {
    let longest = if inputs[1].is_empty() { inputs.len().div_ceil(4) } else { inputs.len() };
    let steps = longest.max(inputs.len() / 2) as f64;
    (0..8).map(|power| 1_000 << power).fold(synthetic, |synthetic, size| {
        let (member, size) = (format!("{name}-{size}"), f64::from(size));
        let synthetic = synthetic
            .workload(&member, Kind::Computing, &[], size * inputs.len() as f64)
            .depending(name, inputs);
        executors.iter().fold(synthetic, |synthetic, (executor, overhead)| {
            synthetic.executor(&member, executor, (2, 2), steps * (size + overhead))
        })
    })
}

fn two_patterns(rounds: u32, executors: &[(&str, f64)]) -> Analysis {
    let synthetic = pattern(Synthetic::new(rounds, 3, CALM), "chain", &chain(40), executors);
    Analysis::new(&pattern(synthetic, "stencil", &rows(40), executors).record())
}

#[test]
fn the_efficiency_of_a_pattern_is_held_against_its_longest_path_or_an_even_share() {
    // e = w / (w + h) on either, which reaches 50 % at g = w + h = 2 h.
    let analysis = two_patterns(8, &[("a", 5_000.0)]);
    let parallelism: Vec<f64> = analysis.patterns.iter().map(|pattern| pattern.parallelism).collect();
    assert_eq!(parallelism, [2.0, 1.0], "a chain keeps one core busy");
    for pattern in &analysis.patterns {
        let curve = &pattern.curves[0];
        near(curve.points[0].efficiency, 1_000.0 / 6_000.0, 0.01);
        near(curve.points[0].granularity_ns, 6_000.0, 0.01);
        let metg = curve.at(Threshold::Half).unwrap();
        near(metg.crossing.value().unwrap(), 10_000.0, 0.06);
        let (low, high) = metg.interval.unwrap();
        assert!(low.total_cmp(&metg.crossing).is_le() && metg.crossing.total_cmp(&high).is_le());
    }
    let cell = analysis.workloads.iter().find(|workload| workload.name == "chain-1000").unwrap();
    near(gain(&cell.cells[0]).efficiency.value, 1.0 / 6.0, 0.01);
    near(cell.cells[0].ceilings.schedule.unwrap().speedup, 1.0, 1e-9);
}

#[test]
fn stencil_comes_first_and_patterns_stand_not_alone() {
    let analysis = two_patterns(6, &[("a", 5_000.0)]);
    let names: Vec<_> = analysis.patterns.iter().map(|pattern| pattern.name.as_str()).collect();
    assert_eq!(names, ["stencil", "chain"]);
    assert_eq!((analysis.standing_alone().count(), analysis.independent.len()), (0, 0));
}

#[test]
fn in_every_pattern_the_best_and_its_ties_are_known_and_what_never_gets_there_is_not_ranked() {
    let analysis = two_patterns(8, &[("a", 5_000.0), ("b", 5_000.0), ("c", 40_000.0), ("never", 1e7)]);
    for pattern in &analysis.patterns {
        let verdict = pattern.verdict().unwrap();
        let mut front = [verdict.standing("a"), verdict.standing("b")];
        front.sort_by_key(|standing| *standing == Some(Standing::Undecided));
        assert_eq!(front, [Some(Standing::Best), Some(Standing::Undecided)]);
        assert_eq!(verdict.standing("c"), Some(Standing::Behind));
        assert!(matches!(pattern.metg("never").unwrap().crossing, Crossing::NotReached(_)));
        assert_eq!(verdict.standing("never"), Some(Standing::Behind));
    }
    let over_all = analysis.patterns_verdict().unwrap();
    assert_eq!((over_all.leads.len(), over_all.measured, over_all.tied.len()), (2, 2, 1));
}

#[test]
fn what_does_not_get_there_is_not_tied_however_wide_the_intervals() {
    let synthetic =
        pattern(Synthetic::new(8, 3, STORMY), "stencil", &rows(40), &[("a", 122_000.0), ("b", 131_000.0)]);
    let analysis = Analysis::new(&synthetic.record());
    let verdict = analysis.patterns[0].verdict().unwrap();
    let other = if verdict.best.executor == "a" { "b" } else { "a" };
    assert!(matches!(verdict.metg.crossing, Crossing::At(_)), "{:?}", verdict.metg);
    let (found, (low, _)) =
        analysis.patterns[0].metg(other).map(|metg| (metg.crossing, metg.interval.unwrap())).unwrap();
    assert!(
        matches!(found, Crossing::NotReached(_)) && low.total_cmp(&verdict.metg.interval.unwrap().1).is_le()
    );
    assert_eq!(verdict.standing(other), Some(Standing::Behind));
}

#[test]
fn where_no_executor_is_efficient_there_is_no_verdict() {
    assert_eq!(two_patterns(6, &[("never", 1e7)]).patterns_verdict(), None);
}
