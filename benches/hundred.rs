//! `cargo bench`: every workload under every executor, measured in shuffled rounds, analysed by criterion.

use std::path::Path;
use std::process::ExitCode;

use centurion_allocations::Counting;

/// Counts in the processes that footprints are taken of, and nowhere else.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    centurion::bench::hundred(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
}
