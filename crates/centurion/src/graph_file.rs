//! Drawing who needs whom into a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use centurion_agents::Workload;
use centurion_graph::Graph;
use centurion_plot::graph::{GraphPicture, dot, svg};

use crate::files;

/// A picture to be made once the agents have run.
pub(crate) struct GraphFile {
    pub(crate) path: PathBuf,
    graph: Arc<Graph>,
    draw: fn(&Graph, &GraphPicture<'_>) -> String,
}

impl GraphFile {
    /// Says at once whether there is something to draw and a file to draw it into.
    pub(crate) fn new(path: &Path, workload: &dyn Workload) -> Result<Self> {
        let graph = workload.graph().with_context(|| {
            format!(
                "failed to draw {}: its agents need nothing of each other; leave out --graph, or run council",
                workload.name()
            )
        })?;
        let draw = match path.extension().and_then(|extension| extension.to_str()) {
            Some("svg") => svg,
            Some("dot") => dot,
            _ => bail!(
                "failed to draw into {}: the name says no format; give --graph a name that ends in .svg or .dot",
                path.display()
            ),
        };
        files::ensure_writable(path)?;
        Ok(Self { path: path.to_owned(), graph, draw })
    }

    /// Draws the graph with what each agent took, in nanoseconds.
    pub(crate) fn write(&self, workload: &dyn Workload, costs_ns: &[u64]) -> Result<()> {
        let names: Vec<String> = self.graph.tasks().map(|agent| workload.agent_name(agent)).collect();
        let picture = GraphPicture { title: &workload.name(), names: &names, costs: Some(costs_ns) };
        files::write(&self.path, &(self.draw)(&self.graph, &picture))
    }
}
