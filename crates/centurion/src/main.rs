//! The command line.

use std::process::ExitCode;

use centurion_allocations::Counting;

/// Counts in the processes that footprints are taken of, and nowhere else.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    centurion::cli::main()
}
