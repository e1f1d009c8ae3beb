//! What is printed to be pasted can be pasted, slips are understood, and every error ends in what to do.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "files with odd names are made by hand")]

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;

use crate::common::{BENCH, centurion, measure, read, word, write};
use crate::heeding::heeding;

/// Runs a line in a shell in which `cargo centurion` is the program under test.
fn paste(line: &str, tools: &Path, folder: &Path) -> std::process::Output {
    let cargo = tools.join("cargo");
    let script = format!("#!/bin/sh\nshift\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_centurion"));
    fs::write(&cargo, script).expect("there is room");
    fs::set_permissions(&cargo, PermissionsExt::from_mode(0o755)).expect("it is ours");
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder).env("PATH", path).env_remove("PWD");
    shell.output().expect("there is a shell")
}

/// A run that is stopped after its second round: what it said.
fn stopped(record: &Path) -> String {
    let mut command = heeding(env!("CARGO_BIN_EXE_centurion"));
    command.args(BENCH).args(["--rounds", "40", "--record"]).arg(record);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stderr = BufReader::new(run.stderr.take().expect("it is piped"));
    let mut line = String::new();
    while !line.starts_with("round 2 ") {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).expect("it prints"), 0, "it ended before its second round");
    }
    let id = run.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill is there").success());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("it prints");
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    rest
}

#[test]
fn what_a_stopped_run_prints_can_be_pasted() {
    let folder = tempfile::tempdir().expect("there is room");
    let record = folder.path().join("it's (a|b) $HOME & more.json");
    let said = stopped(&record);
    let told = |what: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(what)).expect("it says how");
        let output = paste(line.trim(), folder.path(), Path::new("/"));
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is UTF-8")
    };
    assert!(told("look at them with").contains("deciding"));
    assert!(told("go on with").contains("judged"));
    let whole = read(&record);
    assert!(whole.run.complete && whole.rounds.len() == 40);
    assert_eq!(
        whole.run.command,
        "cargo centurion bench deciding --quick --agents 2 --executors std-counter --bare --rounds 40"
    );
}

#[test]
fn what_a_check_prints_can_be_pasted() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports) = (folder.path().join("run.json"), folder.path().join("my reports"));
    let machine = measure(&path, "2").environment.machine();
    let report = ["report", word(&path), "--into", word(&reports)];
    centurion(&report).assert().success();
    fs::write(reports.join(&machine).join("index.html"), "spoilt").expect("there is room");
    let check = ["report", "--into", word(&reports), "--check"];
    let output = centurion(&check).assert().code(1).get_output().stdout.clone();
    let output = String::from_utf8(output).expect("it is UTF-8");
    let line = output.lines().find(|line| line.starts_with("  cargo")).expect("it says how");
    assert!(paste(line, folder.path(), Path::new("/")).status.success(), "{line}");
    centurion(&check).assert().success();
}

#[test]
fn a_slip_is_answered_with_what_was_perhaps_meant() {
    for (typed, meant) in [
        (&["verfy"][..], "'verify'"),
        (&["comapre"], "'compare'"),
        (&["council"], "'run council'"),
        (&["Bench"], "'bench'"),
        (&["help", "comapre"], "'compare'"),
        (&["bench", "--executrs", "rayon"], "'--executors'"),
        (&["bench", "--executors", "ryon"], "did you mean rayon?"),
        (&["run", "thinkin"], "did you mean thinking?"),
        (&["run", "--executor", "std-chunk"], "did you mean std-chunks?"),
    ] {
        centurion(typed).assert().failure().stderr(contains(meant));
    }
}

#[test]
fn a_first_word_that_is_like_none_is_answered_with_those_there_are() {
    for typed in [&["foo"][..], &["foo", "--agents", "3"], &["help", "foo"], &["python3", "eval.py"]] {
        let unknown = contains(format!("subcommand '{}'", typed[usize::from(typed[0] == "help")]));
        let all = contains("there are run, advise, list, ").or(contains("there are run, list, "));
        centurion(typed).assert().code(2).stderr(unknown.and(all).and(contains("report")));
    }
    centurion(&["./eval.py"]).assert().code(2).stderr(contains("two dashes, as in `-- ./eval.py`"));
    centurion(&["a.jsonl"]).assert().code(2).stderr(contains("as in `--input a.jsonl`"));
}

#[cfg(unix)]
#[test]
fn a_command_without_two_dashes_is_told_of_them() {
    let behind = "a command of your own stands behind two dashes, as in `-- ";
    for typed in [
        &["run", "--input", "x.jsonl", "./agent"][..],
        &["run", "--input", "x.jsonl", "agent"],
        &["run", "./agent"],
        &["run", "python3", "eval.py"],
        &["advise", "--agents", "5", "./agent"],
        &["bench", "--input", "x.jsonl", "./agent"],
    ] {
        centurion(typed).assert().failure().stderr(contains(behind));
    }
}

#[test]
fn two_dashes_are_suggested_only_where_something_can_stand_behind_them() {
    let as_a_value = || contains("as a value").not();
    for typed in
        [&["run", "--wokers", "3"][..], &["advise", "--wokers", "3", "--", "true"], &["--wokers", "3"]]
    {
        let said = as_a_value().and(contains("'--workers'")).and(contains("two dashes").not());
        centurion(typed).assert().code(2).stderr(said);
    }
    for typed in [&["show", "--nonsense"][..], &["run", "--nonsense", "--", "true"]] {
        centurion(typed).assert().code(2).stderr(as_a_value().and(contains("tip").not()));
    }
    for typed in [&["run", "./agent", "--temperature", "3"][..], &["bench", "--model", "x"]] {
        let behind = contains("tip: a command of your own stands behind two dashes");
        centurion(typed).assert().code(2).stderr(as_a_value().and(behind));
    }
}

#[test]
fn a_comma_too_many_is_told_with_the_form_of_a_list() {
    for typed in [
        &["bench", "--workloads", ","][..],
        &["bench", "deciding,,grain"],
        &["verify", "--executors", "rayon,"],
        &["duel", "HEAD", "--workloads", ","],
    ] {
        centurion(typed).assert().failure().stderr(contains("give names with one comma between two"));
    }
    for flag in ["--cores", "--workers"] {
        centurion(&["bench", flag, "1,,2"]).assert().code(2).stderr(contains("give a number from 1 to"));
    }
}

#[test]
fn an_empty_file_is_called_empty() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("empty.json");
    for text in ["", " \n\n"] {
        centurion::files::write(&path, text).expect("it is written");
        centurion(&["show", word(&path)])
            .assert()
            .code(1)
            .stderr(contains("empty.json: the file is empty; make a new record with `cargo bench`"));
    }
}

#[test]
fn workloads_are_named_alike_by_every_command_and_no_command_has_flags_that_mean_nothing_to_it() {
    for command in ["list", "verify", "bench", "run"] {
        for named in [&["nonsense"][..], &["--workload", "nonsense"], &["--workloads", "nonsense"]] {
            centurion(&[&[command], named].concat()).assert().code(2).stderr(contains("\"nonsense\""));
        }
    }
    for command in ["list", "verify"] {
        let help = centurion(&[command, "--help"]).assert().success();
        let help = String::from_utf8_lossy(&help.get_output().stdout).into_owned();
        for flag in ["--budget", "--rounds", "--resume", "--record"] {
            assert!(!help.contains(flag), "{command} {flag}");
        }
    }
}

#[test]
fn reports_are_checked_from_any_folder_of_their_checkout() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, below) = (folder.path().join("run.json"), folder.path().join("crates/below"));
    measure(&path, "2");
    let made = Command::new("git").args(["init", "--quiet"]).arg(folder.path()).status();
    assert!(made.expect("git is there").success());
    fs::create_dir_all(&below).expect("there is room");
    let into = folder.path().join("reports");
    centurion(&["report", word(&path), "--into", word(&into)]).assert().success();
    for place in [folder.path(), &below] {
        let mut check = centurion(&["report", "--check"]);
        check.current_dir(place).assert().success().stdout(contains("1 report is the same"));
    }
}

#[test]
fn a_base_can_be_a_folder_and_what_is_not_there_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("there is room");
    let (path, reports) = (folder.path().join("run.json"), folder.path().join("reports"));
    let machine = measure(&path, "2").environment.machine();
    centurion(&["report", word(&path), "--into", word(&reports)]).assert().success();
    centurion(&["compare", word(&reports.join(machine)), word(&path)]).assert().success();
    centurion(&["compare", word(&reports), word(&path)]).assert().success();
    centurion(&["show", word(&reports)]).assert().success();
    centurion(&["compare", word(folder.path()), word(&path)])
        .assert()
        .code(1)
        .stderr(contains("holds no results.json"));
    centurion(&["compare", "nosuch", word(&path)])
        .assert()
        .code(1)
        .stderr(contains("no such file").and(contains("rev-parse").not()).and(contains("git revision")));
    centurion(&["report", "--check", "--into", word(&folder.path().join("nothing"))])
        .assert()
        .code(1)
        .stderr(contains("failed to find a report").and(contains("--into")));
}

#[test]
fn names_that_are_no_text_panic_nowhere() {
    let folder = tempfile::tempdir().expect("there is room");
    let odd = folder.path().join(OsStr::from_bytes(b"odd\xff.json"));
    let mut bench = centurion(&BENCH);
    bench.args(["--rounds", "1", "--record"]).arg(&odd).assert().success();
    let mut show = centurion(&["show"]);
    show.arg(&odd).env("CENTURION_ODD", OsStr::from_bytes(b"\xff")).assert().success();
    let mut compare = centurion(&["compare"]);
    let compare = compare.arg(&odd).arg(&odd).assert().failure();
    assert!(!String::from_utf8_lossy(&compare.get_output().stderr).contains("panicked"));
}

#[test]
fn what_stands_in_a_file_moves_no_cursor_and_turns_no_writing_around() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("evil.json");
    let mut record = measure(&path, "1");
    let evil = "\u{1b}[2J\u{1b}]0;title\u{7}\u{202e}evil";
    record.executors.last_mut().expect("there are executors").summary = evil.into();
    let cell = record.cells.iter_mut().find(|cell| cell.executor == "std-counter").expect("it is measured");
    cell.failure = Some(evil.into());
    cell.clear_samples();
    write(&path, &record);
    for arguments in [&["show", word(&path)][..], &["report", word(&path), "--into", word(folder.path())]] {
        let output = centurion(arguments).assert().get_output().clone();
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8(printed).expect("it is UTF-8");
        assert!(!printed.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{printed:?}");
    }
    let json = centurion(&["compare", word(&path), word(&path), "--format", "json"]).assert().success();
    let text = String::from_utf8(json.get_output().stdout.clone()).expect("it is UTF-8");
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok() && !text.contains('\u{202e}'), "{text}");
    fs::write(&path, "position\tboard\n\u{1b}[2J\u{202e}\tXO\n").expect("there is room");
    let arguments = ["run", "deciding", "--positions", word(&path)];
    let output = centurion(&arguments).assert().code(1).get_output().stderr.clone();
    assert!(!String::from_utf8_lossy(&output).contains(['\u{1b}', '\u{202e}']));
}

#[test]
#[cfg(unix)]
fn what_only_a_command_has_is_refused_with_a_workload_and_not_passed_over() {
    let alone = ["--scale", "0.001"];
    for flags in [&["--results", "r"][..], &["--journal", "j"], &["--timeout", "3s"], &["--persistent"]] {
        let refused =
            format!("failed to run thinking with {}, which is for commands: a command of your own", flags[0]);
        for before in [&alone[..], &["run", "thinking"], &["run", "--scale", "0.001"]] {
            centurion(&[before, flags].concat()).assert().code(1).stderr(contains(refused.as_str()));
        }
    }
}
