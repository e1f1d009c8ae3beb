//! What a chart of scaling shows: cells and ceilings by cores or workers.

use std::collections::BTreeMap;

use centurion_record::Kind;
use centurion_stats::Estimate;

use crate::{Bound, CellResult, Gain, Row, WorkloadResult};

impl WorkloadResult {
    /// The largest number of cores it was measured on, at least one.
    pub fn most_cores(&self) -> usize {
        self.cells.iter().map(|cell| cell.cores).max().unwrap_or(1)
    }

    /// Names of the executors that have cells, in the order of the record.
    pub fn executors(&self) -> Vec<&str> {
        let mut executors: Vec<&str> = Vec::new();
        for cell in &self.cells {
            if !executors.contains(&cell.executor.as_str()) {
                executors.push(&cell.executor);
            }
        }
        executors
    }

    /// An executor's cells by what scales the workload: by workers on all cores where agents wait; by cores where they
    /// compute, the one whose workers are nearest to the cores.
    pub fn by_scale(&self, executor: &str) -> BTreeMap<usize, &CellResult> {
        let most = self.most_cores();
        let mut cells: BTreeMap<usize, &CellResult> = BTreeMap::new();
        for cell in self.cells.iter().filter(|cell| cell.executor == executor) {
            let scale = match self.kind {
                Kind::Waiting if cell.cores == most => cell.workers,
                Kind::Waiting => continue,
                Kind::Computing => cell.cores,
            };
            let distance = |cell: &CellResult| cell.workers.abs_diff(cell.cores);
            let chosen = cells.entry(scale).or_insert(cell);
            if distance(cell) < distance(chosen) {
                *chosen = cell;
            }
        }
        cells
    }

    /// The schedule's ceiling on the same scale: the highest of any executor.
    pub fn schedule_by_scale(&self) -> BTreeMap<usize, Bound> {
        let cells = self.executors().into_iter().flat_map(|executor| self.by_scale(executor));
        highest(cells)
    }

    /// The schedule's ceiling of every row, by its workers or, where agents compute, its cores.
    pub fn schedule_by_row(&self) -> BTreeMap<usize, Bound> {
        highest(self.cells.iter().map(|cell| (cell.row.workers.unwrap_or(cell.row.cores), cell)))
    }

    /// The hardware's ceiling by cores; one core reaches what one core does.
    pub fn hardware_by_scale(&self) -> BTreeMap<usize, f64> {
        let known = self.hardware.iter().filter_map(|ceiling| {
            ceiling.speedup.as_ref().ok().map(|speedup| (ceiling.cores, speedup.value))
        });
        let mut hardware: BTreeMap<usize, f64> = known.collect();
        if !hardware.is_empty() && self.cells.iter().any(|cell| cell.cores == 1) {
            hardware.entry(1).or_insert(1.0);
        }
        hardware
    }

    /// The row with the most cores and workers, and what its cells reach of a figure, the best first.
    pub fn largest_row(&self, of: fn(&Gain) -> Estimate) -> Option<(Row, Vec<(&CellResult, f64)>)> {
        let row = self.rows().into_iter().max_by_key(|row| (row.cores, row.workers))?;
        let reached = |cell| Some((cell, of(CellResult::measured(cell)?.gain.as_ref()?).value));
        let mut cells: Vec<_> = self.row(row).filter_map(reached).collect();
        cells.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        Some((row, cells))
    }

    /// The least and the greatest share of CPU time that the server took which the agents ask, over the cells of the
    /// largest row that are no mistakes. `None` where they ask none.
    pub fn server_shares(&self) -> Option<(f64, f64)> {
        let row = self.rows().into_iter().max_by_key(|row| (row.cores, row.workers))?;
        let cells = self.row(row).filter(|cell| !cell.mistake);
        let mut shares: Vec<f64> = cells.filter_map(|cell| cell.measured()?.server_share).collect();
        shares.sort_by(f64::total_cmp);
        Some((*shares.first()?, *shares.last()?))
    }

    /// An executor's fastest cell in a row.
    pub fn fastest_of(&self, executor: &str, row: Row) -> Option<&CellResult> {
        let speed = |cell: &CellResult| cell.speedup().map_or(0.0, |speedup| speedup.value);
        let cells = self.row(row).filter(|cell| cell.executor == executor);
        cells.max_by(|a, b| speed(a).total_cmp(&speed(b)))
    }
}

fn highest<'a>(cells: impl Iterator<Item = (usize, &'a CellResult)>) -> BTreeMap<usize, Bound> {
    let mut bounds: BTreeMap<usize, Bound> = BTreeMap::new();
    for (scale, cell) in cells {
        let Some(bound) = cell.ceilings.schedule else { continue };
        let most = bounds.entry(scale).or_insert(bound);
        if bound.speedup > most.speedup {
            *most = bound;
        }
    }
    bounds
}
