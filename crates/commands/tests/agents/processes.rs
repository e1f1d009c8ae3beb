//! Agents that are processes of their own.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use centurion_commands::{Invocation, Lifetime, Scenario};
use serde_json::json;

use crate::helper::{Trial, is_alive};

#[test]
fn an_agent_reads_its_scenario_and_its_last_line_is_the_answer() {
    let script = r#"echo "working on $1"; read -r line; echo "$line""#;
    let came = Trial::new(script).run_lines("{\"id\": \"a\", \"q\": [1, 2]}\n{\"id\": \"b\"}\n");
    assert_eq!(came.all("answer"), [&json!({"id": "a", "q": [1, 2]}), &json!({"id": "b"})]);
    assert_eq!(came.all("exit"), [0, 0]);
    assert_eq!((came.totals.answered, came.totals.failed, came.totals.costs_ns.len()), (2, 0, 2));
}

#[test]
fn results_come_in_the_order_of_the_scenarios_under_every_executor() {
    for factory in centurion_executors::all() {
        let mut trial = Trial::new(r#"[ "$1" = 0 ] && sleep 0.05; echo "$1""#);
        trial.executor = factory.name;
        trial.workers = if factory.supports(3).is_ok() { 3 } else { 1 };
        let came = trial.run(9);
        let expected: Vec<_> = (0..9).map(|number| json!(number)).collect();
        assert_eq!(came.all("answer"), expected.iter().collect::<Vec<_>>(), "{}", factory.name);
    }
}

#[test]
fn what_is_right_is_known_where_it_is_said() {
    let lines = "{\"q\": 6, \"expected\": 0}\n{\"expected\": \"x\"}\n{}\n";
    let came = Trial::new(r#"echo "$1""#).run_lines(lines);
    assert_eq!(came.all("right"), [&json!(true), &json!(false), &json!(null)]);
    assert_eq!((came.totals.known, came.totals.right), (2, 1));
    assert_eq!(came.totals.wrong, [["1".to_owned(), "1".to_owned(), "x".to_owned()]]);
}

#[test]
fn the_environment_names_the_agent_and_the_seed() {
    let came = Trial::new(r#"echo "$CENTURION_AGENT of $CENTURION_SEED""#).run(1);
    assert_eq!(came.all("answer"), ["0 of 42"]);
}

#[test]
fn an_agent_that_does_not_read_is_fed_in_vain() {
    let scenario = format!("{{\"text\": \"{}\"}}\n", "x".repeat(1 << 18));
    let came = Trial::new("exec <&-; echo done").run_lines(scenario.leak());
    assert_eq!(came.all("answer"), ["done"]);
}

#[test]
fn a_scenario_larger_than_a_pipe_arrives_while_the_agent_prints() {
    let scenario = format!("{{\"text\": \"{}\"}}\n", "x".repeat(1 << 18));
    let came = Trial::new("tee /dev/stderr | tr -d '\\n' | wc -c").run_lines(scenario.leak());
    assert_eq!(came.all("answer"), [&json!((1 << 18) + r#"{"id":0,"text":""}"#.len())]);
}

#[test]
fn an_exit_code_is_a_failure_with_the_end_of_standard_error() {
    let came = Trial::new("echo 42; echo too odd >&2; exit 3").run(1);
    assert_eq!(came.failure(), "ended with exit code 3");
    assert_eq!((came.all("exit"), came.all("stderr")), (vec![&json!(3)], vec![&json!("too odd")]));
    assert_eq!(came.totals.failures["ended with exit code 3"].stderr, "too odd");
}

#[test]
fn a_signal_is_a_failure_with_its_name() {
    let came = Trial::new("kill -SEGV $$").run(1);
    assert_eq!(came.failure(), "was killed by SIGSEGV");
    assert_eq!(came.all("signal"), [11]);
}

#[test]
fn saying_that_all_is_well_without_an_answer_is_a_failure() {
    assert_eq!(Trial::new("echo; echo ' '").run(1).failure(), "printed no answer");
}

#[test]
fn half_a_line_is_an_answer_of_one_that_ends_well() {
    assert_eq!(Trial::new("printf 'one\\n4'").run(1).all("answer"), [4]);
}

#[test]
fn an_answer_that_is_no_text_is_a_failure_and_other_lines_may_be() {
    assert_eq!(Trial::new("printf '\\377\\n'").run(1).failure(), "printed an answer that is not UTF-8");
    assert_eq!(Trial::new("printf '\\377\\n'; echo fine; printf '\\377' >&2").run(1).all("answer"), ["fine"]);
}

#[test]
fn an_agent_that_never_ends_is_ended() {
    let came = Trial::new("echo $$; sleep 1000").limit(50).run(1);
    assert_eq!(came.failure(), "took longer than the time limit");
    assert_eq!(came.all("signal"), [15]);
}

#[test]
fn an_agent_that_ignores_being_asked_to_end_is_killed() {
    let came = Trial::new("trap '' TERM; sleep 1000 & wait; while :; do sleep 1000; done").limit(50).run(1);
    assert_eq!(came.failure(), "took longer than the time limit");
    assert_eq!(came.all("signal"), [9]);
}

#[test]
fn a_limit_ends_the_children_of_an_agent_too() {
    let came = Trial::new("sleep 1000 & echo $! >&2; wait").limit(1_500).run(1);
    let child = came.results[0]["stderr"].as_str().expect("it said its number");
    assert!(!is_alive(child), "{child} is");
}

#[test]
fn an_agent_that_closed_its_output_is_still_ended() {
    let came = Trial::new("exec >&- 2>&-; sleep 1000").limit(50).run(1);
    assert_eq!(came.failure(), "took longer than the time limit");
}

#[test]
fn what_an_agent_leaves_behind_is_killed_when_it_has_ended() {
    let came = Trial::new("sleep 1000 & echo $!").run(1);
    let child = came.results[0]["answer"].to_string();
    assert!(!is_alive(&child), "{child} is");
}

#[test]
fn what_an_agent_leaves_behind_may_still_answer_for_a_moment() {
    assert_eq!(Trial::new("(echo 5) & exit 0").run(1).all("answer"), [5]);
}

#[test]
fn a_child_that_escapes_and_holds_the_pipes_is_not_waited_for() {
    let came = Trial::new("echo 42; setsid sleep 1000 & echo $! >&2").run(1);
    assert_eq!(came.all("answer"), [42]);
    let child = came.results[0]["stderr"].as_str().expect("it said its number").to_owned();
    assert!(is_alive(&child), "nobody can know that it was the agent's");
    std::process::Command::new("kill").arg(child).status().expect("kill is there");
}

#[test]
fn a_child_that_goes_on_printing_does_not_keep_its_agent_alive() {
    let came = Trial::new("(while :; do echo more; done) & echo 42; exit 0").run(1);
    assert_eq!(came.results.len(), 1, "it has ended, with what was printed until then or with too much");
}

#[test]
fn an_agent_that_prints_too_much_is_ended_and_one_that_complains_too_much_is_not() {
    let came = Trial::new("head -c 200000000 /dev/zero").run(1);
    assert_eq!(came.failure(), "printed more than the output limit");
    let came = Trial::new("head -c 5000000 /dev/zero | tr '\\0' x >&2; echo 42").run(1);
    assert_eq!(came.all("answer"), [42]);
    assert_eq!(came.results[0]["stderr"].as_str().map(str::len), Some(2048));
}

#[test]
fn a_failure_is_tried_again_and_counted() {
    let folder = tempfile::tempdir().expect("there is room");
    let place = folder.path().display();
    let script = format!("echo x >> {place}/$1; [ $(wc -l < {place}/$1) = 3 ] && echo fine");
    let came = Trial::new(&script).retries(5).run(2);
    assert_eq!(came.all("answer"), ["fine", "fine"]);
    assert_eq!(came.all("attempts"), [3, 3]);
    assert_eq!(came.totals.retries, 4);
    let came = Trial::new("exit 1").retries(2).run(1);
    assert_eq!((came.failure(), came.all("attempts")), ("ended with exit code 1", vec![&json!(3)]));
}

#[test]
fn a_program_that_can_not_be_run_ends_the_run_and_is_not_tried_again() {
    let mut trial = Trial::new("").retries(3);
    trial.invocation = Invocation::new(vec!["gone".into()], "/no/such/gone".into(), 42);
    trial.workers = 1;
    let came = trial.run(100);
    assert!(
        came.failure().starts_with("could not be started: /no/such/gone: No such file"),
        "{}",
        came.failure()
    );
    assert_eq!(came.all("attempts"), [1]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the script is made by hand")]
fn a_script_whose_interpreter_is_gone_is_named_with_it() {
    let folder = tempfile::tempdir().expect("there is room");
    let script = folder.path().join("agent");
    std::fs::write(&script, "#!/no/such -x\necho 1\n").expect("there is room");
    std::fs::set_permissions(&script, Permissions::from_mode(0o755)).expect("it is ours");
    let begins = format!("could not be started: {}, run by /no/such -x: No such file", script.display());
    for lifetime in [Lifetime::Agent, Lifetime::Worker] {
        let mut trial = Trial::new("");
        trial.invocation = Invocation::new(vec!["agent".into()], script.clone(), 42);
        trial.rules.lifetime = lifetime;
        trial.workers = 1;
        let came = trial.run(2);
        assert!(came.failure().starts_with(&begins), "{}", came.failure());
    }
}

#[test]
fn a_limit_by_the_median_follows_those_that_answered() {
    let mut trial = Trial::new(r#"[ "$1" = 5 ] && sleep 1000; echo "$1""#);
    trial.rules.watch.limit = Some(centurion_commands::TimeLimit::OfMedian(500.0));
    let came = trial.run(8);
    assert_eq!((came.totals.answered, came.totals.failed), (7, 1));
    assert_eq!(came.results[5]["failure"], "took longer than the time limit");
}

#[test]
fn memory_and_cpu_time_are_the_agent_s() {
    let script = "head -c 60000000 /dev/zero | tail -c 50000000 | wc -c";
    let came = Trial::new(script).run(1);
    assert_eq!(came.all("answer"), [50_000_000]);
    assert!(came.results[0]["peak_bytes"].as_u64() > Some(50_000_000), "{:?}", came.results);
    assert!(came.results[0]["cpu_ns"].as_u64() > Some(0), "{:?}", came.results);
}

#[test]
fn a_shell_runs_a_line_in_which_the_id_is_quoted() {
    let mut trial = Trial::new("");
    let line = ["printf '%s\\n' {}".to_owned(), "| tr a-z A-Z".to_owned()];
    trial.invocation = Invocation::with_shell(&line, "/bin/sh".into(), 42);
    assert_eq!(trial.run_lines("{\"id\": \"it's $(echo bad)\"}").all("answer"), ["IT'S $(ECHO BAD)"]);
}

#[test]
fn an_answer_may_echo_the_id_as_a_persistent_worker_does() {
    let script = r#"read -r line; echo "{\"id\": $1, \"answer\": \"yes\"}""#;
    let single = Trial::new(script).run(2);
    let worker = r#"while read -r line; do echo "{\"id\": ${line#*:}"| sed 's/}/, "answer": "yes"}/'; done"#;
    let mut persistent = Trial::with_worker(worker);
    persistent.rules.lifetime = Lifetime::Worker;
    assert_eq!(single.all("answer"), persistent.run(2).all("answer"));
}

#[test]
fn scenarios_are_drawn_as_they_are_needed() {
    let trial = Trial::new(r#"echo "$1"; [ "$1" != 7 ]"#);
    let brake = trial.brake.clone();
    let endless = (0..).map(move |number| {
        if number == 20 {
            brake.soon();
        }
        Ok(Scenario::with_number(number))
    });
    let came = trial.run_of(endless);
    assert!((18..=20).contains(&came.results.len()), "{}", came.results.len());
}
