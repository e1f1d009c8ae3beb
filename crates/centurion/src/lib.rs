//! The command line of Centurion, and the session it shares with `cargo bench`.
//!
//! This is the only room that prints, opens files and catches signals.

#![warn(clippy::print_stderr, clippy::print_stdout)] // `output` prints: what nobody reads must end nothing

#[cfg(any(unix, feature = "bench"))]
mod advice;
#[cfg(unix)]
pub mod advise;
pub mod args;
#[cfg(unix)]
mod attempt_desk;
#[cfg(feature = "bench")]
pub mod bench;
mod built_from;
pub mod child;
pub mod cli;
pub mod cluster;
mod cluster_outcome;
mod cluster_work;
pub mod command;
#[cfg(unix)]
mod command_agents;
#[cfg(unix)]
pub mod command_args;
#[cfg(unix)]
pub mod command_bench;
#[cfg(unix)]
mod command_cluster;
#[cfg(unix)]
mod command_files;
#[cfg(unix)]
mod command_plan;
#[cfg(unix)]
mod command_progress;
#[cfg(unix)]
pub mod command_run;
#[cfg(unix)]
mod command_summary;
#[cfg(unix)]
mod command_values;
pub mod compare;
#[cfg(unix)]
mod consent;
pub mod demo;
mod demo_options;
pub mod duel;
mod duel_build;
mod duel_child;
mod duel_place;
mod error;
pub mod files;
mod footprint_child;
mod footprints;
mod git;
mod git_variables;
mod graph_file;
#[cfg(unix)]
mod heard_agent;
mod hints;
mod interim;
pub mod interrupt;
pub mod last_screen;
pub mod list;
mod lock_file;
mod machine_time;
mod number;
pub mod options;
mod outcome;
pub mod output;
#[cfg(any(unix, feature = "bench"))]
mod own_plan;
pub mod pair;
pub mod pair_args;
mod peers;
mod progress;
mod proof;
pub mod prove;
mod quiet;
#[cfg(any(unix, feature = "bench"))]
mod range;
mod record_file;
pub mod report;
mod report_base;
mod reports;
mod server;
pub mod session;
mod spent;
pub mod store;
mod turn;
mod unfinished;
pub mod variables;
pub mod verify;
