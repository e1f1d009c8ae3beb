//! Makes the digest that the Python module must have been built with: it is the module's own `BUILD`.
#![expect(clippy::disallowed_methods, reason = "a build script reads the sources it describes")]

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// What the module is built from, relative to its crate; the same list as in `python/rust/build.rs`.
const SOURCES: [&str; 7] = [
    "Cargo.lock",
    "src",
    "../../crates/agents/Cargo.toml",
    "../../crates/agents/data",
    "../../crates/agents/src",
    "../../crates/graph/Cargo.toml",
    "../../crates/graph/src",
];

/// The module's crate.
const MODULE: &str = "../../python/rust";

fn main() {
    let mut digest = Sha256::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={MODULE}/{source}");
        for file in files(source) {
            for part in [file.replace('\\', "/").as_bytes(), &read(&file)] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part);
            }
        }
    }
    let start = *digest.finalize().first_chunk().expect("a digest has 32 bytes");
    println!("cargo::rustc-env=CENTURION_AGENTS_BUILD={:016x}", u64::from_be_bytes(start));
}

fn read(file: &str) -> Vec<u8> {
    let path = Path::new(MODULE).join(file);
    fs::read(&path).unwrap_or_else(|error| panic!("failed to read {}: {error}", path.display()))
}

/// The file itself, or every file below the folder, sorted; relative to the module's crate.
fn files(source: &str) -> Vec<String> {
    let path = Path::new(MODULE).join(source);
    if !path.is_dir() {
        return vec![source.into()];
    }
    let entries =
        fs::read_dir(&path).unwrap_or_else(|error| panic!("failed to list {}: {error}", path.display()));
    let mut names: Vec<PathBuf> = entries.flatten().map(|entry| entry.file_name().into()).collect();
    names.sort();
    names.iter().flat_map(|name| files(&format!("{source}/{}", name.display()))).collect()
}
