//! `centurion verify`: every workload under every executor, once, answers checked.

use anyhow::{Result, ensure};
use centurion_harness::SampleError;

use crate::args::{BenchArgs, CellArgs};
use crate::output::note;
use crate::session::Session;

/// Runs every cell once, calling `say` with a line for each, and returns how many were wrong; `None` when it was stopped.
///
/// # Errors
/// When the options can't be followed.
pub fn verify(chosen: CellArgs, mut say: impl FnMut(&str)) -> Result<Option<usize>> {
    let session = Session::new(BenchArgs::from_cells(chosen)?)?;
    ensure!(
        !session.cells.is_empty(),
        "failed to find a cell to check; see them with `cargo centurion list --cells`"
    );
    let mut wrong = 0;
    for cell in &session.cells {
        match session.try_cell(cell) {
            Err(SampleError::Stopped) => {
                note("stopped before every cell was checked; run `cargo centurion verify` again");
                return Ok(None);
            }
            Ok(_) => say(&format!("ok      {}", cell.id)),
            Err(reason) => {
                wrong += 1;
                say(&format!("WRONG   {}: {reason}", cell.id));
            }
        }
    }
    let right = session.cells.len() - wrong;
    say(&format!("{right} of {} cells gave every right answer", session.cells.len()));
    Ok(Some(wrong))
}
