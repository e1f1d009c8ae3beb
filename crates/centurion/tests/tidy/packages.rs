//! What Cargo is told about every crate.

use std::process::Command;

use serde_json::Value;

use crate::repository::{files, root};

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    metadata["packages"].as_array().expect("there is a list").clone()
}

/// Parts of a version, missing ones 0.
fn version(package: &Value) -> [u32; 3] {
    let mut parts =
        package["rust_version"].as_str().unwrap_or("0").split('.').map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}

fn is_ours(package: &Value) -> bool {
    package["source"].is_null()
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    let packages = packages();
    let ours = packages.iter().filter(|package| is_ours(package)).map(version).max().expect("there are some");
    let newer: Vec<_> =
        packages.iter().filter(|package| version(package) > ours).map(|package| &package["name"]).collect();
    assert!(newer.is_empty(), "newer than {ours:?}: {newer:?}");
}

#[test]
fn every_crate_says_what_it_is_for() {
    for package in packages().iter().filter(|package| is_ours(package) && package["publish"].is_null()) {
        let empty = |key: &str| {
            package[key].as_str().map_or(package[key].as_array(), |_| None).is_none_or(Vec::is_empty)
        };
        let name = &package["name"];
        assert!(package["description"].is_string() && package["license"].is_string(), "{name}");
        assert!(!empty("keywords") && !empty("categories"), "{name}");
    }
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    // The lints of the workspace forbid unsafe code, and what is forbidden can't be allowed again.
    let elsewhere = ["python/", "examples/", "rivals/", "suite/", "crates/allocations/"];
    for file in files(&["Cargo.toml"]).iter().filter(|file| {
        file.path != "Cargo.toml" && !elsewhere.iter().any(|folder| file.path.starts_with(folder))
    }) {
        // An allocator can't be had without unsafe code, which the workspace forbids.
        let own = file.path == "crates/allocations/Cargo.toml"
            && file.text.contains("[lints.rust]\nunsafe_code = \"deny\"");
        assert!(own || file.text.contains("[lints]\nworkspace = true"), "{}", file.path);
    }
}
