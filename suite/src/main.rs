//! The command line of Centurion with the executors of the suite beside its own.

use std::process::ExitCode;

use centurion_allocations::Counting;

/// Counts in the processes that footprints are taken of, and nowhere else.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    centurion::cli::main_with(
        centurion_suite::factories(),
        centurion_suite::LOCK,
        &centurion_suite::LIBRARIES,
    )
}
