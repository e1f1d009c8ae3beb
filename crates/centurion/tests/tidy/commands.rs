//! What the documents tell one to type exists.

use assert_cmd::Command;

use crate::repository::{code, files, read, rows, section};

/// What a command says of itself; no command is the demo.
fn help(command: &str) -> String {
    let mut centurion = Command::cargo_bin("centurion").expect("it is built");
    let assert = centurion.args(command.split_whitespace()).arg("--help").assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).expect("it prints UTF-8")
}

/// The command of this program that a line of a shell calls, if it calls this program.
fn called(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix("cargo centurion ") {
        return rest.split(' ').next();
    }
    line.starts_with("cargo run --release").then_some("")
}

fn flags(line: &str) -> impl Iterator<Item = &str> {
    line.split(' ').filter(|word| word.starts_with("--") && word.len() > 2 && *word != "--release")
}

#[test]
fn the_reference_names_commands_and_flags_that_exist() {
    let reference = read("docs/reference.md");
    for row in rows(section(&reference, "## Commands")) {
        let spans = row.iter().flat_map(|cell| code(cell));
        let Some(command) = code(row[0]).first().and_then(|line| called(line)) else { continue };
        let help = help(command);
        for flag in spans.filter(|line| !line.starts_with("cargo bench")).flat_map(flags) {
            assert!(help.contains(flag), "{command}: {flag}");
        }
    }
}

#[test]
fn the_reference_names_every_command() {
    let reference = read("docs/reference.md");
    let help = help("");
    let commands = section(&help, "Commands:").split("\n\n").next().expect("there is a first part");
    let names =
        commands.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    for name in names.filter_map(|line| line.split(' ').next()).filter(|name| !["run", "help"].contains(name))
    {
        assert!(reference.contains(&format!("| `cargo centurion {name}")), "{name} has no row");
    }
}

#[test]
fn benches_and_recipes_that_are_named_exist() {
    let (benches, recipes) = (read("benches/Cargo.toml"), read("justfile"));
    let benches = benches + &read("examples/own-agents/Cargo.toml");
    for file in files(&[".md"]) {
        for line in
            code(&file.text).into_iter().chain(file.text.lines().map(|line| line.trim_start_matches("$ ")))
        {
            let after = |start: &str| line.strip_prefix(start).and_then(|rest| rest.split(' ').next());
            if let Some(bench) = after("cargo bench --bench ") {
                assert!(benches.contains(&format!("name = \"{bench}\"")), "{}: {line}", file.path);
            }
            if let Some(recipe) = after("just ") {
                let known = recipes.lines().any(|line| line.split([' ', ':']).next() == Some(recipe));
                assert!(known, "{}: {line}", file.path);
            }
        }
    }
}
