//! Scenarios that need each other's answers.

use centurion_commands::{HaltRule, HaltShare, Invocation, ScenarioGraph, Scenarios};

use crate::helper::Trial;

fn graph(lines: &str) -> ScenarioGraph {
    ScenarioGraph::read(Scenarios::new("in.jsonl", lines.as_bytes())).expect("it can be used")
}

#[test]
fn on_every_number_of_workers_agents_get_the_same_answers() {
    let sum = r#"{"id": 3, "needs": [0, 2]}"#;
    let lines = format!(
        "{sum}\n{}\n{}\n{}\n",
        r#"{"id": 2, "needs": [1, 0]}"#, r#"{"id": 1, "needs": [0]}"#, r#"{"id": 0}"#
    );
    for workers in [1, 2, 8] {
        let mut trial = Trial::new("cat");
        trial.workers = workers;
        let came = trial.run_of(graph(&lines));
        let [three, _, one, zero] = &came.results[..] else { panic!("{:?}", came.results) };
        assert_eq!((&zero["answer"]["id"], &one["answer"]["answers"]["0"]), (&0.into(), &zero["answer"]));
        assert_eq!(three["answer"]["answers"]["2"]["answers"]["1"], one["answer"]);
        assert_eq!((came.totals.answered, came.totals.costs_ns.len()), (4, 4));
    }
}

#[test]
fn what_was_not_begun_does_not_halt_a_run_and_has_no_cost() {
    let mut lines: Vec<_> = (1..20).map(|id| format!("{{\"id\": {id}, \"needs\": [0]}}")).collect();
    lines.insert(0, r#"{"id": 0}"#.into());
    lines.push(r#"{"id": "alone"}"#.into());
    let mut trial = Trial::new("[ $1 != 0 ] && echo $1");
    (trial.halt, trial.workers) = (Some(HaltRule { now: false, at: HaltShare::Count(2) }), 1);
    let came = trial.run_of(graph(&lines.join("\n")));
    let totals = &came.totals;
    assert_eq!((totals.answered, totals.failed, totals.unmet, totals.costs_ns.len()), (1, 20, 19, 2));
    assert_eq!(came.results[1]["failure"], "needs the answer of 0, which has none");
    assert_eq!(came.results[1]["attempts"], 0);
}

#[test]
fn an_agent_that_fails_by_way_of_several_fails_once() {
    let lines = r#"{"id": "a"}
        {"id": "b", "needs": ["a", "a"]}
        {"id": "c", "needs": ["a", "b"]}
        {"id": "d", "needs": ["b", "c"]}"#;
    let came = Trial::new("exit 1").run_of(graph(lines));
    assert_eq!((came.results.len(), came.totals.failed, came.totals.unmet), (4, 4, 3));
}

#[test]
fn a_program_that_is_not_there_ends_a_graph() {
    let mut trial = Trial::new("");
    trial.invocation = Invocation::new(vec!["gone".into()], "/no/such/program".into(), 42);
    let came = trial.run_of(graph("{\"id\": 1}\n{\"id\": 2, \"needs\": [1]}\n{\"id\": 3}\n"));
    assert!(came.trouble.is_none() && came.totals.answered == 0 && came.totals.unmet == 1);
}
