//! What the counter, the queue and the bell of flows are made of: the standard library's, or, under `cfg(loom)`,
//! loom's, whose model runs them in every order that the memory model allows:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test --release -p centurion-executors --lib model
//! ```

#[cfg(loom)]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic};
#[cfg(not(loom))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, atomic};
