//! What nothing must break: a module for each kind of fault.

mod common;
mod gates;
#[path = "../heeding/mod.rs"]
mod heeding;
mod records;
mod variables;
mod words;
mod writes;
