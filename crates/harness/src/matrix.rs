//! The cells of a run: which combinations of workload, executor, workers and cores are measured.

use std::collections::BTreeSet;
use std::sync::Arc;

use centurion_agents::{AgentKind, Workload};
use centurion_executors::{Factory, Placement, Workers, find};
use centurion_record::{CellId, Role};

use crate::cpus::Cpus;
use crate::peer::PeerRunner;

/// Name of the cells that show what the hardware can deliver.
const HARDWARE: &str = "hardware";
const BASELINE: &str = "serial";
/// The executor whose noise stands for all, where it is measured: it has no pool, no steal order, no
/// splitting.
const COPIED: &str = "std-counter";

/// How many times as many workers waiting agents have from one cell to the next.
const MORE_WORKERS: usize = 4;

/// Agents under way on runtimes, beside all of them.
const UNDER_WAY: [usize; 2] = [8, 32];

/// One combination to measure.
#[derive(Clone)]
pub struct PlannedCell {
    /// Unique; what filters are matched against, as text.
    pub id: CellId,
    /// What is computed.
    pub workload: Arc<dyn Workload>,
    /// Name of the executor.
    pub executor: String,
    /// What runs its agents.
    pub runner: Runner,
    /// Why it is measured.
    pub role: Role,
    /// Workers of the executor.
    pub workers: usize,
    /// CPUs the process is restricted to.
    pub cores: usize,
}

/// What runs the agents of a cell.
#[derive(Clone)]
pub enum Runner {
    /// An executor, started anew for every sample.
    Executor(Factory),
    /// As many serial copies as cores, without any executor.
    Hardware,
    /// Something outside this process, started once.
    Peer(Arc<PeerRunner>),
}

impl Runner {
    /// What it does, in a line.
    pub fn summary(&self) -> &'static str {
        match self {
            Self::Executor(factory) => factory.summary,
            Self::Hardware => "serial copies, one on each CPU, no executor",
            Self::Peer(peer) => peer.summary,
        }
    }

    /// Where its workers run, in a few words.
    pub fn placement(&self) -> String {
        match self {
            Self::Executor(factory) => factory.placement.to_string(),
            Self::Hardware => "pinned".into(),
            Self::Peer(_) => "processes of its own".into(),
        }
    }

    /// Whether it shows what a common mistake costs.
    pub fn is_mistake(&self) -> bool {
        matches!(self, Self::Executor(factory) if factory.mistake)
    }

    /// Whether it takes any number of workers.
    fn takes_any_workers(&self) -> bool {
        matches!(self, Self::Executor(factory) if factory.workers == Workers::Any)
    }
}

impl PlannedCell {
    fn new(
        workload: &Arc<dyn Workload>,
        executor: &str,
        runner: Runner,
        role: Role,
        (cores, workers): (usize, usize),
    ) -> Self {
        Self {
            id: CellId::new(&workload.name(), &workload.family(), executor, (cores, workers)),
            workload: Arc::clone(workload),
            executor: executor.into(),
            runner,
            role,
            workers,
            cores,
        }
    }

    /// An executor's cell on so many cores, with so many workers.
    pub fn from_factory(workload: &Arc<dyn Workload>, factory: &Factory, place: (usize, usize)) -> Self {
        Self::new(workload, factory.name, Runner::Executor(factory.clone()), Role::Executor, place)
    }

    /// A peer's cell on so many cores.
    pub fn from_peer(workload: &Arc<dyn Workload>, peer: &Arc<PeerRunner>, cores: usize) -> Self {
        let runner = Runner::Peer(Arc::clone(peer));
        Self::new(workload, peer.name, runner, Role::Peer, (cores, peer.workers))
    }

    /// An identical copy.
    fn to_copy(&self) -> Self {
        let id = self.id.to_copy();
        Self { executor: id.executor.clone(), id, role: Role::Repeat, ..self.clone() }
    }
}

/// What is swept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// Core counts, ascending.
    pub cores: Vec<usize>,
    /// Numbers of threads for waiting agents on all cores.
    pub workers: Vec<usize>,
    /// Numbers of agents that are under way at once on runtimes, on all cores.
    pub under_way: Vec<usize>,
    /// Numbers of either that were asked for, which waiting agents that are not swept have as well.
    pub asked: Vec<usize>,
}

impl Sweep {
    /// These core counts, and these numbers of workers for whatever waits.
    pub fn new(cores: Vec<usize>, workers: Vec<usize>) -> Self {
        Self { cores, under_way: workers.clone(), asked: workers.clone(), workers }
    }

    /// All core counts worth measuring on this machine, and workers from one per core up to one per agent, each time
    /// four times as many.
    pub fn from_cpus(cpus: &Cpus, agents: usize) -> Self {
        let cores = cpus.sweep();
        let fewest = cores.last().copied().unwrap_or(1);
        let more = std::iter::successors(Some(fewest), |workers| Some(workers * MORE_WORKERS));
        let mut workers: Vec<usize> = more.take_while(|&workers| workers < agents).collect();
        workers.push(agents.max(1));
        let under_way = UNDER_WAY.into_iter().filter(|&count| count < agents).collect();
        Self { cores, workers, under_way, asked: Vec::new() }
    }

    fn most_cores(&self) -> usize {
        self.cores.last().copied().unwrap_or(1)
    }

    /// The `(cores, workers)` an executor is measured with. The free variant of a pinned pool is measured
    /// only where it differs from it: where agents compute, on several cores. Agents that compute or need each other are
    /// measured on one core only if there is no other: there the baseline is the best there is. Runtimes are measured with
    /// agents that wait, which is what they are for; mistakes that are made with them, where all are under way.
    fn places_of(&self, workload: &dyn Workload, factory: &Factory) -> BTreeSet<(usize, usize)> {
        let mut places = self.places(workload, factory.workers);
        if factory.placement == Placement::Free && is_variant(factory) {
            places.retain(|&(cores, _)| cores > 1 && workload.kind() == AgentKind::Computing);
        }
        if factory.workers == Workers::UnderWay && factory.mistake {
            places.retain(|&place| place == (self.most_cores(), workload.agents()));
        }
        let alone_on_a_core = workload.kind() == AgentKind::Waiting && workload.graph().is_none();
        if !alone_on_a_core && self.most_cores() > 1 {
            places.retain(|&(cores, _)| cores > 1);
        }
        places
    }

    fn places(&self, workload: &dyn Workload, workers: Workers) -> BTreeSet<(usize, usize)> {
        let agents = workload.agents().max(1);
        let cores: &[usize] = if workload.is_swept() { &self.cores } else { &[self.most_cores()] };
        match (workers, workload.kind()) {
            (Workers::One, _) | (Workers::UnderWay, AgentKind::Computing) => BTreeSet::new(),
            (Workers::PerAgent, _) => cores.iter().map(|&cores| (cores, agents)).collect(),
            (Workers::Any, AgentKind::Computing) => cores.iter().map(|&cores| (cores, cores)).collect(),
            (Workers::Any | Workers::UnderWay, AgentKind::Waiting) => {
                let (fewest, counts): (&[usize], _) = match workers {
                    _ if !workload.is_swept() => (&[], &self.asked),
                    Workers::UnderWay => (&[], &self.under_way),
                    _ => (cores, &self.workers),
                };
                let fewest = fewest.iter().map(|&cores| (cores, cores));
                let most = cores.iter().map(|&cores| (cores, agents));
                let is_asked = |workers: &usize| self.asked.contains(workers);
                let swept =
                    counts.iter().filter(|&&workers| workers >= self.most_cores() || is_asked(&workers));
                let places = fewest.chain(most).chain(swept.map(|&workers| (self.most_cores(), workers)));
                // One worker waits as long as the baseline does, and says no more to whoever did not ask for it.
                places.filter(|&(_, workers)| workers > 1 || agents == 1 || is_asked(&workers)).collect()
            }
        }
    }
}

/// Whether an executor is another one whose threads are not pinned. A library whose threads nobody pins is none.
fn is_variant(factory: &Factory) -> bool {
    factory.name.ends_with("-unpinned")
}

/// Every cell of these workloads and executors, but for the copies that [`select`] adds: for each workload
/// the serial baseline, the hardware's ceiling for computing agents, and each executor over the sweep.
///
/// # Panics
/// When the list of executors lacks the serial one.
pub fn cells(workloads: &[Arc<dyn Workload>], executors: &[Factory], sweep: &Sweep) -> Vec<PlannedCell> {
    workloads.iter().flat_map(|workload| workload_cells(workload, executors, sweep)).collect()
}

fn workload_cells(workload: &Arc<dyn Workload>, executors: &[Factory], sweep: &Sweep) -> Vec<PlannedCell> {
    let serial = find(BASELINE).expect("the serial executor is always there");
    let hardware = (workload.kind() == AgentKind::Computing)
        .then(|| sweep.places(&**workload, Workers::Any))
        .into_iter()
        .flatten()
        .filter(|&(cores, _)| cores > 1)
        .map(|place| PlannedCell::new(workload, HARDWARE, Runner::Hardware, Role::Hardware, place));
    let baseline =
        PlannedCell { role: Role::Baseline, ..PlannedCell::from_factory(workload, &serial, (1, 1)) };
    let tested = executors.iter().flat_map(|factory| {
        let places = sweep.places_of(&**workload, factory).into_iter();
        places.map(move |place| PlannedCell::from_factory(workload, factory, place))
    });
    std::iter::once(baseline).chain(hardware).chain(tested).collect()
}

/// Keeps the cells whose id `wanted` accepts and the reference cells that their figures need: the baseline,
/// the hardware on as many cores, and identical copies, which show the noise: of one of the largest cells of each workload,
/// and of the baseline where agents compute and are no points of a curve, of which there are many. Where they wait one after
/// another, a copy shows the timer and costs most.
pub fn select(mut cells: Vec<PlannedCell>, wanted: impl Fn(&str) -> bool) -> Vec<PlannedCell> {
    cells.retain(|cell| cell.role != Role::Repeat);
    let kept = keep(cells, wanted);
    let same_workload = |one: &PlannedCell, next: &PlannedCell| one.workload.name() == next.workload.name();
    kept.chunk_by(same_workload)
        .flat_map(|cells| {
            let is_copied =
                |workload: &dyn Workload| workload.kind() == AgentKind::Computing && workload.stands_alone();
            let baseline = cells.first().filter(|cell| is_copied(&*cell.workload));
            let copies = [baseline, largest(cells)].map(|cell| cell.map(PlannedCell::to_copy));
            cells.iter().cloned().chain(copies.into_iter().flatten()).collect::<Vec<_>>()
        })
        .collect()
}

/// Of these cells, that of each executor on the most cores with the most workers.
pub fn largest_cells<'a>(cells: impl Iterator<Item = &'a PlannedCell>) -> Vec<&'a PlannedCell> {
    let mut largest: Vec<&PlannedCell> = Vec::new();
    for cell in cells.filter(|cell| cell.role == Role::Executor) {
        match largest.iter_mut().find(|known| known.executor == cell.executor) {
            Some(known) if (known.cores, known.workers) < (cell.cores, cell.workers) => *known = cell,
            Some(_) => (),
            None => largest.push(cell),
        }
    }
    largest
}

/// The cell on the most cores and workers, of [`COPIED`] if that is measured there, and never one with a
/// worker per agent if there is another.
fn largest(cells: &[PlannedCell]) -> Option<&PlannedCell> {
    let tested = cells.iter().filter(|cell| cell.role == Role::Executor);
    tested.max_by_key(|cell| {
        (cell.cores, cell.runner.takes_any_workers(), cell.workers, cell.executor == COPIED)
    })
}

fn keep(cells: Vec<PlannedCell>, wanted: impl Fn(&str) -> bool) -> Vec<PlannedCell> {
    let wanted = |cell: &PlannedCell| wanted(&cell.id.to_string());
    let needed: BTreeSet<(String, usize)> =
        cells.iter().filter(|cell| wanted(cell)).map(|cell| (cell.workload.name(), cell.cores)).collect();
    let needs = |name: &String, cores: Option<usize>| {
        needed.iter().any(|(workload, used)| workload == name && cores.is_none_or(|cores| cores == *used))
    };
    cells
        .into_iter()
        .filter(|cell| match cell.role {
            Role::Baseline => needs(&cell.workload.name(), None),
            Role::Hardware => needs(&cell.workload.name(), Some(cell.cores)),
            Role::Executor | Role::Repeat | Role::Peer => wanted(cell),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use centurion_agents::{Council, Deciding, DependencePattern, Grain, Pattern, Replying, Thinking};
    use centurion_executors::all;

    use super::*;

    fn sweep() -> Sweep {
        Sweep { cores: vec![1, 2], workers: vec![1, 2, 4, 8], under_way: vec![4], asked: Vec::new() }
    }

    fn ids(workload: impl Workload + 'static) -> Vec<String> {
        cells(&[Arc::new(workload)], &all(), &sweep()).into_iter().map(|cell| cell.id.to_string()).collect()
    }

    #[test]
    fn waiting_agents_are_swept_over_workers_beyond_the_cores() {
        let ids = ids(Thinking::new(8, 1, 0.01).expect("it is valid"));
        let counter: Vec<_> = ids.iter().filter(|id| id.contains("/std-counter/")).collect();
        let expected =
            ["1c-8w", "2c-2w", "2c-4w", "2c-8w"].map(|place| format!("thinking/std-counter/{place}"));
        assert_eq!(counter, expected.iter().collect::<Vec<_>>());
        assert!(!ids.iter().any(|id| id.contains(HARDWARE)), "waiting agents have no hardware ceiling");
    }

    #[test]
    fn a_thread_per_agent_has_as_many_workers_as_agents() {
        let ids = ids(Thinking::new(8, 1, 0.01).expect("it is valid"));
        let per_agent: Vec<_> = ids.iter().filter(|id| id.contains("per-agent")).collect();
        assert_eq!(per_agent, ["thinking/std-thread-per-agent/1c-8w", "thinking/std-thread-per-agent/2c-8w"]);
    }

    /// Where an executor is measured.
    fn places<'a>(ids: &'a [String], executor: &str) -> Vec<&'a str> {
        ids.iter().filter_map(|id| id.split_once(&format!("/{executor}/")).map(|(_, place)| place)).collect()
    }

    #[test]
    fn runtimes_have_all_agents_under_way_on_each_core_count_and_fewer_on_all_cores() {
        let ids = ids(Thinking::new(8, 1, 0.01).expect("it is valid"));
        assert_eq!(places(&ids, "tokio"), ["1c-8w", "2c-4w", "2c-8w"]);
        assert_eq!(places(&ids, "tokio-blocking"), ["2c-8w"], "what a mistake costs is seen where all wait");
    }

    #[test]
    fn what_is_not_swept_is_measured_on_all_cores_with_all_agents_under_way_and_as_many_as_are_asked_for() {
        let server = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let replying: Arc<dyn Workload> = Arc::new(Replying::new(8, 1, 0.01, server).expect("it is valid"));
        let ids = |sweep: &Sweep| -> Vec<String> {
            let cells = cells(&[Arc::clone(&replying)], &all(), sweep);
            cells.iter().map(|cell| cell.id.to_string()).collect()
        };
        let (by_itself, asked) = (ids(&sweep()), ids(&Sweep::new(vec![1, 2], vec![3])));
        for executor in ["std-counter", "smol", "std-thread-per-agent"] {
            assert_eq!(places(&by_itself, executor), ["2c-8w"]);
        }
        assert_eq!(places(&asked, "smol"), ["2c-3w", "2c-8w"]);
    }

    #[test]
    fn an_unpinned_pool_is_measured_only_where_it_differs_from_the_pinned_one() {
        let waiting = ids(Thinking::new(8, 1, 0.01).expect("it is valid"));
        assert!(!waiting.iter().any(|id| id.contains("unpinned")), "{waiting:?}");
        let computing = ids(Grain::new(8, 64, 1));
        assert!(computing.contains(&"grain/rayon-unpinned/64-2c-2w".to_owned()), "{computing:?}");
    }

    #[test]
    fn a_pool_that_nobody_pins_is_measured_wherever_others_are() {
        let free = Factory { name: "free", ..find("rayon-unpinned").expect("it is there") };
        let thinking: Arc<dyn Workload> = Arc::new(Thinking::new(8, 1, 0.01).expect("it is valid"));
        let cells = cells(&[thinking], &[find("serial").expect("it is there"), free], &sweep());
        let ids: Vec<String> = cells.iter().map(|cell| cell.id.to_string()).collect();
        assert!(places(&ids, "free").contains(&"2c-8w"), "{ids:?}");
    }

    #[test]
    fn grains_are_measured_on_all_cores_with_their_size_in_the_id() {
        let ids = ids(Grain::new(8, 64, 1));
        assert_eq!(ids[..2], ["grain/serial/64-1c-1w", "grain/hardware/64-2c-2w"]);
        assert!(ids[2..].iter().all(|id| id.ends_with("64-2c-2w") || id.ends_with("64-2c-8w")), "{ids:?}");
    }

    #[test]
    fn patterns_are_points_of_one_curve_and_a_council_stands_alone() {
        let pattern = ids(Pattern::new(DependencePattern::NoCommunication, 64, 1));
        assert_eq!(pattern[..2], ["no-communication/serial/64-1c-1w", "no-communication/hardware/64-2c-2w"]);
        assert!(pattern.contains(&"no-communication/std-thread-per-agent/64-2c-1024w".into()), "{pattern:?}");
        assert!(pattern[2..].iter().all(|id| id.contains("/64-2c-")), "{pattern:?}");
        let council = ids(Council::new(Deciding::bundled(8)).expect("so many can decide"));
        assert_eq!(council[..2], ["council/serial/1c-1w", "council/hardware/2c-2w"]);
        assert!(
            council[2..].iter().all(|id| id.contains("/2c-")),
            "one core has nothing to schedule: {council:?}"
        );
        let lone = Sweep { cores: vec![1], ..sweep() };
        let council = Arc::new(Council::new(Deciding::bundled(8)).expect("so many can decide"));
        let cells = cells(&[council], &all(), &lone);
        assert!(cells.iter().any(|cell| cell.id.to_string() == "council/rayon/1c-1w"));
    }

    #[test]
    fn a_selection_keeps_the_references_it_needs() {
        let workloads: [Arc<dyn Workload>; 2] =
            [Arc::new(Grain::new(8, 64, 1)), Arc::new(Grain::new(8, 128, 1))];
        let all = cells(&workloads, &all(), &sweep());
        let kept = select(all, |id| id == "grain/rayon/64-2c-2w").into_iter().map(|cell| cell.id.to_string());
        let expected = [
            "grain/serial/64-1c-1w",
            "grain/hardware/64-2c-2w",
            "grain/rayon/64-2c-2w",
            "grain/rayon-again/64-2c-2w",
        ];
        assert_eq!(kept.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn selecting_again_adds_no_further_copies() {
        let all = cells(&[Arc::new(Grain::new(8, 64, 1))], &all(), &sweep());
        let ids = |cells: &[PlannedCell]| cells.iter().map(|cell| cell.id.clone()).collect::<Vec<_>>();
        let once = select(all, |_| true);
        assert_eq!(once.iter().filter(|cell| cell.role == Role::Repeat).count(), 1);
        assert!(once.iter().any(|cell| cell.id.to_string() == "grain/std-counter-again/64-2c-2w"));
        assert_eq!(ids(&select(once.clone(), |_| true)), ids(&once));
    }

    #[test]
    fn ids_are_unique() {
        let ids = ids(Thinking::new(8, 1, 0.01).expect("it is valid"));
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }
}
