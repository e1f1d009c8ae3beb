//! `centurion list`: what there is to run.

use std::sync::Arc;

use anyhow::Result;
use centurion_agents::Workload;
use centurion_dask::Scheduler;
use centurion_executors::all;
use centurion_graph::Graph;
use centurion_harness::Cpus;
use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};

use crate::args::{BenchArgs, CellArgs, FULL_ROUNDS};
use crate::demo_options::CLUSTER;
use crate::options::variable_names;
use crate::output::width;
use crate::server::NOWHERE;
use crate::session::plan;
use crate::variables;

const LIGHT: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Narrowest terminal in which it is told who needs whom, and where workers run.
const ROOMY: usize = 72;

/// Workloads and executors as tables.
///
/// # Errors
/// When the options can't be followed.
pub fn overview(chosen: &CellArgs) -> Result<String> {
    let mut workloads = table(["workload", "agents", "kind", "needs of each other", "parameters"], 3);
    for family in chosen.make_workloads(Some(NOWHERE))?.chunk_by(|one, next| one.family() == next.family()) {
        workloads.add_row(row(family));
    }
    let mut executors = table(["executor", "workers", "placement", "what it does"], 1);
    for factory in all() {
        executors.add_row([
            factory.name.to_owned(),
            factory.workers.to_string(),
            factory.placement.to_string(),
            factory.summary.to_owned(),
        ]);
    }
    for [name, placement, summary] in elsewhere() {
        executors.add_row([name, "any number", placement, summary]);
    }
    let narrow = width().is_some_and(|width| width < ROOMY);
    if narrow {
        for column in [workloads.column_mut(3), executors.column_mut(2)].into_iter().flatten() {
            column.set_constraint(ColumnConstraint::Hidden);
        }
    }
    let left_out = if narrow { LEFT_OUT } else { "" };
    let (workloads, executors) = (workloads.trim_fmt(), executors.trim_fmt());
    Ok(format!("{workloads}\n\n{executors}\n\n{left_out}{}", plan_of_rounds()))
}

/// What is said where columns are left out.
const LEFT_OUT: &str = "Left out in so narrow a terminal:\nneeds of each other, placement.\n\n";

/// How often what is listed is measured, in lines for any terminal.
fn plan_of_rounds() -> String {
    format!(
        "A full run has {FULL_ROUNDS} rounds. Every other one is short:\n\
         it leaves out what runs in Python, cells on fewer cores\n\
         or workers than an executor's largest, more than 256\n\
         threads at once, and bags of 0.6 s or more in a row.\n\
         A machine that is slow or disturbed has fewer short ones."
    )
}

/// What runs agents outside this process: name, where, and what it does. It needs `just python`.
fn elsewhere() -> Vec<[&'static str; 3]> {
    let peers = Scheduler::ALL.map(|peer| [peer.name(), "in Python", peer.summary()]);
    let dask = [CLUSTER, "on a cluster", "`cargo centurion run` only: a Dask cluster, as --cluster names it"];
    peers.into_iter().chain([dask]).collect()
}

/// A family of workloads, which differ in nothing but parameters.
fn row(family: &[Arc<dyn Workload>]) -> [String; 5] {
    let first = &family[0];
    [
        first.family(),
        first.agents().to_string(),
        format!("{:?}", first.kind()).to_lowercase(),
        first.graph().map_or_else(String::new, |graph| needs(&graph)),
        parameters(family),
    ]
}

fn needs(graph: &Graph) -> String {
    let chain = graph.levels().into_iter().max().map_or(0, |level| level + 1);
    format!("{} answers, chain of {chain}", graph.edges())
}

/// Each parameter with its value, or with the first and the last of several.
fn parameters(family: &[Arc<dyn Workload>]) -> String {
    let (first, last) = (family[0].parameters(), family[family.len() - 1].parameters());
    let texts =
        first.into_iter().filter(|(name, _)| name != "agents").map(|(name, value)| match last.get(&name) {
            Some(other) if *other != value => format!("{name} {value} to {other}"),
            _ => format!("{name} {value}"),
        });
    texts.collect::<Vec<_>>().join(", ")
}

/// As wide as the terminal; the first columns are not broken.
fn table<const COLUMNS: usize>(header: [&str; COLUMNS], whole: usize) -> Table {
    let mut table = Table::new();
    table.load_style(LIGHT).set_header(header);
    if let Some(width) = width() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width as u16);
    }
    for column in table.column_iter_mut().take(whole) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

/// The id of every cell, one a line: what filters of `cargo bench` are matched against.
///
/// # Errors
/// When the options can't be followed.
pub fn cells(chosen: CellArgs) -> Result<String> {
    variables::warn_of_unknown(&variable_names());
    let cells = plan(&BenchArgs::from_cells(chosen)?, &Cpus::detect(), Some(NOWHERE))?;
    Ok(cells.iter().map(|cell| cell.id.to_string()).collect::<Vec<_>>().join("\n"))
}
