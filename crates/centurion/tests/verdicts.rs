//! What is said of the committed record when the truth is known: halves of it are the same code, and what is made slower
//! is slower.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use centurion::store;
use centurion_findings::compare::{ChangeVerdict, Comparison, Rules, Scope};
use centurion_findings::{Analysis, Standing};
use centurion_record::{Cell, Record, Role, Round};
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, starts_with};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Where the committed records lie.
fn committed() -> Vec<PathBuf> {
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports");
    let folders = reports.read_dir().expect("reports are committed").filter_map(Result::ok);
    folders.map(|folder| folder.path().join("results.json")).filter(|path| path.exists()).collect()
}

fn records() -> Vec<Record> {
    committed().iter().map(|path| store::read_record(path).expect("it is a record")).collect()
}

/// The run as if it had measured these of its rounds only, in this order.
fn with_rounds(record: &Record, rounds: &[u32]) -> Record {
    let mut record = record.clone();
    let numbers: Vec<u32> = (0..rounds.len() as u32).collect();
    record.rounds = numbers
        .iter()
        .map(|&number| {
            let taken = record.rounds.iter().find(|round| round.round == rounds[number as usize]);
            Round { round: number, ..taken.expect("it was measured").clone() }
        })
        .collect();
    for cell in record.cells.iter_mut().filter(|cell| !cell.round.is_empty()) {
        let place_of = |round: &u32| cell.round.iter().position(|known| known == round);
        let taken = numbers.iter().filter_map(|&number| Some((number, place_of(&rounds[number as usize])?)));
        let (taken, places): (Vec<u32>, Vec<usize>) = taken.unzip();
        for series in cell.series_mut().into_iter().filter(|series| !series.is_empty()) {
            *series = places.iter().map(|&place| series[place]).collect();
        }
        cell.round = taken;
        cell.once_ns.clear(); // of some of the rounds, nobody knows which
    }
    record
}

fn scale(record: &mut Record, factor: f64, of: impl Fn(&Cell) -> bool) {
    for cell in record.cells.iter_mut().filter(|cell| of(cell)) {
        cell.wall_ns.iter_mut().for_each(|wall| *wall = (*wall as f64 * factor) as u64);
    }
}

/// The run without the workloads that were not measured in every round.
fn in_every_round(mut record: Record) -> Record {
    let rounds = record.rounds.len();
    let spared = |cell: &&Cell| cell.role == Role::Baseline && cell.round.len() < rounds;
    let spared: BTreeSet<String> =
        record.cells.iter().filter(spared).map(|cell| cell.workload.clone()).collect();
    record.workloads.retain(|workload| !spared.contains(&workload.name));
    record.cells.retain(|cell| !spared.contains(&cell.workload));
    record.timelines.retain(|timeline| record.cells.iter().any(|cell| cell.id == timeline.cell));
    record.footprints.retain(|footprint| !spared.contains(&footprint.workload));
    let graphs: BTreeSet<&String> =
        record.workloads.iter().filter_map(|workload| workload.graph.as_ref()).collect();
    record.graphs.retain(|graph| graphs.contains(&graph.name));
    record
}

fn shuffled(rounds: usize, seed: u64) -> Vec<u32> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<u32> = (0..rounds as u32).collect();
    for end in (1..rounds).rev() {
        order.swap(end, random.next_u32() as usize % (end + 1));
    }
    order
}

fn calls(comparison: &Comparison) -> usize {
    comparison.count(ChangeVerdict::is_difference) + comparison.shown().count()
}

/// Of how many of so many times two halves of a run any difference is called. Of an odd number of rounds, one is in both
/// halves: each has six of eleven, the fewest that are judged.
fn alarmed_halves(record: &Record, times: u64) -> usize {
    let alarmed = (0..times).filter(|&seed| {
        let order = shuffled(record.rounds.len(), seed);
        let half = order.len().div_ceil(2);
        let [base, now] =
            [&order[..half], &order[order.len() - half..]].map(|rounds| with_rounds(record, rounds));
        let comparison = Comparison::new(&base, &now, Rules::default());
        assert!(comparison.changes.iter().any(|change| change.verdict.is_judged()), "halves are too short");
        calls(&comparison) > 0
    });
    alarmed.count()
}

#[test]
fn of_thirty_times_two_halves_of_a_run_at_most_one_has_any_difference() {
    for record in records() {
        let alarmed = alarmed_halves(&record, 30);
        assert!(alarmed <= 1, "{alarmed} of 30");
    }
}

#[test]
fn a_slowdown_of_everything_is_the_first_thing_said_and_fails_a_gate() {
    let folder = tempfile::tempdir().expect("there is room");
    for path in committed() {
        let mut record = store::read_record(&path).expect("it is a record");
        scale(&mut record, 1.5, |_| true);
        let slow = folder.path().join("slow.json");
        centurion::files::write(&slow, &record.to_text()).expect("it is written");
        let compare = |first: &Path, second: &Path| {
            let mut command = Command::cargo_bin("centurion").expect("it is built");
            command.arg("compare").args([first, second]).arg("--fail-on-regression").assert()
        };
        // Of long bags there are too few rounds to show it of every workload.
        let headline = |said: &str| starts_with("Everything").and(contains(said.to_owned()));
        compare(&path, &slow).code(1).stdout(headline("50 % slower than in the base"));
        compare(&slow, &path).stdout(headline("33 % faster than in the base"));
        let [whole, whole_slow] = ["whole.json", "whole-slow.json"].map(|name| folder.path().join(name));
        for (from, to) in [(&path, &whole), (&slow, &whole_slow)] {
            let record = in_every_round(store::read_record(from).expect("it is a record"));
            centurion::files::write(to, &record.to_text()).expect("it is written");
        }
        compare(&whole, &whole_slow)
            .code(1)
            .stdout(starts_with("Everything is 50 % slower than in the base"));
        compare(&whole_slow, &whole).stdout(starts_with("Everything is 33 % faster than in the base"));
    }
}

/// So many runs' worth of rounds, each drawn with replacement from those of the run that measured as many cells, so that
/// whatever every other round leaves out has as many samples as in a run.
fn drawn(record: &Record, runs: usize, seed: u64) -> Record {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let sizes: Vec<usize> = record
        .rounds
        .iter()
        .map(|round| record.cells.iter().filter(|cell| cell.round.contains(&round.round)).count())
        .collect();
    let alike = |&size: &usize| {
        (0..sizes.len() as u32).filter(|&round| sizes[round as usize] == size).collect::<Vec<u32>>()
    };
    let alike: Vec<Vec<u32>> = sizes.iter().map(alike).collect();
    let mut drawn = Vec::new();
    for of in (0..runs).flat_map(|_| &alike) {
        drawn.push(of[random.next_u32() as usize % of.len()]);
    }
    with_rounds(record, &drawn)
}

/// Workloads that have a column of their own; the others are patterns.
const FAMILIES: [&str; 4] = ["thinking", "deciding", "council", "grain"];

/// How many of an executor's cells were called slower when it was, by the family of the workload, and how often all of
/// them together.
fn found(record: &Record, runs: usize, slower: f64, draws: u64) -> BTreeMap<&'static str, [usize; 2]> {
    let mut found: BTreeMap<&'static str, [usize; 2]> = BTreeMap::new();
    let executors: BTreeSet<&str> = record
        .cells
        .iter()
        .filter(|cell| cell.role == Role::Executor)
        .map(|cell| cell.executor.as_str())
        .collect();
    for (place, executor) in executors.into_iter().enumerate() {
        for draw in 0..draws {
            let seed = 2 * (draws * place as u64 + draw);
            let (base, mut now) = (drawn(record, runs, seed), drawn(record, runs, seed + 1));
            scale(&mut now, slower, |cell| cell.executor == executor);
            let comparison = Comparison::new(&base, &now, Rules::default());
            let shown = comparison.shown().any(|shared| shared.scope == Scope::Executor(executor.to_owned()));
            let [called, of] = found.entry("together").or_default();
            *called += usize::from(shown);
            *of += 1;
            for change in comparison.changes.iter().filter(|change| change.executor == executor) {
                let family = FAMILIES.into_iter().find(|family| *family == change.workload);
                let [called, of] = found.entry(family.unwrap_or("patterns")).or_default();
                *called += usize::from(change.verdict == ChangeVerdict::Regression);
                *of += 1;
            }
        }
    }
    found
}

/// What is called different in pairs of runs drawn from one, by the number of the pair.
fn alarms(record: &Record, pairs: u64) -> BTreeMap<u64, Vec<String>> {
    let called = (0..pairs).map(|pair| {
        let [base, now] = [0, 1].map(|run| drawn(record, 1, 2 * pair + run));
        (pair, called(&Comparison::new(&base, &now, Rules::default())))
    });
    called.filter(|(_, called)| !called.is_empty()).collect()
}

fn called(comparison: &Comparison) -> Vec<String> {
    let cells = comparison.changes.iter().filter(|change| change.verdict.is_difference());
    let cells = cells.map(|change| change.id.to_string());
    comparison.shown().map(|shared| format!("{:?}", shared.scope)).chain(cells).collect()
}

/// The tables of METHODOLOGY.
#[test]
#[ignore = "it prints tables and takes minutes"]
fn alarms_and_slowdowns_that_are_found() {
    for record in records() {
        println!("{} of 300 times two halves have any difference", alarmed_halves(&record, 300));
        let alarms = alarms(&record, 3000);
        println!("{} of 3000 pairs of the same rounds have any difference: {alarms:?}", alarms.len());
        for runs in [1, 2] {
            let rounds = runs * record.rounds.len();
            for slower in [1.01, 1.02, 1.03, 1.05, 1.1] {
                let found = found(&record, runs, slower, 5);
                let cells = found.iter().map(|(family, [called, of])| {
                    format!("{family} {:.0} %", 100.0 * *called as f64 / *of as f64)
                });
                let slower = 100.0 * (slower - 1.0);
                println!("{rounds} rounds, {slower:.0} %: {}", cells.collect::<Vec<_>>().join(", "));
            }
        }
    }
}

/// These rounds of a run, as if it had spared each cell the ones that the plan of another run spares it.
fn planned(record: &Record, rounds: &[u32], plan: &Record) -> Record {
    let mut record = with_rounds(record, rounds);
    for cell in &mut record.cells {
        let planned =
            plan.cells.iter().find(|planned| planned.id == cell.id).map_or(&[][..], |cell| &cell.round);
        let places: Vec<usize> =
            (0..cell.round.len()).filter(|&place| planned.contains(&cell.round[place])).collect();
        for series in cell.series_mut().into_iter().filter(|series| !series.is_empty()) {
            *series = places.iter().map(|&place| series[place]).collect();
        }
        cell.round = places.iter().map(|&place| cell.round[place]).collect();
    }
    record
}

/// How each cell compares with the best of its row.
fn standings(record: &Record) -> BTreeMap<String, Standing> {
    let cells = Analysis::new(record).workloads.into_iter().flat_map(|workload| workload.cells);
    cells.filter_map(|cell| Some((cell.id.to_string(), cell.outcome.ok()?.in_row))).collect()
}

/// The agreement in METHODOLOGY of verdicts within a run as it is planned, which is the committed one's plan, with those of
/// all the rounds of the run that `CENTURION_WHOLE` names, which spared no cell any.
#[test]
#[ignore = "it prints a table and needs a run of twelve whole rounds"]
fn verdicts_of_the_plan_and_of_whole_rounds() {
    let path = std::env::var_os("CENTURION_WHOLE").expect("CENTURION_WHOLE names a record");
    let whole = store::read_record(Path::new(&path)).expect("it is a record");
    for plan in records() {
        let of_all = standings(&whole);
        let mut pairs: BTreeMap<String, usize> = BTreeMap::new();
        for seed in 0..50 {
            let rounds = &shuffled(whole.rounds.len(), seed)[..plan.rounds.len()];
            for (id, standing) in standings(&planned(&whole, rounds, &plan)) {
                let pair = format!("{:?} of all rounds, {standing:?} of the plan's", of_all[&id]);
                *pairs.entry(pair).or_default() += 1;
            }
        }
        println!("{pairs:#?}");
    }
}
