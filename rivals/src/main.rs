//! Centurion's pair mode and its comparison of runs beside other harnesses: the same kernels with the same slowdowns built
//! in, each measurement in a process of its own, in shuffled order, and one table of what each called different.

mod driver;
mod kernel;
mod ours;
mod table;
mod theirs;
mod trial;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;

use crate::driver::Options;
use crate::trial::{Harness, RivalTrial};

fn main() -> Result<ExitCode> {
    match RivalTrial::from_environment()? {
        Some(trial) => measure(trial),
        None => driver::run(&Options::parse()),
    }
}

/// In a process of the driver's: measures, and says as the last line what the harness said.
fn measure(trial: RivalTrial) -> Result<ExitCode> {
    let said = match trial.harness {
        Harness::Pair | Harness::PairLong => ours::pair(trial)?,
        Harness::Compare => ours::compare(trial)?,
        Harness::Zenbench => theirs::zenbench(trial)?,
        Harness::Binggan => theirs::binggan(trial)?,
        // These two say it in words, which the driver reads.
        Harness::Criterion => {
            theirs::criterion(trial);
            return Ok(ExitCode::SUCCESS);
        }
        Harness::Tango | Harness::TangoLong => return theirs::tango(trial),
    };
    println!("{said}");
    Ok(ExitCode::SUCCESS)
}
