//! What the driver in Python might say, said by a shell: no Python is needed.
#![cfg(unix)]

use std::process::Command;
use std::time::Duration;

use centurion_agents::Grain;
use centurion_dask::{
    AgentFailure, AgentOutcome, AttemptEnd, AttemptEvent, AttemptFailure, Cluster, ClusterEvent, DaskError,
    Definition, Driver, Ended, Scheduler, Target,
};

const HELLO: &str = r#"{"event":"hello","version":"0","build":"b","protocol":1,"python":"3","dask":"1","distributed":"1","import_ns":5}"#;
const STARTED: &str = r#"{"event":"started","executor":4,"start_ns":10,"first_call_ns":20,"workers":2,"threads":8,"brought":1,"address":"tcp://here"}"#;
const FINISHED: &str = r#"{"event":"finished","wall_ns":1000,"cancelled":false,"workers":1}"#;
const STOPPED: &str = r#"{"event":"stopped"}"#;

/// A driver that answers each request with the lines of its own, and then ends.
fn driver(answers: &[&str]) -> Result<Driver, DaskError> {
    let mut shell = Command::new("sh");
    let script = "for answer; do read -r request || exit; printf '%s\\n' \"$answer\"; done; cat >/dev/null";
    shell.args(["-c", script, "sh"]).args(answers);
    Driver::speak_with(shell).expect("there is a shell")
}

/// What is heard of a run that is answered by these lines.
fn heard(lines: &[&str]) -> (Vec<ClusterEvent>, Result<Ended, DaskError>) {
    let mut events = Vec::new();
    let driver = driver(&[HELLO, STARTED, &lines.join("\n"), STOPPED]).expect("it greets");
    let cluster: Cluster = driver.connect(&Target::Local { workers: 8 }).expect("it starts");
    let ended = cluster.run(&grain(), None, |event| events.push(event));
    (events, ended)
}

fn grain() -> Definition {
    Definition::new(&Grain::new(2, 8, 1)).expect("it can be described")
}

fn outcome(agent: usize, result: Result<u64, &str>) -> ClusterEvent {
    ClusterEvent::Outcome(AgentOutcome {
        agent,
        result: result.map_err(|reason| AgentFailure::Failed { reason: reason.into() }),
        attempts: 1,
        worker: None,
        time: None,
    })
}

#[test]
fn a_driver_is_greeted_and_says_what_it_is_made_of() {
    let versions = driver(&[HELLO]).expect("it greets").versions();
    assert_eq!((versions.python.as_str(), versions.import_ns), ("3", 5));
}

#[test]
fn a_refusal_is_passed_on_in_its_own_words() {
    let refusal = r#"{"event":"error","reason":"failed to shake hands: other builds; run `just python`"}"#;
    let error = driver(&[refusal]).err().expect("it is refused");
    assert_eq!(error.to_string(), "shake hands: other builds; run `just python`");
}

#[test]
fn a_driver_that_ends_or_talks_nonsense_is_told_apart_and_neither_hangs() {
    let gone = Driver::speak_with(Command::new("true")).expect("there is such a command");
    let gone = gone.err().expect("it ends at once").to_string();
    assert!(gone.contains("ended before it answered") && gone.contains("just python"), "{gone}");
    let nonsense = driver(&["Traceback (most recent call last):"]).err().expect("it is no event").to_string();
    assert!(nonsense.contains("\"Traceback (most recent call last):\""), "{nonsense}");
    let other = driver(&[STOPPED]).err().expect("it is no greeting").to_string();
    assert!(other.contains("Stopped"), "{other}");
}

#[test]
fn a_cluster_says_what_it_found() {
    let driver = driver(&[HELLO, STARTED, STOPPED]).expect("it greets");
    let cluster = driver.connect(&Target::Local { workers: 8 }).expect("it starts");
    assert_eq!((cluster.processes, cluster.workers, cluster.brought), (2, 8, 1));
    assert_eq!((cluster.startup, cluster.first_call), (Duration::from_nanos(10), Duration::from_nanos(20)));
}

#[test]
fn outcomes_and_notes_are_heard_in_order() {
    let (events, ended) = heard(&[
        r#"{"event":"outcomes","finished":1,"outcomes":[]}"#,
        r#"{"event":"note","text":"a worker is lost"}"#,
        r#"{"event":"outcomes","finished":2,"outcomes":[{"agent":0,"attempts":1,"answer":7},{"agent":1,"attempts":1,"reason":"no"}]}"#,
        FINISHED,
    ]);
    let note = ClusterEvent::Note("a worker is lost".into());
    let outcomes = [outcome(0, Ok(7)), outcome(1, Err("no"))];
    let expected =
        [vec![ClusterEvent::Finished(1), note, ClusterEvent::Finished(2)], outcomes.to_vec()].concat();
    assert_eq!(events, expected);
    let ended = ended.expect("it finished");
    assert_eq!((ended.wall, ended.cancelled, ended.processes), (Duration::from_micros(1), false, 1));
}

#[test]
fn a_result_that_arrives_twice_is_counted_once() {
    let line = r#"{"event":"outcomes","finished":1,"outcomes":[{"agent":0,"attempts":1,"answer":7}]}"#;
    let (events, _) = heard(&[line, &line.replace('7', "8"), FINISHED]);
    let outcomes: Vec<ClusterEvent> =
        events.into_iter().filter(|event| matches!(event, ClusterEvent::Outcome(_))).collect();
    assert_eq!(outcomes, [outcome(0, Ok(7))]);
}

#[test]
fn a_driver_that_ends_in_a_run_is_an_error_and_what_was_heard_is_kept() {
    let mut shell = Command::new("sh");
    let told = r#"{"event":"outcomes","finished":1,"outcomes":[{"agent":0,"attempts":1,"answer":7}]}"#;
    shell.args(["-c", "for answer; do read -r request; printf '%s\\n' \"$answer\"; done; exit 1", "sh"]);
    shell.args([HELLO, STARTED, told]);
    let driver = Driver::speak_with(shell).expect("there is a shell").expect("it greets");
    let cluster = driver.connect(&Target::Local { workers: 8 }).expect("it starts");
    let mut answers = Vec::new();
    let ended = cluster.run(&grain(), Some(1), |event| {
        if let ClusterEvent::Outcome(outcome) = event {
            answers.push(outcome.result);
        }
    });
    assert!(matches!(ended, Err(DaskError::Ended { what: "run agents on a cluster" })), "{ended:?}");
    assert_eq!(answers, [Ok(7)]);
}

#[test]
fn what_becomes_of_attempts_is_heard_until_there_are_to_be_no_more() {
    let told = [
        r#"{"event":"ready"}"#,
        r#"{"event":"attempted","attempt":1,"lost":2,"outcome":"{}"}"#,
        r#"{"event":"note","text":"a worker is lost"}"#,
        r#"{"event":"attempted","attempt":0,"lost":4}"#,
        r#"{"event":"attempted","attempt":2,"lost":0,"reason":"why"}"#,
        r#"{"event":"closed"}"#,
    ];
    let driver = driver(&[HELLO, STARTED, &told.join("\n"), STOPPED]).expect("it greets");
    let cluster = driver.connect(&Target::Local { workers: 8 }).expect("it starts");
    let mut heard = Vec::new();
    cluster.make_attempts("an order", |event| heard.push(event)).expect("it is closed");
    let ended = |attempt, lost, outcome| AttemptEvent::Ended(AttemptEnd { attempt, lost, outcome });
    let expected = [
        AttemptEvent::Ready,
        ended(1, 2, Some(Ok("{}".into()))),
        AttemptEvent::Note("a worker is lost".into()),
        ended(0, 4, None),
        ended(2, 0, Some(Err(AttemptFailure("why".into())))),
    ];
    assert_eq!(heard, expected);
}

#[test]
fn a_sample_is_what_the_driver_measured() {
    let sampled = r#"{"event":"sampled","wall_ns":1500,"cpu_ns":10,"first_call_ns":null,"executions":4,"sums":[18446744073709551615,2],"memory_bytes":9}"#;
    let driver = driver(&[HELLO, STARTED, sampled, STOPPED]).expect("it greets");
    let peer = driver.start(Scheduler::DaskThreads, 2, &[0, 1]).expect("it starts");
    let sample = peer.sample(&grain(), 2).expect("it samples");
    assert_eq!((sample.wall, sample.sums), (Duration::from_nanos(1500), vec![u64::MAX, 2]));
    assert_eq!((sample.answers, sample.first_call), (4, None));
}

/// Waits until a process is stopped, or is not, as Linux shows it; for ten seconds at most.
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "the system tells it in a file")]
fn becomes(process: &str, stopped: bool) -> bool {
    (0..1_000).any(|_| {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("it is there");
        let (_, after_the_name) = stat.rsplit_once(") ").expect("its name is in parentheses");
        let is_so = after_the_name.starts_with('T') == stopped;
        if !is_so {
            std::thread::sleep(Duration::from_millis(10));
        }
        is_so
    })
}

#[test]
#[cfg(target_os = "linux")]
fn a_driver_rests_between_samples_and_all_that_it_started_with_it() {
    let sampled = r#"{"event":"sampled","wall_ns":1,"cpu_ns":0,"first_call_ns":null,"executions":2,"sums":[1,2],"memory_bytes":9}"#;
    let mut shell = Command::new("sh");
    // The pid of something it started stands where the version of Python does.
    let script = r#"sleep 60 & read -r request; printf '%s\n' "$(printf '%s' "$1" | sed "s/PID/$!/")"; shift
        for answer; do read -r request || exit; printf '%s\n' "$answer"; done; cat >/dev/null; kill %1"#;
    shell.args(["-c", script, "sh", &HELLO.replace("\"3\"", "\"PID\""), STARTED, sampled, sampled, STOPPED]);
    let driver = Driver::speak_with(shell).expect("there is a shell").expect("it greets");
    let started = driver.versions().python;
    let peer = driver.start(Scheduler::DaskThreads, 2, &[]).expect("it starts");
    assert!(becomes(&started, false));
    for _ in 0..2 {
        peer.sample(&grain(), 1).expect("it wakes up");
        assert!(becomes(&started, true));
    }
    drop(peer);
    assert!(becomes(&started, false));
}
