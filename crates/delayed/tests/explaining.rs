//! What a plan says of itself.

use centurion_delayed::{Delayed, Plan, all, delayed};

/// Ten agents, each thought over twice, and a summary of all.
fn council() -> (Vec<Delayed<'static, i32>>, Delayed<'static, i32>) {
    let agents: Vec<_> =
        (0..10).map(|agent| delayed(move || agent).named(format!("agent {agent}"))).collect();
    let second = agents.iter().map(|agent| agent.then(|answer| answer + 1).then(|answer| answer * 2));
    let summary = all(second).then(|answers| answers.iter().copied().sum()).named("summary");
    (agents, summary)
}

#[test]
fn chains_are_fused_and_the_ceiling_is_that_of_equal_tasks_before_anything_ran() {
    let (_, summary) = council();
    let plan = Plan::new([&summary]).explain().to_string();
    let expected = "\
results  1 asked for; 0 on the way are there already
tasks    31 with 30 inputs, 4 on the longest path
steps    11 with 10 inputs, after fusing chains
ceiling  1× per worker, 7.8× at most if all tasks take the same time";
    assert_eq!(plan, expected);
}

#[test]
fn what_ran_before_is_culled() {
    let (agents, summary) = council();
    Plan::new(&agents[..4]).compute_scoped(2).unwrap();
    let explained = Plan::new([&summary]).explain();
    assert_eq!((explained.tasks, explained.inputs, explained.culled), (27, 26, 4));
}

#[test]
fn a_plan_for_results_that_are_there_has_no_tasks() {
    let (_, summary) = council();
    assert_eq!(summary.compute_scoped(2), Ok(&110));
    let explained = Plan::new([&summary, &summary]).explain();
    assert_eq!((explained.results, explained.tasks, explained.culled), (2, 0, 1));
    assert!((explained.ceiling(5) - 1.0).abs() < 1e-12);
}

#[test]
fn three_equal_tasks_on_two_workers_are_at_most_one_and_a_half_times_as_fast() {
    let tasks: Vec<_> = (0..3).map(|task| delayed(move || task)).collect();
    let explained = Plan::new(&tasks).explain();
    let ceilings = [1, 2, 3].map(|workers| format!("{:.1}", explained.ceiling(workers)));
    assert_eq!(ceilings, ["1.0", "1.5", "3.0"]);
}

#[test]
fn durations_are_recorded_when_the_plan_runs() {
    let (agents, summary) = council();
    let plan = Plan::new([&summary]);
    assert_eq!(plan.explain().recorded, None);
    plan.compute_scoped(2).unwrap();
    let explained = plan.explain();
    let recorded = explained.recorded.expect("all tasks ran");
    assert_eq!(recorded.ran, 31);
    assert!(recorded.critical_path <= recorded.work);
    assert!(agents.iter().map(|agent| agent.duration().unwrap()).all(|one| one <= recorded.critical_path));
    assert!(explained.ceiling(1_000) <= explained.parallelism() && explained.ceiling(1) <= 1.0);
    assert!(explained.to_string().contains("ran      31 tasks: "));
}

#[test]
fn durations_of_tasks_that_did_not_run_are_unknown() {
    let failed = centurion_delayed::try_delayed(|| Err::<(), _>("no"));
    let never = failed.then(|()| ());
    let plan = Plan::new([&never]);
    plan.compute_scoped(1).unwrap_err();
    assert!(failed.duration().is_some() && never.duration().is_none());
    assert_eq!(plan.explain().recorded.map(|recorded| recorded.ran), Some(1));
}

#[test]
fn pictures_name_the_tasks_and_show_what_they_took() {
    let (_, summary) = council();
    let plan = Plan::new([&summary]);
    let (svg, dot) = (plan.svg("Council"), plan.dot("Council"));
    for name in ["agent 7", "summary", "explaining.rs:", "Council"] {
        assert!(svg.contains(name) && dot.contains(name), "no {name}");
    }
    plan.compute_scoped(1).unwrap();
    assert!(plan.svg("Council").contains("critical path") && !svg.contains("critical path"));
    assert_ne!(plan.dot("Council"), dot);
}
