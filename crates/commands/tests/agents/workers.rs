//! Persistent workers.

use serde_json::json;

use crate::helper::{Trial, is_alive};

/// Answers every line with the number of the process, after what `extra` does for it.
fn worker(extra: &str) -> String {
    format!(
        r#"while read -r line; do id=${{line#*:}}; id=${{id%%\}}*}}; {extra}; echo "{{\"id\": $id, \"answer\": $$}}"; done"#
    )
}

#[test]
fn one_process_answers_all_scenarios_of_a_worker() {
    let came = Trial::with_worker(&worker(":")).run(5);
    let answers = came.all("answer");
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(came.all("attempts"), [&json!(1); 5]);
    assert!(!is_alive(&answers[0].to_string()));
}

#[test]
fn a_worker_that_dies_is_replaced_and_the_agent_tried_again() {
    let folder = tempfile::tempdir().expect("there is room");
    let once = folder.path().join("once");
    let dies = format!("[ $id = 2 ] && mkdir {} 2>/dev/null && exit 1", once.display());
    let came = Trial::with_worker(&worker(&dies)).retries(1).run(4);
    assert_eq!(came.all("attempts"), [&json!(1), &json!(1), &json!(2), &json!(1)]);
    let answers = came.all("answer");
    assert!(answers[1] != answers[2] && answers[2] == answers[3], "{answers:?}");
}

#[test]
fn a_worker_that_dies_for_ever_fails_its_agent_only() {
    let came = Trial::with_worker(&worker("[ $id = 1 ] && echo why >&2 && kill -9 $$")).run(3);
    assert_eq!(came.all("failure"), [&json!(null), &json!("ended before it answered"), &json!(null)]);
    assert_eq!(came.results[1]["stderr"], "why");
}

#[test]
fn a_worker_that_hangs_is_replaced() {
    let came = Trial::with_worker(&worker("[ $id = 1 ] && sleep 1000")).limit(1_500).run(3);
    assert_eq!(came.all("failure"), [&json!(null), &json!("took longer than the time limit"), &json!(null)]);
}

#[test]
fn an_answer_for_another_scenario_is_out_of_turn() {
    let came = Trial::with_worker(&worker("[ $id = 1 ] && id=0")).run(3);
    assert!(came.results[1]["failure"].as_str().is_some_and(|text| text.starts_with("answered out of turn")));
    assert_eq!((came.totals.answered, came.totals.failed), (2, 1));
}

#[test]
fn what_is_no_answer_is_out_of_turn_and_half_a_line_is_none() {
    let came = Trial::with_worker("while read -r line; do echo hello; done").run(1);
    assert!(came.failure().starts_with("answered out of turn"));
    let came = Trial::with_worker("read -r line; printf '{\"id\": 0'").run(1);
    assert_eq!(came.failure(), "ended before it answered");
}

#[test]
fn a_worker_that_says_more_than_it_was_asked_is_replaced_before_the_next_scenario() {
    let twice = r#"while read -r line; do printf '%s, "answer": 1}\nmore\n' "${line%\}}"; done"#;
    let came = Trial::with_worker(twice).run(3);
    assert_eq!((came.totals.answered, came.totals.retries), (3, 0), "{:?}", came.results);
}

#[test]
fn a_worker_that_prints_without_end_is_ended() {
    let came = Trial::with_worker("read -r line; cat /dev/zero").run(1);
    assert_eq!(came.failure(), "printed more than the output limit");
}

#[test]
fn a_worker_that_does_not_end_when_nothing_is_left_to_read_is_ended() {
    let came = Trial::with_worker(&(worker(":") + "; sleep 1000")).run(2);
    assert_eq!(came.totals.answered, 2);
    assert!(!is_alive(&came.results[0]["answer"].to_string()));
}
