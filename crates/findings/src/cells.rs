//! One workload's cells against its baseline.

use std::collections::HashMap;
use std::sync::Arc;

use centurion_graph::Graph;
use centurion_record::{Cell, Kind, Role, WorkloadEntry};

use crate::footprint;
use crate::index::RecordIndex;
use crate::judge::judge;
use crate::one_bag::judge_one_bag;
use crate::pace::PaceProbe;
use crate::paired::PairedTimes;
use crate::{
    Baseline, Ceilings, CellResult, Copied, Gain, HardwareCeiling, Measured, Noise, OneBag, Row, Standing,
    WorkloadResult,
};
use centurion_stats::{Estimate, median, median_interval};

/// A speedup this far above its ceiling, with its whole interval, is impossible.
pub(crate) const IMPOSSIBLE: f64 = 1.10;

pub(crate) fn workload(
    index: &RecordIndex<'_>,
    workload: &WorkloadEntry,
    graph: Option<Arc<Graph>>,
    probe: Option<PaceProbe>,
) -> WorkloadResult {
    let cells = |role| index.in_role(&workload.name, role);
    let baseline = cells(Role::Baseline).next();
    let serial = baseline.map(PairedTimes::new);
    let hardware = hardware(cells(Role::Hardware), serial.as_ref());
    let mut result = WorkloadResult {
        name: workload.name.clone(),
        family: workload.family.clone(),
        kind: workload.kind,
        agents: workload.agents,
        shortened: shortened(workload),
        costs_ns: workload.costs_ns.clone(),
        waits_ns: workload.waits_ns.clone(),
        graph,
        baseline: baseline.map_or(Err("not measured".into()), baseline_of),
        noise: noise(index.cells_of(&workload.name), probe),
        hardware,
        cells: Vec::new(),
        footprints: footprint::of_cells(index, workload),
    };
    let measured = |cell: &Cell| CellResult {
        mistake: index.is_mistake(&cell.executor),
        ..measure(cell, &result, serial.as_ref())
    };
    result.cells = cells(Role::Executor).map(measured).collect();
    let series: Vec<_> = cells(Role::Executor).map(|cell| PairedTimes::with_pace(cell, probe)).collect();
    let threshold = result.threshold();
    judge(&mut result.cells, &series, threshold);
    let recorded: Vec<&Cell> = cells(Role::Executor).collect();
    judge_one_bag(&mut result.cells, &recorded, threshold);
    result
}

fn baseline_of(cell: &Cell) -> Result<Baseline, String> {
    Ok(Baseline {
        samples: cell.wall_ns.len(),
        bag_ns: median_interval(&PairedTimes::new(cell).times()).ok_or_else(|| reason(cell))?,
        cpu_per_wall: cpu_per_wall(cell).ok_or_else(|| reason(cell))?,
    })
}

/// What a workload's parameters say of real time.
fn shortened(workload: &WorkloadEntry) -> Option<f64> {
    let scale: f64 = workload.parameters.get("scale")?.parse().ok()?;
    (scale > 0.0 && scale < 1.0).then(|| 1.0 / scale)
}

/// Why a cell has no samples.
pub(crate) fn reason(cell: &Cell) -> String {
    cell.failure.clone().unwrap_or_else(|| "has no samples".into())
}

fn cpu_per_wall(cell: &Cell) -> Option<f64> {
    let ratios: Vec<_> =
        cell.cpu_ns.iter().zip(&cell.wall_ns).map(|(&cpu, &wall)| cpu as f64 / wall as f64).collect();
    median(&ratios)
}

fn server_share(cell: &Cell) -> Option<f64> {
    let both = cell.server_cpu_ns.iter().zip(&cell.cpu_ns);
    median(&both.map(|(&server, &own)| server as f64 / (server + own).max(1) as f64).collect::<Vec<_>>())
}

fn noise(cells: &[&Cell], probe: Option<PaceProbe>) -> Noise {
    // Of what is there twice the first is meant.
    let originals: Originals<'_> = cells.iter().rev().map(|cell| (place(cell), *cell)).collect();
    let repeats = cells.iter().filter(|cell| cell.role == Role::Repeat);
    let copies: Vec<Copied> = repeats.filter_map(|copy| copied(copy, &originals, probe)).collect();
    let ends = copies.iter().filter_map(|copy| copy.ratio.interval).flat_map(|ends| [ends.low, ends.high]);
    let floor = ends.map(|end| end.ln().abs().exp() - 1.0).max_by(f64::total_cmp);
    Noise { copies, floor }
}

/// The cells of a workload by executor, cores and workers.
type Originals<'a> = HashMap<(&'a str, usize, usize), &'a Cell>;

fn place(cell: &Cell) -> (&str, usize, usize) {
    (&cell.executor, cell.cores, cell.workers)
}

fn copied(copy: &Cell, originals: &Originals<'_>, probe: Option<PaceProbe>) -> Option<Copied> {
    let executor = copy.copy_of()?;
    let original = originals.get(&(executor, copy.cores, copy.workers))?;
    let (original, again) = (PairedTimes::with_pace(original, probe), PairedTimes::with_pace(copy, probe));
    Some(Copied {
        executor: executor.to_owned(),
        cores: copy.cores,
        workers: copy.workers,
        ratio: original.over(&again)?,
    })
}

fn hardware<'a>(cells: impl Iterator<Item = &'a Cell>, serial: Option<&PairedTimes>) -> Vec<HardwareCeiling> {
    let speedup = |cell: &Cell| {
        let serial = serial.ok_or("the baseline was not measured")?;
        let rate = serial.over(&PairedTimes::new(cell)).ok_or_else(|| reason(cell))?;
        Ok(rate.map(|rate| cell.cores as f64 * rate))
    };
    let mut ceilings: Vec<_> =
        cells.map(|cell| HardwareCeiling { cores: cell.cores, speedup: speedup(cell) }).collect();
    ceilings.sort_by_key(|ceiling| ceiling.cores);
    ceilings
}

fn measure(cell: &Cell, workload: &WorkloadResult, serial: Option<&PairedTimes>) -> CellResult {
    let processors = workload.processors(cell.cores, cell.workers);
    let ceilings = ceilings(cell, workload, processors);
    let useful = if workload.stands_alone() { processors as f64 } else { workload.parallelism(processors) };
    CellResult {
        id: cell.id.clone(),
        executor: cell.executor.clone(),
        mistake: false,
        cores: cell.cores,
        workers: cell.workers,
        oversubscribed: cell.oversubscribed(),
        row: Row { cores: cell.cores, workers: (workload.kind == Kind::Waiting).then_some(cell.workers) },
        outcome: measured(cell, |series| gain(series, serial?, ceilings, useful)).ok_or_else(|| reason(cell)),
        ceilings,
    }
}

fn ceilings(cell: &Cell, workload: &WorkloadResult, processors: usize) -> Ceilings {
    let first = workload.hardware.partition_point(|ceiling| ceiling.cores < cell.cores);
    let same_cores = workload.hardware.get(first).filter(|ceiling| ceiling.cores == cell.cores);
    Ceilings {
        schedule: workload.bound(processors),
        hardware: same_cores
            .filter(|_| workload.kind == Kind::Computing)
            .and_then(|ceiling| ceiling.speedup.clone().ok()),
    }
}

/// `None` without samples.
fn measured(cell: &Cell, gain: impl Fn(&PairedTimes) -> Option<Gain>) -> Option<Measured> {
    let series = PairedTimes::new(cell);
    let startups: Vec<_> = cell.startup_ns.iter().map(|&startup| startup as f64).collect();
    Some(Measured {
        samples: cell.wall_ns.len(),
        bag_ns: median_interval(&series.times())?,
        gain: gain(&series),
        startup_ns: median(&startups)?,
        cpu_per_wall: cpu_per_wall(cell)?,
        server_share: server_share(cell),
        over_best: None,
        once: OneBag::new(cell),
        in_row: Standing::Unjudged,
        in_workload: Standing::Unjudged,
    })
}

fn gain(series: &PairedTimes, serial: &PairedTimes, ceilings: Ceilings, useful: f64) -> Option<Gain> {
    let speedup = serial.over(series)?;
    let share = |whole: f64| -> Estimate { speedup.map(|speedup| speedup / whole) };
    let of_lowest = share(ceilings.lowest_known());
    Some(Gain {
        speedup,
        efficiency: share(useful),
        of_ceiling: ceilings.limit().map(share),
        impossible: of_lowest.interval.is_some_and(|ends| ends.low > IMPOSSIBLE),
    })
}
