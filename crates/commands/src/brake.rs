//! The wish to stop, in two degrees.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// A wish to stop that all clones share. It only grows.
#[derive(Debug, Clone, Default)]
pub struct Brake(Arc<AtomicU8>);

impl Brake {
    /// Starts no more agents, and waits for those under way.
    pub fn soon(&self) {
        self.put_on(false);
    }

    /// Kills those under way as well.
    pub fn now(&self) {
        self.put_on(true);
    }

    /// Whether nobody had put it on before.
    pub(crate) fn put_on(&self, kill: bool) -> bool {
        self.0.fetch_max(1 + u8::from(kill), Ordering::SeqCst) == 0
    }

    /// Whether no more agents are started.
    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }

    /// Whether agents under way are killed.
    pub(crate) fn kills(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 1
    }
}
