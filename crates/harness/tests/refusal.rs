//! When the system refuses threads: a row with its reason, and never a hang.
//!
//! The refusals are real: the test runs another in a process of its own, whose threads get stacks that no machine has.

use std::process::Command;
use std::sync::Arc;

use centurion_agents::Grain;
use centurion_harness::{Stop, Sweep, Testbed, cells, try_once};
use centurion_record::Role;

#[test]
fn the_hardware_cell_fails_with_the_reason() {
    let this = std::env::current_exe().expect("a test knows where it is");
    let arguments = ["--ignored", "--exact", "without_threads", "--test-threads=1", "--nocapture"];
    let mut alone = Command::new(this);
    let output = alone.args(arguments).env("RUST_MIN_STACK", (1_u64 << 60).to_string()).output();
    let output = output.expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{output:?}");
}

#[test]
#[ignore = "run by the test above, in a process whose threads are refused"]
fn without_threads() {
    let sweep = Sweep::new(vec![2], vec![2]);
    let cells = cells(&[Arc::new(Grain::new(20, 16, 1))], &[], &sweep);
    let hardware = cells.iter().find(|cell| cell.role == Role::Hardware).expect("two cores have one");
    let error = try_once(hardware, &Testbed::detect(Stop::default())).expect_err("no thread can be had");
    assert!(error.to_string().starts_with("a thread for each CPU was refused ("), "{error}");
    try_once(&cells[0], &Testbed::detect(Stop::default())).expect("the baseline needs none");
}
