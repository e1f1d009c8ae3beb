//! A hundred agents under every executor: `cargo run -p centurion-executors --example map`.

use centurion_executors::{Start, StartError, Workers, all, map};

/// Steps until Collatz' sequence from `agent` reaches 1. Agent 0 has no sequence, and says so.
fn steps(agent: u64) -> u32 {
    assert!(agent > 0, "zero never reaches one");
    let next = |&number: &u64| match number {
        1 => None,
        number if number.is_multiple_of(2) => Some(number / 2),
        number => Some(3 * number + 1),
    };
    std::iter::successors(Some(agent), next).count() as u32 - 1
}

fn main() -> Result<(), StartError> {
    std::panic::set_hook(Box::new(|_| ())); // a panic is kept as its agent's result
    for factory in all() {
        let workers = if factory.workers == Workers::One { 1 } else { 4 };
        let executor = factory.start(&Start::workers(workers))?;
        let results = map(&*executor, 100, |agent| steps(agent as u64));
        let longest = results.iter().flatten().max().expect("most agents have an answer");
        let failed: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
        println!("{:<22} longest: {longest} steps; failed: {}, it {}", factory.name, failed.len(), failed[0]);
    }
    Ok(())
}
