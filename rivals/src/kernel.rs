//! The two kernels, and how long they take.

use std::hint::black_box;

use anyhow::{Context as _, Result};
use centurion_agents::spin;
use centurion_executors::{Bag, Start, find};
use centurion_harness::clock;

use crate::trial::{Kernel, RivalTrial};

/// Agents of the bag, of which ten take a millisecond.
pub(crate) const AGENTS: usize = 100;
pub(crate) const AGENTS_PER_MS: u64 = 10;
/// Threads it runs on, and the executor.
pub(crate) const THREADS: usize = 2;
pub(crate) const EXECUTOR: &str = "std-counter";

/// A kernel that can be called again and again.
pub(crate) type Callable = Box<dyn Fn() + Send + Sync>;

impl RivalTrial {
    /// Steps of an agent of this kernel, or of the kernel itself, slowed or as it is.
    pub(crate) fn steps(self, slowed: bool) -> u64 {
        let steps = match self.kernel {
            Kernel::Parallel => self.steps_per_ms / AGENTS_PER_MS,
            Kernel::Serial => self.steps_per_ms,
        };
        if slowed { steps + steps * u64::from(self.percent) / 100 } else { steps }
    }

    /// The kernel.
    ///
    /// # Errors
    /// When the executor does not start.
    pub(crate) fn kernel(self, slowed: bool) -> Result<Callable> {
        let steps = self.steps(slowed);
        let run = move || {
            black_box(spin(black_box(steps)));
        };
        match self.kernel {
            Kernel::Serial => Ok(Box::new(run)),
            Kernel::Parallel => {
                let factory = find(EXECUTOR).context("failed to find the executor")?;
                let executor = factory.start(&Start::workers(THREADS))?;
                let bag = Bag::new(AGENTS, move |_| run());
                Ok(Box::new(move || executor.execute(&bag)))
            }
        }
    }
}

/// Steps of the kernel that take a millisecond here: the most of several tries.
pub(crate) fn steps_per_ms() -> u64 {
    const TRIAL: u32 = 1 << 22;
    let trial = || {
        let begun = clock::now();
        black_box(spin(u64::from(TRIAL)));
        f64::from(TRIAL) / (1e3 * begun.elapsed().as_secs_f64())
    };
    (0..9).map(|_| trial()).fold(1.0, f64::max) as u64
}
