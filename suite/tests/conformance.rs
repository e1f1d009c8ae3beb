//! Every executor of the suite passes the conformance suite, or breaks the promise that its row says.

use std::panic::{AssertUnwindSafe, catch_unwind};

use centurion_executors::conformance;
use centurion_suite::{PROMISES, factories};

/// How often an executor is checked until it breaks the promise that its row says: some are broken only at times.
const TRIES: usize = 5;

fn broken(name: &str) -> Option<String> {
    let factory = factories().into_iter().find(|factory| factory.name == name).expect("it is listed");
    let checked = catch_unwind(AssertUnwindSafe(|| conformance::check_factory(&factory)));
    checked.err().map(|payload| centurion_executors::Panic::from_payload(payload).message)
}

macro_rules! conforms {
    ($($test:ident $name:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                let row = PROMISES.iter().find(|row| row.executor == $name).expect("it has a row");
                let tries = if row.breaks.is_some() { TRIES } else { 1 };
                match ((0..tries).find_map(|_| broken($name)), row.breaks) {
                    (None, None) => (),
                    (Some(said), Some(part)) => assert!(said.contains(part), "{said}"),
                    (said, row) => panic!("{said:?}, but its row says {row:?}"),
                }
            }
        )*

        #[test]
        fn every_executor_is_checked() {
            let listed: Vec<&str> = factories().iter().map(|factory| factory.name).collect();
            assert_eq!(listed, [$($name),*]);
            assert_eq!(listed, PROMISES.map(|row| row.executor));
        }
    };
}

conforms! {
    rayon_scope "rayon-scope",
    rayon_broadcast "rayon-broadcast",
    rayon_par_bridge "rayon-par-bridge",
    spindle "spindle",
    orx_parallel "orx-parallel",
    paralight "paralight",
    paralight_fixed "paralight-fixed",
    chili "chili",
    bevy_tasks "bevy-tasks",
    fork_union "fork-union",
    threadpool "threadpool",
    workerpool "workerpool",
    beekeeper "beekeeper",
    rusty_pool "rusty-pool",
    affinitypool "affinitypool",
    executors_channel "executors-channel",
    executors_stealing "executors-stealing",
    futures_pool "futures-pool",
    switchyard "switchyard",
}
