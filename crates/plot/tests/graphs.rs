//! What pictures look like, and what they never do.

use centurion_graph::Graph;
use centurion_plot::graph::{GraphPicture, dot, svg};

fn graph(inputs: &[&[usize]]) -> Graph {
    Graph::new(inputs.iter().map(|inputs| inputs.iter().copied())).expect("inputs come first")
}

/// Two agents, a judge who hears both, and a summary that also needs the first agent.
fn small() -> Graph {
    graph(&[&[], &[], &[0, 1], &[2, 0]])
}

fn names() -> Vec<String> {
    ["Ada", "<b>Bo</b> & \"Co\"\n\u{202e}", "a judge with a rather long name indeed"]
        .map(str::to_owned)
        .to_vec()
}

/// `width` tasks on each of `levels` levels, each of which needs the one before it.
fn lanes(width: usize, levels: usize) -> Graph {
    Graph::new((0..width * levels).map(|task| task.checked_sub(width))).expect("inputs come first")
}

/// A hundred agents, ten groups, ten judges, a summary.
fn council() -> Graph {
    let inputs = |task: usize| match task {
        0..100 => 0..0,
        100..110 => (task - 100) * 10..(task - 99) * 10,
        110..120 => 100..110,
        _ => 110..120,
    };
    Graph::new((0..121).map(inputs)).expect("inputs come first")
}

fn untimed(title: &str) -> GraphPicture<'_> {
    GraphPicture { title, names: &[], costs: None }
}

/// Values of an attribute in all elements of a class.
fn values(svg: &str, class: &str, attribute: &str) -> Vec<f64> {
    let of_class = svg.lines().filter(|line| line.contains(&format!("class=\"{class}")));
    let value = |line: &str| {
        let (_, rest) = line.split_once(&format!(" {attribute}=\""))?;
        rest.split_once('"')?.0.parse().ok()
    };
    of_class.filter_map(value).collect()
}

#[test]
fn a_small_graph_looks_as_it_did() {
    let costs = [30_000, 1_250_000, 40_000, 999];
    let picture = GraphPicture { title: "A <small> round", names: &names(), costs: Some(&costs) };
    insta::assert_snapshot!(svg(&small(), &picture));
}

#[test]
fn a_small_graph_in_dot_looks_as_it_did() {
    let costs = [30_000, 1_250_000, 40_000, 999];
    let picture = GraphPicture { title: "A \"small\" \\ round", names: &names(), costs: Some(&costs) };
    insta::assert_snapshot!(dot(&small(), &picture));
}

#[test]
fn a_large_graph_is_folded_and_says_so() {
    let costs: Vec<u64> = (0..640).map(|task| 1_000 + task * 7).collect();
    insta::assert_snapshot!(svg(
        &lanes(64, 10),
        &GraphPicture { title: "Lanes", names: &[], costs: Some(&costs) }
    ));
}

#[test]
fn a_deep_graph_is_folded_to_a_few_bars() {
    let svg = svg(&lanes(1, 100_000), &untimed("Chain"));
    assert!(svg.contains("Too many to draw one by one: a bar per 2,500 levels in turn"));
    assert!(svg.contains("<text class=\"cg-name\" x=\"12\" y=\"747\">levels 97,500–99,999</text>"));
    assert!(svg.len() < 30_000);
}

#[test]
fn a_council_is_drawn_agent_by_agent_and_no_box_touches_another() {
    let svg = svg(&council(), &untimed("Council"));
    let (x, y) = (values(&svg, "cg-task", "x"), values(&svg, "cg-task", "y"));
    let mut boxes: Vec<(f64, f64)> = x.into_iter().zip(y).collect();
    boxes.sort_by(|one, other| one.partial_cmp(other).expect("coordinates are numbers"));
    assert_eq!(boxes.len(), 121);
    let apart = |pair: &[(f64, f64)]| pair[0].0 < pair[1].0 || pair[1].1 - pair[0].1 >= 15.9;
    assert!(boxes.windows(2).all(apart), "boxes overlap");
    let width = values(&svg, "cg-background", "width")[0];
    assert!(width < 900.0, "{width} pixels are too wide for a page");
}

#[test]
fn the_critical_path_is_outlined_also_around_the_levels_it_passes_over() {
    // Task 3 needs 2 and the dear task 0, which is two levels away.
    let costs = [100, 1, 1, 1];
    let svg =
        svg(&graph(&[&[], &[], &[1], &[2, 0]]), &GraphPicture { title: "", names: &[], costs: Some(&costs) });
    let critical = |class: &str| svg.lines().filter(|line| line.contains(class)).count();
    assert_eq!(critical("class=\"cg-line cg-critical\""), 3); // to the bend, through it, on to the task
    assert_eq!(svg.matches(" cg-critical\" x=").count(), 2);
}

#[test]
fn a_graph_without_tasks_has_a_picture() {
    let picture = GraphPicture { title: "Nothing", names: &[], costs: Some(&[]) };
    assert!(
        svg(&Graph::independent(0), &picture).contains("<desc>0 tasks on 0 levels with 0 inputs.</desc>")
    );
    assert_eq!(dot(&Graph::independent(0), &picture).lines().count(), 4);
}
