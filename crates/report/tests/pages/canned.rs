//! Records of invented machines.

use centurion_graph::Schedule;
use centurion_record::{CellId, Kind, Record, Role, Timeline};

use centurion_synthetic::{CALM, ROUND_NS, STORMY, Synthetic};

pub(crate) const SERIAL: f64 = 1.2e9;

pub(crate) const EXECUTORS: [&str; 33] = [
    "std-thread-per-agent",
    "std-chunks",
    "std-counter",
    "crossbeam-channel",
    "crossbeam-deque",
    "rayon",
    "rayon-each",
    "rayon-unpinned",
    "tokio",
    "smol",
    "bevy-tasks",
    "forte",
    "chili",
    "spindle",
    "rayon-scope",
    "rayon-broadcast",
    "rayon-par-bridge",
    "orx-parallel",
    "paralight",
    "paralight-fixed",
    "fork-union",
    "threadpool",
    "workerpool",
    "beekeeper",
    "rusty-pool",
    "affinitypool",
    "executors-channel",
    "executors-stealing",
    "futures-pool",
    "switchyard",
    "tokio-current-thread",
    "futures-unordered",
    "tokio-spawn-blocking",
];

/// What a canned record has.
pub(crate) struct RecordPlan {
    pub(crate) cores: usize,
    /// Of each core.
    pub(crate) threads: usize,
    pub(crate) executors: usize,
    pub(crate) rounds: u32,
    pub(crate) agents: usize,
    pub(crate) sizes: u32,
}

/// A full run on two cores.
pub(crate) const FULL: RecordPlan =
    RecordPlan { cores: 2, threads: 1, executors: 3, rounds: 10, agents: 100, sizes: 8 };

/// As little as fills every section.
pub(crate) const SMALL: RecordPlan =
    RecordPlan { cores: 2, threads: 1, executors: 3, rounds: 6, agents: 6, sizes: 3 };

impl RecordPlan {
    /// A workload of each kind, the grain family, and timelines; every executor a little slower than the one
    /// before.
    pub(crate) fn synthetic(&self) -> Synthetic {
        let mut synthetic = Synthetic::new(self.rounds, 42, CALM)
            .workload("thinking", Kind::Waiting, &[], SERIAL)
            .workload("deciding", Kind::Computing, &[], SERIAL);
        for (place, name) in EXECUTORS[..self.executors].iter().enumerate() {
            synthetic = self.executor(synthetic, name, 1.0 + 0.04 * place as f64);
        }
        for cores in self.core_counts().filter(|&cores| cores > 1) {
            synthetic = synthetic.hardware("deciding", cores, self.hardware(cores), SERIAL);
        }
        for size in (0..self.sizes).map(|power| 500u32 << power) {
            synthetic = self.grain(synthetic, size);
        }
        let (agents, costs) = (self.agents, self.costs());
        synthetic.with(|record| describe(record, agents, &costs)).with(timelines)
    }

    pub(crate) fn record(&self) -> Record {
        self.synthetic().record()
    }

    /// Powers of two, all cores, and all their threads.
    pub(crate) fn core_counts(&self) -> impl Iterator<Item = usize> {
        let most = self.cores;
        let powers = (0..).map(|power| 1 << power).take_while(move |&cores| cores < most);
        powers.chain([most]).chain((self.threads > 1).then_some(self.cpus()))
    }

    /// CPUs, as the system counts them.
    pub(crate) fn cpus(&self) -> usize {
        self.cores * self.threads
    }

    /// What so many CPUs can do at best: the second thread of a core adds a third of it.
    fn hardware(&self, cpus: usize) -> f64 {
        0.98 * (cpus.min(self.cores) as f64 + cpus.saturating_sub(self.cores) as f64 / 3.0)
    }

    fn executor(&self, mut synthetic: Synthetic, name: &str, slower: f64) -> Synthetic {
        for cores in self.core_counts() {
            synthetic = synthetic.executor("deciding", name, (cores, cores), self.bag(cores) * slower);
        }
        for workers in self.worker_counts() {
            let place = (self.cpus(), workers);
            synthetic = synthetic.executor("thinking", name, place, self.bag(workers) * slower);
        }
        synthetic
    }

    /// Time of a bag on so many workers, a little above the list schedule's.
    fn bag(&self, workers: usize) -> f64 {
        let costs = self.costs();
        let makespan = Schedule::new(&costs, None, workers).makespan() as f64;
        SERIAL * makespan / costs.iter().sum::<u64>() as f64 * 1.03
    }

    /// Powers of two from the cores to one worker an agent.
    fn worker_counts(&self) -> impl Iterator<Item = usize> {
        let (least, most) = (self.cpus(), self.agents);
        (0..8)
            .map(|power| 1 << power)
            .filter(move |&workers| workers >= least && workers < most)
            .chain([most.max(least)])
    }

    fn costs(&self) -> Vec<u64> {
        (0..self.agents as u64).map(|agent| 1_000_000 + 200_000 * (agent * 31 % 97)).collect()
    }

    fn grain(&self, synthetic: Synthetic, size: u32) -> Synthetic {
        let (name, serial) = (format!("grain-{size}"), f64::from(size) * self.agents as f64);
        let synthetic = synthetic.workload(&name, Kind::Computing, &[], serial);
        EXECUTORS[..self.executors].iter().enumerate().fold(synthetic, |synthetic, (place, executor)| {
            let cpus = self.cpus();
            let shares = self.agents.div_ceil(cpus) as f64 / self.agents as f64;
            let bag = serial * shares + 100.0 * self.agents as f64 * (1.0 + place as f64);
            synthetic.executor(&name, executor, (cpus, cpus), bag)
        })
    }
}

/// A machine that nobody has: its sockets, cores and threads of each core.
pub(crate) fn simulated(sockets: usize, cores: usize, threads: usize) -> Record {
    let plan = RecordPlan { cores, threads, executors: 9, ..FULL };
    plan.synthetic().simulated(sockets, cores, threads).record()
}

/// As many executors as the reference suite has.
pub(crate) fn suite() -> Record {
    RecordPlan { executors: EXECUTORS.len(), ..FULL }.record()
}

fn describe(record: &mut Record, agents: usize, costs: &[u64]) {
    record.environment.cpu_model = "Invented 9000".into();
    for workload in &mut record.workloads {
        workload.agents = agents;
    }
    for workload in record.workloads.iter_mut().filter(|workload| workload.stands_alone()) {
        workload.costs_ns = costs.to_vec();
        workload.agent_names = (0..agents).map(|agent| format!("agent {agent}")).collect();
    }
}

/// A list schedule for the last cell of each executor in each workload that stands alone.
fn timelines(record: &mut Record) {
    for workload in record.workloads.iter().filter(|workload| !workload.costs_ns.is_empty()) {
        for executor in &record.executors {
            let mut cells = record.cells.iter().filter(|cell| {
                let tested = cell.role == Role::Executor;
                tested && cell.workload == workload.name && cell.executor == executor.name
            });
            let Some(cell) = cells.next_back() else { continue };
            record.timelines.push(timeline(&cell.id, &workload.costs_ns, cell.workers));
        }
    }
}

fn timeline(cell: &CellId, costs: &[u64], workers: usize) -> Timeline {
    let late = |ns: u64| ns + ns / 50 + 100_000;
    let schedule = Schedule::new(costs, None, workers);
    let slots = schedule.slots();
    Timeline {
        cell: cell.clone(),
        makespan_ns: late(schedule.makespan()) + 50_000,
        start_ns: slots.iter().map(|slot| late(slot.start)).collect(),
        end_ns: slots.iter().map(|slot| late(slot.end)).collect(),
        worker: slots.iter().map(|slot| slot.worker as u32).collect(),
        answers: (0..slots.len()).map(|task| format!("answer {task}")).collect(),
    }
}

/// Two executors that failed, one of them everywhere, and one cell that is missing.
pub(crate) fn failures() -> Record {
    SMALL
        .synthetic()
        .failed("deciding", "tokio", (2, 2), "agent 7 answered \"12\" instead of \"14\"")
        .failed("thinking", "tokio", (2, 2), "the pool refused to start")
        .with(|record| {
            let missing = "deciding/std-chunks/1c-1w";
            record.cells.retain(|cell| cell.id.to_string() != missing);
        })
        .record()
}

/// Three stormy rounds of a run that was stopped.
pub(crate) fn stopped() -> Record {
    Synthetic::new(3, 42, STORMY)
        .workload("deciding", Kind::Computing, &[], SERIAL)
        .executor("deciding", "rayon", (2, 2), SERIAL / 1.9)
        .with(|record| {
            record.run.complete = false;
            record.rounds[1].foreign_ns = Some(ROUND_NS);
        })
        .record()
}

/// Text that means something in every format.
pub(crate) const HOSTILE: &str =
    "=<script>alert(1)</script>|`x` \"q\" 'a', &amp; @all\n[l](http://evil) \u{202e}";

/// Every name and reason is hostile.
pub(crate) fn hostile() -> Record {
    Synthetic::new(6, 1, CALM)
        .workload(HOSTILE, Kind::Computing, &[], SERIAL)
        .executor(HOSTILE, HOSTILE, (2, 2), SERIAL / 1.9)
        .failed(HOSTILE, "other", (2, 2), HOSTILE)
        .peer(HOSTILE, &format!("{HOSTILE} outside"), (2, 2), SERIAL / 1.5)
        .peer(HOSTILE, "broken outside", (2, 2), 1.0)
        .failing(HOSTILE)
        .with(|record| {
            let workload = &mut record.workloads[0];
            workload.costs_ns = vec![12_000_000; 100];
            workload.agent_names = vec![HOSTILE.into(); 100];
            record.environment.cpu_model = HOSTILE.into();
            record.environment.kernel = HOSTILE.into();
            record.run.command = HOSTILE.into();
            record.executors[2].summary = HOSTILE.into();
            let id = record.cells[2].id.clone();
            let mut timeline = timeline(&id, &[12_000_000; 100], 2);
            timeline.answers = vec![HOSTILE.into(); 100];
            record.timelines.push(timeline);
        })
        .record()
}

/// A base, and a run in which an executor with a hostile name became slower, one faster, and one is new.
pub(crate) fn changed() -> [Record; 2] {
    let run = |seed, started: &str, slower, faster| {
        let bag = |speedup| SERIAL / speedup;
        Synthetic::new(8, seed, CALM)
            .workload("deciding", Kind::Computing, &[12_000_000; 100], SERIAL)
            .executor("deciding", "steady", (1, 1), bag(0.99))
            .executor("deciding", "steady", (2, 2), bag(1.9))
            .executor("deciding", HOSTILE, (2, 2), bag(1.9 / slower))
            .executor("deciding", "eager", (1, 1), bag(0.98))
            .executor("deciding", "eager", (2, 2), bag(1.5 / faster))
            .with(|record| record.run.started = started.into())
    };
    let base = run(1, "2026-01-01T10:00:00Z", 1.0, 1.0);
    let now = run(2, "2026-01-02T10:00:00Z", 1.1, 0.8);
    [
        base.with(|record| record.environment.commit = Some(HOSTILE.into())).record(),
        now.executor("deciding", "newcomer", (2, 2), SERIAL / 1.7).record(),
    ]
}

/// The run that a record's run is compared with, a little slower everywhere but in the baseline.
pub(crate) fn slower_base(record: &Record) -> Record {
    let mut base = record.clone();
    base.run.started = "2026-01-01T00:00:00Z".into();
    for cell in base.cells.iter_mut().filter(|cell| cell.role == Role::Executor) {
        cell.wall_ns.iter_mut().for_each(|wall| *wall += *wall / 7);
    }
    base
}

/// A run of about a thousand cells, in as few rounds as judge.
pub(crate) fn thousand_cells() -> Record {
    RecordPlan { cores: 8, executors: 14, rounds: 6, sizes: 60, ..FULL }.sized()
}

impl RecordPlan {
    /// Sizes in small steps, so that there may be many.
    fn sized(&self) -> Record {
        let plain = RecordPlan { sizes: 0, ..*self };
        (0..self.sizes)
            .fold(plain.synthetic(), |synthetic, step| self.grain(synthetic, 500 + 100 * step))
            .record()
    }
}
