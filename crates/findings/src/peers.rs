//! What runs the same agents outside this process, beside the serial loop and the fastest executor.

use centurion_record::{Cell, CellId, Role};

use crate::cells::reason;
use crate::index::RecordIndex;
use crate::paired::PairedTimes;
use crate::{Analysis, MIN_DIFFERENCE, WorkloadResult};
use centurion_stats::{Estimate, median, median_interval};

/// A workload that peers were to run as well.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerComparison {
    /// Name of the workload.
    pub workload: String,
    /// Whether it is a size of a family: then the time that an agent takes is of interest more than the makespan.
    pub sized: bool,
    /// The serial loop, the fastest executor, then the peers in the order of the record, failed ones included.
    pub contenders: Vec<Contender>,
}

/// One of those that are held against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Contender {
    /// Id of its cell.
    pub id: CellId,
    /// Name of the executor or peer.
    pub name: String,
    /// What it stands for.
    pub kind: ContenderKind,
    /// CPUs it was restricted to.
    pub cores: usize,
    /// Workers it had.
    pub workers: usize,
    /// Its figures, or why it has none.
    pub outcome: Result<ContenderFigures, String>,
}

/// What a contender stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContenderKind {
    /// The baseline.
    Serial,
    /// The executors: the one with the greatest speedup, wherever that was.
    Fastest,
    /// Itself.
    Peer,
}

/// How fast a contender is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContenderFigures {
    /// Median time of one bag, the makespan, in nanoseconds, with the interval of the sign test.
    pub bag_ns: Estimate,
    /// The makespan over the number of agents, in nanoseconds.
    pub agent_ns: f64,
    /// Time of the baseline over its own within the round, pseudo-median. `None` without a common round.
    pub speedup: Option<Estimate>,
    /// Its time over that of the fastest executor within the round, pseudo-median. `None` without a common round.
    pub slowdown: Option<Estimate>,
    /// What that means.
    pub verdict: PeerVerdict,
    /// Median time to start it, in nanoseconds; not part of the makespan.
    pub startup_ns: f64,
    /// Median memory of its processes, in bytes. `None` for what runs in this process.
    pub memory_bytes: Option<f64>,
}

/// A contender against the fastest executor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerVerdict {
    /// The whole interval of the slowdown lies above 1 and what is called a difference.
    Slower,
    /// The whole interval lies below it.
    Faster,
    /// Shown to be as fast, but for [`MIN_DIFFERENCE`]: the whole interval lies that close to 1, and so does what is
    /// called a difference.
    Within,
    /// None of these: not enough evidence.
    Undecided,
    /// Needs 6 rounds in common with the fastest executor.
    Unjudged,
}

/// One executor or peer over all workloads.
#[derive(Debug, Clone, PartialEq)]
pub struct ContenderRow<'a> {
    /// What it stands for: the fastest executor is another one from workload to workload.
    pub kind: ContenderKind,
    /// Its name; that of the first workload for the fastest executor.
    pub name: &'a str,
    /// It in each workload, where it was to run that.
    pub contenders: Vec<Option<&'a Contender>>,
}

impl ContenderRow<'_> {
    /// The greatest of a figure over the workloads.
    pub fn most(&self, of: fn(&ContenderFigures) -> Option<f64>) -> Option<f64> {
        let figures =
            self.contenders.iter().flatten().filter_map(|contender| contender.outcome.as_ref().ok());
        figures.filter_map(of).max_by(f64::total_cmp)
    }
}

impl Analysis {
    /// The serial loop, the fastest executor and each peer once, over the workloads of [`Analysis::peers`].
    pub fn contender_rows(&self) -> Vec<ContenderRow<'_>> {
        let mut rows: Vec<(ContenderKind, &str)> = Vec::new();
        for kind in [ContenderKind::Serial, ContenderKind::Fastest, ContenderKind::Peer] {
            for contender in self.contenders().filter(|contender| contender.kind == kind) {
                if !rows.iter().any(|row| contender.belongs_to(*row)) {
                    rows.push((kind, &contender.name));
                }
            }
        }
        let in_each = |row| {
            let found = |comparison: &'_ PeerComparison| {
                comparison.contenders.iter().position(|contender| contender.belongs_to(row))
            };
            self.peers.iter().map(|comparison| Some(&comparison.contenders[found(comparison)?])).collect()
        };
        rows.into_iter()
            .map(|row| ContenderRow { kind: row.0, name: row.1, contenders: in_each(row) })
            .collect()
    }

    fn contenders(&self) -> impl Iterator<Item = &Contender> {
        self.peers.iter().flat_map(|comparison| &comparison.contenders)
    }
}

impl PeerComparison {
    /// The fastest executor. `None` where none was measured.
    pub fn fastest(&self) -> Option<&Contender> {
        self.contenders.iter().find(|contender| contender.kind == ContenderKind::Fastest)
    }
}

impl Contender {
    /// Whether it is in the row of that kind and name: only peers have one for each name.
    fn belongs_to(&self, (kind, name): (ContenderKind, &str)) -> bool {
        self.kind == kind && (kind != ContenderKind::Peer || self.name == name)
    }
}

/// The workloads that have cells of peers, in the order of the record.
pub(crate) fn all(index: &RecordIndex<'_>, workloads: &[WorkloadResult]) -> Vec<PeerComparison> {
    workloads.iter().filter_map(|workload| beside(index, workload)).collect()
}

fn beside(index: &RecordIndex<'_>, workload: &WorkloadResult) -> Option<PeerComparison> {
    let cells = |role| index.in_role(&workload.name, role);
    let best = workload.verdict().best;
    let serial = cells(Role::Baseline).next();
    let fastest = best.and_then(|best| index.cell(&best.id));
    let measure = Measure {
        agents: workload.agents as f64,
        serial: serial.map(PairedTimes::new),
        fastest: fastest.map(PairedTimes::new),
        threshold: workload.threshold(),
    };
    let peers = cells(Role::Peer).map(|cell| (ContenderKind::Peer, cell));
    let ours = serial.map(|cell| (ContenderKind::Serial, cell)).into_iter();
    let all = ours.chain(fastest.map(|cell| (ContenderKind::Fastest, cell))).chain(peers);
    cells(Role::Peer).next()?;
    Some(PeerComparison {
        workload: workload.name.clone(),
        sized: !workload.stands_alone(),
        contenders: all.map(|(kind, cell)| measure.contender(kind, cell)).collect(),
    })
}

/// What contenders are held against.
struct Measure {
    agents: f64,
    serial: Option<PairedTimes>,
    fastest: Option<PairedTimes>,
    threshold: f64,
}

impl Measure {
    fn contender(&self, kind: ContenderKind, cell: &Cell) -> Contender {
        Contender {
            id: cell.id.clone(),
            name: cell.executor.clone(),
            kind,
            cores: cell.cores,
            workers: cell.workers,
            outcome: self.figures(cell).ok_or_else(|| reason(cell)),
        }
    }

    /// `None` without samples.
    fn figures(&self, cell: &Cell) -> Option<ContenderFigures> {
        let series = PairedTimes::new(cell);
        let bag_ns = median_interval(&series.times())?;
        let slowdown = self.fastest.as_ref().and_then(|fastest| series.over(fastest));
        Some(ContenderFigures {
            bag_ns,
            agent_ns: bag_ns.value / self.agents,
            speedup: self.serial.as_ref().and_then(|serial| serial.over(&series)),
            slowdown,
            verdict: verdict(slowdown, self.threshold),
            startup_ns: middle(&cell.startup_ns)?,
            memory_bytes: middle(&cell.memory_bytes),
        })
    }
}

fn verdict(slowdown: Option<Estimate>, threshold: f64) -> PeerVerdict {
    match slowdown.and_then(|slowdown| slowdown.interval) {
        None => PeerVerdict::Unjudged,
        Some(ends) if ends.low > 1.0 + threshold => PeerVerdict::Slower,
        Some(ends) if ends.high < 1.0 / (1.0 + threshold) => PeerVerdict::Faster,
        Some(ends) => {
            let close = 1.0 + MIN_DIFFERENCE;
            let within = ends.high.max(1.0 + threshold) <= close && ends.low >= 1.0 / close;
            if within { PeerVerdict::Within } else { PeerVerdict::Undecided }
        }
    }
}

fn middle(series: &[u64]) -> Option<f64> {
    median(&series.iter().map(|&value| value as f64).collect::<Vec<_>>())
}
