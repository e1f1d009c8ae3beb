//! Which thread this is, and how deep drops nest on it.

use std::cell::Cell;
use std::ptr;
use std::thread;

/// Handles in closures of tasks whose handles are in closures … so many drops may nest on one stack.
const DEEPEST: u32 = 100;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// A number that no other living thread has.
pub(crate) fn current_thread() -> usize {
    DEPTH.with(|depth| ptr::from_ref(depth).addr())
}

/// Drops something whose drop may come here again, on a fresh stack where this one has had enough.
pub(crate) fn nested(drop: impl FnOnce() + Send) {
    let depth = DEPTH.get();
    if depth == DEEPEST {
        on_a_fresh_stack(drop);
    } else {
        DEPTH.set(depth + 1);
        drop();
        DEPTH.set(depth);
    }
}

/// Where the system refuses a thread, this stack has to do for as many again.
#[expect(clippy::disallowed_methods, reason = "a stack is wanted, not a worker: this thread waits for it")]
fn on_a_fresh_stack(drop: impl FnOnce() + Send) {
    let mut drop = Some(drop);
    let mut take = || drop.take().into_iter().for_each(|drop| drop());
    let born = thread::scope(|scope| {
        thread::Builder::new().spawn_scoped(scope, &mut take).map(thread::ScopedJoinHandle::join).is_ok()
    });
    if !born {
        DEPTH.set(0);
        take();
        DEPTH.set(DEEPEST);
    }
}
