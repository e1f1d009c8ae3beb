//! Which pace times are compared at, when the truth is known.

use crate::clock::{beside_others, on_a_wandering_clock, with_probes};
use crate::shared::{run, slowed};
use centurion_findings::compare::{ChangeVerdict, Comparison, Rules};
use centurion_findings::{Analysis, PaceProbe};
use centurion_record::{Kind, Record};
use centurion_synthetic::{CALM, Synthetic, Weather, normal};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const NOISY: Weather = Weather { noise: 0.03, drift: 0.0, spikes: 0.05 };

/// What is used in a run, of each family.
fn used(record: &Record) -> Vec<Option<PaceProbe>> {
    Analysis::new(record).paces.values().map(|used| used.probe).collect()
}

#[test]
fn the_probe_is_used_that_feels_what_disturbs() {
    assert_eq!(used(&beside_others(run(1, CALM), 0.1, 1.0, 1)), [Some(PaceProbe::Throughput); 4]);
    assert_eq!(used(&beside_others(run(1, CALM), 0.1, 0.5, 1)), [Some(PaceProbe::Both); 4]);
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let clock = with_probes(run(1, CALM), || {
        let slower = (0.03 * normal(&mut random)).exp();
        [slower, slower, slower * (0.1 * normal(&mut random)).exp()]
    });
    assert_eq!(used(&clock), [Some(PaceProbe::Chain); 4]);
}

#[test]
fn of_probes_that_feel_the_same_the_simpler_is_used() {
    let mut record = on_a_wandering_clock(run(1, CALM), 0.05, 1);
    record.cells.iter_mut().for_each(|cell| cell.throughput_ns = cell.pace_ns.clone());
    assert_eq!(used(&record), [Some(PaceProbe::Chain); 4]);
}

#[test]
fn a_probe_that_feels_nothing_of_what_disturbs_is_seldom_used() {
    let mut chosen = 0;
    for seed in 0..50 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut noise = || (0.01 * normal(&mut random)).exp();
        let record = with_probes(run(seed, NOISY), || [1.0, noise(), noise()]);
        chosen += used(&record).iter().flatten().count();
    }
    assert!(chosen <= 12, "{chosen} of 200");
}

#[test]
fn a_cell_without_a_pace_leaves_its_family_at_times_as_they_were() {
    let mut record = beside_others(run(1, CALM), 0.1, 1.0, 1);
    let cell = record.cells.iter_mut().find(|cell| cell.executor == "a").expect("there is one");
    cell.throughput_ns.clear();
    assert_eq!(used(&record).iter().flatten().count(), 3, "one family is left out");
    record.cells.iter_mut().for_each(|cell| cell.pace_ns.clear());
    assert_eq!(used(&record).iter().flatten().count(), 3);
}

#[test]
fn others_on_the_core_make_no_difference_and_hide_none() {
    let beside = |seed, slower| {
        beside_others(slowed(run(seed, CALM), slower, |cell| cell.executor == "c"), 0.1, 1.0, seed)
    };
    let mut blind = 0;
    for seed in 0..10 {
        let [mut base, mut now] = [beside(2 * seed, 1.0), beside(2 * seed + 1, 1.05)];
        let regressions = |base: &Record, now: &Record| {
            let comparison = Comparison::new(base, now, Rules::default());
            let cells = comparison.differences().iter();
            let right = cells.clone().all(|change| change.executor == "c");
            assert!(right, "{seed}");
            cells.filter(|change| change.verdict == ChangeVerdict::Regression).count()
        };
        assert_eq!(regressions(&base, &now), 4, "{seed}");
        for record in [&mut base, &mut now] {
            record.cells.iter_mut().for_each(|cell| cell.throughput_ns.clear());
        }
        blind += regressions(&base, &now);
    }
    assert!(blind <= 4, "without that probe most are lost in the noise, but {blind} of 40 were not");
}

/// Of how many of 1,000 runs of a baseline and its copy a pace is used, where the probes have noise of their own, as a part of
/// that of the samples, and the eight chains also feel a share of the samples' variance.
fn chosen(rounds: u32, noise: f64, share: f64) -> usize {
    let steady = Weather { noise: 0.0, ..CALM };
    let run = |seed: u64| {
        let record = Synthetic::new(rounds, seed, steady).workload("deciding", Kind::Computing, &[], 1e6);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut normal = |part: f64| 0.05 * part * normal(&mut random);
        with_probes(record.record(), || {
            let felt = normal(share.sqrt());
            let time = felt + normal((1.0 - share).sqrt());
            [time, normal(noise), felt + normal(noise)].map(f64::exp)
        })
    };
    (0..1_000).filter(|&seed| used(&run(seed))[0].is_some()).count()
}

/// The numbers of METHODOLOGY.
#[test]
#[ignore = "it prints numbers"]
fn how_often_a_pace_is_used() {
    for rounds in [6, 11, 22] {
        let by_chance = [0.1, 0.3, 1.0].map(|noise| chosen(rounds, noise, 0.0));
        let explaining = [0.2, 0.4, 0.6, 0.8].map(|share| chosen(rounds, 0.2, share));
        println!("{rounds} rounds, of 1,000: by chance {by_chance:?}, explaining {explaining:?}");
    }
}
