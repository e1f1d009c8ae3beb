//! Waiting for the machine to calm down.

use std::time::Duration;

use centurion_harness::clock;
use centurion_record::Round;

use crate::interrupt;
use crate::machine_time::MachineTime;
use crate::output::note;

/// How long the machine is watched at a time. A load average remembers minutes, and compiling has just ended.
const WATCHED: Duration = Duration::from_secs(1);

/// Waits until other processes and the hypervisor leave the machine alone, up to the longest time; says so where that
/// is not at once. Where the system does not say what it does, nothing is waited for.
pub(crate) fn wait(longest: Duration, how_to_begin: &str) {
    let begun = clock::now();
    let mut told = false;
    while begun.elapsed() < longest && !interrupt::asked() {
        let Some(busy) = busy_now() else { return };
        if busy <= Round::DISTURBED {
            if told {
                note(&format!("the machine is calm after {:.0} s", begun.elapsed().as_secs_f64()));
            }
            return;
        }
        if !told {
            note(&format!(
                "waiting up to {:.0} s for the machine to calm down: {:.0} % of its CPUs' time is taken; \
                 {how_to_begin} begins at once",
                longest.as_secs_f64(),
                100.0 * busy
            ));
            told = true;
        }
    }
    if told && !interrupt::asked() {
        note("the machine is still busy: measuring all the same, and the report will say how busy it was");
    }
}

/// Share of the CPUs' time that is taken now. This process sleeps meanwhile.
fn busy_now() -> Option<f64> {
    let before = MachineTime::read()?;
    std::thread::sleep(WATCHED);
    MachineTime::read()?.share_since(before)
}
