//! Task graphs as data: which task needs the results of which others.
//!
//! A [`Graph`] says nothing about what its tasks do, and nothing here runs one. From what each task costs it
//! derives the [critical path](Graph::critical_path), [list schedules](Schedule) and the [bounds](Bounds) that no
//! schedule beats. Every algorithm on it is linear in tasks and inputs, but for sorts and heaps of tasks, and none
//! recurses. `centurion-plot` draws it.
//!
//! ```
//! use centurion_graph::Graph;
//!
//! // Two agents, a judge who hears both, and a summary.
//! let graph = Graph::new([vec![], vec![], vec![0, 1], vec![2]])?;
//! assert_eq!(graph.roots(), [0, 1]);
//! assert_eq!(graph.dependents(1), [2]);
//! assert_eq!(graph.critical_path(&[5, 9, 2, 1]).tasks, [1, 2, 3]);
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
