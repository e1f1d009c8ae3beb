//! What a record means: statistics, tables, charts and pages.
//!
//! The room is pure: records in, bytes out. [`Analysis::of`] derives every figure once, as plain data, and
//! each renderer reads the same numbers from it.

pub mod analysis;
pub mod compare;
pub mod csv;
mod figures;
mod files;
pub mod loss;
mod markdown;
mod page;
pub mod prediction;
pub mod story;
pub mod terminal;
pub mod units;

pub use analysis::Analysis;
pub use files::files;
pub use markdown::index;
