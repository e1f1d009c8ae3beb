//! `cargo bench`: every workload under every executor, measured in shuffled rounds, analysed by criterion.

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use centurion::args::BenchArgs;
use centurion::output::tables;
use centurion::session::{Finished, Session};
use centurion::{interrupt, store};
use centurion_benches::{Arguments, BenchMode, FEWEST_SAMPLES, Source, feed};
use centurion_harness::PlannedCell;
use centurion_record::{CellId, Record};
use criterion::Criterion;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    // Cargo starts a bench in the folder of its package; people give paths from the top.
    std::env::set_current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?;
    if std::env::args().any(|argument| ["--help", "-h"].contains(&&*argument)) {
        println!("{}", BenchArgs::help_of_variables());
    }
    let arguments = Arguments::read();
    let session = Session::new(BenchArgs::from_variables(arguments.quick))?;
    let sequential = std::env::var_os("CENTURION_SEQUENTIAL").is_some();
    if arguments.mode != BenchMode::Measure || sequential {
        let live = |cell: &PlannedCell| {
            session.try_cell(cell).unwrap_or_else(|reason| panic!("{}: {reason}", cell.id))
        };
        analyse(&session.cells, |cell, hand_over| {
            let run = || live(cell);
            hand_over(&if sequential { Source::Sequential(&run) } else { Source::Live(&run) });
        });
        return Ok(ExitCode::SUCCESS);
    }
    let session = session.filtered(|id| arguments.wants(id));
    if session.cells.is_empty() {
        eprintln!("no cell of the hundred agents matches; `cargo bench -- --list` lists them");
        return Ok(ExitCode::SUCCESS); // Another bench may have what was asked for.
    }
    interrupt::watch();
    let Some(Finished { record, path }) = session.run(&command())? else {
        return Ok(ExitCode::from(interrupt::EXIT_CODE));
    };
    analyse_samples(&session.cells, &record, arguments.quick);
    println!("\n{}", tables(&record));
    println!("record     {}", store::shown(&path));
    println!("criterion  {}", store::shown(&store::target().join("criterion/report/index.html")));
    let failed = record.cells.iter().any(|cell| cell.failure.is_some());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Gives criterion the samples of every cell that has any.
fn analyse_samples(cells: &[PlannedCell], record: &Record, quick: bool) {
    if record.rounds.len() < FEWEST_SAMPLES && !quick {
        println!("criterion needs {FEWEST_SAMPLES} rounds and is left out; give --quick, or more rounds");
        return;
    }
    let samples: HashMap<&CellId, Vec<f64>> = record
        .cells
        .iter()
        .map(|cell| (&cell.id, cell.bag_times().map(|(_, time)| time).collect()))
        .collect();
    analyse(cells, |cell, hand_over| match samples.get(&cell.id) {
        Some(samples) if samples.is_empty() => (),
        Some(samples) if quick => hand_over(&Source::Median(samples)),
        Some(samples) => hand_over(&Source::Samples(samples)),
        None => (),
    });
}

/// Registers every cell with criterion under its id; `times` hands over where its times come from.
fn analyse(cells: &[PlannedCell], times: impl Fn(&PlannedCell, &mut dyn FnMut(&Source<'_>))) {
    let mut criterion = Criterion::default().configure_from_args();
    for cells in cells.chunk_by(|one, next| one.workload.family() == next.workload.family()) {
        let mut group = criterion.benchmark_group(cells[0].workload.family());
        for cell in cells {
            let parameter = cell.id.place();
            times(cell, &mut |source| feed(&mut group, &cell.executor, &parameter, source));
        }
        group.finish();
    }
    criterion.final_summary();
}

/// The command as typed, for the record.
fn command() -> String {
    let mut command = String::from("cargo bench");
    for (name, value) in std::env::vars().filter(|(name, _)| name.starts_with("CENTURION_")) {
        // Files are named by what they hold, not by where they are.
        if ["CENTURION_RESUME", "CENTURION_RECORD"].contains(&name.as_str()) {
            continue;
        }
        let value =
            Path::new(&value).file_name().map_or(value.clone(), |name| name.to_string_lossy().into_owned());
        command = format!("{name}={value} {command}");
    }
    let given: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if given.is_empty() { command } else { format!("{command} -- {}", given.join(" ")) }
}
