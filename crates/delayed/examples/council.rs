//! Forty agents, four judges who carry on with those that answered, and a summary:
//! `cargo run -p centurion-delayed --example council`.

use centurion_delayed::{Failure, Plan, all, delayed, try_delayed};
use centurion_executors::{Start, find};

const AGENTS: u32 = 40;
const GROUP: usize = 10;

/// An answer, of which every seventh agent has none.
fn decide(agent: u32) -> Result<u32, String> {
    let answer = (1..=agent).fold(agent, |answer, step| answer.wrapping_mul(31).wrapping_add(step) % 997);
    if agent % 7 == 3 { Err(format!("agent {agent} has no opinion")) } else { Ok(answer) }
}

/// How many of a group answered, and the best of their answers.
fn judge(answers: &[&Result<u32, String>]) -> (usize, u32) {
    let survivors = answers.iter().filter_map(|answer| answer.as_ref().ok());
    survivors.fold((0, 0), |(count, best), &answer| (count + 1, best.max(answer)))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // An agent's error is its result here, so that it fails nobody: nothing has run yet.
    let agents: Vec<_> =
        (0..AGENTS).map(|agent| delayed(move || decide(agent)).named(format!("agent {agent}"))).collect();
    let judges = agents
        .chunks(GROUP)
        .zip(0..)
        .map(|(group, number)| all(group).then(judge).named(format!("judge {number}")));
    let summary = all(judges)
        .then(|verdicts| {
            let survivors: usize = verdicts.iter().map(|(count, _)| count).sum();
            let best = verdicts.iter().map(|(_, best)| *best).max();
            (survivors, best.unwrap_or_default())
        })
        .named("summary");

    let executor = find("rayon").ok_or("rayon is in the list")?.start(&Start::workers(2))?;
    let plan = Plan::new([&summary]);
    plan.compute(&*executor)?;
    let (survivors, best) = summary.compute(&*executor)?; // it is there already
    println!("{survivors} of {AGENTS} agents answered; the best answer is {best}\n");
    println!("{}\n", plan.explain());

    // Where an error is a failure, it fails what needs it, and says by which way it came there.
    let strict = try_delayed(|| decide(3)).named("agent 3").then(|answer| answer * 2).named("strict judge");
    let failure: Failure = strict.compute(&*executor).expect_err("agent 3 has no opinion");
    println!("{failure}");
    Ok(())
}
