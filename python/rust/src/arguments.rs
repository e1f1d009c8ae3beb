//! The keyword arguments that a workload is made from.

use std::fmt::Display;

use centurion_agents::Parameter;
use pyo3::conversion::FromPyObjectOwned;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Keyword arguments of one family, taken out one by one: one that nobody took has no place there.
pub(crate) struct Arguments<'py> {
    family: &'py str,
    given: Bound<'py, PyDict>,
    taken: Vec<&'static str>,
}

impl<'py> Arguments<'py> {
    pub(crate) fn new(family: &'py str, given: Bound<'py, PyDict>) -> Self {
        Self { family, given, taken: Vec::new() }
    }

    /// The argument of this name, or `None` where it is not given or `None`; `expected` says in words what it must be.
    ///
    /// # Errors
    /// `TypeError` when it is of another type, `ValueError` when it does not fit into this one.
    pub(crate) fn take<T: FromPyObjectOwned<'py>>(
        &mut self,
        name: &'static str,
        expected: &str,
    ) -> PyResult<Option<T>> {
        self.taken.push(name);
        let Some(value) = self.given.get_item(name)? else { return Ok(None) };
        match value.extract() {
            Ok(value) => Ok(value),
            Err(error) => Err(self.refused(name, &value, expected, &error.into())),
        }
    }

    /// A whole number up to `most`, or `None` where it is not given.
    ///
    /// # Errors
    /// As [`Self::take`], and `ValueError` when it is beyond `most`.
    pub(crate) fn whole<T>(&mut self, name: &'static str, most: T) -> PyResult<Option<T>>
    where
        T: FromPyObjectOwned<'py> + PartialOrd + Display + Copy,
    {
        let expected = format!("a whole number from 0 to {most}");
        let number: Option<T> = self.take(name, &expected)?;
        match number {
            Some(beyond) if beyond > most => {
                Err(PyValueError::new_err(self.message(name, &beyond.to_string(), &expected)))
            }
            _ => Ok(number),
        }
    }

    /// Ends the taking.
    ///
    /// # Errors
    /// `TypeError` when an argument is left over, which is then named.
    pub(crate) fn finish(self) -> PyResult<()> {
        for name in self.given.keys() {
            let name: String = name.extract()?;
            if !self.taken.contains(&name.as_str()) {
                let (family, taken) = (self.family, self.taken.join(", "));
                return Err(PyTypeError::new_err(format!(
                    "failed to make the workload `{family}`: it has no {name}; it has {taken}"
                )));
            }
        }
        Ok(())
    }

    /// Why a value is refused: as what it is, or as how much it is.
    fn refused(&self, name: &str, value: &Bound<'py, PyAny>, expected: &str, error: &PyErr) -> PyErr {
        let message = self.message(name, &shown(value), expected);
        if error.is_instance_of::<PyTypeError>(value.py()) {
            PyTypeError::new_err(message)
        } else {
            PyValueError::new_err(message)
        }
    }

    fn message(&self, name: &str, found: &str, expected: &str) -> String {
        format!("failed to make the workload `{}`: {name} is {found}, expected {expected}", self.family)
    }
}

/// What a parameter is called in Python.
pub(crate) fn keywords(parameter: Parameter) -> &'static [&'static str] {
    match parameter {
        Parameter::Agents => &["agents"],
        Parameter::Seed => &["seed"],
        Parameter::Scale => &["scale"],
        Parameter::Iterations => &["iterations"],
        Parameter::Positions => &["positions", "origin"],
        Parameter::Server => &[],
    }
}

/// Enough of a value to recognise it by.
pub(crate) fn shown(value: &Bound<'_, PyAny>) -> String {
    let text = value.repr().map_or_else(|_| "of no readable form".into(), |text| text.to_string());
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
