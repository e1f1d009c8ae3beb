//! The agents of Centurion as a Python extension module: only the bridge, all that is computed is in
//! `centurion-agents`, and how a command is run in `centurion-commands`.

mod arguments;
#[cfg(unix)]
mod outpost;
mod workload;

use pyo3::pymodule;

/// The agents of Centurion, computed in Rust; `centurion_agents` is the package to import.
#[pymodule]
mod _agents {
    use centurion_agents::{Parameter, WorkloadFamily};
    use pyo3::prelude::*;
    use pyo3::types::{PyDict, PyTuple};

    use crate::arguments::keywords;
    #[cfg(unix)]
    #[pymodule_export]
    use crate::outpost::PyOutpost;
    #[pymodule_export]
    use crate::workload::PyWorkload;

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");

    /// Raised with every change that a program written against the module before would stumble over.
    #[pymodule_export]
    const PROTOCOL: u32 = 1;

    #[pymodule_export]
    const BUILD: &str = centurion_agents::SOURCES_DIGEST;

    /// Lists the families of workloads, in the order they are shown, each with its keyword arguments. Agents that ask a
    /// server have none here.
    #[pymodule_init]
    fn add_families(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let families = PyDict::new(module.py());
        let alone = |family: &WorkloadFamily| !family.parameters.contains(&Parameter::Server);
        for family in WorkloadFamily::all().into_iter().filter(alone) {
            let arguments = family.parameters.iter().flat_map(|parameter| keywords(*parameter));
            families.set_item(family.name, PyTuple::new(module.py(), arguments.collect::<Vec<_>>())?)?;
        }
        module.add("FAMILIES", families)
    }
}
