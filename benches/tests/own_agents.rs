//! Benches of one's own agents, each in a process as cargo starts it: this program is the bench when a variable says so,
//! and checks what it does when none does.

use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use centurion::bench::{Bag, Bench, BenchCrate, Executor, Factory, Pair, Placement, Workers};
use centurion_record::{Kind, Record};

/// Says which bench to be.
const ROLE: &str = "OWN_AGENTS";

/// Who is checked, and how.
const CHECKS: [(&str, fn()); 9] = [
    ("a_record_is_whole_and_names_the_crate", a_record_is_whole_and_names_the_crate),
    ("agents_that_answer_by_turns_are_refused", agents_that_answer_by_turns_are_refused),
    ("agents_that_answer_by_turns_may_be_unchecked", agents_that_answer_by_turns_may_be_unchecked),
    ("a_wrong_answer_is_told_in_words", a_wrong_answer_is_told_in_words),
    ("futures_that_use_tokio_run_everywhere", futures_that_use_tokio_run_everywhere),
    ("agents_hear_each_other_under_an_own_executor", agents_hear_each_other_under_an_own_executor),
    ("advice_runs_every_agent_once", advice_runs_every_agent_once),
    ("nothing_measured_is_no_success", nothing_measured_is_no_success),
    ("without_bench_every_cell_runs_once", without_bench_every_cell_runs_once),
];

fn main() -> ExitCode {
    if let Ok(role) = std::env::var(ROLE) {
        return be(&role);
    }
    for (name, check) in CHECKS {
        check();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}

fn be(role: &str) -> ExitCode {
    let of =
        BenchCrate { folder: env!("CARGO_MANIFEST_DIR"), name: "own", version: "7.8.9", bench: "agents" };
    match role {
        "squares" => squares().main(&of),
        "turns" => turns().main(&of),
        "unchecked" => turns().unchecked().main(&of),
        "wrong" => squares().expect(|agent| agent * agent + usize::from(agent == 3)).main(&of),
        "calls" => calls().main(&of),
        "sums" => sums().main(&of),
        "counted" => counted().main(&of),
        "roundless" => squares().rounds(0).main(&of),
        "ending" => Bench::new("ending", 8, |_| -> usize { std::process::exit(0) }).main(&of),
        "ending-pair" => Pair::new("ending", || 1, || std::process::exit(0)).main(),
        other => panic!("there is no bench {other}"),
    }
}

fn squares() -> Bench<usize> {
    Bench::new("squares", 8, |agent| agent * agent).computing().executors(["rayon"]).rounds(2)
}

/// Agents that wait, and say so when they are run.
fn counted() -> Bench<usize> {
    Bench::new("counted", 8, |agent| {
        std::thread::sleep(Duration::from_millis(2));
        eprintln!("run {agent}");
        agent
    })
}

fn turns() -> Bench<usize> {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    Bench::new("turns", 8, |_| CALLS.fetch_add(1, Ordering::Relaxed))
        .computing()
        .executors(["rayon"])
        .rounds(2)
}

fn calls() -> Bench<Result<usize, String>> {
    let start = |agent| async move {
        tokio::time::sleep(Duration::from_micros(10)).await;
        Ok(agent)
    };
    Bench::with_futures("calls", 4, start).expect(Ok).executors(["tokio", "smol", "std-counter"]).rounds(2)
}

/// Eight who know a number, and one who adds them up.
fn sums() -> Bench<usize> {
    let inputs = (0..9).map(|agent| if agent < 8 { 0..0 } else { 0..8 });
    let sum = |agent: usize, heard: &[usize]| if heard.is_empty() { agent } else { heard.iter().sum() };
    Bench::with_inputs("sums", inputs, sum).computing().executors(["rayon"]).executor(BACKWARDS).rounds(2)
}

/// Runs bags from their end.
struct Backwards(usize);

impl Executor for Backwards {
    fn workers(&self) -> usize {
        self.0
    }

    #[expect(clippy::disallowed_methods, reason = "an executor of one's own has threads of its own")]
    fn execute(&self, bag: &Bag) {
        std::thread::scope(|scope| {
            for worker in 0..self.0 {
                let tasks = (0..bag.len()).rev().skip(worker).step_by(self.0);
                scope.spawn(move || tasks.for_each(|task| bag.run(task)));
            }
        });
    }
}

const BACKWARDS: Factory = Factory {
    name: "backwards",
    summary: "the last agent first",
    workers: Workers::Any,
    placement: Placement::Spawned,
    mistake: false,
    build: |start| Ok(Box::new(Backwards(start.workers.get()))),
};

/// What a bench does with these arguments.
fn run(role: &str, record: &Path, arguments: &[&str]) -> Output {
    let mut bench = Command::new(std::env::current_exe().expect("it has a path"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CENTURION_")) {
        bench.env_remove(name);
    }
    let folder = record.parent().expect("it is in a folder");
    bench.env(ROLE, role).env("CENTURION_RECORD", record).env("CRITERION_HOME", folder).args(arguments);
    bench.output().expect("it starts")
}

/// The record of a quick bench that succeeds.
fn measured(role: &str) -> Record {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("record.json");
    let output = run(role, &path, &["--bench", "--quick"]);
    assert!(output.status.success(), "{}", error_of(&output));
    let record = centurion::store::read_record(&path).expect("it is a record");
    assert!(record.cells.iter().all(|cell| cell.failure.is_none() && cell.round.len() == 2), "{role}");
    record
}

/// What a bench says that fails.
fn refused(role: &str) -> String {
    let folder = tempfile::tempdir().expect("there is room");
    let output = run(role, &folder.path().join("record.json"), &["--bench", "--quick"]);
    assert_eq!(output.status.code(), Some(1), "{}", error_of(&output));
    format!("{}{}", String::from_utf8_lossy(&output.stdout), error_of(&output))
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn a_record_is_whole_and_names_the_crate() {
    let record = measured("squares");
    assert!(record.run.complete && !record.is_narrowed(), "{:?}", record.run);
    assert_eq!(record.run.libraries["own"], "7.8.9");
    assert!(record.run.libraries.contains_key("rayon") && record.run.libraries.contains_key("centurion"));
    assert_eq!(record.run.command, "cargo bench --bench agents -- --quick");
    let [workload] = &record.workloads[..] else { panic!("there is one") };
    assert_eq!((&*workload.name, workload.kind, workload.costs_ns.len()), ("squares", Kind::Computing, 8));
    assert_eq!(record.timelines[0].answers[3], "9");
}

fn agents_that_answer_by_turns_are_refused() {
    let said = refused("turns");
    assert!(
        said.contains("agents 0, 1, 2, 3, 4 and 3 more did not, agent 0 answered 0 and then 15"),
        "{said}"
    );
    assert!(said.contains(".unchecked()"), "{said}");
}

fn agents_that_answer_by_turns_may_be_unchecked() {
    assert_eq!(measured("unchecked").workloads[0].parameters["answers"], "unchecked");
}

fn a_wrong_answer_is_told_in_words() {
    let said = refused("wrong");
    assert!(said.contains("agent 3 answered 9, not 10"), "{said}");
}

fn futures_that_use_tokio_run_everywhere() {
    let record = measured("calls");
    assert_eq!(record.workloads[0].kind, Kind::Waiting);
    for executor in ["serial", "std-counter", "smol", "tokio"] {
        assert!(record.cells.iter().any(|cell| cell.executor == executor), "{executor}");
    }
}

fn agents_hear_each_other_under_an_own_executor() {
    let record = measured("sums");
    assert!(record.cells.iter().any(|cell| cell.executor == "backwards"));
    assert!(record.timelines.iter().all(|timeline| timeline.answers[8] == "28"));
}

/// Whether it can be told that they wait depends on how busy the machine is; that each ran once does not.
fn advice_runs_every_agent_once() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("record.json");
    let output = run("counted", &path, &["--advise", "--bench"]);
    let (said, noted) = (String::from_utf8_lossy(&output.stdout), error_of(&output));
    for agent in 0..8 {
        assert_eq!(noted.matches(&format!("run {agent}\n")).count(), 1, "{noted}");
    }
    assert!(!path.exists());
    let advised = output.status.success() && said.contains("8 agents were run once, one after another, in");
    assert!(
        advised && said.contains("90 % of what any number gives") || noted.contains("too busy"),
        "{noted}"
    );
    let refused = run("counted", &path, &["--advise", "rayon"]);
    assert!(error_of(&refused).contains("failed to advise with rayon"), "{}", error_of(&refused));
}

fn nothing_measured_is_no_success() {
    let said = refused("roundless");
    let why = "error: failed to use 0 as the rounds of a bench: give a number from 1 to";
    assert!(said.contains(why), "{said}");
    let nowhere = Path::new("nowhere/record.json");
    for (role, arguments) in [("ending", "--advise"), ("ending-pair", "--test"), ("ending-pair", "--bench")] {
        let output = run(role, nowhere, &[arguments]);
        let said = error_of(&output);
        assert_eq!(output.status.code(), Some(1), "{role} {arguments}: {said}");
        assert!(said.contains("an agent or a library ended the whole program"), "{said}");
    }
}

fn without_bench_every_cell_runs_once() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("record.json");
    let output = run("squares", &path, &[]);
    assert!(output.status.success() && !path.exists(), "{}", error_of(&output));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Testing squares/rayon/") && said.contains("Success"), "{said}");
}
