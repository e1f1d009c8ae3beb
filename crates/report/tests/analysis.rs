//! What is said of synthetic records, whose truth is known.

#[path = "analysis/compare.rs"]
mod compare;
#[path = "analysis/dependent.rs"]
mod dependent;

use centurion_findings::Analysis;
use centurion_findings::{CellResult, Disturbance, Gain, Standing, Warning, WorkloadResult};
use centurion_record::Kind;
use centurion_report::wording;
use centurion_synthetic::{CALM, ROUND_NS, Synthetic, Weather};

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
fn fewer_than_six_rounds_give_values_but_no_judgement() {
    for rounds in [1, 3, 5] {
        let synthetic = deciding(rounds, 1, CALM).executor("deciding", "a", (2, 2), BAG / 1.9).executor(
            "deciding",
            "b",
            (2, 2),
            BAG,
        );
        let analysis = Analysis::new(&synthetic.record());
        let found = gain(found(&analysis, "a", (2, 2)));
        near(found.speedup.value, 1.9, 0.02);
        assert_eq!(found.speedup.interval, None);
        assert_eq!(only(&analysis).noise.floor, None);
        assert_eq!(standings(&analysis), [(Standing::Unjudged, Standing::Unjudged); 2]);
        assert!(analysis.warnings.contains(&Warning::FewRounds { rounds: rounds as usize }));
        let verdict = wording::workload_verdict(&only(&analysis).verdict());
        assert_eq!(verdict, "deciding: not judged, which takes 6 rounds", "nobody is named");
    }
}

#[test]
fn without_recorded_costs_the_ceiling_is_unknown_but_for_agents_that_cost_the_same() {
    let synthetic = Synthetic::new(8, 1, CALM)
        .workload("deciding", Kind::Computing, &[], BAG)
        .hardware("deciding", 2, 1.6, BAG)
        .executor("deciding", "a", (2, 2), BAG / 1.5)
        .workload("grain-1000", Kind::Computing, &[], BAG)
        .executor("grain-1000", "a", (2, 2), BAG / 1.5);
    let analysis = Analysis::new(&synthetic.record());
    let [deciding, grain] = [0, 1].map(|index: usize| &analysis.workloads[index].cells[0]);
    assert_eq!((deciding.ceilings.schedule, deciding.ceilings.limit()), (None, None));
    assert_eq!((gain(deciding).of_ceiling, gain(deciding).impossible), (None, false));
    let verdict = wording::workload_verdict(&analysis.workloads[0].verdict());
    assert!(verdict.ends_with("with an unknown ceiling"), "{verdict}");
    near(grain.ceilings.limit().unwrap(), 2.0, 1e-9);
}

#[test]
fn above_a_noise_floor_of_30_percent_nothing_is_ranked() {
    let verdict = |factor: u64| {
        let synthetic = deciding(8, 1, CALM)
            .executor("deciding", "a", (2, 2), BAG / 1.9)
            .executor("deciding", "b", (2, 2), BAG / 1.8)
            .with(|record| {
                record.cells[1].wall_ns =
                    record.cells[0].wall_ns.iter().map(|wall| wall * factor / 100).collect();
            });
        wording::workload_verdict(&only(&Analysis::new(&synthetic.record())).verdict())
    };
    assert!(
        verdict(120).starts_with("deciding: either of two: a, b (fastest first) on 2 cores"),
        "{}",
        verdict(120)
    );
    let noisy = verdict(140);
    assert_eq!(noisy, "deciding: too noisy to rank, with a noise floor of 40 %", "nobody is named");
}

#[test]
fn an_executor_is_named_once_however_many_of_its_cells_are_equal() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let synthetic = names.iter().fold(deciding(8, 1, CALM), |synthetic, name| {
        synthetic.executor("deciding", name, (1, 1), BAG / 1.001).executor(
            "deciding",
            name,
            (2, 2),
            BAG / 1.001,
        )
    });
    let verdict = wording::workload_verdict(&only(&Analysis::new(&synthetic.record())).verdict());
    assert!(verdict.starts_with("deciding: any of six: ") && !verdict.contains("more"), "{verdict}");
}

#[test]
fn a_disturbed_machine_is_warned_about_with_advice() {
    let synthetic = deciding(8, 1, CALM).with(|record| {
        record.run.complete = false;
        record.environment.quota_cpus = Some(1.5);
        record.environment.pinning = false;
        record.cells[0].cpu_ns = record.cells[0].wall_ns.iter().map(|wall| wall * 8 / 10).collect();
        for round in &mut record.rounds[..3] {
            round.foreign_ns = Some(ROUND_NS / 5);
        }
        record.rounds[0].steal_ns = Some(ROUND_NS / 5);
        record.rounds[1].steal_ns = None;
        record.rounds[2].steal_ns = Some(ROUND_NS / 20);
    });
    let warnings = Analysis::new(&synthetic.record()).warnings;
    let expected = [
        Warning::Incomplete { rounds: 8 },
        Warning::Busy { workloads: vec!["deciding".into()], least: 0.8 },
        Warning::Disturbed { by: Disturbance::OtherProcesses, rounds: 3, of: 8 },
        Warning::Disturbed { by: Disturbance::Hypervisor, rounds: 1, of: 7 },
        Warning::Quota { allowed: 1.5, cpus: 2 },
        Warning::Unpinned,
    ];
    let shown = |warnings: &[Warning]| warnings.iter().map(wording::warning).collect::<Vec<_>>();
    assert_eq!(shown(&warnings), shown(&expected));
    assert!(shown(&warnings).iter().all(|text| text.contains([';', ':'])), "each ends in advice");
}

#[test]
fn a_build_without_optimisation_is_the_first_warning() {
    let mut record = deciding(8, 1, CALM).record();
    for (flags, warned) in
        [("opt-level=0", true), ("opt-level=1 -g", true), ("opt-level=3", false), ("", false)]
    {
        record.environment.flags = flags.into();
        let first = Analysis::new(&record).warnings.into_iter().next();
        let found = matches!(&first, Some(warning @ Warning::Unoptimised { .. })
            if wording::warning(warning).contains("without optimisation"));
        assert_eq!(found, warned, "{flags}: {first:?}");
    }
}
