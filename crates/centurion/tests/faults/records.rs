//! The right record is taken, and only rounds of one build stand in one record.
#![expect(clippy::disallowed_methods, reason = "a folder of records is made by hand")]

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use centurion_record::{Mode, Record};
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, starts_with};

use crate::common::{BENCH, centurion, measure, read, word, write};

/// A target folder of its own with the program in it: the program, and where its records lie.
fn target(folder: &Path) -> (PathBuf, PathBuf) {
    let (built, program) = (env!("CARGO_BIN_EXE_centurion"), folder.join("debug/centurion"));
    fs::create_dir_all(folder.join("debug")).expect("there is room");
    fs::write(folder.join("CACHEDIR.TAG"), "").expect("there is room");
    fs::hard_link(built, &program).or_else(|_| fs::copy(built, &program).map(drop)).expect("there is room");
    (program, folder.join("centurion"))
}

/// What passes for a full run of everything.
fn full(mut record: Record, started: &str) -> Record {
    record.run.started = started.into();
    record.run.mode = Mode::Full;
    record.run.narrowed_to.clear();
    record
}

#[test]
fn the_latest_full_run_is_found_by_its_time_whatever_its_name_and_whatever_was_narrowed_since() {
    let folder = tempfile::tempdir().expect("there is room");
    let (program, records) = target(folder.path());
    let measured = measure(&folder.path().join("run.json"), "12");
    write(&records.join("2099-01-01T00-00-00Z-1.json"), &full(measured.clone(), "2026-01-01T00:00:00Z"));
    write(&records.join("2026-01-02T00-00-00Z-900.json"), &full(measured.clone(), "2026-01-02T00:00:00Z"));
    write(&records.join("2026-01-02T00-00-00Z-1200.json"), &full(measured.clone(), "2026-01-02T00:00:00Z"));
    let mut narrowed = full(measured.clone(), "2026-02-01T00:00:00Z");
    narrowed.run.narrowed_to = vec!["executors rayon".into()];
    write(&records.join("narrowed.json"), &narrowed);
    let mut stopped = full(measured, "2026-02-02T00:00:00Z");
    stopped.run.complete = false;
    write(&records.join("stopped.json"), &stopped);
    centurion::files::write(&records.join("damaged.json"), "{\"schema\": 2, \"run\"").expect("there is room");

    let reports = folder.path().join("reports");
    let mut report = Command::new(&program);
    report.args(["report", "--into", word(&reports)]);
    report.assert().success().stdout(contains("Z-1200.json"));
    let mut report = Command::new(&program);
    report.args(["report", word(&records.join("narrowed.json")), "--into", word(&reports)]);
    report.assert().success().stdout(starts_with("narrowed to executors rayon"));
}

#[test]
fn a_narrowed_run_says_what_it_was_narrowed_to() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let record = measure(&path, "1");
    let narrowed =
        ["workloads deciding", "executors std-counter", "agents 2", "no timelines", "no footprints"];
    assert_eq!(record.run.narrowed_to, narrowed);
    centurion(&["show", word(&path)])
        .assert()
        .success()
        .stdout(starts_with("narrowed to workloads deciding; "));
}

/// Something done to a record by hand.
type Edit = fn(&mut Record);

#[test]
fn only_rounds_of_one_build_and_one_plan_stand_in_a_record() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let record = measure(&path, "1");
    let changes: [(&str, Edit); 6] = [
        ("rustc: ", |record| record.environment.rustc += " of another day"),
        ("flags: ", |record| record.environment.flags += " of another day"),
        ("kernel: ", |record| record.environment.kernel += "-other"),
        ("commit: ", |record| record.environment.commit = Some("0123456789ab".into())),
        ("rayon: ", |record| drop(record.run.libraries.insert("rayon".into(), "0.1.0".into()))),
        ("seed: ", |record| record.run.seed += 1),
    ];
    for (field, change) in changes {
        let mut other = record.clone();
        change(&mut other);
        write(&path, &other);
        centurion(&[&BENCH[..], &["--rounds", "2", "--resume", word(&path)]].concat())
            .assert()
            .code(1)
            .stderr(contains("differ in").and(contains(field)).and(contains("start a new run")));
        assert_eq!(read(&path), other);
    }
}

#[test]
fn a_complete_record_that_is_gone_on_with_has_every_timeline_and_footprint_once() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("run.json");
    let shape = &BENCH[..BENCH.len() - 1];
    centurion(&[shape, &["--rounds", "1", "--record", word(&path)]].concat()).assert().success();
    let counts = |record: &Record| (record.timelines.len(), record.footprints.len());
    let once = counts(&read(&path));
    centurion(&[shape, &["--rounds", "2", "--resume", word(&path)]].concat()).assert().success();
    let resumed = read(&path);
    assert!(once.0 > 0 && once.1 > 0 && resumed.run.complete);
    assert_eq!((resumed.rounds.len(), counts(&resumed)), (2, once));
}

#[test]
fn a_record_that_nobody_named_is_named_on_standard_error() {
    let folder = tempfile::tempdir().expect("there is room");
    let (target, reports) = (folder.path().join("target"), folder.path().join("reports"));
    let record = target.join("centurion/run.json");
    centurion::files::write(&target.join("CACHEDIR.TAG"), "").expect("there is room");
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/intel-xeon-2-cpus/results.json");
    write(&record, &read(&report));
    for command in [&["show"][..], &["compare", word(&report)], &["report", "--into", word(&reports)]] {
        let said = |words: &[&str]| {
            let mut command = centurion(words);
            let output = command.current_dir(folder.path()).env("CARGO_TARGET_DIR", &target).output();
            let output = output.expect("it runs");
            assert!(output.status.success(), "{words:?}");
            String::from_utf8(output.stderr).expect("it is UTF-8")
        };
        let latest = said(command);
        assert!(latest.starts_with("no record was named: this is the latest"), "{latest}");
        assert!(
            latest.lines().next().is_some_and(|line| line.ends_with("target/centurion/run.json")),
            "{latest}"
        );
        let named = said(&[command, &[word(&record)]].concat());
        assert!(!named.contains("no record was named"), "{named}");
    }
}
