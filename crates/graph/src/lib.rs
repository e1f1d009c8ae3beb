//! Task graphs as data: which task needs the results of which others, and how fast any schedule of them can be.
//!
//! A [`Graph`] says nothing about what its tasks do, and nothing here runs one, reads a clock or starts a thread.
//! Given what each task costs, there are three answers:
//!
//! - [`Graph::critical_path`]: the dearest chain of tasks that wait for each other;
//! - [`Schedule`]: what a shared queue would make of them on so many workers, task by task;
//! - [`Bounds`]: the makespan that no schedule beats, and so the ceiling of the speedup.
//!
//! Schedules and bounds take the graph as an option: without one, the tasks need nothing of each other. The tests
//! hold both against the best of all schedules of small instances, found by trying them all.
//!
//! Every algorithm is linear in tasks and inputs, but for sorts and heaps of tasks, and none recurses.
//! `centurion-plot` draws graphs.
//!
//! ```
//! use centurion_graph::{Bounds, Graph, Schedule};
//!
//! // Two agents, a judge who hears both, and a summary.
//! let graph = Graph::new([vec![], vec![], vec![0, 1], vec![2]])?;
//! assert_eq!(graph.roots(), [0, 1]);
//! assert_eq!(graph.dependents(1), [2]);
//!
//! let costs = [5, 9, 2, 1];
//! assert_eq!(graph.critical_path(&costs).tasks, [1, 2, 3]);
//! assert_eq!(Schedule::new(&costs, Some(&graph), 2).makespan(), 12);
//! assert_eq!(Bounds::new(&costs, Some(&graph)).ceiling(2), 17.0 / 12.0);
//! # Ok::<(), centurion_graph::GraphError>(())
//! ```

mod bounds;
mod graph;
mod path;
mod schedule;

pub use bounds::Bounds;
pub use graph::{Graph, GraphError};
pub use path::CriticalPath;
pub use schedule::{Schedule, Slot};
