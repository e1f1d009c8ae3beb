//! `centurion run -- COMMAND`, end to end, with real processes. Nothing here judges a time.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the tests write scenarios and read what agents wrote")]

mod command_kills;
mod heeding;
mod run_folder;

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Stdio};
use std::time::Duration;

use run_folder::{RunFolder, is_alive, results, signal, stderr, wait_for};
use serde_json::{Value, json};

/// What an agent of a run that must not begin does.
const BEGINS: [&str; 4] = ["--", "sh", "-c", "touch begun; echo 1"];

fn with<'a>(options: &[&'a str], command: &[&'a str]) -> Vec<&'a str> {
    [options, command].concat()
}

#[test]
fn results_are_printed_in_order_and_the_rest_is_said_beside_them() {
    let place = RunFolder::new();
    place.write("in.jsonl", "{\"id\": \"a\", \"expected\": 6}\n{\"id\": \"b\", \"expected\": 0}\n");
    let output = place.output(&["--input", "in.jsonl", "--", "sh", "-c", "cat >&2; echo 6"]);
    let results = results(&output.stdout);
    assert_eq!(results.iter().map(|result| &result["right"]).collect::<Vec<_>>(), [true, false]);
    assert_eq!((&results[0]["id"], &results[0]["stderr"]), (&json!("a"), &json!("{\"id\":\"a\"}")));
    let said = stderr(&output);
    assert!(said.contains("2 of 2 agents answered.\n1 of 2 known answers are right: 50 %.\n"), "{said}");
    assert!(said.contains("WRONG  b: 6, not 0\n") && said.contains("Ceiling"), "{said}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn agents_are_numbers_where_there_is_no_input() {
    let place = RunFolder::new();
    let options = ["--agents", "3", "--results", "out.jsonl", "--seed", "7", "--", "sh", "-c"];
    let output = place.output(&with(&options, &["echo $1 $CENTURION_AGENT $CENTURION_SEED", "sh", "{}{#}"]));
    assert!(output.status.success(), "{output:?}");
    let answers: Vec<Value> = results(place.read("out.jsonl").as_bytes());
    assert_eq!(
        answers.iter().map(|result| &result["answer"]).collect::<Vec<_>>(),
        ["00 0 7", "11 1 7", "22 2 7"]
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("3 of 3 agents answered."));
}

#[test]
fn what_agents_and_scenarios_say_forges_no_line_and_colours_nothing() {
    let place = RunFolder::new();
    place.write(
        "in.jsonl",
        "{\"id\":\"a\\n2 of 2 agents answered.\"}\n{\"id\":\"\\u001b[31mb\",\"expected\":1}\n",
    );
    let script = r#"case $CENTURION_AGENT in a*) printf '\033[31mBOOM' >&2; exit 3;; *) printf '"\\u001b[31mred"';; esac"#;
    let options = ["--input", "in.jsonl", "--results", "out.jsonl", "--", "sh", "-c", script];
    let output = place.output(&options);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("1 of 2 agents answered."), "{told}");
    assert!(told.contains("FAILED 1 × ended with exit code 3 (\\u{1b}[31mBOOM): a…"), "{told}");
    assert!(told.contains("WRONG  \\u{1b}[31mb: "), "{told}");
    assert!(
        !told.contains('\u{1b}') && !told.lines().any(|line| line == "2 of 2 agents answered."),
        "{told}"
    );
}

#[test]
fn standard_input_is_read_as_agents_need_it() {
    let place = RunFolder::new();
    let mut run = place.run(&["--input", "-", "--", "cat"]).stdin(Stdio::piped()).spawn().expect("it starts");
    let mut input = run.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(run.stdout.take().expect("it is piped")).lines();
    for number in 0..3 {
        writeln!(input, "{{\"q\": {number}}}").expect("it reads");
        let line = lines.next().expect("there is an answer").expect("it is text");
        let result: Value = serde_json::from_str(&line).expect("it is JSON");
        assert_eq!(result["answer"], json!({"id": number, "q": number}));
    }
    drop(input);
    assert!(run.wait().expect("it ends").success());
}

#[test]
fn what_is_wrong_with_a_command_is_said_before_the_first_agent() {
    let place = RunFolder::new();
    place.write("script", "echo 1");
    let refused = |command: &[&str]| place.refusal(&with(&["--agents", "2", "--"], command));
    assert!(refused(&["no-such-command"]).contains("failed to find the command no-such-command; name one"));
    assert!(refused(&["./script"]).contains("failed to run ./script: it is no file that may be executed"));
    assert!(refused(&["agent-{}"]).contains("--shell"));
    for (first_line, names) in [
        ("#!/no/such", "names `/no/such`, which is not there or may not be executed; install that"),
        ("#!/usr/bin/env no-such", "names `no-such`, which is not there"),
        (
            "#!/bin/sh\r",
            "names `/bin/sh\\r`, which is not there or may not be executed; its lines end as those of Windows",
        ),
    ] {
        place.write("script", &format!("{first_line}\necho 1\n"));
        fs::set_permissions(place.path("script"), Permissions::from_mode(0o755)).expect("it is ours");
        let said = refused(&["./script"]);
        assert!(said.contains(&format!("failed to run ./script: its first line {names}")), "{said}");
    }
}

#[test]
fn what_is_wrong_with_an_input_is_said_with_its_file_and_line_before_the_first_agent() {
    let place = RunFolder::new();
    let refused = |text: &str| {
        place.write("in.jsonl", text);
        place.refusal(&with(&["--input", "in.jsonl"], &BEGINS))
    };
    assert!(refused("{}\n{\n").contains("failed to use in.jsonl:2: it is not JSON"));
    assert!(refused("{}\n\n7\n").contains("failed to use in.jsonl:3: it is no JSON object"));
    assert!(
        refused("{\"id\": 1}\n{\"id\": 1}\n").contains("failed to use in.jsonl:2: line 1 has the id 1 too")
    );
    assert!(
        refused("{}\n{\"a\": 1, \"a\": 2}\n")
            .contains("failed to use in.jsonl:2: it has the key \"a\" twice")
    );
    assert!(
        refused("\n").contains("failed to find a scenario in in.jsonl: it is empty; write one in each line")
    );
    let missing = place.refusal(&with(&["--input", "gone.jsonl"], &BEGINS));
    assert!(missing.contains("failed to read gone.jsonl"), "{missing}");
    let folder = place.refusal(&with(&["--input", "."], &BEGINS));
    assert!(folder.contains("failed to read .: it is a folder; name a file in it"), "{folder}");
}

#[test]
fn what_an_input_seems_to_be_is_said_with_what_makes_lines_of_json_of_it() {
    let place = RunFolder::new();
    for (text, way_out) in [
        ("[{\"id\": 1}, {\"id\": 2}]\n", "is a JSON array; `jq -c '.[]' FILE`"),
        ("[\n  {\"id\": 1}\n]\n", "is it one JSON array? `jq -c '.[]' FILE`"),
        ("{\n  \"id\": 1\n}\n", "is it broken over several lines? `jq -c . FILE`"),
        ("id,question\n1,why\n", "is it CSV? `python3 -c '"),
        ("{\"x\": NaN}\n", "JSON has no NaN and no Infinity: write null"),
    ] {
        place.write("in.jsonl", text);
        let said = place.refusal(&with(&["--input", "in.jsonl"], &BEGINS));
        assert!(said.contains("failed to use in.jsonl:1: it is") && said.contains(way_out), "{said}");
    }
    let utf_16: Vec<u8> = "\u{feff}{\"id\": 1}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(place.path("in.jsonl"), utf_16).expect("there is room");
    let said = place.refusal(&with(&["--input", "in.jsonl"], &BEGINS));
    assert!(said.contains("failed to read in.jsonl:1: it is not UTF-8; is it UTF-16? `iconv"), "{said}");
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let place = RunFolder::new();
    let without_a_command = place.refusal(&["--timeout", "3s"]);
    assert!(without_a_command.contains("<COMMAND>"), "{without_a_command}");
    let without_dashes = place.refusal(&["--agents", "2", "python3", "eval.py"]);
    assert!(
        without_dashes.contains("tip: a command of your own stands behind two dashes"),
        "{without_dashes}"
    );
    for scenarios in [&["in.jsonl"][..], &["--workers", "2", "in.jsonl"]] {
        let misplaced = place.refusal(&with(scenarios, &BEGINS));
        assert!(
            misplaced.contains("tip: scenarios are named by --input, as in `--input in.jsonl`"),
            "{misplaced}"
        );
    }
    for of_the_demo in
        [&["--scale", "2"][..], &["--graph", "a.svg"], &["thinking"], &["--measure-serial"], &["--json"]]
    {
        place.refusal(&with(of_the_demo, &BEGINS));
    }
    for wrong in [["--timeout", "soon"], ["--halt", "now"], ["--max-output", "0"], ["--min-right", "200%"]] {
        assert!(place.refusal(&with(&wrong, &BEGINS)).contains("give "), "{wrong:?}");
    }
    assert!(place.refusal(&with(&["--resume"], &BEGINS)).contains("--journal"));
    assert!(
        place.refusal(&with(&["--input", "x", "--agents", "2"], &BEGINS)).contains("cannot be used with")
    );
    let batches = place.refusal(&with(&["--cluster", "local", "--batch", "3"], &BEGINS));
    assert!(batches.contains("failed to send agents of a command in batches"), "{batches}");
    let persistent = place.refusal(&["--persistent", "--", "cat", "{}"]);
    assert!(persistent.contains("leave out {} and {#}"), "{persistent}");
}

#[test]
fn results_never_replace_what_the_run_needs() {
    let place = RunFolder::new();
    place.write("in.jsonl", "{}\n");
    let refused = place.refusal(&with(&["--input", "in.jsonl", "--results", "./in.jsonl"], &BEGINS));
    let of_input = "failed to write results into ./in.jsonl: it is the file of --input too";
    assert!(refused.contains(of_input), "{refused}");
    assert_eq!(place.read("in.jsonl"), "{}\n");
    let refused = place.refusal(&with(&["--journal", "out", "--results", "out"], &BEGINS));
    assert!(refused.contains("it is the file of --journal too"), "{refused}");
    std::os::unix::fs::symlink("out", place.path("link")).expect("there is room");
    for journal in ["link", "new/../out", "./out"] {
        let refused = place.refusal(&with(&["--journal", journal, "--results", "out"], &BEGINS));
        assert!(refused.contains("it is the file of --journal too"), "{journal}: {refused}");
        assert!(!place.path("out").exists(), "{journal}");
    }
}

#[test]
fn a_run_that_goes_on_writes_over_results_of_its_own_and_nothing_else() {
    let place = RunFolder::new();
    let go_on = ["--agents", "2", "--resume", "--journal", "j", "--results", "out"];
    let others = ["my notes\n", "{\"id\": \"a\", \"expected\": 1}\n", "\u{0}", "\n{}"];
    let result = "{\"id\":0,\"answer\":1,\"exit\":0,\"attempts\":1,\"wall_ns\":1}\n";
    for text in others.into_iter().chain([result]) {
        place.write("out", text);
        let refused = place.refusal(&with(&go_on, &BEGINS));
        let why =
            "failed to write results into out: what is there is not of the run that --resume goes on with";
        assert!(refused.contains(why), "{refused}");
        assert_eq!((place.read("out").as_str(), place.path("j").exists()), (text, false));
    }
    let journal = ["--agents", "2", "--journal", "j", "--", "echo", "1"];
    assert!(place.output(&journal).status.success());
    assert!(place.output(&with(&go_on, &["--", "echo", "1"])).status.success());
    assert_eq!(results(place.read("out").as_bytes()).len(), 2);
}

#[test]
fn two_runs_at_once_do_not_write_into_one_file() {
    let place = RunFolder::new();
    let waits =
        ["--agents", "1", "--results", "out", "--", "sh", "-c", "touch waits; read line; read line < go"];
    assert!(
        std::process::Command::new("mkfifo").arg(place.path("go")).status().expect("it starts").success()
    );
    let mut first = place.run(&waits).spawn().expect("it starts");
    while !place.path("waits").exists() {
        std::thread::yield_now();
    }
    let refused = place.refusal(&with(&["--agents", "1", "--results", "out"], &BEGINS));
    assert!(
        refused.contains("failed to write results into out: another run is writing them there"),
        "{refused}"
    );
    fs::write(place.path("go"), "\n").expect("it is read");
    first.wait().expect("it ends");
    assert_eq!(results(place.read("out").as_bytes()).len(), 1);
}

#[test]
fn results_that_are_there_are_replaced_only_by_a_run_that_goes_on() {
    let place = RunFolder::new();
    let run = ["--agents", "2", "--results", "out", "--journal", "j"];
    assert!(place.output(&with(&run, &["--", "echo", "1"])).status.success());
    let kept = place.read("out");
    let again = place.refusal(&with(&["--agents", "2", "--results", "out"], &BEGINS));
    assert!(again.contains("failed to write results into out: it is there already; name another"), "{again}");
    assert_eq!(place.read("out"), kept);
    assert!(place.output(&with(&run, &["--resume", "--", "echo", "1"])).status.success());
    assert_eq!(place.read("out"), kept);
}

#[test]
fn a_run_that_is_refused_leaves_no_journal_in_the_way_of_the_next() {
    let place = RunFolder::new();
    place.write("out", "kept\n");
    for refused in [
        &["--results", "out"][..],
        &["--results", "/proc/no-folder/out"],
        &["--min-right", "90%"],
        &["--persistent", "--executor", "tokio"],
    ] {
        place.refusal(&with(&[&["--agents", "2", "--journal", "j"], refused].concat(), &BEGINS));
        assert!(!place.path("j").exists(), "{refused:?}");
    }
    place.refusal(&["--agents", "2", "--journal", "j", "--", "no-such-command"]);
    assert!(!place.path("j").exists());
}

#[test]
fn journals_and_results_make_their_folders_and_say_alike_where_they_can_not_be() {
    let place = RunFolder::new();
    let nowhere = ["--agents", "2", "--journal", "a/b/j", "--results", "c/d/out", "--", "echo", "1"];
    assert!(place.output(&nowhere).status.success());
    assert!(place.path("a/b/j").is_file() && place.path("c/d/out").is_file());
    place.write("file", "");
    for flag in ["--journal", "--results"] {
        for (path, why) in [("a", "it is a folder"), ("file/out", "Not a directory (os error 20)")] {
            let said = place.refusal(&with(&["--agents", "2", flag, path], &BEGINS));
            let expected =
                format!("failed to write {path}: {why}; move away what stands there, or name another place");
            assert!(said.contains(&expected), "{flag}: {said}");
        }
    }
}

#[test]
fn a_journal_that_is_there_is_not_begun_again_and_another_command_s_not_gone_on_with() {
    let place = RunFolder::new();
    assert!(place.output(&["--agents", "2", "--journal", "j", "--", "echo", "1"]).status.success());
    let kept = place.read("j");
    let again = place.refusal(&with(&["--agents", "2", "--journal", "j"], &BEGINS));
    assert!(again.contains("it is there already; go on with it by --resume"), "{again}");
    let other = place.refusal(&with(&["--agents", "2", "--journal", "j", "--resume"], &BEGINS));
    assert!(
        other.contains("failed to use the journal j: it is another run's, whose command is [\"echo\",\"1\"]")
    );
    let seed =
        place.refusal(&["--agents", "2", "--seed", "1", "--journal", "j", "--resume", "--", "echo", "1"]);
    assert!(seed.contains("whose seed is 42, not 1"), "{seed}");
    assert_eq!(place.read("j"), kept);
}

#[test]
fn a_script_that_was_changed_is_not_gone_on_with_unless_that_is_said() {
    let place = RunFolder::new();
    place.write("agent.sh", "echo 1");
    let run = ["--agents", "3", "--journal", "j", "--results", "out"];
    let command = ["--", "sh", "agent.sh"];
    assert!(place.output(&with(&run, &command)).status.success());
    assert!(place.output(&with(&run, &[&["--resume"], &command[..]].concat())).status.success());
    place.write("agent.sh", "touch begun; echo 2");
    let refused = place.output(&with(&run, &[&["--resume"], &command[..]].concat()));
    assert!(stderr(&refused).contains("agent.sh has changed since it began"), "{refused:?}");
    assert!(!place.path("begun").exists() && refused.status.code() == Some(1), "{refused:?}");
    let allowed = place.output(&with(&run, &[&["--resume", "--allow-changed"], &command[..]].concat()));
    assert!(allowed.status.success(), "{allowed:?}");
    assert!(stderr(&allowed).contains("warning: agent.sh has changed"), "{allowed:?}");
    assert!(String::from_utf8_lossy(&allowed.stdout).contains("3 of them in an earlier run"));
}

#[test]
fn enough_right_answers_are_enough_where_that_is_said() {
    let place = RunFolder::new();
    place.write("in.jsonl", "{\"expected\": 1}\n{\"expected\": 1}\n{\"expected\": 2}\n{\"expected\": 1}\n");
    let code = |options: &[&str]| place.output(&with(options, &["--", "echo", "1"])).status.code();
    assert_eq!(code(&["--input", "in.jsonl"]), Some(1));
    assert_eq!(code(&["--input", "in.jsonl", "--min-right", "75%"]), Some(0));
    assert_eq!(code(&["--input", "in.jsonl", "--min-right", "76%"]), Some(1));
    for unknown in [&["--agents", "1"][..], &["--input", "unknown.jsonl"]] {
        place.write("unknown.jsonl", "{\"q\": 1}\n");
        let refused = place.refusal(&with(&[unknown, &["--min-right", "1%"]].concat(), &BEGINS));
        assert!(refused.contains("no scenario has an `expected` one"), "{refused}");
    }
}

#[test]
fn a_full_disk_ends_the_run_with_a_reason() {
    let place = RunFolder::new();
    let output = place.output(&["--results", "/dev/full", "--workers", "1", "--", "echo", "1"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    let way_out = "No space left on device (os error 28); make room, and run it again with --journal FILE";
    assert!(said.contains(&format!("error: failed to write results: {way_out}")), "{said}");
    let journal = place.refusal(&with(&["--journal", "/dev/full"], &BEGINS));
    assert!(journal.contains("failed to write the journal /dev/full: No space left"), "{journal}");
    assert!(journal.contains("; make room, or name another place"), "{journal}");
}

#[test]
fn a_run_whose_results_nobody_reads_any_more_says_so_and_ends_with_its_agents() {
    let place = RunFolder::new();
    let script = "echo $$ >> pids; [ $1 = 0 ] || [ $1 = 1 ] || sleep 1000; echo $1";
    let mut run =
        place.run(&["--workers", "2", "--", "sh", "-c", script, "sh", "{}"]).spawn().expect("it starts");
    drop(run.stdout.take());
    let output = run.wait_with_output().expect("it ends");
    let said = stderr(&output);
    let lost = "Stopped early: nobody reads the results any more. What they did not read is lost: --results FILE keeps";
    assert!(said.matches("Stopped early").count() == 1 && said.contains(lost), "{said}");
    assert!(output.status.code() == Some(1) && !said.contains("error"), "{output:?}");
    assert!(place.read("pids").lines().all(|pid| !is_alive(pid)));
}

#[test]
fn what_nobody_reads_of_a_run_with_a_journal_is_kept_there() {
    let place = RunFolder::new();
    let mut run =
        place.run(&["--agents", "9", "--journal", "j", "--", "echo", "1"]).spawn().expect("it starts");
    drop(run.stdout.take());
    let said = stderr(&run.wait_with_output().expect("it ends"));
    let kept =
        "Stopped early: nobody reads the results any more. The same command with --resume goes on with j.";
    assert!(said.matches("Stopped early").count() == 1 && said.contains(kept), "{said}");
}

#[test]
fn a_summary_that_nobody_reads_makes_no_success_of_a_run() {
    let place = RunFolder::new();
    let mut run = place
        .run(&["--agents", "2", "--results", "out", "--", "sh", "-c", "exit 3"])
        .spawn()
        .expect("it starts");
    drop(run.stdout.take());
    assert_eq!(run.wait().expect("it ends").code(), Some(1));
    assert_eq!(results(place.read("out").as_bytes()).len(), 2);
}

/// A run whose agents never end, once two of them have begun, and their numbers.
fn endless(place: &RunFolder, script: &str) -> (Child, BufReader<std::process::ChildStderr>, Vec<String>) {
    let script = format!("echo $$ >> begun; {script}");
    let options = ["--agents", "100", "--workers", "2", "--journal", "j", "--", "sh", "-c"];
    let mut run = place.run(&with(&options, &[&script, "sh", "{}"])).spawn().expect("it starts");
    while place.read("begun").lines().count() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let pids = place.read("begun").lines().map(str::to_owned).collect();
    let said = BufReader::new(run.stderr.take().expect("it is piped"));
    (run, said, pids)
}

#[test]
fn the_first_ctrl_c_starts_nothing_more_and_waits() {
    let place = RunFolder::new();
    let (mut run, mut said, _) = endless(&place, "while [ ! -e go ]; do sleep 0.01; done; echo $1");
    signal(&run, "-INT");
    wait_for(&mut said, "waiting for 2 agents under way: ");
    place.write("go", "");
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it is text");
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    assert!(rest.contains("2 of 100 agents answered.") && rest.contains("--resume goes on with j"), "{rest}");
    assert_eq!(place.read("j").lines().count(), 3);
}

#[test]
fn the_second_ctrl_c_kills_whole_groups_and_the_journal_stands() {
    let place = RunFolder::new();
    let (mut run, mut said, _) =
        endless(&place, "trap '' TERM INT; sleep 1000 & echo $! >> begun; wait; wait");
    while place.read("begun").lines().count() < 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
    signal(&run, "-INT");
    wait_for(&mut said, "press Ctrl-C again, or send TERM again, to kill");
    signal(&run, "-INT");
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    for pid in place.read("begun").lines() {
        assert!(!is_alive(pid), "{pid} is");
    }
    assert_eq!(place.read("j").lines().count(), 1, "nothing has ended but its head stands");
}

/// Agent 1 goes on until it may end, and only then agent 0 ends.
const ONE_HANGS: &str = "if [ $1 = 1 ]; then touch up; while [ ! -e go ]; do sleep 0.01; done; fi
    while [ ! -e up ]; do sleep 0.01; done; ";

#[test]
fn who_is_still_under_way_is_named_when_a_run_ends_by_itself() {
    let waiting = "so no more are started: waiting for 1 agent under way: 1 for ";
    for (options, end, why, then) in [
        (&["--halt", "soon,fail=1"][..], "exit 3", "as many failed as --halt has it, ", waiting),
        (
            &["--halt", "now,fail=1"],
            "exit 3",
            "as many failed as --halt has it",
            ": killing 1 agent under way: 1 for ",
        ),
        (&["--results", "/dev/full"], "echo 1", "the results can't be written, ", waiting),
    ] {
        let place = RunFolder::new();
        let script = format!("{ONE_HANGS}{end}");
        let words = ["--agents", "9", "--workers", "2", "--", "sh", "-c", &script, "sh", "{}"];
        let mut run = place.run(&with(options, &words)).spawn().expect("it starts");
        let mut said = BufReader::new(run.stderr.take().expect("it is piped"));
        wait_for(&mut said, &format!("{why}{then}"));
        place.write("go", "");
        assert_eq!(run.wait_with_output().expect("it ends").status.code(), Some(1));
    }
}

/// On a terminal each result takes the place of the line that tells how far the run is, which is then drawn again.
#[cfg(target_os = "linux")]
#[test]
fn results_and_the_line_below_them_share_a_terminal() {
    let program = assert_cmd::cargo::cargo_bin("centurion");
    let line = format!("'{}' run --agents 3 -- echo 1", program.display());
    let mut terminal = assert_cmd::Command::new("script");
    let said = terminal.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    let said = said.timeout(Duration::from_secs(60)).assert().success();
    let said = String::from_utf8_lossy(&said.get_output().stdout).into_owned();
    assert!(said.contains(r#"{"id":2,"answer":1"#) && said.contains("3 of 3 agents answered."), "{said}");
}

#[test]
fn an_empty_standard_input_is_an_error_as_an_empty_file_is() {
    let place = RunFolder::new();
    place.write("empty.jsonl", "");
    let places =
        [("-", "on standard input"), ("empty.jsonl", "in empty.jsonl"), ("/dev/null", "in /dev/null")];
    for (input, at) in places {
        let output = place.output(&["--input", input, "--", "true"]);
        assert!(!output.status.success(), "{input}");
        let why = format!("failed to find a scenario {at}: it is empty; write one in each line");
        assert!(stderr(&output).contains(&why), "{}", stderr(&output));
    }
}
