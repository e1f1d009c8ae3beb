//! `centurion run -- COMMAND` with scenarios that need each other's answers, end to end, with real processes: here, and on
//! a cluster, which is left out, with a line, where Python is not set up.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the tests write scenarios and read what agents wrote")]

mod dask;
mod heeding;
mod run_folder;

use std::io::{BufReader, Read as _};
use std::process::{Command, Output};
use std::time::Duration;

use dask::{CLUSTER, Dask, set_up};
use run_folder::{RunFolder, is_alive, results, stderr, wait_for};
use serde_json::{Value, json};

/// Two proposers, a judge who hears both, a summary, which stands before what it needs, and one who needs nobody.
const COUNCIL: &str = r#"{"id": "summary", "needs": ["judge", "a"]}
{"id": "a"}
{"id": "b"}
{"id": "judge", "q": 7, "needs": ["a", "b"]}
{"id": "alone"}
"#;

/// Notes that it was begun, and answers what it was given.
const ECHO: &str = "echo $1 >> begun; cat";

fn with<'a>(options: &[&'a str], script: &'a str) -> Vec<&'a str> {
    [&["--input", "in.jsonl", "--results", "out"], options, &["--", "sh", "-c", script, "sh", "{}"]].concat()
}

fn council() -> RunFolder {
    let place = RunFolder::new();
    place.write("in.jsonl", COUNCIL);
    place
}

/// What the results say of each agent: its answer, or why it has none.
fn came(place: &RunFolder) -> Vec<Value> {
    let told = |result: &Value| result.get("answer").or(result.get("failure")).cloned().unwrap_or_default();
    results(place.read("out").as_bytes()).iter().map(told).collect()
}

/// Who was begun, in order of the names.
fn begun(place: &RunFolder) -> Vec<String> {
    let mut begun: Vec<String> = place.read("begun").lines().map(str::to_owned).collect();
    begun.sort();
    begun
}

/// What the council answers when each answers what it was given.
fn right() -> [Value; 5] {
    let (a, b) = (json!({"id": "a"}), json!({"id": "b"}));
    let judge = json!({"id": "judge", "q": 7, "answers": {"a": a, "b": b}});
    [json!({"id": "summary", "answers": {"judge": judge, "a": a}}), a, b, judge, json!({"id": "alone"})]
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn agents_are_given_the_answers_that_they_need_and_the_longest_chain_is_told() {
    let place = council();
    let output = place.output(&with(&["--workers", "2"], ECHO));
    assert_eq!(came(&place), right(), "{}", stderr(&output));
    assert!(output.status.success());
    let said = stdout(&output);
    assert!(said.contains("The longest chain of agents that need each other"), "{said}");
    assert!(said.contains(" → judge → summary\n"), "{said}");
}

#[test]
fn a_failed_agent_fails_those_that_need_it_and_nothing_else_and_a_resumed_run_makes_up_for_it() {
    let place = council();
    let script = "echo $1 >> begun; [ $1 = b ] && [ ! -e mended ] && exit 3; cat";
    let options = ["--workers", "2", "--journal", "j", "--halt", "soon,fail=2"];
    let output = place.output(&with(&options, script));
    let [_, a, _, _, alone] = right();
    let unmet = |id| json!(format!("needs the answer of {id}, which has none"));
    assert_eq!(came(&place), [unmet("judge"), a, json!("ended with exit code 3"), unmet("b"), alone]);
    assert_eq!(begun(&place), ["a", "alone", "b"]);
    let said = stdout(&output);
    assert!(said.contains("2 of 5 agents answered."), "{said}");
    let listed = "FAILED 2 × was not begun, for another that it needs gave no answer: judge, summary";
    assert!(said.contains(listed) && said.contains("FAILED 1 × ended with exit code 3: b"), "{said}");
    assert_eq!(output.status.code(), Some(1));

    place.write("mended", "");
    place.write("begun", "");
    let output = place.output(&with(&[&options[..], &["--resume"]].concat(), script));
    assert_eq!((came(&place), output.status.code()), (right().to_vec(), Some(0)), "{}", stderr(&output));
    assert_eq!(begun(&place), ["b", "judge", "summary"]);
}

#[test]
fn agents_whose_needs_answer_otherwise_are_run_again() {
    let place = council();
    let script = "echo $1 >> begun; [ $1 = a ] && cat says || cat";
    place.write("says", "1");
    place.output(&with(&["--journal", "j"], script));
    let of_others = |line: &&str| !line.contains(r#""id":"a""#);
    let without_a: String = place.read("j").split_inclusive('\n').filter(of_others).collect();
    for (name, text) in [("j", without_a.as_str()), ("begun", ""), ("says", "2")] {
        place.write(name, text);
    }
    let output = place.output(&with(&["--journal", "j", "--resume"], script));
    assert_eq!(begun(&place), ["a", "judge", "summary"], "{}", stderr(&output));
    assert_eq!(came(&place)[0]["answers"]["judge"]["answers"]["a"], 2);
}

#[test]
fn persistent_workers_are_given_answers_too() {
    let place = council();
    let script = r#"while read -r line; do id=${line#*:}; id=${id%%[,\}]*}; echo "{\"id\": $id, \"answer\": $line}"; done"#;
    let options = ["--input", "in.jsonl", "--results", "out", "--persistent", "--", "sh", "-c", script];
    let output = place.output(&options);
    assert_eq!(came(&place), right(), "{}", stderr(&output));
}

#[test]
fn needs_that_can_not_be_met_are_said_before_the_first_agent() {
    let place = RunFolder::new();
    let refused = |text: &str| {
        place.write("in.jsonl", text);
        place.refusal(&with(&[], ECHO))
    };
    let unknown = refused("{\"id\": \"a\"}\n{\"id\": \"b\", \"needs\": [\"c\"]}\n");
    assert!(unknown.contains("failed to use in.jsonl:2: it needs c, and no line has that id"), "{unknown}");
    let cycle = refused("{\"id\": 1}\n{\"id\": 2, \"needs\": [3]}\n{\"id\": 3, \"needs\": [2]}\n");
    assert!(
        cycle.contains("failed to use in.jsonl:2: it needs its own answer: 2 needs 3 needs 2;"),
        "{cycle}"
    );
    let wrong = refused("{\"needs\": 1}\n");
    assert!(wrong.contains("failed to use in.jsonl:1: it needs 1; give a list of ids"), "{wrong}");

    place.write("in.jsonl", COUNCIL);
    let piped =
        ["-c", "cat in.jsonl | \"$0\" run --input - -- sh -c 'touch begun'", env!("CARGO_BIN_EXE_centurion")];
    let piped = Command::new("sh").args(piped).current_dir(place.path(".")).output();
    let piped = stderr(&piped.expect("there is a shell"));
    assert!(
        piped.contains("failed to use standard input:1: it needs others") && piped.contains("name a file")
    );
    for subcommand in ["advise", "bench"] {
        let options = [subcommand, "--input", "in.jsonl", "--", "sh", "-c", "touch begun"];
        let output = heeding::heeding(env!("CARGO_BIN_EXE_centurion"))
            .args(options)
            .current_dir(place.path("."))
            .output();
        let said = stderr(&output.expect("it runs"));
        assert!(said.contains("agents that need each other's answers: take `needs` out"), "{said}");
    }
    assert!(!place.path("begun").exists(), "an agent was begun");
}

#[test]
fn a_worker_that_is_killed_costs_no_agent_that_has_ended_and_none_that_needs_nothing_of_those_it_took_along()
{
    if !set_up() {
        return;
    }
    let place = council();
    place.write(
        "in.jsonl",
        &format!(
            "{COUNCIL}{}\n{}\n",
            r#"{"id": "killer", "needs": ["alone"]}"#, r#"{"id": "last", "needs": ["killer"]}"#
        ),
    );
    let script = "echo $1 >> begun; case $1 in judge) mkdir once 2>/dev/null && kill -9 $PPID;; killer) kill -9 $PPID;; esac; cat";
    let mut run = place.run(&with(&[&["--workers", "1"], &CLUSTER[..]].concat(), script));
    let output = run.env("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "1").output().expect("it runs");
    let failed = ["was lost with its worker", "needs the answer of killer, which has none"].map(Value::from);
    assert_eq!(came(&place), [&right()[..], &failed].concat(), "{}", stderr(&output));
    assert_eq!(begun(&place), ["a", "alone", "b", "judge", "judge", "killer", "killer", "summary"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_graph_whose_scheduler_is_lost_is_gone_on_with_here() {
    if !set_up() {
        return;
    }
    let place = council();
    let (scheduler, address) = Dask::start(&place, &["scheduler", "--port", "0"], "Scheduler at:");
    let _worker = Dask::worker(&place, &address);
    let script = "echo $1 >> begun; [ $1 = judge ] && [ ! -e go ] && echo $$ > pid && exec sleep 1000; cat";
    let journal = ["--journal", "j"];
    let mut run = place
        .run(&with(&[&journal[..], &["--cluster", &address]].concat(), script))
        .spawn()
        .expect("it starts");
    let mut said = BufReader::new(run.stderr.take().expect("it is piped"));
    wait_for(&mut said, "Running on");
    while place.read("pid").is_empty() || place.read("j").lines().count() < 4 {
        assert!(run.try_wait().expect("it can be looked at").is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(scheduler);
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it is text");
    assert_eq!(run.wait().expect("it ends").code(), Some(1));
    assert!(rest.contains("is lost; start it and try again") && rest.contains("--resume goes on"), "{rest}");
    let agent = place.read("pid");
    let _ = Command::new("kill").args(["-KILL", agent.trim()]).output();
    while is_alive(agent.trim()) {
        std::thread::sleep(Duration::from_millis(20));
    }

    place.write("go", "");
    place.write("begun", "");
    let output = place.output(&with(&[&journal[..], &["--resume"]].concat(), script));
    assert_eq!(came(&place), right(), "{}", stderr(&output));
    assert_eq!(begun(&place), ["judge", "summary"]);
}
