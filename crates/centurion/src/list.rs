//! `centurion list`: what there is to run.

use anyhow::Result;
use centurion_executors::all;
use comfy_table::{Table, presets};

use crate::options::Options;
use crate::session::Session;

/// Workloads and executors as tables.
///
/// # Errors
/// When the options can't be followed.
pub fn overview(options: &Options) -> Result<String> {
    let mut workloads = table(["workload", "agents", "kind", "parameters"]);
    for workload in options.workloads()? {
        let parameters: Vec<String> =
            workload.parameters().into_iter().map(|(name, value)| format!("{name} {value}")).collect();
        workloads.add_row([
            workload.name(),
            workload.agents().to_string(),
            format!("{:?}", workload.kind()).to_lowercase(),
            parameters.join(", "),
        ]);
    }
    let mut executors = table(["executor", "workers", "placement", "what it does"]);
    for factory in all() {
        executors.add_row([
            factory.name.to_owned(),
            factory.workers.to_string(),
            factory.placement.to_string(),
            factory.summary.to_owned(),
        ]);
    }
    Ok(format!("{workloads}\n\n{executors}"))
}

fn table(header: [&str; 4]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(header);
    table
}

/// The id of every cell, one a line: what filters of `cargo bench` are matched against.
///
/// # Errors
/// When the options can't be followed.
pub fn cells(options: Options) -> Result<String> {
    let session = Session::new(options)?;
    Ok(session.cells.iter().map(|cell| cell.id.as_str()).collect::<Vec<_>>().join("\n"))
}
