//! How fast the CPUs are at this moment.
//!
//! The clock frequency of shared and boosting processors wanders by several percent within seconds, alike on all
//! CPUs of a package, and no counter shows it to a guest. A fixed chain of dependent steps does: it takes so many
//! cycles and touches no memory. Taken right before and after a sample it explains most of what one sample of
//! computing agents differs from the next.

use std::hint::black_box;
use std::io;
use std::time::Duration;

use centurion_agents::spin;

use crate::clock::{self, nanoseconds};
use crate::cpus::Cpus;
use crate::together::at_once;

/// Steps of the chain, about 90 µs.
const STEPS: u64 = 1 << 16;
/// Runs of the chain on each CPU. One is to wake the CPU up, of the others the third shortest counts: some are
/// interrupted, and the shortest alone moves with every turbo step.
const TRIALS: usize = 13;
const COUNTS: usize = 2;

/// Time the chain takes in nanoseconds, the mean over the first `cores` CPUs, all at once.
///
/// # Errors
/// When the system refuses a thread for one of them.
pub(crate) fn pace_ns(cpus: &Cpus, cores: usize) -> Result<f64, io::Error> {
    let times = at_once(cpus, cores, |_| nanoseconds(chain_time()))?;
    Ok(times.iter().sum::<u64>() as f64 / times.len() as f64)
}

fn chain_time() -> Duration {
    let mut trials: Vec<Duration> = (0..TRIALS).map(|_| trial()).skip(1).collect();
    trials.sort_unstable();
    trials[COUNTS]
}

fn trial() -> Duration {
    let begun = clock::now();
    black_box(spin(STEPS));
    begun.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_no_shorter_than_the_cycles_of_its_chain_take() {
        let cpus = Cpus::detect();
        for cores in 1..=cpus.count().min(2) {
            let pace = pace_ns(&cpus, cores).expect("there is a thread for each");
            assert!(pace > STEPS as f64 * 0.1, "a step takes several cycles: {pace}");
        }
    }
}
