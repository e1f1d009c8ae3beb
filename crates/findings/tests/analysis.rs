//! What an analysis finds in synthetic records, whose truth is known.

#[path = "analysis/clock.rs"]
mod clock;
#[path = "analysis/compare.rs"]
mod compare;
#[path = "analysis/dependent.rs"]
mod dependent;
#[path = "analysis/gate.rs"]
mod gate;
#[path = "analysis/pace.rs"]
mod pace;
#[path = "analysis/peers.rs"]
mod peers;
#[path = "analysis/shared.rs"]
mod shared;
#[path = "analysis/waiting.rs"]
mod waiting;

use centurion_findings::Analysis;
use centurion_findings::{CellResult, Figure, Gain, Standing, Threshold, Warning, WorkloadResult};
use centurion_record::{Kind, Role};
use centurion_stats::Crossing;
use centurion_synthetic::{CALM, STORMY, Synthetic, Weather};
use clock::on_a_wandering_clock;

const BAG: f64 = 1e6;

fn deciding(rounds: u32, seed: u64, weather: Weather) -> Synthetic {
    Synthetic::new(rounds, seed, weather).workload("deciding", Kind::Computing, &[10_000; 100], BAG)
}

fn only(analysis: &Analysis) -> &WorkloadResult {
    assert_eq!(analysis.workloads.len(), 1);
    &analysis.workloads[0]
}

fn found<'a>(analysis: &'a Analysis, executor: &str, (cores, workers): (usize, usize)) -> &'a CellResult {
    let mut cells = analysis.workloads.iter().flat_map(|workload| &workload.cells);
    cells
        .find(|cell| cell.executor == executor && cell.cores == cores && cell.workers == workers)
        .expect("the cell is there")
}

fn gain(cell: &CellResult) -> Gain {
    cell.outcome.as_ref().unwrap().gain.unwrap()
}

fn standings(analysis: &Analysis) -> Vec<(Standing, Standing)> {
    let cells = analysis.workloads.iter().flat_map(|workload| &workload.cells);
    cells
        .filter_map(|cell| cell.outcome.as_ref().ok())
        .map(|found| (found.in_row, found.in_workload))
        .collect()
}

#[track_caller]
fn near(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{found} instead of {expected}");
}

#[test]
fn a_mistake_is_never_picked_and_is_no_rival_however_fast_it_was() {
    let analysis = Analysis::new(
        &deciding(10, 3, CALM)
            .executor("deciding", "sensible", (2, 2), BAG / 1.8)
            .executor("deciding", "lucky", (2, 2), BAG / 1.9)
            .executor("deciding", "as-good", (2, 2), BAG / 1.8)
            .mistake("lucky")
            .mistake("as-good")
            .record(),
    );
    let verdict = only(&analysis).verdict();
    assert_eq!(verdict.best.unwrap().executor, "sensible");
    assert!(verdict.tied.is_empty());
    let rivals = verdict.rivals().unwrap();
    assert_eq!((rivals.behind, rivals.tied), (0, 0));
}

#[test]
fn a_slow_mistake_is_to_be_avoided() {
    let record = deciding(10, 3, CALM)
        .executor("deciding", "sensible", (2, 2), BAG / 1.8)
        .executor("deciding", "mistake", (2, 2), BAG)
        .mistake("mistake")
        .record();
    let analysis = Analysis::new(&record);
    let (worst, ratio) = only(&analysis).verdict().to_avoid()[0];
    assert!(worst.mistake);
    near(ratio.value, 1.8, 0.02);
}

#[test]
fn whom_to_avoid_is_shown_by_the_interval_and_not_by_the_estimate() {
    let judged = |weather| {
        let record = deciding(10, 3, weather)
            .executor("deciding", "fast", (2, 2), BAG / 1.9)
            .executor("deciding", "slow", (2, 2), BAG / 1.9 * 1.35)
            .record();
        let analysis = Analysis::new(&record);
        let question = analysis.overview().questions.swap_remove(0);
        let names = |named: Vec<&str>| named.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let avoid = names(question.avoid.iter().map(|(name, _)| *name).collect());
        let perhaps = names(question.perhaps_to_avoid.iter().map(|(name, _)| *name).collect());
        (avoid, perhaps)
    };
    assert_eq!(judged(CALM), (vec!["slow".to_owned()], vec![]));
    let noisy = Weather { noise: 0.2, ..CALM };
    assert_eq!(judged(noisy), (vec![], vec!["slow".to_owned()]));
}

#[test]
fn a_mistake_that_was_measured_on_other_cores_only_is_to_be_avoided_where_one_core_is_best_and_named_once() {
    let waiting = |wide: f64| {
        Synthetic::new(10, 3, CALM)
            .workload("thinking", Kind::Waiting, &[10_000; 100], BAG)
            .executor("thinking", "runtime", (1, 100), BAG / 60.0)
            .executor("thinking", "runtime", (2, 100), BAG / wide)
            .executor("thinking", "pool", (2, 100), BAG / wide)
            .executor("thinking", "mistake", (2, 8), BAG / 1.1)
            .executor("thinking", "mistake", (2, 100), BAG / 2.0)
            .mistake("mistake")
            .record()
    };
    for wide in [50.0, 61.0] {
        let analysis = Analysis::new(&waiting(wide));
        let overview = analysis.overview();
        let avoid: Vec<_> = overview.questions[0].avoid.iter().map(|(name, _)| *name).collect();
        assert_eq!(avoid, ["mistake"], "with 100 workers, as the best; of 8 nothing is said");
        let (cell, ratio) = only(&analysis).verdict().to_avoid()[0];
        assert_eq!((cell.cores, cell.workers), (2, 100));
        near(ratio.value, wide / 2.0, 0.02);
    }
}

#[test]
fn where_only_mistakes_were_measured_nothing_is_picked() {
    let record =
        deciding(10, 3, CALM).executor("deciding", "lucky", (2, 2), BAG / 1.9).mistake("lucky").record();
    let analysis = Analysis::new(&record);
    let verdict = only(&analysis).verdict();
    assert!(verdict.best.is_none() && verdict.only_mistakes());
}

#[test]
fn identical_executors_are_never_declared_different() {
    for seed in 0..200 {
        let names = ["a", "b", "c", "d", "e", "f"];
        let synthetic = names.iter().fold(deciding(10, seed, STORMY), |synthetic, name| {
            synthetic.executor("deciding", name, (2, 2), BAG / 1.9)
        });
        let analysis = Analysis::new(&synthetic.record());
        assert!(
            standings(&analysis)
                .iter()
                .all(|(row, all)| *row != Standing::Behind && *all != Standing::Behind),
            "seed {seed}"
        );
        assert_eq!(only(&analysis).verdict().tied.len(), names.len() - 1, "seed {seed}");
    }
}

#[test]
fn a_twofold_difference_is_found_in_any_weather() {
    for seed in 0..50 {
        let synthetic = deciding(10, seed, STORMY).executor("deciding", "fast", (2, 2), BAG / 1.9).executor(
            "deciding",
            "slow",
            (2, 2),
            BAG / 0.95,
        );
        let analysis = Analysis::new(&synthetic.record());
        let expected = [(Standing::Best, Standing::Best), (Standing::Behind, Standing::Behind)];
        assert_eq!(standings(&analysis), expected, "seed {seed}");
    }
}

#[test]
fn drift_hides_nothing_because_rounds_are_paired() {
    let drifting = Weather { drift: 3.0, ..CALM };
    let analysis =
        Analysis::new(&deciding(10, 1, drifting).executor("deciding", "a", (2, 2), BAG / 1.8).record());
    let speedup = gain(found(&analysis, "a", (2, 2))).speedup;
    near(speedup.value, 1.8, 0.01);
    let interval = speedup.interval.unwrap();
    assert!(interval.high - interval.low < 0.02, "{interval:?}");
}

#[test]
fn two_percent_is_no_difference_however_calm_it_was_and_five_are_one() {
    let judge = |factor: f64| {
        let synthetic = deciding(10, 3, CALM).executor("deciding", "a", (2, 2), BAG / 1.9).executor(
            "deciding",
            "b",
            (2, 2),
            BAG / 1.9 * factor,
        );
        standings(&Analysis::new(&synthetic.record()))[1].0
    };
    assert_eq!(judge(1.02), Standing::Within);
    assert_eq!(judge(1.05), Standing::Behind);
}

#[test]
fn the_noise_floor_is_the_farther_end_of_the_a_a_interval() {
    let skewed = deciding(8, 5, CALM).with(|record| {
        record.cells[1].wall_ns = record.cells[0].wall_ns.iter().map(|wall| wall * 9 / 10).collect();
    });
    let analysis = Analysis::new(&skewed.record());
    let noise = &only(&analysis).noise;
    assert_eq!((noise.copies.len(), noise.copies[0].executor.as_str()), (1, "serial"));
    near(noise.copies[0].ratio.value, 1.0 / 0.9, 1e-4);
    near(noise.floor.unwrap(), 1.0 / 0.9 - 1.0, 1e-3);
    near(only(&analysis).threshold(), noise.floor.unwrap(), 1e-12);
    assert!(analysis.warnings.contains(&Warning::Biased { workloads: vec!["deciding".into()] }));
    assert!(analysis.warnings.iter().any(|warning| matches!(warning, Warning::Noisy { .. })));
}

#[test]
fn a_wandering_clock_is_no_noise_between_cells_on_as_many_cores() {
    let steady = deciding(12, 1, CALM).executor("deciding", "a", (2, 2), BAG / 1.9).executor(
        "deciding",
        "b",
        (2, 2),
        BAG / 1.8,
    );
    let wandering = on_a_wandering_clock(steady.record(), 0.05, 7);
    let mut blind = wandering.clone();
    blind.cells.iter_mut().for_each(|cell| cell.pace_ns.clear());
    let (seen, blind) = (Analysis::new(&wandering), Analysis::new(&blind));
    let floor = |analysis: &Analysis| only(analysis).noise.floor.unwrap();
    assert!(floor(&seen) < 0.005 && floor(&blind) > 0.01, "{} and {}", floor(&seen), floor(&blind));
    let b = |analysis: &Analysis| found(analysis, "b", (2, 2)).outcome.as_ref().unwrap().in_row;
    assert_eq!((b(&seen), b(&blind)), (Standing::Behind, Standing::Undecided));
    assert_eq!(
        gain(found(&seen, "a", (2, 2))).speedup,
        gain(found(&blind, "a", (2, 2))).speedup,
        "a speedup is of times as they were"
    );
}

#[test]
fn the_noisier_of_two_copies_sets_the_floor() {
    let synthetic = deciding(10, 5, CALM)
        .executor("deciding", "a", (2, 2), BAG / 1.9)
        .executor("deciding", "a-again", (2, 2), BAG / 1.9 * 1.2)
        .with(|record| {
            let copy = record.cells.iter_mut().find(|cell| cell.executor == "a-again").unwrap();
            copy.role = Role::Repeat;
        });
    let analysis = Analysis::new(&synthetic.record());
    let noise = &only(&analysis).noise;
    assert_eq!(noise.copies.iter().map(|copy| copy.executor.as_str()).collect::<Vec<_>>(), ["serial", "a"]);
    assert!(noise.floor.unwrap() > 0.19, "{noise:?}");
    assert_eq!(only(&analysis).cells.len(), 1, "a copy is not judged");
}

#[test]
fn six_rounds_are_enough() {
    let analysis = Analysis::new(&deciding(6, 1, CALM).executor("deciding", "a", (2, 2), BAG / 1.9).record());
    assert!(gain(found(&analysis, "a", (2, 2))).speedup.interval.is_some());
    assert_eq!(standings(&analysis), [(Standing::Best, Standing::Best)]);
    assert_eq!(analysis.warnings, []);
}

#[test]
fn a_failed_cell_is_a_row_with_its_reason() {
    let synthetic = deciding(6, 1, CALM).executor("deciding", "a", (2, 2), BAG / 1.9).failed(
        "deciding",
        "b",
        (2, 2),
        "wrong answer of agent 7",
    );
    let analysis = Analysis::new(&synthetic.record());
    assert_eq!(found(&analysis, "b", (2, 2)).outcome, Err("wrong answer of agent 7".into()));
    assert_eq!(found(&analysis, "b", (2, 2)).speedup(), None);
    assert_eq!(only(&analysis).verdict().tied, Vec::<&CellResult>::new());
}

#[test]
fn without_a_baseline_cells_have_times_and_standings_but_no_speedup() {
    let synthetic = deciding(6, 1, CALM)
        .executor("deciding", "slow", (2, 2), BAG)
        .executor("deciding", "fast", (2, 2), BAG / 2.0)
        .with(|record| {
            record.cells.remove(0);
        });
    let analysis = Analysis::new(&synthetic.record());
    assert!(only(&analysis).baseline.is_err());
    assert_eq!(found(&analysis, "fast", (2, 2)).speedup(), None);
    assert_eq!(
        standings(&analysis).iter().map(|s| s.0).collect::<Vec<_>>(),
        [Standing::Behind, Standing::Best]
    );
}

#[test]
fn the_lower_ceiling_counts_for_computing() {
    let synthetic = deciding(8, 1, CALM)
        .hardware("deciding", 2, 1.6, BAG)
        .executor("deciding", "a", (2, 2), BAG / 1.52)
        .executor("deciding", "threads", (2, 100), BAG / 1.2);
    let analysis = Analysis::new(&synthetic.record());
    let cell = found(&analysis, "a", (2, 2));
    near(cell.ceilings.schedule.unwrap().speedup, 2.0, 1e-9);
    near(cell.ceilings.hardware.unwrap().value, 1.6, 0.01);
    near(gain(cell).of_ceiling.unwrap().value, 0.95, 0.01);
    near(gain(cell).efficiency.value, 0.76, 0.01);
    let threads = found(&analysis, "threads", (2, 100));
    near(gain(threads).efficiency.value, 0.6, 0.01);
    assert_eq!(threads.row, cell.row, "cores limit computing, however many workers share them");
    assert_eq!(threads.outcome.as_ref().unwrap().in_row, Standing::Behind);
}

#[test]
fn waiting_is_bounded_by_workers_and_not_by_cores() {
    let synthetic = Synthetic::new(8, 1, CALM)
        .workload("thinking", Kind::Waiting, &[10_000; 100], BAG)
        .hardware("thinking", 2, 2.0, BAG)
        .executor("thinking", "a", (2, 2), BAG / 2.0)
        .executor("thinking", "a", (2, 16), BAG / 14.0)
        .executor("thinking", "b", (2, 16), BAG / 7.0);
    let analysis = Analysis::new(&synthetic.record());
    let cell = found(&analysis, "a", (2, 16));
    near(cell.ceilings.limit().unwrap(), 100.0 / 7.0, 1e-9);
    near(gain(cell).efficiency.value, 14.0 / 16.0, 0.01);
    assert_eq!(only(&analysis).rows().len(), 2);
    let expected = [
        (Standing::Best, Standing::Behind),
        (Standing::Best, Standing::Best),
        (Standing::Behind, Standing::Behind),
    ];
    assert_eq!(standings(&analysis), expected);
}

#[test]
fn beating_the_ceiling_by_more_than_a_tenth_is_called_impossible() {
    let flag = |speedup: f64| {
        let analysis =
            Analysis::new(&deciding(8, 1, CALM).executor("deciding", "a", (2, 2), BAG / speedup).record());
        (gain(found(&analysis, "a", (2, 2))).impossible, analysis.warnings)
    };
    assert_eq!(flag(2.1), (false, vec![]));
    let cells = vec!["deciding/a/2c-2w".into()];
    assert_eq!(flag(2.4), (true, vec![Warning::Impossible { cells }]));
}

/// Agents of 1 µs to 1.024 ms under an executor that adds `overhead` nanoseconds to each on two workers.
fn grain(rounds: u32, weather: Weather, executors: &[(&str, f64)]) -> Synthetic {
    (0..=10).map(|power| 1_000 << power).fold(Synthetic::new(rounds, 11, weather), |synthetic, size| {
        let (name, serial) = (format!("grain-{size}"), f64::from(size) * 100.0);
        let synthetic = synthetic.workload(&name, Kind::Computing, &[], serial);
        executors.iter().fold(synthetic, |synthetic, (executor, overhead)| {
            synthetic.executor(&name, executor, (2, 2), serial / 2.0 + 50.0 * overhead)
        })
    })
}

#[test]
fn metg_is_where_overhead_equals_what_efficiency_leaves() {
    // g = w + h and e = w / g, so e = 1 - h / g reaches 50 % at g = 2h, 75 % at 4h and 90 % at 10h; sizes
    // a factor of two apart leave interpolation 6 % of error.
    let analysis = Analysis::new(&grain(8, CALM, &[("a", 10_000.0)]).record());
    let grain = &analysis.independent[0];
    let executor = &grain.curves[0];
    for (threshold, expected) in [
        (Threshold::Half, 2e4),
        (Threshold::ThreeQuarters, 4e4),
        (Threshold::NineTenths, 1e5),
        (Threshold::BreakEven, 2e4),
    ] {
        let metg = executor.at(threshold).unwrap();
        near(metg.crossing.value().unwrap(), expected, 0.06);
        let (low, high) = metg.interval.unwrap();
        assert!(low.total_cmp(&metg.crossing).is_le() && metg.crossing.total_cmp(&high).is_le());
    }
    assert_eq!(grain.ranking, Threshold::ThreeQuarters);
}

#[test]
fn thresholds_off_the_measured_sizes_are_named_not_guessed() {
    let analysis = Analysis::new(&grain(6, CALM, &[("light", 10.0), ("heavy", 1e8)]).record());
    let grain = &analysis.independent[0];
    let crossing = |index: usize| grain.curves[index].at(Threshold::ThreeQuarters).unwrap().crossing;
    assert!(matches!(crossing(0), Crossing::Below(_)), "{:?}", crossing(0));
    assert!(matches!(crossing(1), Crossing::NotReached(_)), "{:?}", crossing(1));
    assert_eq!(grain.verdict().unwrap().best.executor, "light");
    assert_eq!(analysis.standing_alone().count(), 0);
}

#[test]
fn identical_executors_share_the_smallest_grain_and_a_heavy_one_does_not() {
    let executors = [("a", 5_000.0), ("b", 5_000.0), ("c", 40_000.0)];
    let analysis = Analysis::new(&grain(10, STORMY, &executors).record());
    let grain = &analysis.independent[0];
    let verdict = grain.verdict().unwrap();
    let mut shared: Vec<_> = verdict.tied.iter().map(|curve| curve.executor.as_str()).collect();
    shared.push(&verdict.best.executor);
    shared.sort_unstable();
    assert_eq!(shared, ["a", "b"]);
}

#[test]
fn whom_to_avoid_for_tiny_agents_is_shown_by_the_intervals_as_well() {
    let judged = |weather| {
        let analysis = Analysis::new(&grain(8, weather, &[("light", 2_000.0), ("heavy", 60_000.0)]).record());
        let question = analysis.overview().questions.swap_remove(0);
        let names =
            |named: &[(&str, Figure)]| named.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
        let fine = question.fine().map(str::to_owned).collect::<Vec<_>>();
        [fine, names(&question.avoid), names(&question.perhaps_to_avoid)]
    };
    let [light, heavy] = [vec!["light".to_owned()], vec!["heavy".to_owned()]];
    assert_eq!(judged(CALM), [light.clone(), heavy.clone(), vec![]]);
    assert_eq!(judged(STORMY), [light, vec![], heavy]);
}

#[test]
fn metg_without_six_rounds_has_no_interval_and_failed_sizes_keep_their_reason() {
    let synthetic = grain(3, CALM, &[("a", 5_000.0)]).failed("grain-1000", "b", (2, 2), "a panic");
    let grain = Analysis::new(&synthetic.record()).independent.remove(0);
    assert_eq!(grain.curves[0].at(Threshold::Half).unwrap().interval, None);
    assert_eq!(grain.curves[1].metg, []);
    assert_eq!(grain.curves[1].failures, [("grain-1000".to_owned(), "a panic".to_owned())]);
}

#[test]
fn an_empty_record_has_an_analysis() {
    let analysis = Analysis::new(&Synthetic::new(0, 1, CALM).record());
    assert_eq!((analysis.rounds, analysis.workloads.len(), analysis.independent.len()), (0, 0, 0));
}

#[test]
fn for_a_single_bag_the_order_may_be_the_reverse_and_a_start_is_counted_once() {
    let record = deciding(12, 3, CALM)
        .executor("deciding", "pool", (2, 2), BAG / 1.9)
        .executor("deciding", "threads", (2, 2), BAG / 1.7)
        .with(|record| {
            for cell in &mut record.cells {
                let whole = if cell.executor == "pool" { 2_000_000 } else { 1_000_000 };
                let once = (0..6).map(|place| whole + 1_000 * place);
                cell.once_ns = if cell.role == Role::Executor { once.collect() } else { Vec::new() };
            }
        })
        .record();
    let analysis = Analysis::new(&record);
    let overview = analysis.overview();
    let question = &overview.questions[0];
    let one_bag = question.one_bag.as_ref().expect("one bag was measured");
    assert_eq!((&question.front[..], &one_bag.front[..]), (&["pool"][..], &["threads"][..]));
    let (name, figure) = one_bag.avoid[0];
    assert!(name == "pool" && matches!(figure, Figure::Ratio(times) if (times.value - 2.0).abs() < 0.01));
}
