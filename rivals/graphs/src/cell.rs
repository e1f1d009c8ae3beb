//! One measurement, in a process of its own.

use std::fmt;
use std::fs;
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Error, Result, ensure};
use centurion_stats::{Crossing, median, metg};
use clap::ValueEnum as _;

use crate::shape::{Problem, Shape, TaskWork};
use crate::ways::{GraphRunner, Way};

/// So long a cell repeats a short execution.
const LEAST: Duration = Duration::from_millis(30);
/// Efficiency that METG asks for.
const EFFICIENT: f64 = 0.5;
/// Tasks of the stencil of METG, and the least and most steps that they do.
const METG_TASKS: usize = 1_024;
const METG_STEPS: [u32; 2] = [16, 1 << 18];
/// An execution of METG that takes longer than this is the last.
const METG_LONGEST: Duration = Duration::from_millis(300);

/// What is measured: a way on a graph, or where there are no tasks, its METG on the stencil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GraphCell {
    pub(crate) way: Way,
    pub(crate) shape: Shape,
    pub(crate) tasks: usize,
    pub(crate) workers: usize,
}

impl GraphCell {
    pub(crate) fn metg(way: Way, workers: usize) -> Self {
        Self { way, shape: Shape::Stencil, tasks: 0, workers }
    }

    /// Measures, and prints nanoseconds and bytes a task.
    pub(crate) fn measure(self) -> Result<()> {
        let runner = self.way.start(self.workers)?;
        if self.tasks == 0 {
            println!("{} 0", self.granularity(&runner)?);
            return Ok(());
        }
        let problem = Problem::new(self.shape, self.tasks, TaskWork(0));
        let answer = problem.answer();
        runner(&Problem::new(self.shape, 64, TaskWork(0)))?;
        let (before, begun) = (memory("VmRSS:"), Instant::now());
        let mut samples = Vec::new();
        while samples.is_empty() || begun.elapsed() < LEAST {
            samples.push(time(&runner, &problem, answer)?.as_nanos() as f64 / self.tasks as f64);
        }
        let bytes = memory("VmHWM:").saturating_sub(before) as f64 / self.tasks as f64;
        println!("{} {bytes}", median(&samples).context("there are samples")?);
        Ok(())
    }

    /// Nanoseconds of the METG; infinite where it was not reached.
    fn granularity(self, runner: &GraphRunner) -> Result<f64> {
        let step = step();
        let mut points = Vec::new();
        let answer = Problem::new(Shape::Stencil, METG_TASKS, TaskWork(0)).answer(); // the same however much work there is
        let [mut steps, most] = METG_STEPS;
        while steps <= most {
            let problem = Problem::new(Shape::Stencil, METG_TASKS, TaskWork(steps));
            let took = time(runner, &problem, answer)?.as_nanos() as f64;
            let granularity = took * self.workers as f64 / METG_TASKS as f64;
            points.push((granularity, f64::from(steps) * step / granularity));
            if took > METG_LONGEST.as_nanos() as f64 {
                break;
            }
            steps *= 2;
        }
        Ok(match metg(&points, EFFICIENT).context("there are points")? {
            Crossing::At(granularity) | Crossing::Below(granularity) => granularity,
            Crossing::NotReached(_) => f64::INFINITY,
        })
    }
}

fn time(runner: &GraphRunner, problem: &Problem, answer: u64) -> Result<Duration> {
    let begun = Instant::now();
    let result = runner(problem)?;
    let took = begun.elapsed();
    ensure!(result == answer, "the result is {result} and not {answer}");
    Ok(took)
}

/// Nanoseconds of a step of a task's work.
fn step() -> f64 {
    const STEPS: u32 = 1 << 20;
    let samples = [(); 9].map(|()| {
        let begun = Instant::now();
        TaskWork(STEPS).of(0, []);
        begun.elapsed().as_nanos() as f64 / f64::from(STEPS)
    });
    median(&samples).expect("there are samples")
}

/// Bytes of this process's memory that the kernel states under `key`; 0 where it states none.
fn memory(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let rest = status.lines().find_map(|line| line.strip_prefix(key));
    let kilobytes = rest.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

impl fmt::Display for GraphCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = self.way.to_possible_value().expect("none is hidden");
        write!(f, "{},{},{},{}", way.get_name(), self.shape.name(), self.tasks, self.workers)
    }
}

impl FromStr for GraphCell {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let fields: Vec<_> = text.split(',').collect();
        let &[way, shape, tasks, workers] = fields.as_slice() else {
            anyhow::bail!("a cell is WAY,SHAPE,TASKS,WORKERS")
        };
        let (way, shape) = (Way::from_str(way, false), Shape::from_str(shape, false));
        let (way, shape) = (way.map_err(Error::msg)?, shape.map_err(Error::msg)?);
        Ok(Self { way, shape, tasks: tasks.parse()?, workers: workers.parse()? })
    }
}
