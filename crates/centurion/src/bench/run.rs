//! A session under `cargo bench`: measured in rounds, told in tables, analysed by criterion.

use std::collections::HashMap;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use centurion_harness::PlannedCell;
use centurion_record::{Cell, CellId, Record};
use criterion::Criterion;

use super::arguments::{BenchArguments, BenchMode, criterion_home};
#[cfg(unix)]
use super::aside::aside;
use super::feed::{FEWEST_SAMPLES, Source, feed};
use crate::args::{BenchArgs, FULL_ROUNDS};
use crate::command::{CommandLine, quoted};
use crate::last_screen::last_screen;
use crate::output::{exit_code, note, say, say_failure, say_in_lines, tables, width};
use crate::session::{Finished, Session};
use crate::{child, files, interrupt, store, variables};

/// Benchmarks of which criterion's lines fill a screen.
const FEW_BENCHMARKS: usize = 6;

/// Where criterion's lines are kept, in its folder.
const LINES: &str = "output.txt";

/// What a bench was asked for, read before anything is planned.
pub(super) struct BenchRun {
    /// What is to be done.
    pub(super) arguments: BenchArguments,
    criterion: Criterion,
    /// What people type to start the bench.
    command: String,
    /// What to type after it, before the path of the record, where nobody has been told yet.
    next: Option<&'static str>,
}

/// The bench of this workspace's own agents. Paths are seen from its top, not from the folder of the bench's package.
pub fn hundred(top: &Path) -> ExitCode {
    child::run_if_asked().unwrap_or_else(|| ended(run_hundred(top)))
}

/// How a bench ends; why it failed is said.
pub(super) fn ended(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        say_failure(&error);
        exit_code(&error)
    })
}

fn run_hundred(top: &Path) -> Result<ExitCode> {
    std::env::set_current_dir(top).with_context(|| format!("failed to go to {}", top.display()))?;
    let run = BenchRun::begin("cargo bench", None, BenchArgs::help_of_variables);
    let session = Session::new(run.with_every_round(BenchArgs::from_variables(run.arguments.quick)))?;
    run.finish(session, "the hundred agents")
}

impl BenchRun {
    /// Reads this process's arguments, and heeds signals where it is going to measure. What criterion answers or refuses
    /// itself ends the process: now, and not when everything is measured.
    pub(super) fn begin(
        command: &str,
        next: Option<&'static str>,
        help_of_variables: impl Fn() -> String,
    ) -> Self {
        if std::env::args_os().any(|word| word == "--help" || word == "-h") {
            say(&help_of_variables());
        }
        let arguments = BenchArguments::read();
        // It says which of two programs draws what is not drawn.
        let criterion = aside(Criterion::default).0.configure_from_args();
        // Thousands of files that take a minute to draw, where the report says the same.
        let criterion = if arguments.wants_plots() { criterion } else { criterion.without_plots() };
        interrupt::outlive_file_limits();
        let run = Self { arguments, criterion, command: command.into(), next };
        if run.measures() {
            interrupt::watch();
        }
        run
    }

    /// Whether cells are measured in rounds, and not run when criterion asks.
    pub(super) fn measures(&self) -> bool {
        self.arguments.mode == BenchMode::Measure && !is_sequential()
    }

    /// The options, with every cell in every round where criterion is to save or compare all of them: it needs as many
    /// samples.
    pub(super) fn with_every_round(&self, mut bench: BenchArgs) -> BenchArgs {
        if self.arguments.keeps_baseline() && !bench.cells.quick && bench.budget.is_none() {
            bench.rounds = bench.rounds.or(Some(FULL_ROUNDS));
        }
        bench
    }

    /// Does what was asked for with the cells of a session.
    pub(super) fn finish(self, session: Session, agents: &str) -> Result<ExitCode> {
        if !self.measures() {
            run_live(self.criterion, &session);
            return Ok(ExitCode::SUCCESS);
        }
        let session = session.filtered(|id| self.arguments.wants(id));
        if session.cells.is_empty() {
            note(&format!("no cell of {agents} matches; `{} -- --list` lists them", self.command));
            return Ok(ExitCode::SUCCESS); // Another bench may have what was asked for.
        }
        let home = criterion_home(&store::target());
        self.refuse_missing_baseline(&home, &session.cells)?;
        for option in self.arguments.without_effect() {
            note(&format!(
                "warning: --{option} changes nothing: every cell is measured in rounds; \
                 CENTURION_ROUNDS and CENTURION_BUDGET say how many"
            ));
        }
        let Some(Finished { record, path, mut spent }) = session.run(&self.command_line())? else {
            return Ok(ExitCode::from(interrupt::EXIT_CODE));
        };
        if session.is_bare() {
            return Ok(ExitCode::SUCCESS); // Whoever asked for no more than the record reads it.
        }
        // What was measured is told, whatever becomes of criterion's analysis.
        let (next, plots) = (self.next, self.arguments.wants_plots());
        let analysed = self.analyse(&session, &record, &home);
        spent.on("criterion");
        // Whoever can't be told to see the tables by a command of this checkout, or asked for few of them, sees them.
        if next.is_some() || record.is_narrowed() {
            say(&format!("\n{}", tables(&record, false)));
        }
        match &analysed {
            Ok(said) => {
                let pages = if plots { "report/index.html" } else { "" };
                say_in_lines(&format!("criterion: {}{said}", store::shown(&home.join(pages))));
            }
            Err(why) => {
                note(&format!("error: criterion stopped{why}; the record and what follows are complete"));
            }
        }
        spent.tell();
        let next = next.unwrap_or("cargo centurion show");
        let end = format!("Next: {next} {}", quoted(&store::shown(&path)));
        say(&format!("\n{}", last_screen(&record, width(), &[end])));
        let failed = analysed.is_err() || record.cells.iter().any(|cell| cell.failure.is_some());
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// Has criterion analyse the samples. Its lines are printed if they are few or asked for, and else kept in a file
    /// beside its results. Returns what is to be said of the analysis; where criterion stopped, where it said why.
    fn analyse(self, session: &Session, record: &Record, home: &Path) -> Result<String, String> {
        let (criterion, quick) = (self.criterion, self.arguments.quick);
        let work =
            || catch_unwind(AssertUnwindSafe(|| analyse_samples(criterion, &session.cells, record, quick)));
        let (analysed, printed) = if self.arguments.wants_lines() || session.cells.len() <= FEW_BENCHMARKS {
            (work(), None)
        } else {
            aside(work)
        };
        let kept = printed.and_then(|printed| {
            let path = home.join(LINES);
            files::write(&path, &printed).is_ok().then(|| store::shown(&path))
        });
        match (analysed, kept) {
            (Ok(left_out), None) => Ok(left_out),
            (Ok(left_out), Some(kept)) => Ok(format!("; what it says is in {kept}{left_out}")),
            (Err(_), None) => Err(" as said above".into()),
            (Err(_), Some(kept)) => Err(format!(", as it says at the end of {kept}")),
        }
    }

    /// Criterion stops at a benchmark without the baseline it is to be compared with: better before than after all
    /// rounds.
    fn refuse_missing_baseline(&self, home: &Path, cells: &[PlannedCell]) -> Result<()> {
        let ids: Vec<String> = cells.iter().map(|cell| criterion_id(cell).join("/")).collect();
        let Some((baseline, missing)) = self.arguments.missing_baseline(home, ids.iter().map(String::as_str))
        else {
            return Ok(());
        };
        bail!(
            "failed to find the baseline {baseline} of {} of {} cells in {}, among them {}; save it with \
             `{} -- --save-baseline {baseline}`, or leave out what it lacks with `--baseline-lenient {baseline}`",
            missing.len(),
            ids.len(),
            store::shown(home),
            missing[0],
            self.command
        )
    }

    /// The command as typed: cargo has added `--bench`.
    fn command_line(&self) -> CommandLine {
        let mut words: Vec<OsString> = std::env::args_os().skip(1).filter(|word| word != "--bench").collect();
        if !words.is_empty() {
            words.insert(0, "--".into());
        }
        CommandLine::new(&self.command, words)
    }
}

/// Does something whose lines can't be led elsewhere on this system.
#[cfg(not(unix))]
fn aside<T>(work: impl FnOnce() -> T) -> (T, Option<String>) {
    (work(), None)
}

/// Whether criterion is to measure by itself, one cell after another.
fn is_sequential() -> bool {
    variables::is_on("CENTURION_SEQUENTIAL")
}

/// Runs each cell when criterion asks for it, and not in rounds.
fn run_live(criterion: Criterion, session: &Session) {
    analyse(criterion, &session.cells, |cell, hand_over| {
        let run = || session.try_cell(cell).unwrap_or_else(|reason| panic!("{}: {reason}", cell.id));
        hand_over(&if is_sequential() { Source::Sequential(&run) } else { Source::Live(&run) });
    });
}

/// The names criterion knows a cell by: its group, function and parameter.
fn criterion_id(cell: &PlannedCell) -> [String; 3] {
    [cell.workload.family(), cell.executor.clone(), cell.id.place()]
}

/// Gives criterion the samples of every cell that has enough. Returns what is to be said of those that have not.
fn analyse_samples(criterion: Criterion, cells: &[PlannedCell], record: &Record, quick: bool) -> String {
    let of_cell = |cell: &Cell| (cell.id.clone(), cell.bag_times().map(|(_, time)| time).collect());
    let samples: HashMap<CellId, Vec<f64>> = record.cells.iter().map(of_cell).collect();
    let fewest = if quick { 1 } else { FEWEST_SAMPLES };
    let has_enough =
        |cell: &&PlannedCell| samples.get(&cell.id).is_some_and(|samples| samples.len() >= fewest);
    let enough: Vec<PlannedCell> = cells.iter().filter(has_enough).cloned().collect();
    analyse(criterion, &enough, |cell, hand_over| {
        let samples = &samples[&cell.id];
        hand_over(&if quick { Source::Median(samples) } else { Source::Samples(samples) });
    });
    let few = |cell: &&Cell| (1..fewest).contains(&cell.round.len());
    match record.cells.iter().filter(few).count() {
        0 => String::new(),
        few => format!(
            "; {few} of {} cells have too few samples for it: it needs {FEWEST_SAMPLES}, and \
             CENTURION_ROUNDS={FULL_ROUNDS} gives every cell as many",
            record.cells.len()
        ),
    }
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
