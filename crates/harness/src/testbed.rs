//! Where cells are measured, and the wish to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cpus::Cpus;

/// A wish to stop that all clones share. Agents look for it when they begin, so that whatever is running ends soon.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks to stop, for good.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether anybody has asked.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The CPUs that cells are measured on, until somebody asks to stop.
#[derive(Debug, Clone)]
pub struct Testbed {
    /// The CPUs this process may use.
    pub cpus: Arc<Cpus>,
    /// A sample that this ends is thrown away.
    pub stop: Stop,
}

impl Testbed {
    /// All CPUs the operating system allows.
    pub fn detect(stop: Stop) -> Self {
        centurion_executors::start_what_lasts();
        Self { cpus: Arc::new(Cpus::detect()), stop }
    }

    /// Lets this thread, and those it starts, use all CPUs again.
    pub(crate) fn release(&self) {
        self.cpus.restrict(self.cpus.count());
    }
}
