//! Centurion's lazy task graphs beside other libraries and rayon by hand: the same graphs, each measurement in a process of
//! its own, in shuffled order, and tables of what a task costs.

#![expect(clippy::disallowed_methods, reason = "a program of its own, which measures by itself")]

mod cell;
mod driver;
mod shape;
mod table;
#[expect(clippy::unused_async, reason = "tasks of dagx are async, whether or not they wait")]
mod theirs;
mod ways;

use anyhow::Result;
use clap::Parser as _;

use crate::driver::GraphOptions;

fn main() -> Result<()> {
    let options = GraphOptions::parse();
    match options.cell {
        Some(cell) => cell.measure(),
        None => driver::run(&options),
    }
}
