//! Writes down what the build is made of: compiler, flags, and a digest of the code that measures.

use std::process::Command;
use std::{env, io};

fn main() -> io::Result<()> {
    let sources = centurion_digest::sources(&["src"])?;
    let rustc = env::var_os("RUSTC").expect("cargo sets it");
    let version = Command::new(rustc).arg("--version").output()?.stdout;
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().replace('\u{1f}', " ");
    println!("cargo:rustc-env=CENTURION_HARNESS_SOURCES={sources}");
    println!("cargo:rustc-env=CENTURION_RUSTC={}", String::from_utf8_lossy(&version).trim());
    println!(
        "cargo:rustc-env=CENTURION_FLAGS={}",
        format!("opt-level={} {flags}", env::var("OPT_LEVEL").unwrap_or_default()).trim()
    );
    Ok(())
}
