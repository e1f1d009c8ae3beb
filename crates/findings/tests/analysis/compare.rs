//! What a comparison of two runs says when the truth is known.

use crate::clock::on_a_wandering_clock;
use centurion_findings::compare::{ChangeVerdict, Comparison, Metric, Rules};
use centurion_record::{Kind, Record};
use centurion_synthetic::{CALM, STORMY, Synthetic, Weather};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const BAG: f64 = 1e6;
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
/// A shared machine on an ordinary day.
const BREEZY: Weather = Weather { noise: 0.01, drift: 0.1, spikes: 0.02 };

/// A run of six executors, of which `c` takes `slowed` times as long as the others.
fn run(rounds: u32, seed: u64, weather: Weather, slowed: f64) -> Record {
    let synthetic =
        Synthetic::new(rounds, seed, weather).workload("deciding", Kind::Computing, &[10_000; 100], BAG);
    NAMES
        .iter()
        .fold(synthetic, |synthetic, name| {
            let slow = if *name == "c" { slowed } else { 1.0 };
            synthetic.executor("deciding", name, (2, 2), BAG / 1.9 * slow)
        })
        .record()
}

/// The record of a machine on which everything takes `factor` times as long.
fn scaled(mut record: Record, factor: f64) -> Record {
    for wall in record.cells.iter_mut().flat_map(|cell| &mut cell.wall_ns) {
        *wall = (*wall as f64 * factor) as u64;
    }
    record
}

fn differences(comparison: &Comparison) -> Vec<(&str, &ChangeVerdict)> {
    let found = comparison.changes.iter().filter(|change| change.verdict.is_difference());
    found.map(|change| (change.executor.as_str(), &change.verdict)).collect()
}

fn verdicts(base: &Record, now: &Record) -> Vec<ChangeVerdict> {
    Comparison::new(base, now, Rules::default()).changes.into_iter().map(|change| change.verdict).collect()
}

#[test]
fn the_same_code_is_not_called_different_in_any_weather() {
    for weather in [CALM, BREEZY, STORMY] {
        let false_alarms: usize = (0..100)
            .map(|seed| {
                let (base, now) = (run(13, 2 * seed, weather, 1.0), run(13, 2 * seed + 1, weather, 1.0));
                let executors = |comparison: &Comparison| {
                    differences(comparison).iter().filter(|(name, _)| NAMES.contains(name)).count()
                };
                executors(&Comparison::new(&base, &now, Rules::default()))
            })
            .sum();
        assert!(false_alarms <= 6, "{false_alarms} of 600");
    }
}

#[test]
fn a_slower_machine_is_not_a_slower_executor() {
    for factor in [0.7, 1.1, 1.5] {
        let (base, now) = (run(11, 1, BREEZY, 1.0), scaled(run(11, 2, BREEZY, 1.0), factor));
        let comparison = Comparison::new(&base, &now, Rules::default());
        assert!(differences(&comparison).iter().all(|(name, _)| !NAMES.contains(name)), "{factor}");
    }
}

#[test]
fn a_baseline_that_alone_became_slower_makes_no_executor_faster() {
    let (base, mut now) = (run(11, 1, CALM, 1.0), run(11, 2, CALM, 1.0));
    let serial = now.cells.iter_mut().find(|cell| cell.executor == "serial").unwrap();
    serial.wall_ns.iter_mut().for_each(|wall| *wall = *wall * 11 / 10);
    let comparison = Comparison::new(&base, &now, Rules::default());
    assert_eq!(differences(&comparison), [("serial", &ChangeVerdict::Regression)]);
}

#[test]
fn a_build_whose_agents_are_slower_has_no_slower_baseline_but_a_slower_loop_is_one() {
    let build = |seed, agents: f64, serial: f64| {
        let mut record = run(12, seed, CALM, agents);
        for cell in &mut record.cells {
            let slower = if cell.executor == "serial" { agents * serial } else { agents };
            cell.wall_ns.iter_mut().for_each(|wall| *wall = (*wall as f64 * slower) as u64);
        }
        let hardware = Synthetic::new(12, seed + 100, CALM)
            .workload("deciding", Kind::Computing, &[], BAG)
            .hardware("deciding", 2, 1.8, BAG * agents)
            .record();
        record.executors.extend(hardware.executors.into_iter().filter(|known| known.name == "hardware"));
        record.cells.extend(hardware.cells.into_iter().filter(|cell| cell.executor == "hardware"));
        record
    };
    let found = |now: &Record| {
        let comparison = Comparison::new(&build(1, 1.0, 1.0), now, Rules::default());
        let serial = comparison.changes.iter().find(|change| change.executor == "serial").unwrap();
        serial.verdict.clone()
    };
    assert_eq!(found(&build(2, 1.05, 1.0)), ChangeVerdict::Equivalent);
    assert_eq!(found(&build(2, 1.0, 1.05)), ChangeVerdict::Regression);
}

#[test]
fn only_the_slowed_executor_is_flagged() {
    let found = |base: &Record, now: &Record, verdict: &ChangeVerdict| {
        let comparison = Comparison::new(base, now, Rules::default());
        let differences = differences(&comparison);
        assert!(differences.iter().all(|difference| *difference == ("c", verdict)), "{differences:?}");
        differences.len()
    };
    let (mut slower, mut faster) = (0, 0);
    for seed in 0..50 {
        let (base, now) = (run(11, 2 * seed, BREEZY, 1.0), run(11, 2 * seed + 1, BREEZY, 1.10));
        slower += found(&base, &now, &ChangeVerdict::Regression);
        faster += found(&now, &base, &ChangeVerdict::Improvement);
    }
    assert!(slower >= 48 && faster >= 48, "{slower} and {faster} of 50");
}

#[test]
fn alternate_rounds_find_a_small_slowdown_through_a_large_drift() {
    let drifting = Weather { noise: 0.004, drift: 0.5, spikes: 0.0 };
    let (base, now) = (run(12, 1, drifting, 1.0), run(12, 2, drifting, 1.05));
    let comparison = Comparison::with_paired_rounds(&base, &now, Rules::default());
    assert_eq!(differences(&comparison), [("c", &ChangeVerdict::Regression)]);
    let change = &comparison.changes[0];
    assert!((change.decisive().unwrap().value - 1.05).abs() < 0.01, "{change:?}");
}

#[test]
fn in_calm_weather_the_same_is_called_the_same() {
    let verdicts = verdicts(&run(11, 1, CALM, 1.0), &run(11, 2, CALM, 1.0));
    assert!(verdicts.iter().all(|verdict| *verdict == ChangeVerdict::Equivalent), "{verdicts:?}");
}

#[test]
fn a_change_smaller_than_what_counts_is_none_however_sure() {
    let (base, now) = (run(11, 1, CALM, 1.0), run(11, 2, CALM, 1.008));
    assert_eq!(differences(&Comparison::new(&base, &now, Rules::default())), []);
    let fine = Rules { least: 0.003, ..Rules::default() };
    assert_eq!(differences(&Comparison::new(&base, &now, fine)), [("c", &ChangeVerdict::Regression)]);
}

#[test]
fn too_few_rounds_are_not_judged() {
    let short = verdicts(&run(5, 1, CALM, 1.0), &run(5, 2, CALM, 2.0));
    assert!(short.iter().all(|verdict| *verdict == ChangeVerdict::NeedsRounds), "{short:?}");
}

#[test]
fn between_runs_the_ratio_carries_the_verdict_and_in_alternate_rounds_the_more_precise_view() {
    let noisy_baseline = |seed| {
        let mut record = run(11, seed, CALM, 1.0);
        let serial = record.cells.iter_mut().find(|cell| cell.executor == "serial").unwrap();
        for (index, wall) in serial.wall_ns.iter_mut().enumerate() {
            *wall += *wall * (index as u64 * seed % 4) / 10;
        }
        record
    };
    let pair = (noisy_baseline(1), noisy_baseline(3));
    let metric = |comparison: &Comparison, executor: &str| {
        comparison.changes.iter().find(|change| change.executor == executor).unwrap().metric
    };
    let apart = Comparison::new(&pair.0, &pair.1, Rules::default());
    let alternate = Comparison::with_paired_rounds(&pair.0, &pair.1, Rules::default());
    assert_eq!((metric(&apart, "a"), metric(&alternate, "a")), (Some(Metric::Ratio), Some(Metric::Time)));
    assert_eq!(metric(&apart, "serial"), Some(Metric::Time), "there is nothing to hold it against");
}

/// A family of three sizes under six executors, of which `c` takes `slowed` times as long as the others.
fn family(seed: u64, weather: Weather, slowed: f64) -> Record {
    let sizes = ["grain-1", "grain-2", "grain-4"];
    let synthetic = sizes.iter().fold(Synthetic::new(11, seed, weather), |synthetic, size| {
        let synthetic = synthetic.workload(size, Kind::Computing, &[10_000; 100], BAG);
        NAMES.iter().fold(synthetic, |synthetic, name| {
            let slow = if *name == "c" { slowed } else { 1.0 };
            synthetic.executor(size, name, (2, 2), BAG / 1.9 * slow)
        })
    });
    let mut record = synthetic.record();
    record.workloads.iter_mut().for_each(|workload| workload.family = "grain".into());
    record
}

#[test]
fn the_points_of_a_curve_are_judged_together() {
    let (base, now) = (family(1, CALM, 1.0), family(2, CALM, 1.05));
    let comparison = Comparison::new(&base, &now, Rules::default());
    assert_eq!(comparison.changes.len(), 1 + NAMES.len());
    assert_eq!(differences(&comparison), [("c", &ChangeVerdict::Regression)]);
    assert_eq!(comparison.changes[0].id.to_string(), "grain/c/2c-2w");
}

/// A run in which the machine takes `factor` times as long from round `from` on.
fn stepped(seed: u64, from: usize, factor: f64) -> Record {
    let mut record = run(12, seed, CALM, 1.0);
    for cell in &mut record.cells {
        cell.wall_ns.iter_mut().skip(from).for_each(|wall| *wall = (*wall as f64 * factor) as u64);
    }
    record
}

#[test]
fn a_machine_that_changes_its_speed_for_good_changes_no_executor() {
    for from in 0..12 {
        let comparison = Comparison::new(&run(12, 1, CALM, 1.0), &stepped(2, from, 1.3), Rules::default());
        let found = differences(&comparison);
        assert!(found.iter().all(|(name, _)| !NAMES.contains(name)), "from round {from}: {found:?}");
    }
}

#[test]
fn a_wandering_clock_makes_no_difference_and_hides_none() {
    let wandering = |seed, slowed| on_a_wandering_clock(run(12, seed, CALM, slowed), 0.05, seed);
    let mut blind = 0;
    for seed in 0..20 {
        let (base, mut now) = (wandering(2 * seed, 1.0), wandering(2 * seed + 1, 1.05));
        let comparison = Comparison::new(&base, &now, Rules::default());
        assert_eq!(differences(&comparison), [("c", &ChangeVerdict::Regression)], "{seed}");
        now.cells.iter_mut().for_each(|cell| cell.pace_ns.clear());
        let mut base = base;
        base.cells.iter_mut().for_each(|cell| cell.pace_ns.clear());
        blind += usize::from(differences(&Comparison::new(&base, &now, Rules::default())).is_empty());
    }
    assert!(blind > 10, "without the pace most of these are lost in the noise, but {blind} of 20 were");
}

#[test]
fn the_pace_of_the_cpus_says_nothing_of_agents_that_wait() {
    let waiting = |seed| {
        let mut record = on_a_wandering_clock(run(12, seed, CALM, 1.0), 0.05, seed);
        let steady = run(12, seed, CALM, 1.0);
        record.workloads[0].kind = Kind::Waiting;
        for (cell, steady) in record.cells.iter_mut().zip(steady.cells) {
            cell.wall_ns = steady.wall_ns;
        }
        record
    };
    let verdicts = verdicts(&waiting(1), &waiting(2));
    assert!(verdicts.iter().all(|verdict| *verdict == ChangeVerdict::Equivalent), "{verdicts:?}");
}

#[test]
fn heavy_tails_are_not_called_different() {
    let tailed = |seed: u64| {
        let mut record = run(13, seed, CALM, 1.0);
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        for wall in record.cells.iter_mut().flat_map(|cell| &mut cell.wall_ns) {
            // Pareto with infinite variance: most samples are delayed by some percent, a few by half and more.
            let uniform = (f64::from(generator.next_u32()) + 1.0) / 2f64.powi(32);
            let delay = 0.02 * uniform.powf(-1.0 / 1.4);
            *wall = (*wall as f64 * (1.0 + delay)) as u64;
        }
        record
    };
    let alarms: usize = (0..100)
        .map(|seed| {
            let comparison = Comparison::new(&tailed(2 * seed), &tailed(2 * seed + 1), Rules::default());
            differences(&comparison).iter().filter(|(name, _)| NAMES.contains(name)).count()
        })
        .sum();
    assert!(alarms <= 6, "{alarms} of 600");
}
