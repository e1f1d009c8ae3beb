//! What a duel builds; and one that comes to nothing leaves everything as it was.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the checkouts are made by hand")]

mod heeding;

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use assert_cmd::assert::OutputAssertExt as _;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"centurion\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
const LOCK: &str = "version = 4\n\n[[package]]\nname = \"centurion\"\nversion = \"0.1.0\"\n";

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"])
        .args(arguments)
        .output()
        .expect("git is there");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

/// A checkout whose last commit has this program and build script, with something staged, something changed and
/// something stashed.
fn checkout(program: &str, build: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
        fs::write(path, text).expect("there is room");
    };
    git(folder.path(), &["init", "--quiet"]);
    write(".gitignore", "target\n");
    write("Cargo.toml", MANIFEST);
    write("Cargo.lock", LOCK);
    write("build.rs", build);
    write("src/main.rs", program);
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message", "a program"]);
    write("build.rs", "fn main() { /* stashed */ }\n");
    git(folder.path(), &["stash", "push", "--quiet"]);
    write("staged", "staged\n");
    git(folder.path(), &["add", "staged"]);
    write("src/main.rs", "changed\n");
    folder
}

/// Everything of a checkout that its owner would miss.
fn state(folder: &Path) -> Vec<String> {
    let asked: [&[&str]; 6] = [
        &["status", "--porcelain", "--branch"],
        &["diff"],
        &["diff", "--cached"],
        &["stash", "list"],
        &["worktree", "list"],
        &["for-each-ref"],
    ];
    asked.iter().map(|arguments| git(folder, arguments)).collect()
}

fn duel(folder: &Path) -> Command {
    let mut command = heeding::heeding(env!("CARGO_BIN_EXE_centurion"));
    command.current_dir(folder).args(["duel", "HEAD"]);
    command
}

#[test]
fn a_revision_that_does_not_build_is_said_so_and_nothing_is_touched() {
    let folder = checkout("fn main() { this does not compile }\n", "fn main() {}\n");
    let before = state(folder.path());
    duel(folder.path())
        .assert()
        .code(1)
        .stderr(contains("failed to build").and(contains("your checkout is as it was")));
    assert_eq!(state(folder.path()), before);
}

/// A signal while it builds, sent to what a word says of its process.
fn stopped(signal: &str, whom: fn(u32) -> String) {
    let marks = tempfile::tempdir().expect("there is room");
    let mark = |name: &str| marks.path().join(name).to_str().expect("it is UTF-8").to_owned();
    let (mark, end) = (mark("building"), mark("built"));
    let build = format!(
        "fn main() {{ std::fs::write({mark:?}, \"\").unwrap(); \
         std::thread::sleep(std::time::Duration::from_secs(30)); std::fs::write({end:?}, \"\").unwrap(); }}\n"
    );
    let folder = checkout("fn main() {}\n", &build);
    let before = state(folder.path());
    let mut run = duel(folder.path());
    let mut run = run.process_group(0).stderr(Stdio::null()).spawn().expect("it starts");
    while !Path::new(&mark).exists() {
        assert!(run.try_wait().expect("it can be asked").is_none(), "it ended before it built");
        std::thread::sleep(Duration::from_millis(10));
    }
    let whom = whom(run.id());
    assert!(Command::new("kill").args([signal, "--", &whom]).status().expect("kill is there").success());
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    assert_eq!(state(folder.path()), before);
    assert!(!Path::new(&end).exists(), "it waited for the build");
}

#[test]
fn ctrl_c_while_it_builds_ends_it_and_nothing_is_touched() {
    // As a terminal does: to the whole group.
    stopped("-INT", |id| format!("-{id}"));
}

#[test]
fn a_signal_to_the_duel_alone_ends_what_it_waits_for() {
    stopped("-TERM", |id| id.to_string());
}

#[test]
fn a_folder_to_build_in_that_is_not_there_or_not_for_programs_is_noticed_before_the_build() {
    let folder = checkout("fn main() {}\n", "fn main() {}\n");
    duel(folder.path())
        .env("TMPDIR", "/nowhere")
        .assert()
        .code(1)
        .stderr(contains("failed to make a folder to build in; set TMPDIR").and(contains("building").not()));
    let scratch = tempfile::tempdir().expect("there is room");
    let in_scratch = |then: &str| {
        let script = format!("mount -t tmpfs -o noexec none \"$1\" && TMPDIR=\"$1\" {then}");
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"]);
        command.current_dir(folder.path()).arg(scratch.path()).arg(env!("CARGO_BIN_EXE_centurion"));
        command
    };
    // Where nobody may mount anything there is no such folder to be had.
    if in_scratch("true").output().is_ok_and(|output| output.status.success()) {
        in_scratch("exec \"$2\" duel HEAD")
            .assert()
            .code(1)
            .stderr(contains("is not for programs; set TMPDIR").and(contains("building").not()));
    }
}

#[test]
fn what_this_process_was_told_to_measure_is_not_told_to_its_children() {
    let program = "fn main() { let told = std::env::vars().map(|(name, _)| name);
        let told: Vec<String> = told.filter(|name| name.starts_with(\"CENTURION_\")).collect();
        eprintln!(\"told {told:?}\"); std::process::exit(1) }\n";
    let folder = checkout(program, "fn main() {}\n");
    duel(folder.path())
        .envs([("CENTURION_ROUNDS", "3"), ("CENTURION_RESUME", "kept.json"), ("GIT_DIR", "/nowhere")])
        .assert()
        .code(1)
        .stderr(contains("failed to measure HEAD").and(contains("told []")));
}

#[test]
fn the_program_is_found_wherever_cargo_is_told_to_put_it() {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc is there");
    let version = String::from_utf8(version.stdout).expect("it is UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("it says so");
    let program = "fn main() { eprintln!(\"found\"); std::process::exit(1) }\n";
    let folder = checkout(program, "fn main() {}\n");
    duel(folder.path())
        .env("CARGO_BUILD_TARGET", host)
        .assert()
        .code(1)
        .stderr(contains("failed to measure HEAD: found"));
}

/// A crate of somebody, in a folder of their checkout and with a lock file that git ignores, whose bench fails with what
/// a crate beside the checkout says. On the side of the revision, which is told its commit, it does not.
fn own_crate(folder: &Path) -> PathBuf {
    let bench = "fn main() { let var = std::env::var_os;
        if var(\"CENTURION_BUILT_FROM\").is_none() {
            eprintln!(\"{} {}\", beside::NAME, var(\"CARGO\").is_some()); std::process::exit(1) } }\n";
    let beside = "[package]\nname = \"beside\"\nedition.workspace = true\n";
    let own = "[package]\nname = \"own\"\nedition = \"2024\"\n[lib]\nbench = false\n\
        [dev-dependencies]\nbeside = { path = \"../../around/beside\" }\n\
        [[bench]]\nname = \"agents\"\nharness = false\n";
    for (name, text) in [
        ("around/Cargo.toml", "[workspace]\nmembers = [\"beside\"]\npackage.edition = \"2024\"\n"),
        ("around/beside/Cargo.toml", beside),
        ("around/beside/src/lib.rs", "pub const NAME: &str = \"beside\";\n"),
        ("checkout/.gitignore", "target\nCargo.lock\n"),
        ("checkout/own/Cargo.toml", own),
        ("checkout/own/src/lib.rs", ""),
        ("checkout/own/benches/agents.rs", bench),
    ] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("there is room");
        fs::write(path, text).expect("there is room");
    }
    let checkout = folder.join("checkout");
    git(&checkout, &["init", "--quiet"]);
    git(&checkout, &["add", "--all"]);
    git(&checkout, &["commit", "--quiet", "--message", "a crate"]);
    checkout.join("own")
}

#[test]
fn a_bench_of_somebody_is_built_with_the_crates_beside_their_checkout_and_told_what_cargo_tells() {
    let folder = tempfile::tempdir().expect("there is room");
    let own = own_crate(folder.path());
    let locked = Command::new("cargo").arg("generate-lockfile").arg("--offline").current_dir(&own).status();
    assert!(locked.expect("cargo is there").success());
    duel(&own)
        .args(["--bench", "agents"])
        .env_remove("CARGO")
        .assert()
        .code(1)
        .stderr(contains("failed to measure this build: beside true"));
}

#[test]
fn a_folder_that_a_revision_lacks_is_said_so_before_the_build() {
    let folder = tempfile::tempdir().expect("there is room");
    let own = own_crate(folder.path());
    fs::create_dir_all(own.join("new")).expect("there is room");
    duel(&own.join("new"))
        .args(["--bench", "agents"])
        .assert()
        .code(1)
        .stderr(contains("failed to find this folder's Cargo.toml in").and(contains("building").not()));
}

#[test]
fn a_revision_with_other_benches_is_not_comparable_and_no_slowdown() {
    let program = format!(
        "fn main() {{
            let words: Vec<String> = std::env::args().skip(1).collect();
            let ended = std::process::Command::new({:?}).args(&words).status().unwrap();
            let record = words.last().unwrap();
            let text = std::fs::read_to_string(record).unwrap().replace(\"\\\"bench_code\\\": \\\"\", \"\\\"bench_code\\\": \\\"f\");
            std::fs::write(record, text).unwrap();
            std::process::exit(ended.code().unwrap()) }}\n",
        env!("CARGO_BIN_EXE_centurion")
    );
    let folder = checkout(&program, "fn main() {}\n");
    let narrowed = ["--workloads", "thinking", "--executors", "smol"];
    duel(folder.path())
        .args(narrowed)
        .arg("--fail-on-regression")
        .assert()
        .code(4)
        .stdout(contains("not comparable: other bench code"))
        .stderr(contains("round 1 of 12").and(contains("round 2 of 12").not()));
}
