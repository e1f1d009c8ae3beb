//! `cargo bench`: every workload under every executor, measured in shuffled rounds, analysed by criterion.

use std::collections::HashMap;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use centurion::args::BenchArgs;
use centurion::command::CommandLine;
use centurion::output::{note, say, say_failure, tables};
use centurion::session::{Finished, Session};
use centurion::{child, interrupt, store, variables};
use centurion_benches::{BenchArguments, BenchMode, FEWEST_SAMPLES, Source, criterion_home, feed};
use centurion_harness::PlannedCell;
use centurion_record::{CellId, Record};
use criterion::Criterion;

fn main() -> ExitCode {
    if let Some(code) = child::run_if_asked() {
        return code;
    }
    match run() {
        Ok(code) => code,
        Err(error) => {
            say_failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    // Cargo starts a bench in the folder of its package; people give paths from the top.
    std::env::set_current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?;
    if std::env::args_os().any(|word| word == "--help" || word == "-h") {
        say(&BenchArgs::help_of_variables());
    }
    let arguments = BenchArguments::read();
    // Criterion refuses arguments by ending the process: now, and not when everything is measured.
    let criterion = Criterion::default().configure_from_args();
    let session = Session::new(BenchArgs::from_variables(arguments.quick))?;
    let sequential = variables::is_on("CENTURION_SEQUENTIAL");
    if arguments.mode != BenchMode::Measure || sequential {
        run_live(criterion, &session, sequential);
        return Ok(ExitCode::SUCCESS);
    }
    let session = session.filtered(|id| arguments.wants(id));
    if session.cells.is_empty() {
        note("no cell of the hundred agents matches; `cargo bench -- --list` lists them");
        return Ok(ExitCode::SUCCESS); // Another bench may have what was asked for.
    }
    let home = criterion_home(&store::target());
    refuse_missing_baseline(&arguments, &home, &session.cells)?;
    for option in arguments.without_effect() {
        note(&format!(
            "warning: --{option} changes nothing: every cell is measured in rounds; \
             CENTURION_ROUNDS and CENTURION_BUDGET say how many"
        ));
    }
    interrupt::watch();
    let Some(Finished { record, path }) = session.run(&command())? else {
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    };
    // What was measured is told, whatever becomes of criterion's analysis.
    let analysed = catch_unwind(AssertUnwindSafe(|| {
        analyse_samples(criterion, &session.cells, &record, arguments.quick);
    }));
    say(&format!("\n{}", tables(&record)));
    say(&format!("record     {}", store::shown(&path)));
    match &analysed {
        Ok(()) => say(&format!("criterion  {}", store::shown(&home.join("report/index.html")))),
        Err(_) => note("error: criterion stopped as said above; the record and the tables are complete"),
    }
    let failed = analysed.is_err() || record.cells.iter().any(|cell| cell.failure.is_some());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Runs each cell when criterion asks for it, and not in rounds.
fn run_live(criterion: Criterion, session: &Session, sequential: bool) {
    analyse(criterion, &session.cells, |cell, hand_over| {
        let run = || session.try_cell(cell).unwrap_or_else(|reason| panic!("{}: {reason}", cell.id));
        hand_over(&if sequential { Source::Sequential(&run) } else { Source::Live(&run) });
    });
}

/// The names criterion knows a cell by: its group, function and parameter.
fn criterion_id(cell: &PlannedCell) -> [String; 3] {
    [cell.workload.family(), cell.executor.clone(), cell.id.place()]
}

/// Criterion stops at a benchmark without the baseline it is to be compared with: better before than after all
/// rounds.
fn refuse_missing_baseline(arguments: &BenchArguments, home: &Path, cells: &[PlannedCell]) -> Result<()> {
    let ids: Vec<String> = cells.iter().map(|cell| criterion_id(cell).join("/")).collect();
    let Some((baseline, missing)) = arguments.missing_baseline(home, ids.iter().map(String::as_str)) else {
        return Ok(());
    };
    bail!(
        "failed to find the baseline {baseline} of {} of {} cells in {}, among them {}; save it with \
         `cargo bench -- --save-baseline {baseline}`, or leave out what it lacks with \
         `--baseline-lenient {baseline}`",
        missing.len(),
        ids.len(),
        store::shown(home),
        missing[0]
    )
}

/// Gives criterion the samples of every cell that has any.
fn analyse_samples(criterion: Criterion, cells: &[PlannedCell], record: &Record, quick: bool) {
    if record.rounds.len() < FEWEST_SAMPLES && !quick {
        say(&format!(
            "criterion needs {FEWEST_SAMPLES} rounds and is left out; give --quick, or more rounds"
        ));
        return;
    }
    let samples: HashMap<&CellId, Vec<f64>> = record
        .cells
        .iter()
        .map(|cell| (&cell.id, cell.bag_times().map(|(_, time)| time).collect()))
        .collect();
    analyse(criterion, cells, |cell, hand_over| match samples.get(&cell.id) {
        Some(samples) if samples.is_empty() => (),
        Some(samples) if quick => hand_over(&Source::Median(samples)),
        Some(samples) => hand_over(&Source::Samples(samples)),
        None => (),
    });
}

/// Registers every cell with criterion under its id; `times` hands over where its times come from.
fn analyse(
    mut criterion: Criterion,
    cells: &[PlannedCell],
    times: impl Fn(&PlannedCell, &mut dyn FnMut(&Source<'_>)),
) {
    for cells in cells.chunk_by(|one, next| one.workload.family() == next.workload.family()) {
        let mut group = criterion.benchmark_group(cells[0].workload.family());
        for cell in cells {
            let [_, function, parameter] = criterion_id(cell);
            times(cell, &mut |source| feed(&mut group, &function, &parameter, source));
        }
        group.finish();
    }
    criterion.final_summary();
}

/// The command as typed: cargo has added `--bench`.
fn command() -> CommandLine {
    let mut words: Vec<OsString> = std::env::args_os().skip(1).filter(|word| word != "--bench").collect();
    if !words.is_empty() {
        words.insert(0, "--".into());
    }
    CommandLine::new("cargo bench", words)
}
