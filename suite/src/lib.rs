//! The reference suite: every maintained Rust library that can map a bag, each behind an adapter of a few lines.
//!
//! `README.md` has the steps to add one, `BIAS.md` what these choices favour.

mod adapter;
mod loops;
mod pools;
mod promises;

use centurion_executors::Factory;

pub use promises::{PROMISES, Promise};

/// The lock file that this package is built by: the versions of its libraries stand in every record.
pub const LOCK: &str = include_str!("../Cargo.lock");

/// Libraries whose versions a record states, beside those that Centurion names by itself.
pub const LIBRARIES: [&str; 15] = [
    "affinitypool",
    "beekeeper",
    "bevy_tasks",
    "centurion-suite",
    "chili",
    "executors",
    "fork_union",
    "futures-executor",
    "orx-parallel",
    "paralight",
    "rusty_pool",
    "spindle",
    "switchyard",
    "threadpool",
    "workerpool",
];

/// Every executor of the suite, in the order they are shown: beside those that Centurion lists by itself.
pub fn factories() -> Vec<Factory> {
    loops::ALL.into_iter().chain(pools::ALL).collect()
}
