//! Catching panics, and where they were.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::{fmt, thread};

use centurion_executors::Panic;

use crate::Why;

/// What a task said when it panicked, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Panicked {
    /// The panic's message.
    pub message: String,
    /// Where it was. `None` for a panic that was passed on, as `resume_unwind` does, or where the program has taken
    /// the panic hook away.
    pub place: Option<PanicPlace>,
}

/// A line of source code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanicPlace {
    /// The file, as the compiler was told it.
    pub file: String,
    /// The line in it, from 1.
    pub line: u32,
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(PanicPlace { file, line }) => write!(f, "panicked at {file}:{line}: {}", self.message),
            None => write!(f, "panicked: {}", self.message),
        }
    }
}

thread_local! {
    /// Where this thread panicked last, until somebody asks.
    static LAST: Cell<Option<PanicPlace>> = const { Cell::new(None) };
}

/// Has panics note where they are, from now on. Only a panic hook is told, so there is one more in front of those that
/// are there, which are called as before.
pub(crate) fn note_places() {
    static NOTED: Once = Once::new();
    if thread::panicking() {
        return; // the hook can't be changed now
    }
    NOTED.call_once(|| {
        let next = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place =
                info.location().map(|place| PanicPlace { file: place.file().into(), line: place.line() });
            LAST.set(place);
            next(info);
        }));
    });
}

/// Runs what may panic.
pub(crate) fn catch<T>(task: impl FnOnce() -> T) -> Result<T, Why> {
    catch_unwind(AssertUnwindSafe(task)).map_err(|payload| {
        let place = LAST.take();
        Why::Panicked(Panicked { message: Panic::from_payload(payload).message, place })
    })
}

/// Drops what is somebody else's. Which task would have to answer for a panic depends on who held the last handle, so
/// none does.
pub(crate) fn drop_quietly<T>(value: T) {
    let _nobody_s = catch(|| drop(value));
}
