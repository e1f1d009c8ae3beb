//! What nothing must break: a module for each kind of fault.

mod common;
mod gates;
mod records;
mod variables;
mod words;
mod writes;
