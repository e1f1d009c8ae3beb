//! Makes the digest that tells one build of this module from another.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// What decides what the module computes and offers, relative to this crate.
const SOURCES: [&str; 7] = [
    "Cargo.lock",
    "src",
    "../../crates/agents/Cargo.toml",
    "../../crates/agents/data",
    "../../crates/agents/src",
    "../../crates/graph/Cargo.toml",
    "../../crates/graph/src",
];

fn main() {
    let mut digest = Sha256::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        for file in files(Path::new(source)) {
            add(&mut digest, &file);
        }
    }
    let start = *digest.finalize().first_chunk().expect("a digest has 32 bytes");
    println!("cargo::rustc-env=CENTURION_AGENTS_BUILD={:016x}", u64::from_be_bytes(start));
}

/// The file itself, or every file below the folder, sorted.
fn files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.into()];
    }
    let entries =
        fs::read_dir(path).unwrap_or_else(|error| panic!("failed to list {}: {error}", path.display()));
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries.iter().flat_map(|entry| files(entry)).collect()
}

/// Adds a file's path and contents, each after its length, so that no two lists of files are the same bytes.
#[expect(clippy::disallowed_methods, reason = "a build script reads the sources it describes")]
fn add(digest: &mut Sha256, file: &Path) {
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("failed to read {}: {error}", file.display()));
    let name = file.display().to_string().replace('\\', "/").into_bytes();
    for part in [name, bytes] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
}
