//! `centurion run --cluster local -- COMMAND`, end to end, with real processes of Dask: what comes of it is what comes of
//! the same line without `--cluster`. Left out, with a line, where Python is not set up.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the tests write scenarios and read what agents wrote")]

mod dask;
mod heeding;
mod run_folder;

use std::io::{BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, Output};
use std::time::Duration;

use dask::{CLUSTER, Dask, set_up};
use run_folder::{RunFolder, is_alive, results, signal, stderr, wait_for};
use serde_json::{Value, json};

/// Results without what differs from run to run.
fn told(text: &str) -> Vec<Value> {
    let mut told = results(text.as_bytes());
    for result in &mut told {
        let result = result.as_object_mut().expect("it is an object");
        for measured in ["wall_ns", "cpu_ns", "queued_ns", "start_ns", "peak_bytes"] {
            result.shift_remove(measured);
        }
    }
    told
}

/// What is said of answers and failures.
fn judged(output: &Output) -> Vec<String> {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let of_answers = |line: &&str| line.contains("answer") || line.starts_with("FAILED");
    said.lines().filter(of_answers).map(str::to_owned).collect()
}

#[test]
fn a_run_on_a_cluster_gives_the_results_of_one_here_and_either_goes_on_with_the_other_s_journal() {
    if !set_up() {
        return;
    }
    let place = RunFolder::new();
    let script = r#"echo $1 >> starts; read -r line; echo "$CENTURION_SEED" >&2; case $1 in
        code) exit 3;; signal) kill -SEGV $$;; silent) ;; bytes) printf '\377\n';; much) head -c 200000 /dev/zero;;
        hangs) mkdir late.$2 2>/dev/null && exit 1; trap '' TERM; sleep 1000 & sleep 1000;; again) mkdir once.$2 2>/dev/null && exit 1; echo 2;;
        *) echo "$line";; esac"#;
    let ids = ["a", "code", "signal", "silent", "bytes", "much", "hangs", "again", "it's $(b)"];
    let lines = ids.map(|id| json!({"id": id, "x": 2.50, "expected": {"id": id, "x": 2.5}}).to_string());
    place.write("in.jsonl", &lines.join("\n"));
    let options = ["--input", "in.jsonl", "--workers", "2", "--timeout", "2s"];
    let run = |name: &str, more: &[&str]| {
        let files = ["--max-output", "100k", "--seed", "7", "--results", name, "--journal"];
        let command = ["--", "sh", "-c", script, "sh", "{}", "{#}"];
        place.output(&[&options[..], &files, &["j"], more, &command].concat())
    };
    let here = run("here", &["--retries", "1"]);
    std::fs::rename(place.path("j"), place.path("j.here")).expect("it is there");
    for tried_before in ["once.7", "late.6"] {
        std::fs::remove_dir(place.path(tried_before)).expect("it was made");
    }
    let there = run("there", &["--retries", "1", "--cluster", "local"]);
    assert_eq!(told(&place.read("there")), told(&place.read("here")), "{}", stderr(&there));
    assert_eq!(judged(&there), judged(&here));
    assert_eq!((there.status.code(), here.status.code()), (Some(1), Some(1)));
    std::fs::rename(place.path("j.here"), place.path("j")).expect("it is there");
    std::fs::remove_file(place.path("starts")).expect("it is there");
    run("again", &["--resume", "--cluster", "local"]);
    let answers = |name: &str| {
        told(&place.read(name)).iter().map(|result| result["answer"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(answers("again"), answers("here"));
    let started = place.read("starts");
    assert!(started.lines().all(|id| !["a", "again", "it's $(b)"].contains(&id)), "{started}");
}

#[test]
fn persistent_workers_answer_on_a_cluster_and_end_with_the_run() {
    if !set_up() {
        return;
    }
    let place = RunFolder::new();
    let script = r#"echo $$ >> pids; while read -r line; do id=${line#*:}; id=${id%\}*}
        [ $id = 3 ] && mkdir once 2>/dev/null && exit 1; echo "{\"id\": $id, \"answer\": $((id * id))}"; done; echo $$ >> ended"#;
    let options = ["--agents", "8", "--workers", "2", "--retries", "1", "--persistent", "--results", "out"];
    let output = place.output(&[&options[..], &CLUSTER, &["--", "sh", "-c", script]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let told = told(&place.read("out"));
    let expected = |id: u64| json!({"id": id, "answer": id * id, "attempts": if id == 3 { 2 } else { 1 }});
    assert_eq!(told, (0..8).map(expected).collect::<Vec<_>>());
    let pids = place.read("pids");
    assert!(pids.lines().count() <= 3 && pids.lines().all(|pid| !is_alive(pid)), "{pids}");
    assert!(
        place.read("ended").lines().count() >= 1,
        "they end by themselves when there is nothing more to read"
    );
}

/// A run on a cluster whose agents never end, once two of them and a child of each have begun.
fn endless(place: &RunFolder, address: &str) -> (Child, BufReader<ChildStderr>) {
    let script = "trap '' TERM INT; sleep 1000 & echo $$ $! >> begun; [ -e go ] || wait; \
        while [ ! -e go ]; do sleep 0.05; done; kill $!; echo $1";
    let options = ["--agents", "100", "--workers", "2", "--journal", "j", "--cluster", address];
    let command = ["--", "sh", "-c", script, "sh", "{}"];
    let mut run = place.run(&[&options[..], &command].concat()).spawn().expect("it starts");
    let said = BufReader::new(run.stderr.take().expect("it is piped"));
    while place.read("begun").lines().count() < 2 {
        assert!(run.try_wait().expect("it can be looked at").is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(20));
    }
    (run, said)
}

fn is_any_alive(place: &RunFolder) -> bool {
    place.read("begun").split_whitespace().any(is_alive)
}

#[test]
fn the_first_ctrl_c_waits_and_the_second_kills_whole_groups_on_the_workers() {
    if !set_up() {
        return;
    }
    let place = RunFolder::new();
    let (mut run, mut said) = endless(&place, "local");
    signal(&run, "-INT");
    wait_for(&mut said, "press Ctrl-C again");
    assert!(is_any_alive(&place), "those under way go on");
    signal(&run, "-INT");
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it is text");
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    assert!(!is_any_alive(&place));
    assert_eq!(place.read("begun").lines().count(), 2, "no more were begun");
    assert_eq!(place.read("j").lines().count(), 1, "nothing has ended but its head stands");
}

#[test]
fn agents_of_a_run_that_was_killed_end_on_the_workers() {
    if !set_up() {
        return;
    }
    let place = RunFolder::new();
    let (mut run, _said) = endless(&place, "local");
    signal(&run, "-KILL");
    run.wait().expect("it ends");
    let over = (0..1_000).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        !is_any_alive(&place)
    });
    assert!(over, "{}", place.read("begun"));
}

#[test]
fn an_agent_whose_worker_is_lost_is_tried_elsewhere_and_fails_when_that_goes_on() {
    if !set_up() {
        return;
    }
    let place = RunFolder::new();
    let script = "case $1 in 1) mkdir once 2>/dev/null && kill -9 $PPID;; 3) kill -9 $PPID;; esac; echo $1";
    // One worker at a time, so that no other agent is lost with it.
    let options = ["--agents", "5", "--workers", "1", "--results", "out"];
    let mut run = place.run(&[&options[..], &CLUSTER, &["--", "sh", "-c", script, "sh", "{}"]].concat());
    let output = run.env("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "1").output().expect("it runs");
    let told = results(place.read("out").as_bytes());
    assert_eq!(told.iter().map(|result| &result["id"]).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert_eq!((&told[1]["answer"], &told[1]["attempts"]), (&json!(1), &json!(2)), "{}", stderr(&output));
    assert_eq!((&told[3]["failure"], &told[3]["attempts"]), (&json!("was lost with its worker"), &json!(2)));
    assert!(stderr(&output).contains("is lost with 1 agent under way, tried again elsewhere"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_limit_by_the_median_and_halting_reach_agents_that_began_before() {
    if !set_up() {
        return;
    }
    let place = RunFolder::new();
    let script = "[ $1 != 0 ] || sleep 1000; sleep 0.05; echo $1";
    let options = ["--agents", "8", "--workers", "2", "--timeout", "2000%", "--results", "out"];
    place.output(&[&options[..], &CLUSTER, &["--", "sh", "-c", script, "sh", "{}"]].concat());
    let failures = |name: &str| {
        let results = results(place.read(name).as_bytes());
        results.into_iter().filter_map(|result| result.get("failure").cloned()).collect::<Vec<_>>()
    };
    assert_eq!(failures("out"), ["took longer than the time limit"]);
    let options = ["--agents", "8", "--workers", "2", "--halt", "now,fail=1", "--results", "halted"];
    let script = "[ $1 != 0 ] || sleep 1000; exit 1";
    let halted = place.output(&[&options[..], &CLUSTER, &["--", "sh", "-c", script, "sh", "{}"]].concat());
    assert_eq!(failures("halted"), ["ended with exit code 1"], "{}", stderr(&halted));
}

#[test]
fn a_cluster_that_falls_apart_hangs_nothing_and_the_journal_stands() {
    if !set_up() {
        return;
    }
    let place = RunFolder::new();
    let (scheduler, address) = Dask::start(&place, &["scheduler", "--port", "0"], "Scheduler at:");
    let refused = place.refusal(&["--cluster", &address, "--", "true"]);
    assert!(refused.contains("it has no worker yet; start one there"), "{refused}");
    let worker = Dask::worker(&place, &address);
    let refused = place.refusal(&["--cluster", &address, "--workers", "3", "--", "true"]);
    assert!(refused.contains("it has 2 workers; start more there, or leave out --workers"), "{refused}");

    let (mut run, mut said) = endless(&place, &address);
    drop(worker);
    wait_for(&mut said, "is lost with 2 agents under way");
    for agents in place.read("begun").split_whitespace() {
        let _ = Command::new("kill").args(["-KILL", agents]).status();
    }
    signal(&run, "-INT");
    wait_for(&mut said, "press Ctrl-C again");
    signal(&run, "-INT");
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it is text");
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    assert!(rest.contains("0 of 100 agents answered.") && !rest.contains("Traceback"), "{rest}");

    for name in ["j", "begun"] {
        std::fs::remove_file(place.path(name)).expect("it is there");
    }
    let _worker = Dask::worker(&place, &address);
    let (mut run, mut said) = endless(&place, &address);
    drop(scheduler);
    rest.clear();
    said.read_to_string(&mut rest).expect("it is text");
    assert_eq!(run.wait().expect("it ends").code(), Some(1));
    let lost =
        format!("error: failed to run agents: the scheduler {address} is lost; start it and try again");
    assert!(rest.contains(&lost) && rest.contains("--resume goes on with j"), "{rest}");
}

#[test]
fn what_workers_can_not_run_is_said_before_the_first_agent() {
    if !set_up() {
        return;
    }
    let place = RunFolder::new();
    let refused = place.refusal(&["--cluster", "local", "--journal", "j", "--", "no-such-command"]);
    assert!(refused.contains("failed to find the command no-such-command; name one"), "{refused}");
    assert!(refused.contains("(on the worker tcp://127.0.0.1:"), "{refused}");
    assert!(!place.path("j").exists(), "a journal was begun");
}
