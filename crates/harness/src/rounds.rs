//! The measuring loop: every cell once per round, those that tell little for their time in every other, in an order
//! shuffled anew for each round.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::time::Duration;

use centurion_agents::Workload;
use centurion_record::{Cell, CellId, Record, Role, Round};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use thiserror::Error;

use crate::clock::nanoseconds;
use crate::error::SampleError;
use crate::matrix::{PlannedCell, largest_cells};
use crate::sample::{PacedSample, shortest_sample};
use crate::testbed::Testbed;
use crate::timetable::{Rounds, Timetable};
use crate::usage::RoundStart;

/// From here on a serial bag is long: what it costs to measure its workload once more buys a reader little.
const LONG_BAG: Duration = Duration::from_millis(600);

/// More threads than this take longer to be born than most bags take.
const MANY_WORKERS: usize = 256;

/// Characters of a reason that are kept.
const MOST_REASON: usize = 1_000;

/// What is told to the observer, who answers whether to go on.
#[derive(Debug)]
pub enum Event<'a> {
    /// Another cell is about to be calibrated or sampled.
    Cell {
        /// Round, `None` while calibrating.
        round: Option<u32>,
        /// Cells done in this round.
        done: usize,
        /// Cells in a round.
        cells: usize,
        /// Id of the cell.
        id: &'a CellId,
        /// Time until the planned end, as far as it can be told.
        left: Option<Duration>,
    },
    /// A round was disturbed by other processes: it is dropped and measured again.
    Retake(&'a Round),
    /// A round is finished and stands in the record.
    Round(&'a Record),
}

/// Told of every step; breaking stops the run, dropping the unfinished round.
pub type Observer<'a> = dyn FnMut(Event<'_>) -> ControlFlow<()> + 'a;

/// Why a record can't be resumed.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ResumeError {
    /// It holds other cells than are to be measured.
    #[error("resume: the record's cells are not those asked for; resume with the options of that run")]
    Cells,
}

/// Measures the cells into `record` until `rounds` says it is enough, adding to the rounds it already has.
/// Returns whether the run came to its end; when it is stopped, the unfinished round is dropped.
///
/// # Errors
/// [`ResumeError`] when the record holds rounds of other cells.
pub fn measure(
    cells: &[PlannedCell],
    rounds: Rounds,
    testbed: &Testbed,
    record: &mut Record,
    observer: &mut Observer<'_>,
) -> Result<bool, ResumeError> {
    if record.cells.is_empty() {
        match calibrate(cells, testbed, observer) {
            ControlFlow::Continue(calibrated) => record.cells = calibrated,
            ControlFlow::Break(()) => return Ok(false),
        }
    }
    let places = places(cells, record)?;
    // What is to come is said anew at the end of the run.
    record.run.complete = false;
    record.timelines.clear();
    record.footprints.clear();
    let mut timetable = Timetable::new(rounds);
    let mut retaken = 0;
    while let Some(round) = timetable.next(record) {
        let (start, served) = (RoundStart::read(), server_cpu(cells));
        let short = rounds.is_short(round).then(|| cells_of_short_rounds(cells, record));
        let workload = |cell: usize| cells[cell].workload.name();
        let takes_part = |cell: usize| short.as_ref().is_none_or(|short| short.contains(&cells[cell].id));
        let taking_part = places.iter().copied().filter(|&(cell, _)| takes_part(cell));
        let order = shuffled(taking_part, workload, record.run.seed, round);
        let left = |part| timetable.left(part);
        let Some(samples) = samples(cells, &order, round, testbed, record, left, observer) else {
            return Ok(false);
        };
        let beside = peers_cpu(&samples, record) + server_cpu(cells).saturating_sub(served);
        let taken = Round { retaken, ..start.finish(round, beside) };
        let said = if wants_retake(&taken, record, rounds) && timetable.has_time_for(&taken) {
            retaken += 1;
            observer(Event::Retake(&taken))
        } else {
            retaken = 0;
            for (place, sample) in samples {
                keep(&mut record.cells[place], round, sample);
            }
            record.rounds.push(taken);
            observer(Event::Round(record))
        };
        if said.is_break() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Cells that take part in short rounds too: references, and each executor's largest cell of a workload, but for those of
/// many workers. Peers, smaller cells and workloads of long bags are left out.
fn cells_of_short_rounds<'a>(cells: &'a [PlannedCell], record: &Record) -> BTreeSet<&'a CellId> {
    let (long, largest) = (long_workloads(record), largest_of_workloads(cells));
    let takes_part = |cell: &&PlannedCell| match cell.role {
        _ if long.contains(&cell.workload.name()) => false,
        Role::Executor => largest.contains(&cell.id) && cell.workers <= MANY_WORKERS,
        Role::Baseline | Role::Hardware | Role::Repeat => true,
        Role::Peer => false,
    };
    cells.iter().filter(takes_part).map(|cell| &cell.id).collect()
}

/// Workloads of which one serial bag has been seen to be long.
fn long_workloads(record: &Record) -> BTreeSet<String> {
    let is_long = |cell: &&Cell| {
        let first = cell.bag_times().next();
        first.is_some_and(|(_, bag)| bag >= LONG_BAG.as_nanos() as f64)
    };
    let baselines = record.cells.iter().filter(|cell| cell.role == Role::Baseline);
    baselines.filter(is_long).map(|cell| cell.workload.clone()).collect()
}

/// Whether a round was disturbed, and may be measured again. Those measured again before count.
fn wants_retake(round: &Round, record: &Record, rounds: Rounds) -> bool {
    let before: u32 = record.rounds.iter().map(|round| round.retaken).sum();
    before + round.retaken < rounds.retakes
        && round.is_disturbed(record.environment.logical_cpus).unwrap_or(false)
}

/// A sample of each cell of a round that has not failed, by its place in the record.
type RoundSamples = Vec<(usize, Result<PacedSample, SampleError>)>;

/// Takes the samples of a round in its order. `None` when the run is to stop: what was taken of the round is dropped.
fn samples(
    cells: &[PlannedCell],
    order: &[(usize, usize)],
    round: u32,
    testbed: &Testbed,
    record: &Record,
    left: impl Fn(f64) -> Option<Duration>,
    observer: &mut Observer<'_>,
) -> Option<RoundSamples> {
    let mut samples = Vec::with_capacity(order.len());
    let once = if round.is_multiple_of(2) { cells_measured_once(cells) } else { BTreeSet::new() };
    for (done, &(planned, place)) in order.iter().enumerate() {
        let (planned, cell) = (&cells[planned], &record.cells[place]);
        let left = left(done as f64 / order.len() as f64);
        let event = Event::Cell { round: Some(round), done, cells: order.len(), id: &cell.id, left };
        if observer(event).is_break() {
            return None;
        }
        if cell.failure.is_none() {
            let once = once.contains(&planned.id);
            match planned.paced_sample(cell.batch, once, testbed) {
                Err(SampleError::Stopped) => return None,
                sample => samples.push((place, sample)),
            }
        }
    }
    Some(samples)
}

/// Cells whose bag is also run from nothing to nothing: each executor's largest of every workload that stands alone.
fn cells_measured_once(cells: &[PlannedCell]) -> BTreeSet<&CellId> {
    let mut once = largest_of_workloads(cells);
    let of_families = cells.iter().filter(|cell| !cell.workload.stands_alone());
    of_families.for_each(|cell| {
        once.remove(&cell.id);
    });
    once
}

/// Each executor's largest cell of every workload.
fn largest_of_workloads(cells: &[PlannedCell]) -> BTreeSet<&CellId> {
    let same_workload = |one: &PlannedCell, next: &PlannedCell| one.workload.name() == next.workload.name();
    let of_workloads = cells.chunk_by(same_workload);
    of_workloads.flat_map(|cells| largest_cells(cells.iter())).map(|cell| &cell.id).collect()
}

/// CPU time of the peers' processes in a round, which is not that of other programs.
fn peers_cpu(samples: &RoundSamples, record: &Record) -> Duration {
    let of_peers = samples.iter().filter(|(place, _)| record.cells[*place].role == Role::Peer);
    of_peers.filter_map(|(_, sample)| Some(sample.as_ref().ok()?.sample.usage.cpu)).sum()
}

/// CPU time of the server that agents ask, so far, which is not that of other programs either.
fn server_cpu(cells: &[PlannedCell]) -> Duration {
    let asking = cells.iter().find(|cell| cell.workload.server().is_some());
    // One that does not answer fails the cells of those who ask it.
    asking.and_then(|cell| cell.server_cpu().ok()?).unwrap_or_default()
}

/// Where each planned cell stands in the record, as `(planned, place)`.
fn places(cells: &[PlannedCell], record: &Record) -> Result<Vec<(usize, usize)>, ResumeError> {
    let by_id: HashMap<&CellId, usize> = record.cells.iter().map(|cell| &cell.id).zip(0..).collect();
    let places: Option<Vec<_>> =
        cells.iter().enumerate().map(|(index, cell)| Some((index, *by_id.get(&cell.id)?))).collect();
    places.filter(|places| places.len() == record.cells.len()).ok_or(ResumeError::Cells)
}

/// The order of a round: the workloads in any order, and the cells of each, its baseline among them, in any order one
/// after another, so that what is compared is measured within moments. It is a function of the seed and the round only,
/// so that a resumed run goes on as the whole one would have.
fn shuffled(
    places: impl Iterator<Item = (usize, usize)>,
    workload: impl Fn(usize) -> String,
    seed: u64,
    round: u32,
) -> Vec<(usize, usize)> {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(u64::from(round));
    let mut by_workload: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for place in places {
        by_workload.entry(workload(place.0)).or_default().push(place);
    }
    let mut workloads: Vec<_> = by_workload.into_values().collect();
    workloads.shuffle(&mut generator);
    for cells in &mut workloads {
        cells.shuffle(&mut generator);
    }
    workloads.concat()
}

fn keep(cell: &mut Cell, round: u32, sample: Result<PacedSample, SampleError>) {
    match sample {
        Ok(PacedSample { sample, pace, once }) => {
            cell.round.push(round);
            cell.wall_ns.push(nanoseconds(sample.wall).max(1));
            cell.cpu_ns.push(nanoseconds(sample.usage.cpu));
            cell.startup_ns.push(nanoseconds(sample.startup));
            cell.switches.push(sample.usage.switches);
            cell.pace_ns.push(pace.chain_ns as u64);
            cell.throughput_ns.push(pace.throughput_ns as u64);
            cell.memory_bytes.extend(sample.memory_bytes);
            cell.server_cpu_ns.extend(sample.server_cpu.map(nanoseconds));
            cell.once_ns.extend(once.map(|once| nanoseconds(once).max(1)));
        }
        Err(reason) => fail(cell, &format!("round {round}: {reason}")),
    }
}

/// A cell that was wrong once has no time at all.
fn fail(cell: &mut Cell, reason: &str) {
    cell.failure = Some(shortened(reason));
    cell.clear_samples();
}

/// What a panic says may be of any length; a record keeps its beginning.
pub(crate) fn shortened(reason: &str) -> String {
    match reason.char_indices().nth(MOST_REASON) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason.to_owned(),
    }
}

/// Finds each cell's batch. Cells come after their baseline, whose time tells which of them are so long
/// that one execution is a sample, as does how long the longest agent waits; those need no trial.
fn calibrate(
    cells: &[PlannedCell],
    testbed: &Testbed,
    observer: &mut Observer<'_>,
) -> ControlFlow<(), Vec<Cell>> {
    let mut longest_parts: HashMap<String, Duration> = HashMap::new();
    let mut calibrated = Vec::with_capacity(cells.len());
    for (done, planned) in cells.iter().enumerate() {
        if !planned.workload.are_processes() {
            observer(Event::Cell { round: None, done, cells: cells.len(), id: &planned.id, left: None })?;
        }
        let workload = planned.workload.name();
        let share = longest_parts.get(&workload).map(|serial| serial.div_f64(planned.workers.max(1) as f64));
        let batch = match share {
            _ if planned.workload.are_processes() => Ok(1),
            // A peer is tried all the same: that starts it, which no round should wait for.
            Some(share)
                if share.max(longest_wait(&*planned.workload))
                    >= shortest_sample(planned.workload.kind())
                    && planned.role != Role::Peer =>
            {
                Ok(1)
            }
            _ => planned.calibrate(testbed).map(|(batch, wall)| {
                longest_parts.entry(workload).or_insert(wall.div_f64(batch as f64));
                batch
            }),
        };
        if let Err(SampleError::Stopped) = batch {
            return ControlFlow::Break(());
        }
        calibrated.push(blank(planned, batch));
    }
    ControlFlow::Continue(calibrated)
}

/// No execution is shorter than that.
fn longest_wait(workload: &dyn Workload) -> Duration {
    (0..workload.agents()).filter_map(|agent| workload.waits(agent)).max().unwrap_or_default()
}

fn blank(planned: &PlannedCell, batch: Result<u64, SampleError>) -> Cell {
    let (batch, failure) = match batch {
        Ok(batch) => (batch, None),
        Err(reason) => (1, Some(shortened(&format!("first trial: {reason}")))),
    };
    Cell {
        id: planned.id.clone(),
        workload: planned.workload.name(),
        executor: planned.executor.clone(),
        role: planned.role,
        workers: planned.workers,
        cores: planned.cores,
        batch,
        failure,
        round: Vec::new(),
        wall_ns: Vec::new(),
        cpu_ns: Vec::new(),
        pace_ns: Vec::new(),
        throughput_ns: Vec::new(),
        startup_ns: Vec::new(),
        switches: Vec::new(),
        memory_bytes: Vec::new(),
        server_cpu_ns: Vec::new(),
        once_ns: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
