//! The agents of Centurion as a Python extension module: only the bridge, all that is computed is in
//! `centurion-agents`.

mod parameters;
mod workload;

use pyo3::pymodule;

/// The agents of Centurion, computed in Rust; `centurion_agents` is the package to import.
#[pymodule]
mod _agents {
    #[pymodule_export]
    use crate::workload::Workload;

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");

    /// Raised with every change that a program written against the module before would stumble over.
    #[pymodule_export]
    const PROTOCOL: u32 = 1;

    #[pymodule_export]
    const BUILD: &str = env!("CENTURION_AGENTS_BUILD");
}
