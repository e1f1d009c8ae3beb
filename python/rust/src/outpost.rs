//! Attempts at agents that are commands, for whoever sends them from another process.

use std::fmt::Display;

use centurion_commands::Outpost;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// Runs a command once for each scenario that comes, with all its limits, for a Centurion elsewhere.
///
/// `Outpost(order)` takes what that Centurion says of the command. `RuntimeError` tells that the program is not here, or
/// that the order is of another build. The interpreter lock is released while a command runs.
#[pyclass(name = "Outpost", frozen, module = "centurion_agents._agents")]
pub(crate) struct PyOutpost(Outpost);

#[pymethods]
impl PyOutpost {
    #[new]
    #[pyo3(signature = (order, /))]
    fn new(order: &str) -> PyResult<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Outpost::from_order(order, &path).map(Self).map_err(failed)
    }

    /// Make one attempt at the scenario with this number and line, and return what became of it, as JSON.
    #[pyo3(signature = (number, line, /))]
    fn attempt(&self, py: Python<'_>, number: usize, line: &str) -> PyResult<String> {
        py.detach(|| self.0.attempt(number, line)).map_err(failed)
    }

    /// Let agents take so many nanoseconds from now on, also those under way; as long as they like if `None`. Of two
    /// changes the one of the higher number counts.
    #[pyo3(signature = (change, nanoseconds, /))]
    fn set_limit(&self, change: u64, nanoseconds: Option<u64>) {
        self.0.set_limit(change, nanoseconds);
    }

    /// Kill what is under way, and whatever is begun later.
    fn stop(&self) {
        self.0.stop();
    }

    /// Let persistent workers end, and kill what is left.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.0.close());
    }
}

fn failed(error: impl Display) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
