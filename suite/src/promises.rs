//! What each library promises by itself, without an adapter, and which promise of the conformance suite it breaks.

/// A library's row.
pub struct Promise {
    /// Name of its executor.
    pub executor: &'static str,
}

/// In the order of [`factories`](crate::factories).
pub const PROMISES: [Promise; 0] = [];
