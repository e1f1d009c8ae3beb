//! CPUs whose clock wanders.

use centurion_record::Record;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use centurion_synthetic::normal;

/// The same run on CPUs whose clock wanders by so much, as a standard deviation, from sample to sample; the pace of
/// each sample tells.
pub(crate) fn on_a_wandering_clock(mut record: Record, by: f64, seed: u64) -> Record {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for cell in &mut record.cells {
        for wall in &mut cell.wall_ns {
            let slower = (by * normal(&mut random)).exp();
            *wall = (*wall as f64 * slower) as u64;
            cell.pace_ns.push((90_000.0 * slower) as u64);
        }
    }
    record
}
