//! Errors as the command line says them.

/// Libraries say what they failed to do; this says that it failed.
pub(crate) fn failed_to(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("failed to {error}")
}
