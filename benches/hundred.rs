//! `cargo bench`: every workload under every executor, measured in shuffled rounds, analysed by criterion.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    centurion::bench::hundred(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
}
