//! How often a piece of work allocates, and how much: an allocator that counts while it is asked to.
//!
//! A program that wants to know makes it its allocator:
//!
//! ```
//! use centurion_allocations::{Counting, counted};
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting;
//!
//! let (text, allocations) = counted(|| String::from("a hundred agents"));
//! let allocations = allocations.expect("this program counts");
//! assert!(allocations.count >= 1 && allocations.bytes >= text.len() as u64);
//! ```
//!
//! This is the only room with unsafe code: the trait of allocators is unsafe to implement, and the counting allocators that
//! others have made count always, which every timed sample would pay for with two atomic additions an allocation.
//! Here it is one relaxed load. All calls are handed on to the system's allocator as they came.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

static COUNTING: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The system's allocator, which counts while [`counted`] works.
#[derive(Debug, Clone, Copy)]
pub struct Counting;

impl Counting {
    fn note(bytes: usize) {
        if COUNTING.load(Relaxed) {
            COUNT.fetch_add(1, Relaxed);
            BYTES.fetch_add(bytes as u64, Relaxed);
        }
    }
}

// SAFETY: every call is handed on to `System` with what it came with, and what `System` answers is handed back; counting
// neither allocates nor panics.
#[expect(unsafe_code, reason = "the trait is unsafe to implement")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::note(layout.size());
        // SAFETY: the caller keeps what `alloc` asks of it, which is the same for `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::note(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::note(size);
        // SAFETY: as above; the block comes from `System`, for all do.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

/// What was allocated, by all threads of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocations {
    /// How often: a block that grows counts each time.
    pub count: u64,
    /// Bytes asked for in all; a block that grows counts with its new size each time.
    pub bytes: u64,
}

/// Does some work and counts what the process allocates meanwhile. Only one piece of work can be counted at a time. `None`
/// where [`Counting`] is not the program's allocator.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, Option<Allocations>) {
    COUNTING.store(true, Relaxed);
    COUNT.store(0, Relaxed);
    drop(black_box(Box::new(0_u8)));
    let counts = COUNT.load(Relaxed) > 0;
    COUNT.store(0, Relaxed);
    BYTES.store(0, Relaxed);
    let done = work();
    COUNTING.store(false, Relaxed);
    let allocations = Allocations { count: COUNT.load(Relaxed), bytes: BYTES.load(Relaxed) };
    (done, counts.then_some(allocations))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_with_another_allocator_knows_nothing() {
        assert_eq!(counted(|| vec![1_u8; 100]).1, None);
    }
}
