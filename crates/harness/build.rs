//! Writes down what the build is made of: compiler, flags, and a digest of the code that measures.
#![expect(clippy::disallowed_methods, reason = "a build script reads the files it is told to watch")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut digest = 0xcbf2_9ce4_8422_2325;
    for room in ["../agents/src", "../agents/data", "src"] {
        let room = here.join(room);
        println!("cargo:rerun-if-changed={}", room.display());
        for file in files(&room)? {
            digest = fnv1a(digest, &fs::read(file)?);
        }
    }
    let rustc = env::var_os("RUSTC").expect("cargo sets it");
    let version = Command::new(rustc).arg("--version").output()?.stdout;
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().replace('\u{1f}', " ");
    println!("cargo:rustc-env=CENTURION_BENCH_CODE={digest:016x}");
    println!("cargo:rustc-env=CENTURION_RUSTC={}", String::from_utf8_lossy(&version).trim());
    println!(
        "cargo:rustc-env=CENTURION_FLAGS={}",
        format!("opt-level={} {flags}", env::var("OPT_LEVEL").unwrap_or_default()).trim()
    );
    Ok(())
}

/// Every file below a folder, in a fixed order.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

/// FNV-1a, 64 bits.
fn fnv1a(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
