//! Task graphs as data: which task needs the results of which others.
//!
//! A [`Graph`] says nothing about what its tasks do, and nothing here runs one. From what each task costs it
//! derives the [critical path](Graph::critical_path), [list schedules](Schedule) and the [bounds](Bounds) that no
//! schedule beats, and it draws itself as [SVG](svg()) and [DOT](dot()). Every algorithm on it is linear in tasks and
//! inputs but for a sort, and none recurses.
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
mod dot;
mod fold;
mod graph;
mod layout;
mod path;
mod picture;
mod schedule;
mod svg;
mod text;

pub use bounds::Bounds;
pub use dot::dot;
pub use graph::{Graph, GraphError};
pub use path::CriticalPath;
pub use picture::Picture;
pub use schedule::{Schedule, Slot};
pub use svg::svg;
