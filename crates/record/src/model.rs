//! What a record holds. Field names are those of the file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{CellId, copied};
use crate::line::{CellLine, GraphLine};

/// One measured run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of the format, [`crate::SCHEMA`].
    pub schema: u32,
    /// How the run was made.
    pub run: Run,
    /// The machine and the build it was made on.
    pub environment: Environment,
    /// The workloads the cells refer to, in the order they are shown.
    pub workloads: Vec<WorkloadEntry>,
    /// The graphs the workloads refer to, in the order of the workloads.
    pub graphs: Vec<GraphEntry>,
    /// The executors the cells refer to, in the order they are shown.
    pub executors: Vec<ExecutorEntry>,
    /// What was seen of the machine in each finished round.
    pub rounds: Vec<Round>,
    /// Every measured combination with its samples.
    pub cells: Vec<Cell>,
    /// One instrumented execution of some cells, taken after the timed rounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timelines: Vec<Timeline>,
    /// What executions in a process of their own took, after the timed rounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footprints: Vec<Footprint>,
}

/// How a run was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// When it started, RFC 3339 in UTC, to the second.
    pub started: String,
    /// The command that made it, without paths of the machine.
    pub command: String,
    /// `full`, `quick` or `verify`.
    pub mode: Mode,
    /// Seed of the shuffled order of cells.
    pub seed: u64,
    /// Whether the run came to its planned end; a run that was stopped keeps its finished rounds.
    pub complete: bool,
    /// What was left out by asking for less, each in words such as `executors rayon`; empty for a run of everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub narrowed_to: Vec<String>,
    /// Digest of the code that measures: the same digest, comparable figures.
    pub bench_code: String,
    /// Versions of the libraries under test, by crate name.
    pub libraries: BTreeMap<String, String>,
}

/// How thorough a run was meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The default run.
    Full,
    /// A short run for trying things.
    Quick,
    /// One round that only checks answers.
    Verify,
}

/// The machine and the build. It names no host, user or path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// Model name of the processor.
    pub cpu_model: String,
    /// Physical cores this process may use, as far as the machine shows them.
    pub physical_cores: usize,
    /// Logical CPUs this process may use.
    pub logical_cpus: usize,
    /// CPUs' worth of time the control group allows, when it sets a quota.
    pub quota_cpus: Option<f64>,
    /// Whether the process can be restricted to chosen CPUs; without it "cores" are only workers.
    pub pinning: bool,
    /// Frequency governor of the first CPU.
    pub governor: Option<String>,
    /// Whether the processor says it runs under a hypervisor.
    pub virtualised: bool,
    /// Memory of the machine in bytes.
    pub memory_bytes: u64,
    /// Operating system and architecture, such as `linux x86_64`.
    pub platform: String,
    /// Kernel release.
    pub kernel: String,
    /// `rustc --version` of the build.
    pub rustc: String,
    /// Optimisation level and flags of the build, such as `opt-level=3 -Ctarget-cpu=native`.
    pub flags: String,
    /// Git commit that the program was built from. `None` where it was built outside a checkout.
    pub commit: Option<String>,
    /// Whether what it was built from differed from that commit.
    pub dirty: bool,
}

impl Environment {
    /// Key of the machine, made from the processor's model and the usable cores only:
    /// lower case, digits and hyphens, fit for a folder name.
    ///
    /// ```
    /// # let mut environment = centurion_record::Environment::unknown();
    /// environment.cpu_model = "AMD EPYC 7B13 @ 2.45GHz".into();
    /// environment.logical_cpus = 2;
    /// assert_eq!(environment.machine(), "amd-epyc-7b13-2-cpus");
    /// ```
    pub fn machine(&self) -> String {
        let model = self.cpu_model.split('@').next().unwrap_or_default().to_lowercase();
        let mut key: Vec<&str> = model
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !["", "r", "tm", "cpu", "processor"].contains(word))
            .collect();
        if key.is_empty() {
            key.push("unknown");
        }
        format!("{}-{}-cpus", key.join("-"), self.logical_cpus)
    }

    /// Whether the machine is a simulated one, as the model of its processor then says in its first word.
    pub fn is_simulated(&self) -> bool {
        self.cpu_model.split_whitespace().next() == Some("Simulated")
    }

    /// An environment of which nothing is known, to fill in.
    pub fn unknown() -> Self {
        Self {
            cpu_model: String::new(),
            physical_cores: 1,
            logical_cpus: 1,
            quota_cpus: None,
            pinning: false,
            governor: None,
            virtualised: false,
            memory_bytes: 0,
            platform: String::new(),
            kernel: String::new(),
            rustc: String::new(),
            flags: String::new(),
            commit: None,
            dirty: false,
        }
    }
}

/// What one workload is. Two runs are comparable where the definitions are equal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkloadEntry {
    /// Unique name, such as `thinking`, `deciding` or `grain-4096`.
    pub name: String,
    /// Name of the family it belongs to, such as `grain`; equal to `name` when it stands alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// `waiting` when agents mostly sleep, `computing` when they mostly compute.
    pub kind: Kind,
    /// Number of agents.
    pub agents: usize,
    /// Name of the graph that says which agents need which others' answers. `None` when no agent needs any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph: Option<String>,
    /// Parameters in the order and form they are shown in.
    pub parameters: BTreeMap<String, String>,
    /// Digest of name, parameters, expected answers and graph.
    pub definition: String,
    /// Name of each agent, for timelines. Empty for workloads without timelines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agent_names: Vec<String>,
    /// Time each agent takes by itself: the shorter of two instrumented serial passes, in nanoseconds. Empty when
    /// there were none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub costs_ns: Vec<u64>,
    /// Work of each agent in the workload's own noise-free unit (nodes searched, iterations), if it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<u64>,
    /// How long each agent asks timers to let it wait. Empty where they ask for nothing, and for workloads without
    /// timelines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits_ns: Vec<u64>,
}

impl WorkloadEntry {
    /// Whether it is measured on its own account and over cores, not as one point of a family's curve.
    pub fn stands_alone(&self) -> bool {
        self.name == self.family
    }
}

/// Which agents need which others' answers. Workloads that differ in the size of their agents only share one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "GraphLine", into = "GraphLine")]
pub struct GraphEntry {
    /// Unique name, such as `stencil`.
    pub name: String,
    /// For each agent, the agents whose answers it needs. Each of them has a smaller number than the agent
    /// itself, so that there are no circles.
    pub inputs: Vec<Vec<u32>>,
}

/// What agents of a workload spend their time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Waiting scales with workers.
    Waiting,
    /// Computing scales with cores.
    Computing,
}

/// What one executor is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutorEntry {
    /// Unique name, such as `rayon`.
    pub name: String,
    /// What it does, in a line.
    pub summary: String,
    /// Where its workers ran, in a few words: `pinned`, `free`, `spawned per call`, or for a peer `processes of its
    /// own`.
    pub placement: String,
    /// Whether it shows what a common mistake costs: it is never recommended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mistake: bool,
}

/// What was seen of the machine in one finished round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Number of the round, from 0.
    pub round: u32,
    /// Length of the round.
    pub wall_ns: u64,
    /// One-minute load average at its end.
    pub load: Option<f64>,
    /// CPU time stolen by the hypervisor during the round, summed over all CPUs.
    pub steal_ns: Option<u64>,
    /// CPU time of other processes during the round but for the samples of peers and the server that agents ask,
    /// summed over all CPUs.
    pub foreign_ns: Option<u64>,
    /// Time the control group was throttled during the round.
    pub throttled_ns: Option<u64>,
    /// Peak resident memory of this process during the round.
    pub peak_memory_bytes: Option<u64>,
    /// How often the round was measured before, and dropped because others took more than [`Round::DISTURBED`].
    #[serde(default, skip_serializing_if = "is_none")]
    pub retaken: u32,
}

impl Round {
    /// Share of the CPUs' time above which others disturbed a round.
    pub const DISTURBED: f64 = 0.05;

    /// Whether other processes took so much of these CPUs' time. `None` where it was not observed.
    pub fn is_disturbed(&self, cpus: usize) -> Option<bool> {
        self.foreign_ns.map(|taken| self.is_noticeable(taken, cpus))
    }

    /// Whether so many nanoseconds of CPU time are more of these CPUs' time than a round can spare.
    pub fn is_noticeable(&self, taken_ns: u64, cpus: usize) -> bool {
        taken_ns as f64 > Self::DISTURBED * self.wall_ns as f64 * cpus as f64
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// Why a cell is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The serial executor: what speedup is measured against.
    Baseline,
    /// An identical copy of the baseline or of a cell under test, named after it with
    /// [`CellId::to_copy`]: their distance is noise.
    Repeat,
    /// `cores` serial copies of the whole bag at once, one pinned to each CPU, no executor. One sample is
    /// the time until the last copy is done, so the hardware's speedup is
    /// `cores * baseline / sample` (a rate, as `SPECrate` takes it).
    Hardware,
    /// An executor under test.
    Executor,
    /// Something outside this process that runs the same agents, such as Dask: measured beside the executors.
    Peer,
}

/// One measured combination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "CellLine", into = "CellLine")]
pub struct Cell {
    /// Unique.
    pub id: CellId,
    /// Name of the workload.
    pub workload: String,
    /// Name of the executor.
    pub executor: String,
    /// Why it is measured.
    pub role: Role,
    /// Workers the executor has.
    pub workers: usize,
    /// CPUs the process was restricted to.
    pub cores: usize,
    /// Executions of the bag that one sample lasts.
    pub batch: u64,
    /// Why the cell has no samples: a wrong answer, a panic, an executor that refused. `None` when it has.
    pub failure: Option<String>,
    /// Round of each sample. All series below have this length.
    pub round: Vec<u32>,
    /// Wall time of each sample: the whole batch.
    pub wall_ns: Vec<u64>,
    /// CPU time of the process during each sample, user and system.
    pub cpu_ns: Vec<u64>,
    /// Time a fixed chain of dependent steps took on the cell's CPUs, the mean of right before and right after
    /// each sample: how fast the CPUs were. Empty where it was not looked at.
    pub pace_ns: Vec<u64>,
    /// Time that several such chains at once took there and then: how many of a core's units were free, for who shares
    /// the core takes some of them. Empty where it was not looked at.
    pub throughput_ns: Vec<u64>,
    /// Time to start the executor and have it run one empty task per worker, outside the sample. A peer is
    /// started once, so its series repeats that one time.
    pub startup_ns: Vec<u64>,
    /// Context switches during each sample, voluntary and involuntary; 0 for a peer, of which they are not
    /// known.
    pub switches: Vec<u64>,
    /// Memory of the processes of a [`Role::Peer`] after each sample, in bytes. Empty for what runs in this
    /// process.
    pub memory_bytes: Vec<u64>,
    /// CPU time that the server which the agents ask used during each sample: part neither of [`Self::cpu_ns`] nor of
    /// other programs. Empty where they ask none.
    pub server_cpu_ns: Vec<u64>,
    /// What one bag takes from nothing to nothing: starting the executor, one execution, dropping it. Of each executor's
    /// largest cell of a workload that stands alone, where an execution is shorter than 0.06 s, in every other round. Empty
    /// for others.
    pub once_ns: Vec<u64>,
}

impl Cell {
    /// More workers than cores.
    pub fn oversubscribed(&self) -> bool {
        self.workers > self.cores
    }

    /// Name of the executor this cell is an identical copy of, with as many workers and cores.
    pub fn copy_of(&self) -> Option<&str> {
        copied(&self.executor).filter(|_| self.role == Role::Repeat)
    }

    /// Takes all samples away.
    pub fn clear_samples(&mut self) {
        self.round.clear();
        self.once_ns.clear();
        self.series_mut().into_iter().for_each(Vec::clear);
    }

    /// What has a value for each sample or none at all.
    pub fn series_mut(&mut self) -> [&mut Vec<u64>; 8] {
        [
            &mut self.wall_ns,
            &mut self.cpu_ns,
            &mut self.pace_ns,
            &mut self.throughput_ns,
            &mut self.startup_ns,
            &mut self.switches,
            &mut self.memory_bytes,
            &mut self.server_cpu_ns,
        ]
    }

    /// Each sample as `(round, nanoseconds of one bag)`.
    pub fn bag_times(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        let batch = self.batch as f64;
        self.round.iter().zip(&self.wall_ns).map(move |(&round, &wall)| (round, wall as f64 / batch))
    }
}

/// Start, end and worker of every agent in one execution of a cell, in input order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// The cell it shows.
    pub cell: CellId,
    /// Time from the call into the executor until it returned.
    pub makespan_ns: u64,
    /// When each agent started, from the call into the executor.
    pub start_ns: Vec<u64>,
    /// When each agent ended, likewise.
    pub end_ns: Vec<u64>,
    /// Worker each agent ran on, numbered from 0 in the order they first ran one.
    pub worker: Vec<u32>,
    /// Each agent's answer in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
}

/// What executions of a bag took in all, each in a process of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Footprint {
    /// Name of the workload; its agents may be more than those of the rounds, and wait for longer.
    pub workload: String,
    /// Number of agents.
    pub agents: usize,
    /// Name of the executor.
    pub executor: String,
    /// Workers the executor had.
    pub workers: usize,
    /// CPUs the process was restricted to.
    pub cores: usize,
    /// How long the longest agent waits by itself: no execution is shorter. 0 where that is not known.
    pub bound_ns: u64,
    /// Why there is none: a wrong answer, an executor that refused, a process that ended. `None` when there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Makespan of each execution. All series below have this length.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wall_ns: Vec<u64>,
    /// CPU time of the process during each execution, user and system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cpu_ns: Vec<u64>,
    /// Context switches during each execution, voluntary and involuntary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<u64>,
    /// Peak resident memory of the process less what was resident before the executor was started. Empty where the
    /// platform doesn't tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memory_bytes: Vec<u64>,
    /// Most threads alive at once beside the main one. Empty where the platform doesn't tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<u64>,
    /// How often the process allocated during each execution. Empty where the program doesn't count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allocations: Vec<u64>,
    /// Bytes it asked for in all. Empty where the program doesn't count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allocated_bytes: Vec<u64>,
}
