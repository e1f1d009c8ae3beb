//! Writers of documents. None of them knows a workload or an executor.

pub(crate) mod csv;
mod grid;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod terminal;
