//! What a graph says, against what brute force says.

use centurion_graph::{Bounds, Graph, GraphError};
use proptest::prelude::*;

/// Inputs of up to 12 tasks with up to 4 inputs each, which may name a task twice.
fn inputs() -> impl Strategy<Value = Vec<Vec<usize>>> {
    let task = prop::collection::vec(any::<prop::sample::Index>(), 0..=4);
    prop::collection::vec(task, 0..12).prop_map(|tasks| {
        let one = |(task, inputs): (usize, Vec<prop::sample::Index>)| {
            inputs.into_iter().take(task * 4).map(|input| input.index(task)).collect()
        };
        tasks.into_iter().enumerate().map(one).collect()
    })
}

fn graph(inputs: &[Vec<usize>]) -> Graph {
    Graph::new(inputs.iter().map(|inputs| inputs.iter().copied())).expect("inputs come first")
}

/// Every chain that ends in a task.
fn chains(inputs: &[Vec<usize>], task: usize) -> Vec<Vec<usize>> {
    let before: Vec<Vec<usize>> = inputs[task].iter().flat_map(|&input| chains(inputs, input)).collect();
    let before = if before.is_empty() { vec![Vec::new()] } else { before };
    before.into_iter().map(|chain| [chain, vec![task]].concat()).collect()
}

proptest! {
    #[test]
    fn both_directions_hold_the_same_edges(inputs in inputs()) {
        let graph = graph(&inputs);
        let mut edges = Vec::new();
        for (task, inputs) in inputs.iter().enumerate() {
            prop_assert!(graph.inputs(task).iter().map(|&input| input as usize).eq(inputs.iter().copied()));
            edges.extend(inputs.iter().map(|&input| (input, task)));
        }
        edges.sort_unstable();
        let dependents = graph.tasks().flat_map(|task| {
            graph.dependents(task).iter().map(move |&dependent| (task, dependent as usize))
        });
        prop_assert_eq!(graph.edges(), edges.len());
        prop_assert!(dependents.eq(edges));
    }

    #[test]
    fn roots_need_nothing_and_a_level_is_the_length_of_the_longest_chain(inputs in inputs()) {
        let graph = graph(&inputs);
        let roots = graph.tasks().filter(|&task| inputs[task].is_empty());
        prop_assert!(graph.roots().iter().map(|&root| root as usize).eq(roots));
        for (task, level) in graph.levels().into_iter().enumerate() {
            let longest = chains(&inputs, task).iter().map(Vec::len).max();
            prop_assert_eq!(longest, Some(level as usize + 1));
        }
    }

    #[test]
    fn no_chain_costs_more_than_the_critical_path(
        inputs in inputs(),
        costs in prop::collection::vec(0..100u64, 12),
    ) {
        let (graph, costs) = (graph(&inputs), &costs[..inputs.len()]);
        let cost = |chain: &[usize]| chain.iter().map(|&task| costs[task]).sum::<u64>();
        let path = graph.critical_path(costs);
        prop_assert_eq!(cost(&path.tasks), path.cost);
        let dearest = graph.tasks().flat_map(|task| chains(&inputs, task)).map(|chain| cost(&chain)).max();
        prop_assert_eq!(path.cost, dearest.unwrap_or(0));
        let led = path.tasks.windows(2).all(|pair| graph.inputs(pair[1]).contains(&(pair[0] as u32)));
        prop_assert!(led && path.tasks.first().is_none_or(|&first| graph.inputs(first).is_empty()));
        let all: u64 = costs.iter().sum();
        let bounds = Bounds::new(costs, Some(&graph));
        prop_assert!((bounds.makespan(1) - all as f64).abs() < 1e-9);
        prop_assert!((bounds.makespan(1_000) - path.cost.max(all.div_ceil(1_000)) as f64).abs() < 1.0);
    }
}

#[test]
fn an_input_that_is_not_before_its_task_is_named() {
    let error = Graph::new([vec![], vec![0, 1]]).expect_err("task 1 needs itself");
    assert_eq!(error, GraphError::NotBefore { task: 1, input: 1 });
    assert_eq!(
        error.to_string(),
        "task 1 needs task 1, which is not before it; number every task after its inputs"
    );
    assert!(Graph::new([vec![usize::MAX]]).is_err());
}

#[test]
fn an_empty_graph_is_empty_in_every_way() {
    let graph = Graph::independent(0);
    assert!(graph.is_empty() && graph.roots().is_empty() && graph.levels().is_empty());
    assert_eq!((graph.len(), graph.edges(), graph.critical_path(&[]).cost), (0, 0, 0));
    assert_eq!(Bounds::new(&[], Some(&graph)).makespan(2).to_bits(), 0.0f64.to_bits());
}

#[test]
fn a_million_tasks_in_a_row_are_no_trouble() {
    let tasks = if cfg!(miri) { 1_000 } else { 1_000_000 };
    let graph = Graph::new((0..tasks).map(|task: usize| task.checked_sub(1))).expect("inputs come first");
    assert_eq!(graph.critical_path(&vec![2; tasks]).cost, 2 * tasks as u64);
    assert_eq!(graph.levels().last(), Some(&(tasks as u32 - 1)));
    assert!(graph.bytes() < 17 * tasks, "{} bytes", graph.bytes());
}

#[test]
#[should_panic(expected = "there must be a cost for every task")]
fn a_missing_cost_is_refused() {
    Graph::independent(3).critical_path(&[1, 2]);
}
