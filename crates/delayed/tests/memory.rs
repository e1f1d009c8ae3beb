//! What a million tasks take. Nothing else may run in this process meanwhile, hence a file of its own.
#![cfg(target_os = "linux")]

use centurion_delayed::{Delayed, Plan, delayed};

const WIDTH: u64 = 1_000;
const ROWS: u64 = 1_000;

/// Rows in which each task needs two of the row before.
fn rows() -> Vec<Delayed<'static, u64>> {
    let first: Vec<_> = (0..WIDTH).map(|_| delayed(|| 1)).collect();
    (1..ROWS).fold(first, |row, _| {
        let neighbours = row.iter().zip(row.iter().cycle().skip(1));
        neighbours.map(|(left, right)| left.with(right, |a, b| a.max(b) + 1)).collect()
    })
}

/// The most memory that this process has ever had, in bytes.
#[expect(clippy::disallowed_methods, reason = "the kernel speaks through files")]
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("it tells of memory");
    let kilobytes: u64 = line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("a number");
    kilobytes * 1024
}

#[test]
fn a_million_tasks_of_two_inputs_take_less_than_200_bytes_each() {
    let before = most_memory();
    let last = rows();
    let plan = Plan::new(&last);
    assert_eq!(plan.explain().tasks as u64, WIDTH * ROWS);
    plan.compute_scoped(1).unwrap();
    let per_task = (most_memory() - before) / (WIDTH * ROWS);
    assert!(per_task < 200, "{per_task} bytes");
    assert!(last.iter().all(|task| task.outcome() == Some(Ok(&ROWS))));
}
