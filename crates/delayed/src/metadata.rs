//! What can be known of a task without knowing its type.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::lock::lock;

/// A task's name, and what it took.
pub(crate) struct Metadata {
    name: Mutex<TaskName>,
    /// Written and read by whoever holds the planning lock, zero otherwise.
    pub(crate) mark: AtomicU32,
    /// Zero until it has run.
    nanoseconds: AtomicU64,
    /// Whether the task waits.
    pub(crate) waits: bool,
}

impl Metadata {
    pub(crate) fn new(name: TaskName, waits: bool) -> Self {
        let (mark, nanoseconds) = Default::default();
        Self { name: Mutex::new(name), mark, nanoseconds, waits }
    }

    pub(crate) fn name(&self) -> TaskName {
        lock(&self.name).clone()
    }

    pub(crate) fn rename(&self, name: TaskName) {
        *lock(&self.name) = name;
    }

    pub(crate) fn duration(&self) -> Option<Duration> {
        let nanoseconds = self.nanoseconds.load(Ordering::Relaxed);
        (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
    }

    pub(crate) fn took(&self, duration: Duration) {
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.store(nanoseconds.max(1), Ordering::Relaxed);
    }
}

/// The name a task was given, else where it was written.
#[derive(Debug, Clone)]
pub(crate) enum TaskName {
    Given(Arc<str>),
    Written(&'static Location<'static>),
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(name) => f.write_str(name),
            Self::Written(place) => {
                let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
                write!(f, "{file}:{}", place.line())
            }
        }
    }
}
