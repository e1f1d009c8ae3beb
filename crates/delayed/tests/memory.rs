//! What tasks take, by how many inputs they have: `cargo test -p centurion-delayed --test memory -- --nocapture`. Each
//! number is found in a process of its own, whose heap nothing else has used.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "the kernel speaks through files")]

use std::env;
use std::fs;
use std::process::Command;

use centurion_delayed::{Delayed, Plan, delayed, join};

const WIDTH: usize = 1_000;
const ROWS: u64 = 300;
/// Names the number of inputs, in the process that builds and runs the tasks.
const INPUTS: &str = "CENTURION_DELAYED_INPUTS";

/// Rows in which each task needs so many of the row before.
fn rows(inputs: usize) -> Vec<Delayed<'static, u64>> {
    let first: Vec<_> = (0..WIDTH).map(|_| delayed(|| 1)).collect();
    (1..ROWS).fold(first, |row, _| (0..WIDTH).map(|task| next(&row, task, inputs)).collect())
}

fn next(row: &[Delayed<'static, u64>], task: usize, inputs: usize) -> Delayed<'static, u64> {
    let input = |number: usize| row[(task + number) % WIDTH].clone();
    match inputs {
        1 => input(0).then(|a| a + 1),
        2 => input(0).with(&input(1), |a, _| a + 1),
        3 => join!(input(0), input(1), input(2)).then(|a, _, _| a + 1),
        _ => join!(input(0), input(1), input(2), input(3)).then(|a, _, _, _| a + 1),
    }
}

/// Bytes of this process's memory that the kernel states under `key`.
fn memory(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find_map(|line| line.strip_prefix(key)).expect("it tells of memory");
    let kilobytes: u64 = line.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a number");
    kilobytes * 1024
}

/// Bytes a task: built, planned, and at most while it is planned and run.
fn bytes(inputs: usize) -> [u64; 3] {
    let before = memory("VmRSS:");
    let last = rows(inputs);
    let built = memory("VmRSS:");
    let plan = Plan::new(&last);
    let planned = memory("VmRSS:");
    assert_eq!(plan.explain().tasks as u64, WIDTH as u64 * ROWS);
    plan.compute_scoped(1).unwrap();
    assert!(last.iter().all(|task| task.outcome() == Some(Ok(&ROWS))));
    [built, planned, memory("VmHWM:")].map(|bytes| (bytes - before) / (WIDTH as u64 * ROWS))
}

#[test]
fn tasks_of_up_to_four_inputs_take_few_bytes() {
    if let Ok(inputs) = env::var(INPUTS) {
        let [built, planned, most] = bytes(inputs.parse().unwrap());
        return println!("bytes: {built} {planned} {most}");
    }
    println!("inputs  built  planned  most");
    for (inputs, limit) in [(1, 200), (2, 200), (3, 240), (4, 280)] {
        let mut command = Command::new(env::current_exe().unwrap());
        let output = command.arg("--nocapture").env(INPUTS, inputs.to_string()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let said = text.lines().find_map(|line| line.split_once("bytes: ")).expect("it says what it found").1;
        let bytes: Vec<u64> = said.split(' ').map(|number| number.parse().unwrap()).collect();
        println!("{inputs:>6}  {:>5}  {:>7}  {:>4}", bytes[0], bytes[1], bytes[2]);
        assert!(bytes[2] < limit, "{inputs} inputs: {} bytes", bytes[2]);
    }
}
