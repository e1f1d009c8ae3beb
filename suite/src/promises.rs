//! What each library does by itself, without an adapter, and which promise of the conformance suite its row breaks.

/// What a library does with what its users hand it, as its documentation or its code has it.
pub struct Promise {
    /// Name of its executor.
    pub executor: &'static str,
    /// What becomes of a panic.
    pub panic: &'static str,
    /// Whether tasks may borrow from the caller.
    pub borrows: bool,
    /// Whether a task may hand tasks to its own pool and wait for them.
    pub nests: bool,
    /// Of the sentence in which the conformance suite names a broken promise, a part.
    pub breaks: Option<&'static str>,
}

const CALLER: &str = "reaches the caller";

/// One that passes, in the order of [`factories`](crate::factories).
const fn row(executor: &'static str, panic: &'static str, borrows: bool, nests: bool) -> Promise {
    Promise { executor, panic, borrows, nests, breaks: None }
}

/// One that breaks a promise.
const fn breaking(breaks: &'static str, row: Promise) -> Promise {
    Promise { breaks: Some(breaks), ..row }
}

/// Of every executor, in the order of [`factories`](crate::factories).
pub const PROMISES: [Promise; 19] = [
    row("rayon-scope", CALLER, true, true),
    row("rayon-broadcast", CALLER, true, true),
    row("rayon-par-bridge", CALLER, true, true),
    row("spindle", CALLER, true, true),
    breaking("it has no more than", row("orx-parallel", CALLER, true, false)),
    row("paralight", "ends its pool", true, false),
    row("paralight-fixed", "ends its pool", true, false),
    breaking("at once, one for each worker", row("chili", CALLER, true, true)),
    row("bevy-tasks", CALLER, true, true),
    row("fork-union", "ends the process", true, false),
    row("threadpool", "ends its thread, which is replaced", false, false),
    row("workerpool", "ends its thread, which is replaced", false, false),
    row("beekeeper", "ends its thread, which is replaced", false, false),
    row("rusty-pool", "ends its thread, which is replaced", false, false),
    row("affinitypool", "reaches whoever awaits it", false, false),
    row("executors-channel", "ends its thread, which is replaced", false, false),
    row("executors-stealing", "ends its thread, which is replaced", false, false),
    row("futures-pool", "ends its thread", false, false),
    breaking("at once, one for each worker", row("switchyard", "reaches whoever awaits it", false, true)),
];
