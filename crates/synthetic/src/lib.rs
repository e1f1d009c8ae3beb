//! Records of invented runs for tests: true times, disturbed by a seeded generator.

use centurion_record::{
    Cell, CellId, Environment, ExecutorEntry, Footprint, GraphEntry, Kind, Mode, Record, Role, Round, Run,
    SCHEMA, WorkloadEntry,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Length of a synthetic round.
pub const ROUND_NS: u64 = 10_000_000_000;

/// What disturbs samples.
#[derive(Clone, Copy)]
pub struct Weather {
    /// Standard deviation of the logarithm of every sample.
    pub noise: f64,
    /// Growth of all times from the first round to the last, as a fraction.
    pub drift: f64,
    /// Share of samples that take half as long again.
    pub spikes: f64,
}

/// Hardly any noise.
pub const CALM: Weather = Weather { noise: 0.002, drift: 0.0, spikes: 0.0 };

/// A shared machine on a bad day.
pub const STORMY: Weather = Weather { noise: 0.03, drift: 0.3, spikes: 0.1 };

/// Builds a record step by step.
pub struct Synthetic {
    record: Record,
    weather: Weather,
    random: ChaCha8Rng,
}

impl Synthetic {
    /// A quiet two-core machine, without workloads.
    pub fn new(rounds: u32, seed: u64, weather: Weather) -> Self {
        let environment =
            Environment { physical_cores: 2, logical_cpus: 2, pinning: true, ..Environment::unknown() };
        let run = Run {
            started: "2026-01-02T03:04:05Z".into(),
            command: "centurion bench".into(),
            mode: Mode::Full,
            seed,
            complete: true,
            narrowed_to: Vec::new(),
            bench_code: "synthetic".into(),
            libraries: [].into(),
        };
        let record = Record {
            schema: SCHEMA,
            run,
            environment,
            workloads: Vec::new(),
            graphs: Vec::new(),
            executors: Vec::new(),
            rounds: (0..rounds).map(quiet_round).collect(),
            cells: Vec::new(),
            timelines: Vec::new(),
            footprints: Vec::new(),
        };
        Self { record, weather, random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// A machine of so many sockets, with so many cores in all and so many threads on each, that is named as simulated.
    #[must_use]
    pub fn simulated(self, sockets: usize, cores: usize, threads: usize) -> Self {
        self.with(|record| {
            let plural = if sockets == 1 { "" } else { "s" };
            record.environment.cpu_model =
                format!("Simulated {sockets} socket{plural}, {cores} cores of {threads} threads");
            record.environment.physical_cores = cores;
            record.environment.logical_cpus = cores * threads;
        })
    }

    /// A workload with its serial baseline of `bag_ns` and its repeat. Costs may be empty.
    #[must_use]
    pub fn workload(mut self, name: &str, kind: Kind, costs_ns: &[u64], bag_ns: f64) -> Self {
        self.record.workloads.push(WorkloadEntry {
            name: name.into(),
            family: family(name).into(),
            kind,
            agents: 100,
            graph: None,
            parameters: [].into(),
            definition: "synthetic".into(),
            agent_names: Vec::new(),
            costs_ns: costs_ns.into(),
            work: Vec::new(),
            waits_ns: Vec::new(),
        });
        self.cell(name, "serial", Role::Baseline, (1, 1), bag_ns).cell(
            name,
            "serial-again",
            Role::Repeat,
            (1, 1),
            bag_ns,
        )
    }

    /// Says whose answers each agent of the last workload needs.
    #[must_use]
    pub fn depending(self, graph: &str, inputs: &[Vec<u32>]) -> Self {
        self.with(|record| {
            let workload = record.workloads.last_mut().expect("there is a workload");
            workload.graph = Some(graph.into());
            workload.agents = inputs.len();
            if record.graphs.iter().all(|known| known.name != graph) {
                record.graphs.push(GraphEntry { name: graph.into(), inputs: inputs.into() });
            }
        })
    }

    /// An executor's cell whose bag truly takes `bag_ns` on `(cores, workers)`.
    #[must_use]
    pub fn executor(self, workload: &str, name: &str, place: (usize, usize), bag_ns: f64) -> Self {
        self.cell(workload, name, Role::Executor, place, bag_ns)
    }

    /// Says that an executor shows what a common mistake costs.
    #[must_use]
    pub fn mistake(self, name: &str) -> Self {
        self.with(|record| {
            let executor = record.executors.iter_mut().find(|executor| executor.name == name);
            executor.expect("it has a cell").mistake = true;
        })
    }

    /// The hardware's cell, with the true speedup that `cores` can deliver of a bag of `bag_ns`.
    #[must_use]
    pub fn hardware(self, workload: &str, cores: usize, speedup: f64, bag_ns: f64) -> Self {
        self.cell(workload, "hardware", Role::Hardware, (cores, cores), bag_ns * cores as f64 / speedup)
    }

    /// An executor's cell that failed.
    #[must_use]
    pub fn failed(self, workload: &str, name: &str, place: (usize, usize), reason: &str) -> Self {
        self.executor(workload, name, place, 1.0).failing(reason)
    }

    /// The cell of something outside this process whose bag truly takes `bag_ns` on `(cores, workers)`.
    #[must_use]
    pub fn peer(self, workload: &str, name: &str, place: (usize, usize), bag_ns: f64) -> Self {
        self.cell(workload, name, Role::Peer, place, bag_ns).with(|record| {
            let cell = record.cells.last_mut().expect("one was added");
            cell.startup_ns.fill(700_000_000 + 1_000_000 * place.1 as u64);
            cell.switches.fill(0);
            cell.memory_bytes = vec![84_000_000; cell.round.len()];
        })
    }

    /// Says how long each agent of the last workload asks timers to let it wait.
    #[must_use]
    pub fn waiting(self, waits_ns: &[u64]) -> Self {
        self.with(|record| {
            let workload = record.workloads.last_mut().expect("there is a workload");
            workload.waits_ns = waits_ns.into();
        })
    }

    /// What three executions of so many agents took on `(cores, workers)`: makespan, CPU time, context switches, memory
    /// and threads, of which the first is 2 % less and the last 2 % more.
    #[must_use]
    pub fn footprint(
        self,
        workload: &str,
        executor: &str,
        (cores, workers): (usize, usize),
        (agents, bound_ns): (usize, u64),
        took: [u64; 5],
    ) -> Self {
        let [wall_ns, cpu_ns, switches, memory_bytes, threads] =
            took.map(|middle| [49, 50, 51].map(|part| (middle * part / 50).max(1)).to_vec());
        self.with(|record| {
            record.footprints.push(Footprint {
                workload: workload.into(),
                agents,
                executor: executor.into(),
                workers,
                cores,
                bound_ns,
                failure: None,
                wall_ns,
                cpu_ns,
                switches,
                memory_bytes,
                threads,
                allocations: Vec::new(),
                allocated_bytes: Vec::new(),
            });
        })
    }

    /// Takes the executions of the last footprint away, for a reason.
    #[must_use]
    pub fn without_executions(self, reason: &str) -> Self {
        self.with(|record| {
            let last = record.footprints.pop().expect("there is a footprint");
            record.footprints.push(Footprint {
                failure: Some(reason.into()),
                wall_ns: Vec::new(),
                cpu_ns: Vec::new(),
                switches: Vec::new(),
                memory_bytes: Vec::new(),
                threads: Vec::new(),
                allocations: Vec::new(),
                allocated_bytes: Vec::new(),
                ..last
            });
        })
    }

    /// Takes the samples of the last cell away, for a reason.
    #[must_use]
    pub fn failing(self, reason: &str) -> Self {
        self.with(|record| {
            let cell = record.cells.last_mut().expect("there is a cell");
            cell.failure = Some(reason.into());
            cell.clear_samples();
        })
    }

    /// Any other change.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Record)) -> Self {
        change(&mut self.record);
        self
    }

    /// The finished record, as a reader of its file would get it.
    pub fn record(self) -> Record {
        Record::parse(&self.record.to_text(), "synthetic").expect("a synthetic record is valid")
    }

    fn cell(
        mut self,
        workload: &str,
        executor: &str,
        role: Role,
        place: (usize, usize),
        bag_ns: f64,
    ) -> Self {
        let (cores, workers) = place;
        if self.record.executors.iter().all(|known| known.name != executor) {
            let (summary, placement) = (String::new(), String::new());
            self.record.executors.push(ExecutorEntry {
                name: executor.into(),
                summary,
                placement,
                mistake: false,
            });
        }
        let rounds = self.record.rounds.len() as u32;
        let wall_ns: Vec<u64> =
            (0..rounds).map(|round| (1.0 + 10.0 * bag_ns * self.weather_of(round)) as u64).collect();
        let waiting =
            self.record.workloads.iter().any(|known| known.name == workload && known.kind == Kind::Waiting);
        self.record.cells.push(Cell {
            id: CellId::new(workload, workload, executor, (cores, workers)),
            workload: workload.into(),
            executor: executor.into(),
            role,
            workers,
            cores,
            batch: 10,
            failure: None,
            round: (0..rounds).collect(),
            cpu_ns: wall_ns.iter().map(|wall| if waiting { wall / 100 } else { *wall }).collect(),
            pace_ns: Vec::new(),
            throughput_ns: Vec::new(),
            startup_ns: vec![40_000 * workers as u64; wall_ns.len()],
            switches: vec![0; wall_ns.len()],
            memory_bytes: Vec::new(),
            server_cpu_ns: Vec::new(),
            once_ns: Vec::new(),
            wall_ns,
        });
        self
    }

    /// The factor by which a sample of a round is off.
    fn weather_of(&mut self, round: u32) -> f64 {
        let normal = normal(&mut self.random);
        let spike = if uniform(&mut self.random) < self.weather.spikes { 1.5 } else { 1.0 };
        let progress = f64::from(round) / self.record.rounds.len() as f64;
        (self.weather.noise * normal).exp() * spike * (1.0 + self.weather.drift * progress)
    }
}

/// Nearly a standard normal: the sum of twelve uniform numbers.
pub fn normal(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
}

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    f64::from(random.next_u32()) / f64::from(u32::MAX)
}

/// The name without the size at its end.
fn family(name: &str) -> &str {
    let sized = name.rsplit_once('-').filter(|(_, size)| size.parse::<u64>().is_ok());
    sized.map_or(name, |(family, _)| family)
}

fn quiet_round(round: u32) -> Round {
    Round {
        round,
        wall_ns: ROUND_NS,
        load: Some(1.0),
        steal_ns: Some(0),
        foreign_ns: Some(0),
        throttled_ns: Some(0),
        peak_memory_bytes: None,
        retaken: 0,
    }
}
