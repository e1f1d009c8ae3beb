//! What a record means: statistics, tables, charts and pages.
//!
//! The room is pure: records in, bytes out. [`centurion_findings::Analysis::new`] derives every figure once, as plain data, and
//! each renderer reads the same numbers from it.

pub mod compare;
pub mod csv;
mod figures;
mod files;
mod markdown;
mod page;
pub mod story;
pub mod terminal;
pub mod units;
pub mod wording;

pub use files::files;
pub use markdown::index;
