//! What is said of agents that need each other's answers.

use centurion_findings::Analysis;
use centurion_findings::Standing;
use centurion_record::{Kind, Role};

use super::BAG;
use centurion_report::wording;
use centurion_synthetic::{CALM, Synthetic};

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

#[test]
fn the_verdict_names_the_critical_path_where_it_limits() {
    let verdict = |inputs: &[Vec<u32>]| {
        let synthetic = Synthetic::new(6, 1, CALM)
            .workload("council", Kind::Computing, &vec![10; inputs.len()], BAG)
            .depending("council", inputs)
            .executor("council", "a", (2, 2), BAG / 0.9);
        wording::workload_verdict(&Analysis::new(&synthetic.record()).workloads[0].verdict())
    };
    assert!(
        verdict(&chain(8)).ends_with("90 % of what the critical path allows (1.00×)"),
        "{}",
        verdict(&chain(8))
    );
    assert!(verdict(&rows(8)).ends_with("of what any schedule allows (2.00×)"), "{}", verdict(&rows(8)));
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
fn the_executor_in_front_of_most_patterns_is_the_verdict() {
    let inputs = rows(40);
    let [stencil, fan, tree] =
        [("a", 2_000.0, "b", 9_000.0), ("b", 2_000.0, "a", 9_000.0), ("a", 2_000.0, "b", 9_000.0)]
            .map(|(best, least, other, most)| [(best, least), (other, most)]);
    let synthetic = pattern(Synthetic::new(8, 3, CALM), "stencil", &inputs, &stencil);
    let synthetic = pattern(synthetic, "fan", &inputs, &fan);
    let analysis = Analysis::new(&pattern(synthetic, "tree", &inputs, &tree).record());
    let verdict = analysis.patterns_verdict().unwrap();
    assert_eq!((verdict.best, verdict.leads.as_slice()), ("a", ["stencil", "tree"].as_slice()));
    let text = wording::patterns_verdict(&verdict);
    assert!(
        text.starts_with(
            "dependent agents: smallest METG(50 %) in 2 of 3 patterns, or undecided beside it: a;"
        ),
        "{text}"
    );
}

#[test]
fn without_six_rounds_patterns_are_not_judged() {
    let analysis = two_patterns(3, &[("a", 5_000.0)]);
    let verdict = analysis.patterns_verdict().unwrap();
    assert!(!verdict.judged() && wording::patterns_verdict(&verdict).contains("takes 6 rounds"));
    assert_eq!(analysis.patterns[0].verdict().unwrap().standing("a"), Some(Standing::Unjudged));
}

#[test]
fn above_a_median_noise_floor_of_30_percent_patterns_and_small_agents_are_not_ranked() {
    let executors = [("a", 5_000.0), ("b", 5_000.0)];
    let synthetic = pattern(Synthetic::new(8, 3, CALM), "stencil", &rows(40), &executors).with(|record| {
        for cell in record.cells.iter_mut().filter(|cell| cell.role == Role::Repeat) {
            cell.wall_ns.iter_mut().for_each(|wall| *wall = *wall * 7 / 5);
        }
    });
    let analysis = Analysis::new(&synthetic.record());
    let texts = [
        wording::patterns_verdict(&analysis.patterns_verdict().unwrap()),
        wording::family_verdict(&analysis.patterns[0].verdict().unwrap()),
    ];
    for text in texts {
        assert!(text.ends_with(": too noisy to rank, with a median noise floor of 40 %"), "{text}");
    }
}
