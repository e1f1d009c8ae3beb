//! `centurion verify`: every workload under every executor, once, answers checked.

use anyhow::Result;
use centurion_harness::SampleError;

use crate::args::{BenchArgs, CellArgs};
use crate::session::Session;

/// Runs every cell once, calling `say` with a line for each, and returns how many were wrong.
///
/// # Errors
/// When the options can't be followed.
pub fn verify(chosen: CellArgs, mut say: impl FnMut(&str)) -> Result<usize> {
    let session = Session::new(BenchArgs::from_cells(chosen)?)?;
    let mut wrong = 0;
    for cell in &session.cells {
        match session.try_cell(cell) {
            Err(SampleError::Stopped) => {
                anyhow::bail!("stopped before every cell was checked; run `cargo centurion verify` again")
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
    Ok(wrong)
}
