//! The one class of the module.

use std::fmt::Display;
use std::sync::Arc;

use centurion_agents::{AgentKind, Parameter, Parameters, Positions, Workload, WorkloadFamily, definition};
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arguments::{Arguments, shown};

/// Most agents that a workload is made of, as everywhere in Centurion.
const MOST_AGENTS: usize = 1_000_000;

/// A list of agents with known answers.
///
/// `Workload(family, **parameters)` makes one of the built-in families, which `FAMILIES` names. Their agents are
/// independent, but for the patterns and the council, where `inputs` tells which agents need which others' answers and
/// `run_after` takes those:
///
/// - `thinking` agents wait: `agents=100`, `seed=42`, `scale=1.0`; they sleep 0.5 s to 1.5 s times the scale.
/// - `llm` agents work on coding tasks as long as in production times the scale: `agents=100`, `seed=42`, `scale=0.001`;
///   `llm-limited` ones have a time limit.
/// - `deciding` agents value moves of Othello endgames: `agents=100`; `positions`, the text of a table of your
///   own, and `origin`, the name of its file. Without `agents` such a table has one for each row.
/// - `grain` agents compute a given amount: `agents=100`, `iterations=1048576`, `seed=42`. The first time that an
///   expected answer or the definition is asked for, every agent is run once.
/// - `council` agents decide as those of `deciding`, debate, judge and sum up: the same parameters.
/// - `trivial`, `no-communication`, `chain`, `tree`, `fan`, `stencil`, `butterfly` and `random-nearest` agents, about a
///   thousand, compute as those of `grain` with the answers they need: `iterations=1048576`, `seed=42`.
///
/// The same agent gives the same answer on every call, in every thread, process and language. While agents run,
/// for whatever reason, the interpreter lock is released; Ctrl-C takes effect when they are done.
///
/// A workload is pickled as its parameters and its definition, and made again, once in each process, where it is
/// unpickled.
///
/// `TypeError` tells of an unknown parameter or one of the wrong type, `ValueError` of an unknown family or a
/// value out of range.
///
/// >>> workload = Workload("grain", agents=3, iterations=1000, seed=7)
/// >>> workload.name, workload.kind, workload.agents
/// ('grain-1000', 'computing', 3)
/// >>> workload.run(2) == workload.expected(2)
/// True
#[pyclass(name = "Workload", frozen, module = "centurion_agents")]
pub(crate) struct PyWorkload {
    inner: Arc<dyn Workload>,
    given: Py<PyDict>,
}

#[pymethods]
impl PyWorkload {
    #[new]
    #[pyo3(signature = (family, /, **parameters))]
    fn new(py: Python<'_>, family: &str, parameters: Option<Bound<'_, PyDict>>) -> PyResult<Self> {
        let given = parameters.unwrap_or_else(|| PyDict::new(py));
        let family = WorkloadFamily::find(family).map_err(failed)?;
        let arguments = Arguments::new(family.name, given.clone());
        let inner = family.make(&taken(&family, arguments)?).map_err(failed)?;
        Ok(Self { inner, given: given.unbind() })
    }

    /// Unique name, such as `thinking` or `grain-4096`.
    #[getter]
    fn name(&self) -> String {
        self.inner.name()
    }

    /// Name of the family, such as `grain`.
    #[getter]
    fn family(&self) -> String {
        self.inner.family()
    }

    /// What the agents spend their time on: `waiting` or `computing`.
    #[getter]
    fn kind(&self) -> &'static str {
        match self.inner.kind() {
            AgentKind::Waiting => "waiting",
            AgentKind::Computing => "computing",
        }
    }

    /// Number of agents.
    #[getter]
    fn agents(&self) -> usize {
        self.inner.agents()
    }

    /// Parameters that define the workload, as texts by name.
    #[getter]
    fn parameters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.inner.parameters().into_pyobject(py)
    }

    /// Digest of the name, the parameters and every expected answer, as 16 hex digits.
    ///
    /// Two workloads of the same definition have the same agents and answers, in Rust and in Python.
    #[getter]
    fn definition(&self, py: Python<'_>) -> String {
        py.detach(|| definition(&*self.inner))
    }

    /// Let agent `agent`, from 0, do its work, and return its answer.
    ///
    /// An answer is a whole number from 1 to 2**64 - 1. `IndexError` tells that there is no such agent.
    ///
    /// >>> Workload("deciding").run(0)
    /// 2610259
    fn run(&self, py: Python<'_>, agent: &Bound<'_, PyAny>) -> PyResult<u64> {
        let agent = self.found(agent)?;
        Ok(py.detach(|| self.inner.run(agent)))
    }

    /// Let several agents do their work one after another, and return their answers in the order given.
    ///
    /// The interpreter lock is released once for all of them. No agent runs when one of them does not exist.
    ///
    /// >>> workload = Workload("deciding")
    /// >>> workload.run_batch([2, 0]) == [workload.expected(2), workload.expected(0)]
    /// True
    fn run_batch(&self, py: Python<'_>, agents: &Bound<'_, PyAny>) -> PyResult<Vec<u64>> {
        let agents: Vec<usize> =
            agents.try_iter()?.map(|agent| self.found(&agent?)).collect::<PyResult<_>>()?;
        Ok(py.detach(|| agents.iter().map(|&agent| self.inner.run(agent)).collect()))
    }

    /// Return the agents whose answers agent `agent` needs, in their order; none where agents are independent.
    ///
    /// >>> Workload("tree").inputs(10)
    /// [4]
    fn inputs(&self, agent: &Bound<'_, PyAny>) -> PyResult<Vec<u32>> {
        let agent = self.found(agent)?;
        Ok(self.inner.graph().map_or_else(Vec::new, |graph| graph.inputs(agent).to_vec()))
    }

    /// Let an agent do its work with the answers it needs: those of its `inputs`, in their order.
    ///
    /// A wrong answer among them, or one too few, makes its own wrong.
    ///
    /// >>> workload = Workload("tree", iterations=8)
    /// >>> workload.run_after(10, [workload.expected(4)]) == workload.expected(10)
    /// True
    fn run_after(&self, py: Python<'_>, agent: &Bound<'_, PyAny>, answers: Vec<u64>) -> PyResult<u64> {
        let agent = self.found(agent)?;
        Ok(py.detach(move || self.inner.run_after(agent, &answers)))
    }

    /// Return the answer agent `agent` must give.
    ///
    /// >>> Workload("deciding").expected(0)
    /// 2610259
    fn expected(&self, py: Python<'_>, agent: &Bound<'_, PyAny>) -> PyResult<u64> {
        let agent = self.found(agent)?;
        Ok(py.detach(|| self.inner.expected(agent)))
    }

    /// Return the name of an agent, to show beside its bar or failure.
    ///
    /// >>> Workload("deciding").agent_name(0)
    /// 'FFO 1 G8 H7: A8'
    fn agent_name(&self, agent: &Bound<'_, PyAny>) -> PyResult<String> {
        Ok(self.inner.agent_name(self.found(agent)?))
    }

    /// Return an answer in words.
    ///
    /// >>> Workload("deciding").answer_text(2610259)
    /// '+18 (10,196 nodes)'
    fn answer_text(&self, answer: u64) -> String {
        self.inner.answer_text(answer)
    }

    /// Return the work of an agent in the workload's own unit, nodes or iterations, or `None` where it has none.
    fn work(&self, agent: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
        Ok(self.inner.work(self.found(agent)?))
    }

    fn __repr__(&self) -> String {
        let parameters: Vec<String> =
            self.inner.parameters().iter().map(|(name, value)| format!(", {name} {value}")).collect();
        format!("<Workload {}{}>", self.inner.name(), parameters.concat())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let load = py.import("centurion_agents")?.getattr("_load")?;
        let given = PyTuple::new(py, self.given.bind(py).items())?;
        (load, (self.inner.family(), given, self.definition(py))).into_pyobject(py)
    }
}

impl PyWorkload {
    /// The index of an agent that exists.
    fn found(&self, agent: &Bound<'_, PyAny>) -> PyResult<usize> {
        let error = match agent.extract::<usize>() {
            Ok(index) if index < self.inner.agents() => return Ok(index),
            Ok(_) => None,
            Err(error) => Some(error),
        };
        let message = match self.inner.agents() {
            0 => format!("failed to find agent {}: {} has no agents", shown(agent), self.inner.name()),
            agents => format!(
                "failed to find agent {}: {} has agents 0 to {}",
                shown(agent),
                self.inner.name(),
                agents - 1
            ),
        };
        match error {
            Some(error) if error.is_instance_of::<PyTypeError>(agent.py()) => {
                Err(PyTypeError::new_err(message))
            }
            _ => Err(PyIndexError::new_err(message)),
        }
    }
}

/// What a family is made from, taken out of the keyword arguments.
fn taken(family: &WorkloadFamily, mut arguments: Arguments<'_>) -> PyResult<Parameters> {
    let mut parameters = Parameters::default();
    for parameter in family.parameters {
        match parameter {
            Parameter::Agents => parameters.agents = arguments.whole("agents", MOST_AGENTS)?,
            Parameter::Seed => set(&mut parameters.seed, arguments.whole("seed", u64::MAX)?),
            Parameter::Scale => {
                parameters.scale = arguments.take("scale", "a number above 0 and up to 100")?;
            }
            Parameter::Iterations => {
                set(&mut parameters.iterations, arguments.whole("iterations", u64::MAX)?);
            }
            Parameter::Positions => parameters.positions = positions(&mut arguments)?,
            Parameter::Server => {} // nobody starts one here
        }
    }
    arguments.finish()?;
    Ok(parameters)
}

/// Leaves the default where nothing is given.
fn set<T>(parameter: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *parameter = given;
    }
}

fn positions(arguments: &mut Arguments<'_>) -> PyResult<Option<Positions>> {
    let text: Option<String> = arguments.take("positions", "the text of a table")?;
    let origin: Option<String> = arguments.take("origin", "the name of the table's file")?;
    Ok(text.map(|text| Positions { text, origin: origin.unwrap_or_else(|| "positions".into()) }))
}

/// The crate says what it failed to do; this says that it failed.
fn failed(error: impl Display) -> PyErr {
    PyValueError::new_err(format!("failed to {error}"))
}
