//! The command line, end to end.

mod heeding;

use assert_cmd::Command;
use predicates::prelude::{PredicateBooleanExt as _, predicate};
use predicates::str::contains;
use serde_json::Value;

fn centurion(arguments: &str) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("centurion").expect("it is built");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CENTURION_")) {
        command.env_remove(name);
    }
    command.args(arguments.split_whitespace()).assert()
}

fn output(arguments: &str) -> String {
    String::from_utf8(centurion(arguments).success().get_output().stdout.clone()).expect("it prints UTF-8")
}

#[test]
fn the_demo_says_what_it_does_in_order() {
    let text = output("--scale 0.002 --workers 50");
    let places: Vec<Option<usize>> = [
        "Starting with 100",
        "Nothing has run yet",
        "Total time",
        "Serial time",
        "Speedup",
        "Ceiling",
        "100 of 100",
    ]
    .iter()
    .map(|words| text.find(words))
    .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
    assert!(
        text.contains("the sum of the times the agents took"),
        "an unmeasured serial time is called a sum: {text}"
    );
}

#[test]
fn who_says_nothing_is_told_what_else_there_is() {
    let told = "This was the demo. `cargo centurion --help` says what else there is.";
    centurion("").success().stderr(contains(told));
    centurion("--scale 0.002").success().stderr("");
}

#[test]
fn agents_that_stand_in_line_for_a_cpu_are_not_called_long_whatever_the_workers() {
    let claim = ", which no number of workers makes shorter:";
    assert!(output("run thinking --scale 0.002 --agents 20 --workers 20").contains(claim));
    let computing = ["run grain --iterations 64 --agents 5 --workers", "run council --agents 5 --workers"];
    for run in computing {
        assert!(output(&format!("{run} 1")).contains(&claim[..claim.len() - 1]), "{run}");
        let text = output(&format!("{run} 1000"));
        assert!(text.contains("The longest ") && !text.contains("no number of workers"), "{text}");
    }
}

#[test]
fn a_measured_serial_time_is_called_measured() {
    let text = output("run --scale 0.001 --agents 5 --measure-serial");
    assert!(text.contains("measured") && !text.contains("the sum of"), "{text}");
}

#[test]
fn json_holds_every_agent_in_order() {
    let text = output("run --workload grain --iterations 64 --agents 7 --workers 3 --json");
    let json: Value = serde_json::from_str(&text).expect("it is one JSON object");
    let agents: Vec<u64> = json["results"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|result| result["agent"].as_u64())
        .collect();
    assert_eq!(agents, (0..7).collect::<Vec<_>>());
    assert_eq!((&json["wrong"], &json["workers"], &json["serial"]), (&0.into(), &3.into(), &"sum".into()));
}

#[test]
fn every_executor_runs_the_demo() {
    for executor in centurion_executors::all() {
        let text = output(&format!("run --workload grain --iterations 8 --executor {}", executor.name));
        assert!(text.contains("100 of 100 answers are right"), "{}: {text}", executor.name);
    }
}

#[test]
fn every_executor_runs_a_pattern() {
    for executor in centurion_executors::all() {
        let text = output(&format!("run stencil --iterations 8 --executor {}", executor.name));
        assert!(text.contains("1024 of 1024 answers are right"), "{}: {text}", executor.name);
        assert!(text.contains("They need 2,914 answers of each other; the longest chain has 32 agents."));
    }
}

#[test]
fn a_council_tells_what_each_of_its_agents_says_and_what_all_wait_for() {
    let text = output("run council --agents 20 --workers 2");
    let places: Vec<Option<usize>> = [
        "Starting with 33 council agents",
        "They need 50 answers of each other; the longest chain has 4 agents.",
        "FFO 1 G8 H7: A8: +18",
        "group 1: FFO ",
        "judge 9: votes for FFO ",
        "summary: FFO ",
        "Total time",
        "Serial time",
        "Speedup",
        "Ceiling",
        "makes shorter: 4 agents",
        "33 of 33 answers are right",
    ]
    .iter()
    .map(|words| text.find(words))
    .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
}

#[test]
fn json_says_which_answers_an_agent_was_given() {
    let text = output("run council --agents 20 --json");
    let json: Value = serde_json::from_str(&text).expect("it is one JSON object");
    let inputs = |agent: usize| json["results"][agent]["inputs"].to_string();
    assert_eq!([inputs(0), inputs(22), inputs(32)], ["[]", "[20,21]", "[22,23,24,25,26,27,28,29,30,31]"]);
    assert_eq!((&json["wrong"], &json["agents"]), (&0.into(), &33.into()));
}

#[test]
fn who_needs_whom_is_drawn_where_it_is_asked_for() {
    let folder = tempfile::tempdir().expect("there is room");
    let at = |name: &str| folder.path().join(name).display().to_string();
    for (name, start) in [("council.svg", "<svg"), ("council.dot", "digraph")] {
        let text = output(&format!("run council --agents 20 --graph {}", at(name)));
        assert!(text.contains(&format!("Drawn in {}.", at(name))), "{text}");
        let drawn = centurion::files::read(&folder.path().join(name)).expect("it is drawn");
        assert!(drawn.starts_with(start), "{drawn}");
        assert!(
            drawn.contains("FFO 1 G8 H7: A8") && drawn.contains("judge 9") && drawn.contains("summary"),
            "{drawn}"
        );
    }
    centurion(&format!("run council --graph {}", at("council.png")))
        .code(1)
        .stdout(contains("Total time").not())
        .stderr(contains("council.png").and(contains(".svg or .dot")));
    centurion(&format!("run grain --iterations 8 --graph {}", at("grain.svg")))
        .code(1)
        .stderr(contains("grain-8: its agents need nothing of each other"));
}

#[test]
fn what_does_not_exist_is_named_with_what_does() {
    centurion("run --workload sleeping").code(2).stderr(
        contains("the workload \"sleeping\"")
            .and(contains("thinking, replying, llm, llm-limited, deciding, grain, council, trivial")),
    );
    centurion("run --workload grain council").code(2).stderr(contains("cannot be used with"));
    centurion("bench --workloads stensil")
        .code(2)
        .stderr(contains("\"stensil\"").and(contains("stencil, butterfly")));
    centurion("bench --executors ryon").code(2).stderr(contains("\"ryon\"").and(contains("rayon-each")));
    centurion("run --workers 0").code(2).stderr(contains("--workers").and(contains("a number from 1")));
    centurion("run --executor serial --workers 4")
        .code(1)
        .stderr(contains("serial with 4 workers: it has 1"));
    centurion("bench --cores 0").code(2).stderr(contains("--cores"));
    centurion("bench --rounds 0").code(2).stderr(contains("--rounds"));
    centurion("run --scale -1").code(predicate::in_iter([1, 2]));
    centurion("bench --rounds many").code(2);
}

#[test]
fn a_malformed_position_is_named_with_its_line() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("mine.tsv");
    let header = "position\tboard\tto_move\tmove\texact_score\n";
    centurion::files::write(&path, &format!("{header}1\tXO\tX\tA1\t0\n")).expect("it is written");
    centurion(&format!("run --workload deciding --positions {}", path.display()))
        .code(1)
        .stderr(contains("mine.tsv, line 2").and(contains("expected")));
    centurion("run --workload deciding --positions no-such-file.tsv")
        .code(1)
        .stderr(contains("no-such-file.tsv"));
}

#[test]
fn a_short_run_writes_a_record_that_show_reads() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let bench = format!(
        "bench --workloads grain --quick --rounds 2 --agents 10 --executors std-counter,rayon --record {}",
        path.display()
    );
    let printed = output(&bench);
    let shown = output(&format!("show {}", path.display()));
    assert!(printed.contains(shown.trim()) && shown.contains("std-counter"), "{printed}\n{shown}");
    let record = centurion::store::read_record(&path).expect("it is a record");
    assert!(record.run.complete && record.rounds.len() == 2);
    assert!(record.cells.iter().all(|cell| cell.failure.is_none()));
}

#[test]
fn a_run_of_patterns_and_a_council_writes_their_graphs_once_each() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let printed = output(&format!(
        "bench --workloads council,chain,tree --quick --rounds 1 --agents 20 --executors rayon,std-counter --record {}",
        path.display()
    ));
    assert!(printed.contains("council") && printed.contains("chain"), "{printed}");
    let record = centurion::store::read_record(&path).expect("it is a record");
    let graphs: Vec<(&str, usize)> =
        record.graphs.iter().map(|graph| (graph.name.as_str(), graph.inputs.len())).collect();
    assert_eq!(graphs, [("council", 33), ("chain", 1_024), ("tree", 1_023)]);
    for workload in &record.workloads {
        assert_eq!(workload.graph.as_ref(), Some(&workload.family));
        let costs = if workload.name == "council" { 33 } else { 0 };
        assert_eq!(workload.costs_ns.len(), costs, "{}", workload.name);
    }
    assert!(record.cells.iter().all(|cell| cell.failure.is_none() && cell.round.len() == 1));
    assert!(record.cells.iter().any(|cell| cell.id.to_string().starts_with("tree/hardware/0-")));
    assert!(record.timelines.iter().any(|timeline| timeline.cell.to_string().starts_with("council/rayon/")));
}

#[test]
fn the_largest_cells_have_a_footprint_each_in_a_process_of_its_own() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let bench = format!(
        "bench deciding --quick --rounds 1 --agents 6 --executors rayon,std-thread-per-agent --record {}",
        path.display()
    );
    output(&bench);
    let footprints = centurion::store::read_record(&path).expect("it is a record").footprints;
    let executors: Vec<&str> = footprints.iter().map(|footprint| footprint.executor.as_str()).collect();
    assert_eq!(executors, ["std-thread-per-agent", "rayon"]);
    for footprint in footprints {
        assert_eq!((footprint.failure.as_ref(), footprint.agents, footprint.bound_ns), (None, 6, 0));
        assert_eq!((footprint.wall_ns.len(), footprint.cpu_ns.len()), (1, 1));
        if cfg!(target_os = "linux") {
            let threads = if footprint.executor == "rayon" { footprint.workers as u64 } else { 1 };
            assert!((threads..=6).contains(&footprint.threads[0]), "{footprint:?}");
            assert!((1 << 12..1 << 26).contains(&footprint.memory_bytes[0]), "{footprint:?}");
        }
    }
    output(&format!("{bench} --no-footprints"));
    let without = centurion::store::read_record(&path).expect("it is a record");
    assert!(without.footprints.is_empty() && without.run.narrowed_to.contains(&"no footprints".into()));
}

#[test]
fn a_base_that_is_neither_file_nor_revision_is_named() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let shape = "bench --workloads grain --quick --rounds 1 --agents 4 --executors rayon --record";
    output(&format!("{shape} {}", path.display()));
    let reports = folder.path().join("reports");
    centurion(&format!("report {} --into {} --against no-such", path.display(), reports.display()))
        .code(1)
        .stderr(contains("no-such"));
    assert!(!reports.exists(), "what failed leaves nothing behind");
}

#[test]
fn a_damaged_record_is_named_with_the_line() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("cut.json");
    centurion::files::write(&path, "{\n\"schema\": 1,\n\"run\": {").expect("it is written");
    centurion(&format!("show {}", path.display()))
        .code(1)
        .stderr(contains("cut.json, line 3").and(contains("cut short")));
    centurion::files::write(&path, "{\"schema\": 1, \"run\": {}}").expect("it is written");
    centurion(&format!("show {}", path.display()))
        .code(1)
        .stderr(contains("schema 1").and(contains("make a new record with `cargo bench`")));
    centurion::files::write(&path, "{\"schema\": 99}").expect("it is written");
    centurion(&format!("show {}", path.display()))
        .code(1)
        .stderr(contains("schema 99").and(contains("update Centurion")));
}

#[test]
fn verify_counts_the_cells_that_are_right() {
    let text = output("verify --workloads grain --agents 4 --quick --executors rayon,std-chunks");
    let checked = text.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(
        checked > 10 && text.contains(&format!("{checked} of {checked} cells gave every right answer")),
        "{text}"
    );
}

#[test]
fn verify_checks_agents_that_need_each_other_under_every_executor() {
    let text = output("verify --workloads council,fan,random-nearest --agents 20 --quick");
    assert!(
        !text.contains("WRONG") && text.contains("ok      random-nearest/crossbeam-deque/512-"),
        "{text}"
    );
    assert!(text.contains("ok      council/std-thread-per-agent/"), "{text}");
}

#[test]
fn the_list_names_every_workload_and_executor_once_and_says_what_agents_need() {
    let text = output("list --workloads grain,stencil,council");
    let rows = |name: &str| text.lines().filter(|line| line.starts_with(&format!(" {name} "))).count();
    assert_eq!(["grain", "stencil", "council", "chain"].map(rows), [1, 1, 1, 0]);
    assert!(text.contains("2914 answers, chain of 32") && text.contains("iterations 0 to 8192"), "{text}");
    assert_eq!(["rayon", "dask-threads", "dask"].map(rows), [1, 1, 1]);
}

#[test]
fn cells_are_listed_by_the_ids_that_filters_match() {
    let text = output("list --cells --workloads thinking --cores 1");
    assert!(text.lines().any(|id| id == "thinking/rayon/1c-100w"), "{text}");
}

#[test]
fn help_names_the_exit_codes_and_the_variables() {
    assert!(output("--help").contains("130 stopped by Ctrl-C"));
    assert!(output("bench --help").contains("CENTURION_ROUNDS"));
}

#[test]
fn examples_of_the_help_fit_eighty_columns() {
    let help = output("--help");
    let examples = &help[help.find("Without a subcommand").expect("it is there")..];
    assert!(examples.lines().all(|line| line.chars().count() <= 80), "{examples}");
}

/// Starts a run that would take for ever, waits until a round is finished, and ends it with a signal.
#[cfg(unix)]
fn signalled(signal: &str, record: &std::path::Path) -> std::process::ExitStatus {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};
    let arguments =
        "bench --workloads grain --quick --agents 10 --executors std-counter --rounds 1000000 --record";
    let mut run = heeding::heeding(env!("CARGO_BIN_EXE_centurion"))
        .args(arguments.split_whitespace())
        .arg(record)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let stderr = BufReader::new(run.stderr.take().expect("it is piped"));
    let mut lines = stderr.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("round 2 ")), "it never finished a round");
    let id = run.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().expect("kill is there").success());
    lines.for_each(drop);
    run.wait().expect("it ends")
}

#[test]
#[cfg(unix)]
fn a_run_stopped_by_ctrl_c_keeps_its_rounds_and_can_be_gone_on_with() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("stopped.json");
    assert_eq!(signalled("-INT", &path).code(), Some(130));
    let stopped = centurion::store::read_record(&path).expect("it is a record");
    assert!(!stopped.run.complete && stopped.rounds.len() >= 2);
    let more = stopped.rounds.len() + 1;
    let shape = "--workloads grain --quick --agents 10 --executors std-counter";
    output(&format!("bench {shape} --rounds {more} --resume {}", path.display()));
    let resumed = centurion::store::read_record(&path).expect("it is a record");
    assert!(resumed.run.complete && resumed.rounds.len() == more);
    assert_eq!(resumed.cells[0].wall_ns[..more - 1], stopped.cells[0].wall_ns);
    centurion(&format!("bench --workloads thinking --quick --resume {}", path.display()))
        .code(1)
        .stderr(contains("narrowed to").and(contains("start a new run")));
}

#[test]
#[cfg(unix)]
fn a_killed_run_leaves_a_readable_record() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("killed.json");
    assert_eq!(signalled("-KILL", &path).code(), None);
    let record = centurion::store::read_record(&path).expect("it is a record");
    assert!(
        record.rounds.len() >= 2 && record.cells.iter().all(|cell| cell.round.len() == record.rounds.len())
    );
}
