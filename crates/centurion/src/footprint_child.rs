//! A footprint is taken by this program once more, so that its memory and threads are those of one execution alone.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use centurion_agents::{Parameters, Positions, Workload, WorkloadFamily};
use centurion_executors::find;
use centurion_harness::{Cpus, PlannedCell, Stop, Testbed, footprint};
use centurion_record::Footprint;
use serde::{Deserialize, Serialize};

use crate::error::failed_to;
use crate::output::{say, say_failure};
use crate::{child, interrupt};

/// What a child is told to be that takes a footprint.
pub(crate) const ROLE: &str = "footprint";

/// Time between two looks at whether the child has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// What a child takes the footprint of.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FootprintOrder {
    family: String,
    agents: Option<usize>,
    seed: u64,
    scale: Option<f64>,
    iterations: u64,
    /// A table of positions, and the name of its file.
    positions: Option<(String, String)>,
    server: Option<SocketAddr>,
    pub(crate) executor: String,
    pub(crate) workers: usize,
    pub(crate) cores: usize,
}

impl FootprintOrder {
    /// An execution of what a family makes of these parameters on `(cores, workers)` of an executor.
    pub(crate) fn new(
        family: &str,
        parameters: &Parameters,
        executor: &str,
        (cores, workers): (usize, usize),
    ) -> Self {
        let Parameters { agents, seed, scale, iterations, positions, server } = parameters.clone();
        Self {
            family: family.into(),
            agents,
            seed,
            scale,
            iterations,
            positions: positions.map(|Positions { text, origin }| (text, origin)),
            server,
            executor: executor.into(),
            workers,
            cores,
        }
    }

    /// Makes the agents.
    ///
    /// # Errors
    /// When there are no such agents.
    pub(crate) fn workload(&self) -> Result<Arc<dyn Workload>> {
        let parameters = Parameters {
            agents: self.agents,
            seed: self.seed,
            scale: self.scale,
            iterations: self.iterations,
            positions: self.positions.clone().map(|(text, origin)| Positions { text, origin }),
            server: self.server,
        };
        WorkloadFamily::find(&self.family).and_then(|family| family.make(&parameters)).map_err(failed_to)
    }

    fn cell(&self) -> Result<PlannedCell> {
        let factory = find(&self.executor).context("failed to find the executor")?;
        Ok(PlannedCell::from_factory(&self.workload()?, &factory, (self.cores, self.workers)))
    }

    /// Has a child follow the order.
    ///
    /// # Errors
    /// When there is no such child.
    pub(crate) fn start(&self) -> Result<RunningFootprint> {
        let mut child = child::command(ROLE)?.spawn().context("failed to start a process for it")?;
        // What a child that has ended does not read tells less than how it ended.
        let _ =
            writeln!(child.stdin.as_mut().context("it has no input")?, "{}", serde_json::to_string(self)?);
        Ok(RunningFootprint(child))
    }
}

/// A child that takes a footprint, which ends at the latest when nobody waits for it any more.
pub(crate) struct RunningFootprint(Child);

impl RunningFootprint {
    /// What it says. `Ok(None)` when the run was asked to stop.
    ///
    /// # Errors
    /// When it ended without an answer.
    pub(crate) fn finish(mut self) -> Result<Option<Footprint>> {
        let ended = loop {
            if interrupt::asked() {
                return Ok(None);
            }
            match self.0.try_wait()? {
                Some(status) => break status,
                None => std::thread::sleep(PAUSE),
            }
        };
        let mut said = String::new();
        self.0.stdout.take().context("it has no output")?.read_to_string(&mut said)?;
        let footprint = serde_json::from_str(&said).with_context(|| format!("its process ended, {ended}"))?;
        Ok(Some(footprint))
    }
}

impl Drop for RunningFootprint {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Takes the footprint that the first line of standard input asks for.
pub(crate) fn take() -> ExitCode {
    let taken = || -> Result<String> {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        child::end_with_parent()?;
        let order: FootprintOrder = serde_json::from_str(&line)?;
        // Threads that last for the whole process are part of what their executor takes: none is started beforehand.
        let testbed = Testbed { cpus: Arc::new(Cpus::detect()), stop: Stop::default() };
        Ok(serde_json::to_string(&footprint(&order.cell()?, &testbed))?)
    };
    match taken() {
        Ok(said) => {
            say(&said);
            ExitCode::SUCCESS
        }
        Err(error) => {
            say_failure(&error.context("failed to take a footprint"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_makes_the_workload_that_its_parameters_make_and_reads_back_as_it_was_written() {
        let parameters = Parameters {
            agents: Some(3),
            seed: 7,
            scale: Some(0.001),
            iterations: 9,
            ..Parameters::default()
        };
        for family in ["thinking", "grain", "council"] {
            let order = FootprintOrder::new(family, &parameters, "rayon", (1, 2));
            let told = serde_json::to_string(&order).expect("it can be written");
            assert_eq!(serde_json::from_str::<FootprintOrder>(&told).expect("it reads back"), order);
            let made = WorkloadFamily::find(family).and_then(|family| family.make(&parameters));
            let definition = centurion_agents::definition(&*made.expect("it can be made"));
            assert_eq!(centurion_agents::definition(&*order.workload().expect("it can be made")), definition);
            assert_eq!(order.cell().expect("it is there").id.place().rsplit('-').next(), Some("2w"));
        }
        assert!(FootprintOrder::new("ring", &parameters, "rayon", (1, 2)).cell().is_err());
        assert!(FootprintOrder::new("grain", &parameters, "loom", (1, 2)).cell().is_err());
    }
}
