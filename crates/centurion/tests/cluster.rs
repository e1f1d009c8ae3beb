//! `centurion run --cluster`, end to end. What needs Python is left out, with a line, where it is not set up.
#![cfg(unix)]

mod heeding;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use centurion_dask::Driver;
use serde_json::Value;

fn centurion(arguments: &[&str]) -> Command {
    let mut command = heeding::heeding(assert_cmd::cargo::cargo_bin!("centurion"));
    command.args(arguments);
    command
}

fn output(arguments: &[&str]) -> Output {
    centurion(arguments).output().expect("it runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether the Python side is set up for these sources; if not, that is said.
fn set_up() -> bool {
    static SET_UP: OnceLock<bool> = OnceLock::new();
    *SET_UP.get_or_init(|| {
        Driver::launch().inspect_err(|error| eprintln!("left out: failed to {error}")).is_ok()
    })
}

#[test]
fn agents_are_told_in_order_and_every_answer_is_right() {
    if !set_up() {
        return;
    }
    let output = output(&["run", "deciding", "--agents", "20", "--cluster", "local"]);
    let text = stdout(&output);
    assert!(output.status.success(), "{text}");
    let agents: Vec<&str> = text.lines().filter(|line| line.starts_with("FFO")).collect();
    assert_eq!(agents.len(), 20);
    assert_eq!(
        (agents[0], agents[19]),
        ("FFO 1 G8 H7: A8: +18 (10,196 nodes)", "FFO 3 B1 C1: D1: -4 (11,839 nodes)")
    );
    assert!(text.starts_with("Starting with 20 deciding agents on tcp://127.0.0.1:"), "{text}");
    assert!(text.contains("20 of 20 answers are right."), "{text}");
}

#[test]
fn json_holds_every_agent_in_order() {
    if !set_up() {
        return;
    }
    let grain = ["run", "grain", "--iterations", "8", "--agents", "30"];
    let output = output(&[&grain[..], &["--executor", "dask", "--workers", "4", "--json"]].concat());
    let json: Value = serde_json::from_slice(&output.stdout).expect("it is one JSON object");
    let agents = json["results"].as_array().expect("there are results").iter();
    assert!(agents.clone().map(|agent| agent["agent"].as_u64()).eq((0..30).map(Some)));
    assert!(agents.clone().all(|agent| agent["right"] == true && agent["attempts"] == 1));
    assert_eq!(
        (&json["workers"], &json["right"], &json["executor"]),
        (&4.into(), &30.into(), &"dask".into())
    );
}

#[test]
fn agents_that_need_each_other_answer_as_they_do_here() {
    if !set_up() {
        return;
    }
    let answers = |arguments: &[&str]| {
        let output = output(&[&["run", "--json"], arguments].concat());
        let json: Value = serde_json::from_slice(&output.stdout).expect("it is one JSON object");
        let results = json["results"].as_array().expect("there are results").clone();
        results.iter().map(|it| (it["name"].clone(), it["answer"].clone())).collect::<Vec<_>>()
    };
    for workload in [
        &["council", "--agents", "20"][..],
        &["stencil", "--iterations", "64"],
        &["tree", "--iterations", "64"],
    ] {
        let here = answers(workload);
        assert!(!here.is_empty() && here.iter().all(|(_, answer)| !answer.is_null()));
        assert_eq!(answers(&[workload, &["--cluster", "local", "--batch", "50"]].concat()), here);
    }
    let told = stdout(&output(&["run", "council", "--agents", "20", "--cluster", "local"]));
    assert!(told.contains("They need 50 answers of each other; the longest chain has 4 agents."), "{told}");
    assert!(told.contains("33 of 33 answers are right."), "{told}");
}

#[test]
fn ctrl_c_cancels_on_the_cluster() {
    if !set_up() {
        return;
    }
    let arguments = ["run", "thinking", "--cluster", "local", "--workers", "2", "--agents", "100"];
    let mut running = centurion(&arguments).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut text = BufReader::new(running.stdout.take().expect("its output is piped"));
    let mut line = String::new();
    while !line.starts_with("agent 0: ") {
        line.clear();
        assert_ne!(text.read_line(&mut line).expect("it prints"), 0, "it ended before the first agent did");
    }
    let pid = running.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("there is kill").success());
    let mut rest = String::new();
    text.read_to_string(&mut rest).expect("it prints");
    assert_eq!(running.wait().expect("it ends").code(), Some(130));
    assert!(rest.contains("agents had not finished"), "{rest}");
}

#[test]
fn what_can_not_be_done_is_said_before_anything_is_started() {
    for (arguments, complaint) in [
        (&["--cluster", "127.0.0.1:8786"][..], "such as tcp://127.0.0.1:8786, or local to start one here"),
        (&["--cluster", "tcp://127.0.0.1:1", "--workers", "2"], "leave out --workers"),
        (&["replying", "--cluster", "local"], "choose thinking"),
        (&["--cluster", "local", "--executor", "rayon"], "leave out --executor or --cluster"),
        (&["--executor", "dask", "--measure-serial"], "need an executor of this machine"),
    ] {
        let output = output(&[&["run"], arguments].concat());
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains(complaint), "{error}");
    }
    for arguments in [
        &["--batch", "3"][..],
        &["--cluster", "local", "--batch", "0"],
        &["--cluster", "tls://127.0.0.1:1", "--tls-ca", "ca.pem"],
    ] {
        assert_eq!(output(&[&["run"], arguments].concat()).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn without_python_it_says_how_to_get_it() {
    let mut command = centurion(&["run", "--cluster", "local"]);
    let output = command.env("CENTURION_PYTHON", "/no/such/python").output().expect("it runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("find /no/such/python") && error.contains("`just python`"), "{error}");
}

#[test]
fn a_cluster_that_is_not_there_is_named_with_what_to_do() {
    if !set_up() {
        return;
    }
    let output = output(&["run", "--cluster", "carrier-pigeon://127.0.0.1:1"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("failed to connect to the scheduler carrier-pigeon://127.0.0.1:1"), "{error}");
    assert!(error.contains("Start one as docs/clusters.md says"), "{error}");
}
