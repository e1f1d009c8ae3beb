//! Agents that are processes, and everything they can do wrong. Nothing here judges a time.
#![cfg(unix)]

mod graphs;
mod helper;
mod journals;
mod processes;
mod starts;
mod stops;
mod workers;
