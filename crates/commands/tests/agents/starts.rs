//! Start-up, as it is seen from outside: until an agent first reads its scenario.
#![cfg(target_os = "linux")]

use centurion_commands::Scenario;
use serde_json::{Value, json};

use crate::helper::{Came, Trial};

fn nanoseconds(came: &Came, field: &str) -> u64 {
    came.results[0][field].as_u64().unwrap_or_else(|| panic!("it is known: {:?}", came.results))
}

#[test]
fn start_up_ends_when_an_agent_reads_its_scenario() {
    let came = Trial::new("sleep 0.05; read -r line; sleep 0.05; echo 1").run(1);
    let (start, wall) = (nanoseconds(&came, "start_ns"), nanoseconds(&came, "wall_ns"));
    assert!(start >= 50_000_000 && wall - start >= 50_000_000, "{start} of {wall}");
    assert_eq!(came.totals.starts.as_nanos(), u128::from(start));
}

#[test]
fn an_agent_that_does_not_read_has_no_start_up_that_could_be_told() {
    let came = Trial::new("echo 1").run(1);
    assert_eq!((came.all("answer"), came.all("start_ns")), (vec![&json!(1)], vec![&Value::Null]));
    let came = Trial::new("exec <&-; sleep 0.01; echo 1").run(1);
    assert_eq!(came.all("start_ns"), [&Value::Null]);
}

#[test]
fn a_scenario_of_any_length_is_read_to_its_end_and_the_first_read_is_seen() {
    for length in [0, 4_000, 4_096, 5_000, 65_536, 300_000] {
        let text = json!({"text": "x".repeat(length)}).to_string();
        let scenario = Scenario::from_line(0, &text).expect("it is one");
        let bytes = scenario.line.len() + 1;
        let came = Trial::new("wc -c").run_of(std::iter::once(Ok(scenario)));
        assert_eq!(came.all("answer"), [&json!(bytes)]);
        assert!(nanoseconds(&came, "start_ns") <= nanoseconds(&came, "wall_ns"));
    }
}

#[test]
fn a_persistent_worker_starts_with_its_first_agent() {
    let script = r#"while read -r line; do n=${line##*:}; echo "{\"id\": ${n%\}}, \"answer\": 1}"; done"#;
    let came = Trial::with_worker(script).run(3);
    let known: Vec<bool> = came.all("start_ns").into_iter().map(Value::is_u64).collect();
    assert_eq!(known, [true, false, false]);
}

#[test]
fn the_cpu_time_of_a_persistent_worker_is_that_of_each_answer() {
    let computes = "i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done";
    let script = format!(
        r#"while read -r line; do n=${{line##*:}}; n=${{n%\}}}}; [ $n = 1 ] && {{ {computes}; }}; echo "{{\"id\": $n, \"answer\": 1}}"; done"#
    );
    let mut trial = Trial::with_worker(&script);
    trial.workers = 1;
    let came = trial.run(3);
    let cpu: Vec<u64> = came.all("cpu_ns").into_iter().filter_map(Value::as_u64).collect();
    assert!(cpu.len() == 3 && cpu[1] > 10 * cpu[2], "{:?}", came.results);
}

#[test]
fn how_long_an_agent_stood_in_line_for_a_cpu_is_told_where_its_own_process_did_the_work() {
    let came = Trial::new("exec sleep 0.05").run(1);
    assert!(nanoseconds(&came, "queued_ns") <= nanoseconds(&came, "wall_ns"));
    let came = Trial::new("head -c 90000000 /dev/zero | cksum; echo 1").run(1);
    assert_eq!(came.all("queued_ns"), [&Value::Null], "its children did it");
}
