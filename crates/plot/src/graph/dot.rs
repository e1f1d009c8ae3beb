//! A graph in the language of Graphviz.

use std::fmt::Write;

use centurion_graph::Graph;

use super::picture::{GraphPicture, Shown};

/// Lightness of a task by the fifth of the costs it belongs to, in per cent of full colour.
const HEAT: [u32; 5] = [5, 20, 35, 50, 65];

/// The whole graph in the DOT language, with the names of its tasks, their costs as heat and the critical path in
/// bold. It is never folded: `dot -Tsvg` or any other reader of the language takes it from there.
///
/// # Panics
/// When there are costs, but not exactly one per task.
pub fn dot(graph: &Graph, picture: &GraphPicture<'_>) -> String {
    let shown = Shown::new(graph, picture);
    let mut dot = format!("digraph {} {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(&shown.title()));
    for task in graph.tasks() {
        let heat = shown.fifth(task).map_or(String::new(), |fifth| {
            format!(", style=filled, fillcolor=\"0.57 {:.2} 1.00\"", f64::from(HEAT[fifth]) / 100.0)
        });
        let bold = if shown.is_critical(task) { ", penwidth=3" } else { "" };
        let _ = writeln!(dot, "  {task} [label={}{heat}{bold}];", quoted(&shown.caption(task)));
    }
    for task in graph.tasks() {
        for &input in graph.inputs(task) {
            let bold = if shown.leads(input as usize, task) { " [penwidth=3]" } else { "" };
            let _ = writeln!(dot, "  {input} -> {task}{bold};");
        }
    }
    dot + "}\n"
}

/// A string of the DOT language.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
