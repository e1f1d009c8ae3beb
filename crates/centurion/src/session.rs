//! One measuring run from options to a complete record on disk.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, ensure};
use centurion_agents::{AgentKind, Workload, definition};
use centurion_harness::clock::nanoseconds;
use centurion_harness::{
    Cpus, Event, PlannedCell, SampleError, Testbed, cells, environment, largest_cells, measure, select,
    serial_costs, timeline, try_once,
};
use centurion_record::{self as record, Mode, Record, Role, SCHEMA};

use crate::args::BenchArgs;
use crate::built_from::BuiltFrom;
use crate::command::{CommandLine, program, quoted};
use crate::error::failed_to;
use crate::footprints::{self, PlannedFootprint};
use crate::interim::Interim;
use crate::options::variable_names;
use crate::output::note_to_paste;
use crate::progress::Progress;
use crate::record_file::RecordFile;
use crate::server::RunningServer;
use crate::spent::Spent;
use crate::unfinished::Unfinished;
use crate::{interrupt, peers, store, variables};

/// The cells of a run and what they are measured with.
pub struct Session {
    bench: BenchArgs,
    testbed: Testbed,
    /// Whether its record can be gone on with by the command that made it.
    resumable: bool,
    /// What was left out by asking for less.
    narrowed_to: Vec<String>,
    /// What the agents and the program were built from.
    built_from: BuiltFrom,
    /// How the command line is started where this runs.
    centurion: &'static str,
    /// Every cell of the run.
    pub cells: Vec<PlannedCell>,
    /// What replying agents ask, as long as there are some.
    server: Option<RunningServer>,
}

/// How a run ended.
pub struct Finished {
    /// What was measured.
    pub record: Record,
    /// Where it stands.
    pub path: PathBuf,
    /// Where the time went, the making of the record included.
    pub spent: Spent,
}

impl Session {
    /// Plans the run.
    ///
    /// # Errors
    /// Names the option that can't be followed.
    pub fn new(bench: BenchArgs) -> Result<Self> {
        let testbed = Testbed::detect(interrupt::stop());
        let chosen = &bench.cells;
        let server = RunningServer::for_families(&chosen.families()?, chosen.agents)?;
        let cells = plan(&bench, &testbed.cpus, server.as_ref().map(RunningServer::address))?;
        let narrowed_to = bench.narrowed_to();
        Ok(Self { server, ..Self::from_parts(bench, narrowed_to, testbed, cells) })
    }

    /// A run of exactly these cells and rounds, into that record.
    ///
    /// # Errors
    /// Never: everything is said here.
    pub fn with_cells(cells: Vec<PlannedCell>, rounds: u32, seed: u64, record: PathBuf) -> Result<Self> {
        let mut bench =
            BenchArgs { rounds: Some(rounds), record: Some(record), ..BenchArgs::from_flags(&["--bare"])? };
        bench.cells.seed = seed;
        let narrowed_to = vec!["chosen cells".into()];
        let testbed = Testbed::detect(interrupt::stop());
        Ok(Self { resumable: false, ..Self::from_parts(bench, narrowed_to, testbed, cells) })
    }

    /// A run of the cells of somebody's own agents, which were built from something else than this program.
    #[cfg(any(unix, feature = "bench"))]
    pub(crate) fn with_own_cells(
        bench: BenchArgs,
        narrowed_to: Vec<String>,
        testbed: Testbed,
        cells: Vec<PlannedCell>,
        built_from: BuiltFrom,
    ) -> Self {
        Self { built_from, ..Self::from_parts(bench, narrowed_to, testbed, cells) }
    }

    /// The same, where the command line is started by another name.
    #[cfg(feature = "bench")]
    pub(crate) fn beside(self, centurion: &'static str) -> Self {
        Self { centurion, ..self }
    }

    fn from_parts(
        bench: BenchArgs,
        narrowed_to: Vec<String>,
        testbed: Testbed,
        cells: Vec<PlannedCell>,
    ) -> Self {
        Self {
            bench,
            testbed,
            resumable: true,
            narrowed_to,
            built_from: BuiltFrom::here(),
            centurion: program(),
            cells,
            server: None,
        }
    }

    /// Whether nothing but the record is asked for.
    #[cfg(feature = "bench")]
    pub(crate) fn is_bare(&self) -> bool {
        self.bench.bare
    }

    /// Keeps the cells whose id is wanted, and those their figures need.
    #[must_use]
    pub fn filtered(mut self, wanted: impl Fn(&str) -> bool) -> Self {
        let all = self.cells.len();
        self.cells = select(self.cells, wanted);
        if self.cells.len() < all {
            self.narrowed_to.push(format!("{} of {all} cells", self.cells.len()));
        }
        self
    }

    /// Runs a cell once and checks its answers.
    ///
    /// # Errors
    /// Says what was wrong.
    pub fn try_cell(&self, cell: &PlannedCell) -> Result<std::time::Duration, SampleError> {
        let _unfinished = Unfinished::new();
        try_once(cell, &self.testbed)
    }

    /// Measures all cells and writes the record after every round. `Ok(None)` when it was interrupted;
    /// what to do then has been said.
    ///
    /// # Errors
    /// When the options can't be followed, or the record can't be read or written.
    pub fn run(&self, command: &CommandLine) -> Result<Option<Finished>> {
        let mut spent = Spent::new();
        let (mut record, path) = self.open_record(command)?;
        let planned_footprints = self.plan_footprints()?;
        let mut file = RecordFile::new(path)?;
        let Some(_turn) = self.bench.turn() else {
            note_to_paste(&self.how_to_resume(record.rounds.len(), &file.path, command));
            return Ok(None);
        };
        spent.on("planning and waiting for a turn");
        if record.rounds.is_empty() {
            record.run.started = store::timestamp();
        }
        let unfinished = Unfinished::new();
        let progress = Progress::with_rounds();
        let ended = self.measure_into(&mut record, &mut file, command, &progress, &mut spent)?;
        spent.on("rounds");
        if ended && !self.bench.bare {
            self.add_timelines(&mut record, &progress);
            spent.on("timelines");
        }
        if ended {
            record.footprints.extend(footprints::take(&planned_footprints, &progress).into_iter().flatten());
            spent.on("footprints");
        }
        interrupt::set_last_words(None);
        drop(unfinished);
        progress.finish();
        if !ended || interrupt::asked() {
            note_to_paste(&self.how_to_resume(record.rounds.len(), &file.path, command));
            return Ok(None);
        }
        record.run.complete = true;
        let written = file.write(&record);
        self.tell_kept(&written, record.rounds.len(), &file, command);
        written?;
        Ok(Some(Finished { record, path: file.path, spent }))
    }

    fn plan_footprints(&self) -> Result<Vec<PlannedFootprint>> {
        if !self.bench.takes_footprints() {
            return Ok(Vec::new());
        }
        let server = self.server.as_ref().map(RunningServer::address);
        footprints::plan(&self.cells, &self.bench.cells.members(server)?, self.bench.cells.quick)
    }

    /// Returns whether the rounds came to their end.
    fn measure_into(
        &self,
        record: &mut Record,
        file: &mut RecordFile,
        command: &CommandLine,
        progress: &Progress,
        spent: &mut Spent,
    ) -> Result<bool> {
        interrupt::set_last_words(Some(self.how_to_resume(record.rounds.len(), &file.path, command)));
        let (mut written, mut interim) = (Ok(()), Interim::new());
        let mut finding_batches = true;
        let mut observer = |event: Event<'_>| {
            if matches!(event, Event::Cell { round: Some(_), .. }) && std::mem::take(&mut finding_batches) {
                spent.on("finding batches");
            }
            if let Event::Round(record) = event {
                // A file that is being written is not to be cut off.
                interrupt::set_last_words(None);
                written = file.write(record);
                progress.tell(|| interim.due(record));
                interrupt::set_last_words(Some(self.how_to_resume(record.rounds.len(), &file.path, command)));
            }
            progress.show(&event);
            if interrupt::asked() || written.is_err() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let rounds = self.bench.rounds();
        let ended = measure(&self.cells, rounds, &self.testbed, record, &mut observer).map_err(failed_to)?;
        self.tell_kept(&written, record.rounds.len().saturating_sub(1), file, command);
        written?;
        Ok(ended)
    }

    /// Where the record could not be written, says which rounds stand there all the same.
    fn tell_kept(&self, written: &Result<()>, rounds: usize, file: &RecordFile, command: &CommandLine) {
        if written.is_err() && file.stands() {
            note_to_paste(&self.how_to_resume(rounds, &file.path, command));
        }
    }

    fn open_record(&self, command: &CommandLine) -> Result<(Record, PathBuf)> {
        ensure!(
            !self.cells.is_empty(),
            "failed to find a cell to measure; see them with `cargo centurion list --cells`"
        );
        if let Some(path) = &self.bench.resume {
            let record = store::read_record(path)?;
            ensure_same(&record, &self.blank_record(command), path)?;
            return Ok((record, path.clone()));
        }
        let record = self.blank_record(command);
        let name = store::file_name_of(&record.run.started) + ".json";
        let path = self.bench.record.clone().unwrap_or_else(|| store::records().join(name));
        Ok((record, path))
    }

    fn blank_record(&self, command: &CommandLine) -> Record {
        let mut environment = environment::detect(&self.testbed.cpus);
        let BuiltFrom { commit, dirty, libraries } = self.built_from.clone();
        (environment.commit, environment.dirty) = (commit, dirty);
        Record {
            schema: SCHEMA,
            run: record::Run {
                started: store::timestamp(),
                command: command.recorded(),
                mode: if self.bench.cells.quick { Mode::Quick } else { Mode::Full },
                seed: self.bench.cells.seed,
                complete: false,
                narrowed_to: self.narrowed_to.clone(),
                bench_code: environment::bench_code().into(),
                libraries,
            },
            environment,
            workloads: self.workloads().into_iter().map(|workload| describe(&*workload)).collect(),
            graphs: self.graphs(),
            executors: self.executors(),
            rounds: Vec::new(),
            cells: Vec::new(),
            timelines: Vec::new(),
            footprints: Vec::new(),
        }
    }

    /// The workloads of the cells, each once, in their order.
    fn workloads(&self) -> Vec<Arc<dyn Workload>> {
        let mut workloads: Vec<Arc<dyn Workload>> = Vec::new();
        for cell in &self.cells {
            if workloads.iter().all(|known| known.name() != cell.workload.name()) {
                workloads.push(Arc::clone(&cell.workload));
            }
        }
        workloads
    }

    /// The graphs of the workloads, each once, in their order.
    fn graphs(&self) -> Vec<record::GraphEntry> {
        let mut graphs: Vec<record::GraphEntry> = Vec::new();
        for workload in self.workloads() {
            let Some(graph) = workload.graph() else { continue };
            if graphs.iter().all(|known| known.name != workload.family()) {
                let inputs = graph.tasks().map(|agent| graph.inputs(agent).to_vec()).collect();
                graphs.push(record::GraphEntry { name: workload.family(), inputs });
            }
        }
        graphs
    }

    /// The executors of the cells, each once, in their order.
    fn executors(&self) -> Vec<record::ExecutorEntry> {
        let mut executors: Vec<record::ExecutorEntry> = Vec::new();
        for cell in &self.cells {
            if executors.iter().all(|known| known.name != cell.executor) {
                let summary = match cell.role {
                    Role::Repeat => "the same once more, to show the noise",
                    _ => cell.runner.summary(),
                };
                executors.push(record::ExecutorEntry {
                    name: cell.executor.clone(),
                    summary: summary.into(),
                    placement: cell.runner.placement(),
                    mistake: cell.runner.is_mistake(),
                });
            }
        }
        executors
    }

    /// Adds the cost of each agent, and one stamped execution of the largest cell of each executor. What
    /// fails here has failed in the timed rounds too and stands there with its reason.
    fn add_timelines(&self, record: &mut Record, progress: &Progress) {
        progress.say("stamping one execution of the largest cells for the timelines");
        for workload in self.workloads().iter().filter(|workload| workload.stands_alone()) {
            let of_workload = || self.cells.iter().filter(|cell| cell.workload.name() == workload.name());
            let baseline = of_workload().find(|cell| cell.role == Role::Baseline);
            let costs = baseline.and_then(|baseline| serial_costs(baseline, &self.testbed).ok());
            if let Some(described) = record.workloads.iter_mut().find(|known| known.name == workload.name()) {
                described.costs_ns = costs.unwrap_or_default();
            }
            let stamped = largest_cells(of_workload()).into_iter();
            record.timelines.extend(stamped.filter_map(|cell| timeline(cell, &self.testbed).ok()));
        }
    }

    fn how_to_resume(&self, rounds: usize, path: &Path, command: &CommandLine) -> String {
        if rounds == 0 {
            return "stopped before the first round was finished; nothing was kept".into();
        }
        if !self.resumable {
            return format!(
                "stopped; begin this run again, and keep those before it, with    {}",
                command.again()
            );
        }
        let path = store::shown(path);
        format!(
            "stopped; {rounds} finished round{} kept in {path}\n\
             look at them with    {} show {}\n\
             go on with           {}",
            if rounds == 1 { " is" } else { "s are" },
            self.centurion,
            quoted(&path),
            command.going_on(&path)
        )
    }
}

/// Every cell of a run whose agents ask the server at that address, the cells of a workload together.
///
/// # Errors
/// Names the option that can't be followed.
pub(crate) fn plan(bench: &BenchArgs, cpus: &Cpus, server: Option<SocketAddr>) -> Result<Vec<PlannedCell>> {
    variables::warn_of_unknown(&variable_names());
    let chosen = &bench.cells;
    let (workloads, sweep) = (chosen.make_workloads(server)?, chosen.sweep(cpus)?);
    let cores = sweep.cores.last().copied().unwrap_or(1);
    let mut cells = cells(&workloads, &chosen.factories()?, &sweep);
    cells.extend(peers::cells(&chosen.peers(bench.bare)?, &workloads, cores));
    let places: HashMap<String, usize> = workloads.iter().map(|known| known.name()).zip(0..).collect();
    cells.sort_by_key(|cell| places.get(&cell.workload.name()).copied());
    Ok(select(cells, |_| true))
}

fn describe(workload: &dyn Workload) -> record::WorkloadEntry {
    let agents = workload.agents();
    let alone = workload.stands_alone();
    let work: Option<Vec<u64>> = (0..agents).map(|agent| workload.work(agent)).collect();
    let waits = (0..agents).map(|agent| workload.waits(agent).map(nanoseconds));
    let waits: Option<Vec<u64>> = waits.collect();
    record::WorkloadEntry {
        name: workload.name(),
        family: workload.family(),
        kind: match workload.kind() {
            AgentKind::Waiting => record::Kind::Waiting,
            AgentKind::Computing => record::Kind::Computing,
        },
        agents,
        graph: workload.graph().map(|_| workload.family()),
        parameters: workload.parameters(),
        definition: definition(workload),
        agent_names: if alone {
            (0..agents).map(|agent| workload.agent_name(agent)).collect()
        } else {
            Vec::new()
        },
        costs_ns: Vec::new(),
        work: if alone { work.unwrap_or_default() } else { Vec::new() },
        waits_ns: if alone { waits.unwrap_or_default() } else { Vec::new() },
    }
}

/// Fails unless a round measured now can be a round of that record: by the same build, on the same system, of the same
/// cells.
fn ensure_same(record: &Record, fresh: &Record, path: &Path) -> Result<()> {
    let mut differences = record.build_differences(fresh);
    differences.extend(record.plan_differences(fresh));
    let listed: Vec<String> = differences.iter().map(ToString::to_string).collect();
    ensure!(
        differences.is_empty(),
        "failed to resume {}: the record and this run differ in {}; resume with the same build and options, or start a \
         new run",
        store::shown(path),
        listed.join("; ")
    );
    Ok(())
}
