//! How fast the CPUs are at this moment.
//!
//! The clock frequency of shared and boosting processors wanders by several percent within seconds, alike on all
//! CPUs of a package, and no counter shows it to a guest. A fixed chain of dependent steps does: it takes so many
//! cycles and touches no memory. Whoever else runs on the same core takes units of it, which a chain that waits for
//! itself does not feel; several chains at once do. Both are timed right before and after a sample.

use std::hint::black_box;
use std::io;

use centurion_agents::spin;

use crate::clock::{self, nanoseconds};
use crate::cpus::Cpus;
use crate::together::at_once;

/// Steps of the chain, about 90 µs.
const STEPS: u64 = 1 << 16;
/// Chains that are computed at once, and the steps of each; about as long.
const CHAINS: usize = 8;
const STEPS_AT_ONCE: u64 = 1 << 14;
/// Runs of each on each CPU, in turns, after one that wakes the CPU up. The second shortest counts: some are
/// interrupted, and the shortest alone moves with every turbo step.
const TRIALS: usize = 6;
const COUNTS: usize = 1;

/// What each probe takes in nanoseconds, the mean over CPUs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// A chain of dependent steps.
    pub(crate) chain_ns: f64,
    /// Several chains at once.
    pub(crate) throughput_ns: f64,
}

impl Pace {
    /// Of the first `cores` CPUs, all at once.
    ///
    /// # Errors
    /// When the system refuses a thread for one of them.
    pub(crate) fn take(cpus: &Cpus, cores: usize) -> Result<Self, io::Error> {
        let paces = at_once(cpus, cores, |_| Self::here())?;
        let mean = |of: fn(&Self) -> f64| paces.iter().map(of).sum::<f64>() / paces.len() as f64;
        Ok(Self { chain_ns: mean(|pace| pace.chain_ns), throughput_ns: mean(|pace| pace.throughput_ns) })
    }

    /// The mean of two.
    pub(crate) fn midpoint(self, other: Self) -> Self {
        Self {
            chain_ns: f64::midpoint(self.chain_ns, other.chain_ns),
            throughput_ns: f64::midpoint(self.throughput_ns, other.throughput_ns),
        }
    }

    /// Of this CPU.
    fn here() -> Self {
        one_chain();
        let (chain, throughput) = (0..TRIALS).map(|_| (trial(one_chain), trial(many_chains))).unzip();
        Self { chain_ns: counting(chain), throughput_ns: counting(throughput) }
    }
}

fn one_chain() {
    black_box(spin(STEPS));
}

fn many_chains() {
    let mut states: [u64; CHAINS] = black_box(std::array::from_fn(|place| 2 * place as u64 + 1));
    for _ in 0..STEPS_AT_ONCE {
        for state in &mut states {
            *state ^= *state >> 12;
            *state ^= *state << 25;
            *state = state.wrapping_mul(0x2545_f491_4f6c_dd1d);
        }
    }
    black_box(states);
}

fn trial(work: fn()) -> u64 {
    let begun = clock::now();
    work();
    nanoseconds(begun.elapsed())
}

fn counting(mut trials: Vec<u64>) -> f64 {
    trials.sort_unstable();
    trials[COUNTS] as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_no_shorter_than_the_cycles_of_its_steps_take() {
        let cpus = Cpus::detect();
        for cores in 1..=cpus.count().min(2) {
            let pace = Pace::take(&cpus, cores).expect("there is a thread for each");
            assert!(pace.chain_ns > STEPS as f64 * 0.1, "a step takes several cycles: {pace:?}");
            let steps = CHAINS as f64 * STEPS_AT_ONCE as f64;
            assert!(pace.throughput_ns > steps * 0.1, "a step takes several instructions: {pace:?}");
        }
    }
}
