//! Two versions of a function, side by side: with a new vector for each hash, and without.

use std::process::ExitCode;

use centurion::bench::Pair;
use sha2::{Digest, Sha256};

fn hash_without_vectors(agent: usize) -> String {
    let first = Sha256::digest(agent.to_le_bytes());
    let digest = (1..500).fold(first, |digest, _| Sha256::digest(digest));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn main() -> ExitCode {
    Pair::new("hash", || own_agents::hash(7), || hash_without_vectors(7)).main()
}
