//! What a comparison of two runs says when the truth is known.

use centurion_findings::compare::{Cause, Comparison, GateVerdict, Rules};
use centurion_record::{Kind, Record};
use centurion_report::{compare, wording};
use centurion_synthetic::{CALM, Synthetic, Weather};

const BAG: f64 = 1e6;
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
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

/// The reason why the first cell of an executor could not be compared.
fn reason(change: impl Fn(&mut Record)) -> String {
    let (base, mut now) = (run(8, 1, CALM, 1.0), run(8, 2, CALM, 1.0));
    change(&mut now);
    let comparison = Comparison::new(&base, &now, Rules::default());
    let cell = comparison.changes.iter().find(|change| change.executor == "a").unwrap();
    assert!(comparison.judged() < comparison.changes.len());
    wording::change_verdict(&cell.verdict)
}

#[test]
fn what_cannot_be_compared_says_why() {
    assert!(reason(|now| now.environment.logical_cpus = 8).contains("another machine, unknown-2-cpus and"));
    assert!(reason(|now| now.run.bench_code = "other".into()).contains("other bench code"));
    assert!(reason(|now| now.workloads[0].definition = "other".into()).contains("defined otherwise"));
    assert!(reason(|now| now.cells.retain(|cell| cell.executor != "a")).contains("not in this run"));
    let failed = reason(|now| {
        let cell = now.cells.iter_mut().find(|cell| cell.executor == "a").unwrap();
        cell.failure = Some("agent 3 was wrong".into());
        for series in [&mut cell.wall_ns, &mut cell.cpu_ns, &mut cell.startup_ns, &mut cell.switches] {
            series.clear();
        }
        cell.round.clear();
    });
    assert!(failed.contains("failed in this run: agent 3 was wrong"), "{failed}");
}

#[test]
fn a_cell_that_is_new_is_listed() {
    let (mut base, now) = (run(8, 1, CALM, 1.0), run(8, 2, CALM, 1.0));
    base.cells.retain(|cell| cell.executor != "f");
    let comparison = Comparison::new(&base, &now, Rules::default());
    let last = comparison.changes.last().unwrap();
    assert_eq!(
        (last.executor.as_str(), wording::change_verdict(&last.verdict).as_str()),
        ("f", "not comparable: not in the base")
    );
    assert_eq!(wording::headline(&comparison), "no cell slower or faster");
    let counts = wording::counts(&comparison);
    assert!(
        counts.starts_with(
            "Judged 6 of 7 cells: 0 slower, 0 faster, 6 unchanged within 3 % (equivalent), 0 undecided \
             (inconclusive); 1 not comparable. Noise ±"
        ),
        "{counts}"
    );
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
fn a_curve_that_lacks_a_point_says_which() {
    let (base, mut now) = (family(1, CALM, 1.0), family(2, CALM, 1.0));
    now.cells.retain(|cell| !(cell.executor == "c" && cell.workload == "grain-2"));
    let comparison = Comparison::new(&base, &now, Rules::default());
    let change = comparison.changes.iter().find(|change| change.executor == "c").unwrap();
    let verdict = wording::change_verdict(&change.verdict);
    assert!(verdict.contains("not comparable") && verdict.contains("grain-2"), "{verdict}");
}

#[test]
fn markdown_shows_ten_findings_at_most_and_escapes_names() {
    let many = |slowed: f64, seed| {
        let synthetic =
            Synthetic::new(11, seed, CALM).workload("deciding", Kind::Computing, &[10_000; 100], BAG);
        (0..14)
            .fold(synthetic, |synthetic, index| {
                synthetic.executor("deciding", &format!("<x>|{index}"), (2, 2), BAG / 1.9 * slowed)
            })
            .record()
    };
    let comparison = Comparison::new(&many(1.0, 1), &many(1.2, 2), Rules::default());
    let text = compare::markdown(&comparison);
    let unfolded = text.split("<details>").next().unwrap();
    assert_eq!(unfolded.lines().filter(|line| line.contains("regression |")).count(), 10, "{text}");
    assert!(
        text.contains("11 cells more**\n\nBase: 11 rounds on 2026-01-02 ")
            && text.contains("\n\nJudged 15 of 15 cells: 14 slower, 0 faster, 1 unchanged"),
        "{text}"
    );
    assert!(!text.contains("<x>") && !text.contains("x>|"), "{text}");
}

#[test]
fn the_table_and_the_json_agree() {
    let comparison = Comparison::new(&run(11, 1, CALM, 1.0), &run(11, 2, CALM, 1.10), Rules::default());
    insta::assert_snapshot!(compare::table(&comparison, true, None));
    let narrow = compare::table(&comparison, true, Some(60));
    assert!(narrow.contains("Left out in so narrow a terminal: "), "{narrow}");
    assert!(!compare::table(&comparison, true, Some(150)).contains("so narrow"));
    let json = compare::json(&comparison, comparison.gate());
    assert_eq!(json["headline"], wording::headline(&comparison));
    assert_eq!(json["changes"][0]["verdict"], "regression");
    assert_eq!(json["changes"].as_array().unwrap().len(), 7);
}

#[test]
fn builds_and_systems_that_differ_are_said_first_and_another_commit_is_not() {
    let base = run(11, 1, CALM, 1.0);
    let mut now = run(11, 2, CALM, 1.0);
    now.environment.commit = Some("0123456789".into());
    assert_eq!(wording::builds(&Comparison::new(&base, &now, Rules::default())), None);
    now.environment.rustc = "rustc <1.99>".into();
    now.environment.kernel = "7.0".into();
    now.run.libraries.insert("rayon".into(), "2.0".into());
    let comparison = Comparison::new(&base, &now, Rules::default());
    let said = wording::builds(&comparison).unwrap();
    assert!(["kernel", "rustc", "rayon", "\"2.0\""].iter().all(|word| said.contains(word)), "{said}");
    assert!(compare::table(&comparison, false, Some(1_000)).starts_with(&said));
    let markdown = compare::markdown(&comparison);
    assert!(
        markdown.starts_with("The code may not be the reason") && !markdown.contains("<1.99>"),
        "{markdown}"
    );
    assert_eq!(compare::json(&comparison, comparison.gate())["builds"].as_array().unwrap().len(), 3);
}

#[test]
fn what_cannot_be_compared_at_all_says_why_and_which_runs_first() {
    let (base, mut now) = (run(8, 1, CALM, 1.0), run(9, 2, CALM, 1.0));
    now.run.bench_code = "other".into();
    now.environment.kernel = "7.0".into();
    (now.environment.commit, now.environment.dirty) = (Some("0123456789abcdef".into()), true);
    let comparison = Comparison::new(&base, &now, Rules::default());
    let lines = "not comparable: other bench code, for the agents or the harness changed between the two; measure the base \
                 again with this code\n\
                 Base: 8 rounds on 2026-01-02 03:04:05Z, commit unknown. Now: 9 rounds on 2026-01-02 03:04:05Z, commit \
                 0123456789 with local changes.\n\
                 Judged 0 of 7 cells; 7 not comparable.\n";
    assert_eq!(compare::table(&comparison, false, Some(1_000)), lines);
    let markdown = format!("**{}\n", lines.replacen('\n', "**\n", 1).trim_end()).replace('\n', "\n\n");
    assert_eq!(compare::markdown(&comparison).trim_end(), markdown.trim_end());
    let gate = "not comparable: other bench code";
    assert!(wording::gate(comparison.gate_of_judged(), &comparison).is_some_and(|why| why.starts_with(gate)));
}

#[test]
fn a_run_that_is_less_than_the_other_is_said_first() {
    let base = run(11, 1, CALM, 1.0);
    let mut now = run(11, 2, CALM, 1.0);
    now.run.narrowed_to = vec!["executors <c>".into()];
    now.run.complete = false;
    let comparison = Comparison::new(&base, &now, Rules::default());
    let said = wording::reservations(&comparison).unwrap();
    assert!(said.contains("this run is narrowed to executors <c> and stopped after 11 rounds"), "{said}");
    assert!(compare::table(&comparison, false, Some(1_000)).starts_with(&said));
    assert!(compare::markdown(&comparison).starts_with("The runs are unlike"));
    assert_eq!(compare::json(&comparison, comparison.gate())["reservations"], said);
    let alike = wording::reservations(&Comparison::new(&now, &now, Rules::default()));
    assert_eq!(alike.as_deref(), Some("Both runs were stopped after 11 rounds: cells may be missing."));
    now.run.complete = true;
    let alike = Comparison::new(&now, &now, Rules::default());
    assert_eq!(wording::reservations(&alike), None, "both are as narrow");
}

#[test]
fn what_cells_share_is_said_first_and_a_gate_says_why_it_is_not_passed() {
    let slower = |record: Record, factor: f64, executor: Option<&str>| {
        let mut record = record;
        for cell in record.cells.iter_mut().filter(|cell| executor.is_none_or(|name| cell.executor == name)) {
            cell.wall_ns.iter_mut().for_each(|wall| *wall = (*wall as f64 * factor) as u64);
        }
        record
    };
    let said = |now: Record| {
        let comparison = Comparison::new(&family(1, CALM, 1.0), &now, Rules::default());
        (wording::headline(&comparison), wording::gate(comparison.gate(), &comparison))
    };
    let (headline, gate) = said(slower(family(2, CALM, 1.0), 1.5, None));
    let everything = "Everything is 50 % slower than in the base";
    assert_eq!(headline, format!("{everything}. Beside that, by cell: no cell slower or faster"));
    assert_eq!(gate.as_deref(), Some("all cells of a workload or an executor became slower together"));
    let (headline, gate) = said(slower(family(2, CALM, 1.0), 1.2, Some("c")));
    assert_eq!(headline, "c +20 % on grain");
    assert_eq!(gate.as_deref(), Some("1 cell became slower"));
    assert_eq!(said(family(2, CALM, 1.0)).1, None);
    let noisy = Weather { noise: 0.1, drift: 0.0, spikes: 0.0 };
    let (_, gate) = said(family(2, noisy, 1.0));
    assert!(gate.as_deref().is_some_and(|gate| gate.contains("might hide, so `--least ")), "{gate:?}");
}

#[test]
fn what_one_cause_explains_is_not_said_of_another() {
    let of = |seed, factor: f64| {
        let synthetic =
            ["deciding", "fan"].iter().fold(Synthetic::new(11, seed, CALM), |synthetic, workload| {
                let synthetic = synthetic.workload(workload, Kind::Computing, &[], BAG * factor);
                NAMES.iter().fold(synthetic, |synthetic, name| {
                    synthetic.executor(workload, name, (2, 2), BAG / 1.9 * factor)
                })
            });
        synthetic.record()
    };
    let mut comparison = Comparison::new(&of(1, 1.0), &of(2, 1.5), Rules::default());
    let families = comparison.shared.iter_mut().filter(|shared| shared.is_shown);
    for (shared, cause) in families.zip([Cause::Clock, Cause::Executors]) {
        shared.cause = cause;
    }
    assert_eq!(
        wording::headline(&comparison),
        "Everything of deciding is 50 % slower than in the base, and so is the pace of the CPUs: the machine, not the \
         code. Everything of fan is 50 % slower than in the base, but not without an executor: the code of executors, bags \
         or the harness. Beside that, by cell: no cell slower or faster"
    );
}

#[test]
fn a_gate_asks_for_nothing_that_a_flag_refuses() {
    let comparison = Comparison::new(&run(8, 1, CALM, 1.0), &run(8, 2, CALM, 1.0), Rules::default());
    let said = |at_most| {
        let open = GateVerdict::Inconclusive { cells: 1, at_most: Some(at_most) };
        wording::gate(open, &comparison).unwrap()
    };
    assert!(said(1.404).contains("up to 40 % might hide, so `--least 41` would pass;"), "{}", said(1.404));
    assert!(said(2.5).contains("up to 150 % might hide; measure more rounds"), "{}", said(2.5));
}

#[test]
fn json_says_what_the_gate_that_was_asked_for_says() {
    let mut now = run(8, 2, CALM, 1.0);
    now.cells.retain(|cell| cell.executor != "a");
    let comparison = Comparison::new(&run(8, 1, CALM, 1.0), &now, Rules::default());
    let said = |verdict| compare::json(&comparison, verdict)["gate"].as_str().unwrap().to_owned();
    assert!(said(comparison.gate()).starts_with("1 cell of the base can't be compared"));
    assert_eq!(said(comparison.gate_of_judged()), "passed");
}
