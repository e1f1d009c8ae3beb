//! Runs that are killed at any moment, with real processes: what is begun again is only what was under way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;

use crate::run_folder::{RunFolder, results, signal, stderr};

const AGENTS: usize = 250;
const KILLS: usize = 50;
const WORKERS: usize = 2;

/// Each agent says that it began, takes its time, and answers with what depends on all that it was given.
const ONCE: [&str; 5] = ["sh", "-c", "echo $1 >> starts; sleep 0.01; cksum", "sh", "{}"];

/// The same of a worker that stays.
const AGAIN: [&str; 3] = [
    "sh",
    "-c",
    r#"while read -r line; do id=${line#*:}; id=${id%%[,\}]*}; echo $id >> starts; sleep 0.01
       echo "{\"id\": $id, \"answer\": \"$(echo "$line" | cksum)\"}"; done"#,
];

/// Scenarios of which most need two earlier ones.
fn graph() -> String {
    (0..AGENTS).fold(String::new(), |mut lines, id| {
        let needs: Vec<usize> = [3, 8].into_iter().filter_map(|back| id.checked_sub(back)).collect();
        writeln!(lines, "{{\"id\": {id}, \"needs\": {needs:?}}}").expect("a string has room");
        lines
    })
}

/// Ids of the agents whose answers a journal holds.
fn journalled(text: &str) -> BTreeSet<u64> {
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).skip(1);
    let entries = whole.map(|line| serde_json::from_str::<Value>(line).expect("whole lines are JSON"));
    entries.filter_map(|entry| entry["result"]["id"].as_u64()).collect()
}

fn starts(place: &RunFolder) -> BTreeMap<u64, usize> {
    let mut starts = BTreeMap::new();
    for id in place.read("starts").lines().filter_map(|line| line.parse().ok()) {
        *starts.entry(id).or_default() += 1;
    }
    starts
}

fn told(place: &RunFolder) -> Vec<(Value, Value)> {
    let results = results(place.read("out").as_bytes());
    results.into_iter().map(|result| (result["id"].clone(), result["answer"].clone())).collect()
}

/// A run to its end, which answers everything.
fn ended(options: &[&str]) -> RunFolder {
    let place = RunFolder::new();
    place.write("in.jsonl", &graph());
    let output = place.output(options);
    assert!(output.status.success(), "{}", stderr(&output));
    place
}

/// Kills a run at moments that are as good as random, each time when it has gone on for less than 60 ms, then lets it end.
fn kill_again_and_again(of: &[&str], command: &[&str]) {
    let workers = WORKERS.to_string();
    let kept = ["--workers", &workers, "--journal", "j", "--resume", "--results", "out"];
    let options = [&kept, of, &["--"], command].concat();
    let place = RunFolder::new();
    place.write("in.jsonl", &graph());
    let (mut moment, mut kills) = (42_u64, Vec::new());
    for _ in 0..KILLS {
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut run = place.run(&options).spawn().expect("it starts");
        std::thread::sleep(Duration::from_micros((moment >> 33) % 60_000));
        signal(&run, "-KILL");
        run.wait().expect("it ends");
        kills.push((journalled(&place.read("j")), starts(&place)));
    }
    let output = place.output(&options);
    assert!(output.status.success(), "{}", stderr(&output));
    let after = starts(&place);
    for (answered, before) in kills {
        for id in answered {
            assert_eq!(after[&id], before[&id], "agent {id} was run again though it had answered");
        }
    }
    assert!(after.values().sum::<usize>() <= AGENTS + KILLS * WORKERS, "{after:?}");
    assert_eq!(told(&place), told(&ended(&options)), "as if it had never been killed");
}

#[test]
fn a_run_killed_at_fifty_moments_goes_on_and_runs_nothing_twice_but_what_was_under_way() {
    kill_again_and_again(&["--agents", &AGENTS.to_string()], &ONCE);
}

#[test]
fn so_does_one_of_persistent_workers() {
    kill_again_and_again(&["--agents", &AGENTS.to_string(), "--persistent"], &AGAIN);
}

#[test]
fn so_does_one_whose_agents_need_each_other() {
    kill_again_and_again(&["--input", "in.jsonl"], &ONCE);
}

#[test]
fn so_does_one_of_persistent_workers_whose_agents_need_each_other() {
    kill_again_and_again(&["--input", "in.jsonl", "--persistent"], &AGAIN);
}
