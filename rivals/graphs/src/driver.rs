//! Runs the cells, each in a process of its own, round after round.

use std::env;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum as _};

use crate::cell::GraphCell;
use crate::shape::{Problem, Shape, TaskWork};
use crate::table;
use crate::ways::Way;

/// A cell that takes longer is measured once.
const LONG: f64 = 1.5;

/// Tells what a task of a graph costs, in this library, in others and by hand.
#[derive(Debug, Parser)]
pub(crate) struct GraphOptions {
    /// Ways to measure.
    #[arg(long, value_enum, value_delimiter = ',')]
    ways: Vec<Way>,
    /// Shapes to measure.
    #[arg(long, value_enum, value_delimiter = ',')]
    shapes: Vec<Shape>,
    /// Numbers of tasks, the smallest first.
    #[arg(long, value_delimiter = ',', default_value = "1000,100000,1000000")]
    tasks: Vec<usize>,
    /// Rounds, as far as the time allows; six are the fewest that give an interval.
    #[arg(long, default_value_t = 10)]
    rounds: usize,
    /// Seconds after which no other round begins that would end later.
    #[arg(long, default_value_t = 340.0)]
    seconds: f64,
    /// Seconds after which a measurement is given up.
    #[arg(long, default_value_t = 6.0)]
    longest: f64,
    /// Measures this cell and prints nanoseconds and bytes: for the processes of the driver.
    #[arg(long, hide = true)]
    pub(crate) cell: Option<GraphCell>,
}

/// What came of a cell.
pub(crate) struct MeasuredCell {
    pub(crate) cell: GraphCell,
    /// Nanoseconds a task, of every round.
    pub(crate) times: Vec<f64>,
    /// Bytes a task, of the first round.
    pub(crate) bytes: f64,
    /// Seconds of the whole process.
    seconds: f64,
    /// Why there is no figure.
    pub(crate) left_out: Option<String>,
}

impl MeasuredCell {
    fn goes_on(&self) -> bool {
        self.left_out.is_none() && self.seconds < LONG
    }
}

pub(crate) fn run(options: &GraphOptions) -> Result<()> {
    let begun = Instant::now();
    let python = python();
    let mut measured = first_round(options, python.as_deref());
    let mut order: Vec<usize> = (0..measured.len()).filter(|&index| measured[index].goes_on()).collect();
    let mut round = 1;
    while round < options.rounds {
        let round_s = order.iter().map(|&index| measured[index].seconds).sum::<f64>();
        if begun.elapsed().as_secs_f64() + round_s > options.seconds {
            break;
        }
        eprintln!("round {} of {}, {round_s:.0} s", round + 1, options.rounds);
        shuffle(&mut order, round as u64);
        for &index in &order {
            let (nanoseconds, _) = measure(measured[index].cell, options, python.as_deref())?;
            measured[index].times.push(nanoseconds);
        }
        round += 1;
    }
    println!("{}", table::markdown(&measured));
    Ok(())
}

/// The first round goes from few tasks to many, for what took too long with few is not tried with more.
fn first_round(options: &GraphOptions, python: Option<&Path>) -> Vec<MeasuredCell> {
    let mut all: Vec<MeasuredCell> = Vec::new();
    for &tasks in &options.tasks {
        eprintln!("round 1, {tasks} tasks");
        for cell in cells(options, tasks) {
            let smaller = all.iter().rfind(|other| {
                (other.cell.way, other.cell.shape, other.cell.workers) == (cell.way, cell.shape, cell.workers)
            });
            let told = match smaller.and_then(|smaller| too_long(smaller, tasks, options.longest)) {
                Some(why) => Err(why),
                None => first(cell, options, python),
            };
            all.push(told_of(cell, told));
        }
    }
    let ways = ways(options);
    for way in ways.filter(|&way| way != Way::Dask && options.shapes().contains(&Shape::Stencil)) {
        let cell = GraphCell::metg(way, 2);
        all.push(told_of(cell, first(cell, options, python)));
    }
    all
}

type CellFigures = (f64, f64, f64);

fn first(cell: GraphCell, options: &GraphOptions, python: Option<&Path>) -> Result<CellFigures, String> {
    let begun = Instant::now();
    let (nanoseconds, bytes) = measure(cell, options, python).map_err(|error| format!("{error:#}"))?;
    Ok((nanoseconds, bytes, begun.elapsed().as_secs_f64()))
}

fn told_of(cell: GraphCell, told: Result<CellFigures, String>) -> MeasuredCell {
    match told {
        Ok((time, bytes, seconds)) => {
            MeasuredCell { cell, times: vec![time], bytes, seconds, left_out: None }
        }
        Err(why) => MeasuredCell { cell, times: vec![], bytes: 0.0, seconds: 0.0, left_out: Some(why) },
    }
}

/// Why a cell of so many tasks is not tried, where one of fewer tells.
fn too_long(smaller: &MeasuredCell, tasks: usize, longest: f64) -> Option<String> {
    if let Some(why) = &smaller.left_out {
        return Some(why.clone());
    }
    let seconds = smaller.times.first()? * tasks as f64 / 1e9;
    (seconds > longest).then(|| format!("would take {seconds:.0} s or more"))
}

fn ways(options: &GraphOptions) -> impl Iterator<Item = Way> {
    let all = if options.ways.is_empty() { Way::value_variants() } else { &options.ways };
    all.iter().copied()
}

impl GraphOptions {
    fn shapes(&self) -> &[Shape] {
        if self.shapes.is_empty() { Shape::value_variants() } else { &self.shapes }
    }
}

fn cells(options: &GraphOptions, tasks: usize) -> Vec<GraphCell> {
    let mut cells = Vec::new();
    for &shape in options.shapes() {
        for workers in [1, 2] {
            cells.extend(ways(options).map(|way| GraphCell { way, shape, tasks, workers }));
        }
    }
    cells
}

/// Puts the order into another, by the digits of a multiplication.
fn shuffle(order: &mut [usize], round: u64) {
    order.sort_by_key(|&index| (index as u64 + 1 + 1_000 * round).wrapping_mul(0x9e37_79b9_7f4a_7c15));
}

/// Nanoseconds and bytes a task, as the cell's own process tells them.
fn measure(cell: GraphCell, options: &GraphOptions, python: Option<&Path>) -> Result<(f64, f64)> {
    let mut command = match (cell.way, python) {
        (Way::Dask, None) => anyhow::bail!("python/.venv is missing; `just python` makes it"),
        (Way::Dask, Some(python)) => {
            let mut command = Command::new(python);
            command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/dask_graph.py"));
            command.args([cell.shape.name(), cell.tasks.to_string(), cell.workers.to_string()]);
            command
        }
        _ => {
            let mut command = Command::new(env::current_exe()?);
            command.args(["--cell", &cell.to_string()]);
            command
        }
    };
    let printed = output(&mut command, Duration::from_secs_f64(options.longest))?;
    let numbers: Vec<&str> = printed.split_whitespace().collect();
    let [time, bytes] = [0, 1].map(|place| numbers.get(place).and_then(|number| number.parse().ok()));
    if let Some(answer) = numbers.get(2) {
        let right = Problem::new(cell.shape, cell.tasks, TaskWork(0)).answer();
        anyhow::ensure!(*answer == right.to_string(), "the result is {answer} and not {right}");
    }
    time.zip(bytes).context("it printed no figures")
}

/// What a command prints, unless it fails or takes too long.
fn output(command: &mut Command, longest: Duration) -> Result<String> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut stdout = child.stdout.take().context("it is piped")?;
    let (say, said) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let _nobody_waits = say.send(stdout.read_to_string(&mut text).map(|_| text));
    });
    let Ok(text) = said.recv_timeout(longest) else {
        child.kill()?;
        child.wait()?;
        anyhow::bail!("takes longer than {} s", longest.as_secs());
    };
    let status = child.wait()?;
    anyhow::ensure!(status.success(), "ends with {status}");
    Ok(text?)
}

/// The Python that `just python` sets up.
fn python() -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/.venv/bin/python");
    python.exists().then_some(python)
}
