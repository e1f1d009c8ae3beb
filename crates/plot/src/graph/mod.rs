//! Task graphs: who needs whom, what each task took, and the critical path.
//!
//! [`svg`](svg()) draws a graph, [`dot`](dot()) writes it in the language of Graphviz.

mod dot;
mod fold;
mod layers;
mod picture;
mod svg;

pub use dot::dot;
pub use picture::GraphPicture;
pub use svg::svg;
