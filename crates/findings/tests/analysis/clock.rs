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

/// The same run beside others who take units of the cores: each sample takes the `share`th power of what a probe feels of
/// them.
pub(crate) fn beside_others(record: Record, by: f64, share: f64, seed: u64) -> Record {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    with_probes(record, || {
        let slower = (by * normal(&mut random)).exp();
        [slower.powf(share), 1.0, slower]
    })
}

/// The same run with samples that take as many times as long as is drawn, beside what one chain of steps and eight take.
pub(crate) fn with_probes(mut record: Record, mut draw: impl FnMut() -> [f64; 3]) -> Record {
    for cell in &mut record.cells {
        for wall in &mut cell.wall_ns {
            let [slower, chain, throughput] = draw();
            *wall = (*wall as f64 * slower) as u64;
            cell.pace_ns.push((90_000.0 * chain) as u64);
            cell.throughput_ns.push((80_000.0 * throughput) as u64);
        }
    }
    record
}
