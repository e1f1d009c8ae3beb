//! Records of invented agents that need each other's answers.

use centurion_record::{CellId, Kind, Record, Role, Timeline};

use crate::canned::{EXECUTORS, RecordPlan, SERIAL};
use centurion_synthetic::Synthetic;

/// Columns of a pattern.
const WIDTH: u32 = 8;

/// Steps of a pattern.
const STEPS: u32 = 8;

/// The columns of the step before that a column of a step needs.
type Needs = fn(u32, u32) -> Vec<u32>;

const PATTERNS: [(&str, Needs); 7] = [
    ("trivial", |_, _| Vec::new()),
    ("no-communication", |_, column| vec![column]),
    ("tree", |_, column| vec![column / 2]),
    ("fan", |step, column| if step % 2 == 0 { (0..WIDTH).collect() } else { vec![column] }),
    ("stencil", |_, column| (column.saturating_sub(1)..(column + 2).min(WIDTH)).collect()),
    ("butterfly", |step, column| vec![column, column ^ (1 << (step % 3))]),
    ("random-nearest", |step, column| vec![(column + step * step) % WIDTH]),
];

/// Inputs of each agent of a pattern.
fn grid(columns: Needs) -> Vec<Vec<u32>> {
    let agent = |agent: u32| match agent / WIDTH {
        0 => Vec::new(),
        step => columns(step, agent % WIDTH).into_iter().map(|column| (step - 1) * WIDTH + column).collect(),
    };
    (0..WIDTH * STEPS).map(agent).collect()
}

fn chain() -> Vec<Vec<u32>> {
    (0..WIDTH * STEPS).map(|agent| agent.checked_sub(1).into_iter().collect()).collect()
}

/// A hundred agents, ten groups of ten that debate, ten judges who hear every group, and a summary.
fn council() -> Vec<Vec<u32>> {
    let deciding = (0..100).map(|_| Vec::new());
    let debates = (0..10).map(|group| (10 * group..10 * group + 10).collect());
    let judges = (0..10).map(|_| (100..110).collect());
    deciding.chain(debates).chain(judges).chain([(110..120).collect()]).collect()
}

fn council_costs() -> Vec<u64> {
    let deciding = (0..100u64).map(|agent| 1_000_000 + 200_000 * (agent * 31 % 97));
    deciding.chain([9_000_000; 10]).chain([5_000_000; 10]).chain([20_000_000]).collect()
}

/// Length of the longest path, in agents.
fn longest(inputs: &[Vec<u32>]) -> usize {
    let mut levels: Vec<usize> = Vec::new();
    for inputs in inputs {
        levels.push(1 + inputs.iter().map(|&input| levels[input as usize]).max().unwrap_or(0));
    }
    levels.into_iter().max().unwrap_or(0)
}

impl RecordPlan {
    /// What [`RecordPlan::synthetic`] has, and council and the patterns. Each executor adds to every agent of a pattern
    /// 500 ns more than the one before, and the last never ends a large fan in time.
    pub(crate) fn dependent(&self) -> Synthetic {
        let synthetic = self.council(self.synthetic());
        let grids = PATTERNS.map(|(name, columns)| (name, grid(columns)));
        let patterns = grids.into_iter().chain([("chain", chain())]);
        patterns.fold(synthetic, |synthetic, (name, inputs)| self.pattern(synthetic, name, &inputs))
    }

    fn pattern(&self, synthetic: Synthetic, pattern: &str, inputs: &[Vec<u32>]) -> Synthetic {
        (0..self.sizes).map(|power| 250u32 << power).fold(synthetic, |synthetic, size| {
            let (name, size) = (format!("{pattern}-{size}"), f64::from(size));
            let steps = longest(inputs).max(inputs.len().div_ceil(self.cores)) as f64;
            let synthetic = synthetic
                .workload(&name, Kind::Computing, &[], size * inputs.len() as f64)
                .depending(pattern, inputs);
            EXECUTORS[..self.executors].iter().enumerate().fold(synthetic, |synthetic, (place, executor)| {
                let never = pattern == "fan" && place + 1 == self.executors;
                let overhead = if never { 2.0 * size } else { 500.0 * (1 + place) as f64 };
                synthetic.executor(&name, executor, (self.cores, self.cores), steps * (size + overhead))
            })
        })
    }

    fn council(&self, synthetic: Synthetic) -> Synthetic {
        let (inputs, costs) = (council(), council_costs());
        let synthetic =
            synthetic.workload("council", Kind::Computing, &costs, SERIAL).depending("council", &inputs);
        let serial = costs.iter().sum::<u64>() as f64;
        let executors = EXECUTORS[..self.executors].iter().enumerate();
        let synthetic = executors.fold(synthetic, |synthetic, (place, executor)| {
            self.core_counts().fold(synthetic, |synthetic, cores| {
                let id = CellId::new("council", "council", executor, (cores, cores));
                let makespan = timeline(&id, &inputs, &costs, cores).makespan_ns as f64;
                let bag = SERIAL * makespan / serial * (1.0 + 0.04 * place as f64);
                synthetic.executor("council", executor, (cores, cores), bag)
            })
        });
        synthetic.with(|record| {
            let workload = record.workloads.iter_mut().find(|workload| workload.name == "council");
            let names = ["agent", "debate", "judge"].into_iter().flat_map(|name| [name; 10]);
            let names = std::iter::repeat_n("agent", 90).chain(names).chain(["summary"]).enumerate();
            workload.expect("it was added").agent_names =
                names.map(|(agent, name)| format!("{name} {agent}")).collect();
            council_timelines(record, self.cores, &inputs, &costs);
        })
    }
}

fn council_timelines(record: &mut Record, cores: usize, inputs: &[Vec<u32>], costs: &[u64]) {
    let largest = record
        .cells
        .iter()
        .filter(|cell| cell.workload == "council" && cell.role == Role::Executor && cell.cores == cores);
    let timelines: Vec<_> = largest.map(|cell| timeline(&cell.id, inputs, costs, cell.workers)).collect();
    record.timelines.extend(timelines);
}

/// Each agent in order, on the worker that is free first, once it has its inputs.
pub(crate) fn timeline(cell: &CellId, inputs: &[Vec<u32>], costs: &[u64], workers: usize) -> Timeline {
    let mut free = vec![100_000; workers];
    let mut timeline = Timeline {
        cell: cell.clone(),
        makespan_ns: 0,
        start_ns: Vec::new(),
        end_ns: Vec::new(),
        worker: Vec::new(),
        answers: (0..costs.len()).map(|agent| format!("answer {agent}")).collect(),
    };
    for (agent, &cost) in costs.iter().enumerate() {
        let worker = (0..workers).min_by_key(|&worker| free[worker]).expect("there is a worker");
        let ready = inputs[agent].iter().map(|&input| timeline.end_ns[input as usize]).max().unwrap_or(0);
        let start = ready.max(free[worker]) + 20_000;
        free[worker] = start + cost + cost / 50;
        timeline.start_ns.push(start);
        timeline.end_ns.push(free[worker]);
        timeline.worker.push(worker as u32);
    }
    timeline.makespan_ns = free.into_iter().max().unwrap_or(0) + 50_000;
    timeline
}
