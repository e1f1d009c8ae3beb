//! What a record promises beyond its form: that its numbers can be meant, and that it does not contradict itself.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::{Cell, Environment, Footprint, GraphEntry, Record, Round, Timeline, WorkloadEntry, limits};

/// Where a record is wrong, and what about it.
pub(crate) struct Contradiction {
    pub(crate) place: String,
    pub(crate) what: String,
}

type Sound = Result<(), Contradiction>;

/// Finds the first place where a record is wrong.
pub(crate) fn check(record: &Record) -> Sound {
    check_sizes(record)?;
    check_environment(&record.environment)?;
    record.workloads.iter().try_for_each(check_workload)?;
    check_all_agents(record)?;
    record.graphs.iter().try_for_each(check_inputs)?;
    record.rounds.iter().try_for_each(check_round)?;
    check_texts(record)?;
    check_references(record)
}

fn check_sizes(record: &Record) -> Sound {
    let lists = [
        ("cells", record.cells.len()),
        ("workloads", record.workloads.len()),
        ("executors", record.executors.len()),
        ("graphs", record.graphs.len()),
        ("timelines", record.timelines.len()),
        ("footprints", record.footprints.len()),
    ];
    lists.into_iter().try_for_each(|(list, length)| {
        ensure(length <= limits::CELLS, &list, || format!("are {length}, more than {}", limits::CELLS))
    })
}

fn check_all_agents(record: &Record) -> Sound {
    let agents: usize = record.workloads.iter().map(|workload| workload.agents).sum();
    ensure(agents <= limits::ALL_AGENTS, &"workloads", || format!("have {agents} agents together"))
}

fn check_environment(environment: &Environment) -> Sound {
    let Environment { logical_cpus, physical_cores, quota_cpus, memory_bytes, .. } = environment;
    let counts = [("logical_cpus", *logical_cpus), ("physical_cores", *physical_cores)];
    for (field, count) in counts {
        let can_be = (1..=limits::CPUS).contains(&count);
        ensure(can_be, &"environment", || format!("has {field} of {count}"))?;
    }
    let can_be = quota_cpus.is_none_or(|quota| quota.is_finite() && quota > 0.0);
    ensure(can_be, &"environment", || format!("has quota_cpus of {}", quota_cpus.unwrap_or(0.0)))?;
    check_numbers(&"environment", "memory_bytes", &[*memory_bytes])
}

fn check_workload(workload: &WorkloadEntry) -> Sound {
    let WorkloadEntry { name, agents, agent_names, costs_ns, work, waits_ns, .. } = workload;
    let can_be = (1..=limits::AGENTS).contains(agents);
    ensure(can_be, name, || format!("has {agents} agents, not 1 to {}", limits::AGENTS))?;
    let lengths = [
        ("agent_names", agent_names.len()),
        ("costs_ns", costs_ns.len()),
        ("work", work.len()),
        ("waits_ns", waits_ns.len()),
    ];
    for (field, length) in lengths {
        ensure(length == 0 || length == *agents, name, || {
            format!("has {agents} agents but {length} entries for them in {field}")
        })?;
    }
    check_sum(name, "costs_ns", costs_ns.iter().copied())?;
    check_sum(name, "work", work.iter().copied())?;
    check_sum(name, "waits_ns", waits_ns.iter().copied())
}

/// Inputs that always have smaller numbers leave no room for a circle.
fn check_inputs(graph: &GraphEntry) -> Sound {
    let late = graph.inputs.iter().enumerate().find_map(|(agent, inputs)| {
        let input = inputs.iter().find(|&&input| input as usize >= agent)?;
        Some(format!("has an agent {agent} that needs the answer of {input}, which is not before it"))
    });
    late.map_or(Ok(()), |what| Err(Contradiction { place: graph.name.clone(), what }))
}

fn check_round(round: &Round) -> Sound {
    let place = || format!("round {}", round.round);
    let Round { wall_ns, load, steal_ns, foreign_ns, throttled_ns, peak_memory_bytes, .. } = round;
    let numbers = [
        ("wall_ns", Some(*wall_ns)),
        ("steal_ns", *steal_ns),
        ("foreign_ns", *foreign_ns),
        ("throttled_ns", *throttled_ns),
        ("peak_memory_bytes", *peak_memory_bytes),
    ];
    for (field, number) in numbers {
        check_numbers(&place(), field, number.as_slice())?;
    }
    let can_be = load.is_none_or(|load| load.is_finite() && load >= 0.0);
    ensure(can_be, &place(), || format!("has a load of {}", load.unwrap_or(0.0)))
}

fn check_texts(record: &Record) -> Sound {
    let workloads = record.workloads.iter().flat_map(|workload| {
        let keys = workload.parameters.keys();
        [&workload.name, &workload.family, &workload.definition].into_iter().chain(keys)
    });
    let graphs = record.graphs.iter().map(|graph| &graph.name);
    let executors = record.executors.iter().flat_map(|executor| [&executor.name, &executor.placement]);
    let mut names = workloads.chain(graphs).chain(executors);
    names.try_for_each(|name| check_text(name, limits::NAME))?;
    let of_workloads = record
        .workloads
        .iter()
        .flat_map(|workload| workload.parameters.values().chain(&workload.agent_names));
    let summaries = record.executors.iter().map(|executor| &executor.summary);
    let of_cells = record.cells.iter().map(|cell| &cell.failure);
    let failures = of_cells.chain(record.footprints.iter().map(|footprint| &footprint.failure)).flatten();
    let answers = record.timelines.iter().flat_map(|timeline| &timeline.answers);
    let environment = &record.environment;
    let system = [&environment.cpu_model, &environment.platform, &environment.kernel, &environment.rustc];
    let mut texts = of_workloads.chain(summaries).chain(failures).chain(answers).chain(system);
    texts.try_for_each(|text| check_text(text, limits::TEXT))
}

fn check_text(text: &str, most: usize) -> Sound {
    let is_long = text.len() > most && text.chars().count() > most;
    let beginning = || text.chars().take(40).collect::<String>() + "…";
    if is_long {
        Err(Contradiction { place: beginning(), what: format!("has more than {most} characters") })
    } else {
        Ok(())
    }
}

fn check_references(record: &Record) -> Sound {
    let workloads =
        unique(record.workloads.iter().map(|workload| (workload.name.as_str(), workload.agents)))?;
    let graphs = unique(record.graphs.iter().map(|graph| (graph.name.as_str(), graph.inputs.len())))?;
    let executors = distinct(record.executors.iter().map(|executor| executor.name.as_str()))?;
    let rounds = distinct(record.rounds.iter().map(|round| round.round))?;
    let cells = unique(record.cells.iter().map(|cell| (&cell.id, cell)))?;
    record.workloads.iter().try_for_each(|workload| check_graph(workload, &graphs))?;
    for cell in &record.cells {
        let Cell { id, workload, executor, .. } = cell;
        ensure(workloads.contains_key(workload.as_str()), id, || {
            format!("refers to the workload {workload:?}, which is not there")
        })?;
        ensure(executors.contains(executor.as_str()), id, || {
            format!("refers to the executor {executor:?}, which is not there")
        })?;
        check_cell(cell, workloads[workload.as_str()], &rounds)?;
    }
    distinct(record.timelines.iter().map(|timeline| &timeline.cell))?;
    record.timelines.iter().try_for_each(|timeline| match cells.get(&timeline.cell) {
        Some(cell) => check_timeline(timeline, cell, workloads[cell.workload.as_str()]),
        None => Err(Contradiction::new(&timeline.cell, "has a timeline but is not there")),
    })?;
    distinct(record.footprints.iter().map(place_of).collect::<Vec<_>>().iter().map(String::as_str))?;
    record.footprints.iter().try_for_each(|footprint| {
        let Footprint { workload, executor, .. } = footprint;
        let known = workloads.contains_key(workload.as_str()) && executors.contains(executor.as_str());
        ensure(known, &place_of(footprint), || {
            "refers to a workload or an executor that is not there".into()
        })?;
        check_footprint(footprint)
    })
}

/// What a footprint is called in an error.
fn place_of(footprint: &Footprint) -> String {
    let Footprint { workload, agents, executor, workers, cores, bound_ns, .. } = footprint;
    format!("the footprint {workload}/{executor}/{cores}c-{workers}w of {agents} agents and {bound_ns} ns")
}

fn check_footprint(footprint: &Footprint) -> Sound {
    let Footprint { agents, workers, cores, bound_ns, failure, wall_ns, .. } = footprint;
    let place = &place_of(footprint);
    let most_workers = (*agents).max(limits::CPUS);
    let counts = [
        ("agents", *agents, limits::AGENTS),
        ("cores", *cores, limits::CPUS),
        ("workers", *workers, most_workers),
    ];
    for (field, count, most) in counts {
        ensure((1..=most).contains(&count), place, || format!("has {field} of {count}, not 1 to {most}"))?;
    }
    check_numbers(place, "bound_ns", &[*bound_ns])?;
    let Footprint { cpu_ns, switches, memory_bytes, threads, allocations, allocated_bytes, .. } = footprint;
    let optional = [
        ("memory_bytes", memory_bytes),
        ("threads", threads),
        ("allocations", allocations),
        ("allocated_bytes", allocated_bytes),
    ];
    let optional = optional.into_iter().filter(|(_, series)| !series.is_empty());
    let always = [("wall_ns", wall_ns), ("cpu_ns", cpu_ns), ("switches", switches)];
    check_series(place, ("executions", wall_ns.len()), always.into_iter().chain(optional))?;
    ensure(failure.is_none() || wall_ns.is_empty(), place, || {
        "failed and has executions all the same".into()
    })?;
    ensure(!wall_ns.contains(&0), place, || "has an execution of 0 ns in wall_ns".into())
}

fn check_graph(workload: &WorkloadEntry, graphs: &HashMap<&str, usize>) -> Sound {
    let Some(name) = &workload.graph else { return Ok(()) };
    match graphs.get(name.as_str()) {
        Some(&agents) if agents == workload.agents => Ok(()),
        Some(agents) => Err(Contradiction::new(
            &workload.name,
            format!("has {} agents but its graph {name:?} has {agents}", workload.agents),
        )),
        None => Err(Contradiction::new(
            &workload.name,
            format!("refers to the graph {name:?}, which is not there"),
        )),
    }
}

fn check_cell(cell: &Cell, agents: usize, rounds: &HashSet<u32>) -> Sound {
    let Cell { id, cores, workers, batch, .. } = cell;
    let most_workers = agents.max(limits::CPUS);
    let place = [("cores", *cores, limits::CPUS), ("workers", *workers, most_workers)];
    for (field, count, most) in place {
        ensure((1..=most).contains(&count), id, || format!("has {field} of {count}, not 1 to {most}"))?;
    }
    ensure((id.cores, id.workers) == (*cores, *workers), id, || {
        format!("is on {cores} cores with {workers} workers")
    })?;
    ensure((1..=limits::NUMBER).contains(batch), id, || format!("has a batch of {batch}"))?;
    check_samples(cell)?;
    match cell.round.iter().find(|round| !rounds.contains(round)) {
        Some(round) => {
            Err(Contradiction::new(id, format!("has a sample of round {round}, which is not there")))
        }
        None => Ok(()),
    }
}

fn check_samples(cell: &Cell) -> Sound {
    let Cell { id, round, wall_ns, cpu_ns, startup_ns, switches, pace_ns, throughput_ns, .. } = cell;
    let samples = round.len();
    let always =
        [("wall_ns", wall_ns), ("cpu_ns", cpu_ns), ("startup_ns", startup_ns), ("switches", switches)];
    let optional = [
        ("pace_ns", pace_ns),
        ("throughput_ns", throughput_ns),
        ("memory_bytes", &cell.memory_bytes),
        ("server_cpu_ns", &cell.server_cpu_ns),
    ];
    let optional = optional.into_iter().filter(|(_, series)| !series.is_empty());
    check_series(id, ("rounds", samples), always.into_iter().chain(optional))?;
    ensure(cell.failure.is_none() || samples == 0, id, || "failed and has samples all the same".into())?;
    ensure(!wall_ns.contains(&0), id, || "has a sample of 0 ns in wall_ns".into())?;
    ensure(!pace_ns.contains(&0), id, || "has a pace of 0 ns in pace_ns".into())?;
    ensure(!throughput_ns.contains(&0), id, || "has a pace of 0 ns in throughput_ns".into())?;
    ensure(cell.once_ns.len() <= samples, id, || {
        format!("has {} values in once_ns but {samples} in rounds", cell.once_ns.len())
    })?;
    ensure(!cell.once_ns.contains(&0), id, || "has a bag of 0 ns in once_ns".into())?;
    ensure(round.is_sorted_by(|a, b| a < b), id, || "has rounds out of order".into())
}

fn check_series<'a>(
    place: &impl ToString,
    (of_what, count): (&str, usize),
    all: impl Iterator<Item = (&'static str, &'a Vec<u64>)>,
) -> Sound {
    for (field, series) in all {
        let length = series.len();
        ensure(length == count, place, || {
            format!("has {count} {of_what} but a series of {length}, {field}")
        })?;
        check_numbers(place, field, series)?;
    }
    Ok(())
}

fn check_timeline(timeline: &Timeline, cell: &Cell, agents: usize) -> Sound {
    let Timeline { cell: id, makespan_ns, start_ns, end_ns, worker, answers } = timeline;
    let lengths = [start_ns.len(), end_ns.len(), worker.len(), answers.len()];
    ensure(lengths == [agents; 4], id, || format!("has a timeline with series of lengths {lengths:?}"))?;
    let spans = || start_ns.iter().zip(end_ns);
    ensure(spans().all(|(start, end)| start <= end && end <= makespan_ns), id, || {
        "has a timeline with an agent whose start_ns, end_ns and makespan_ns are not in this order".into()
    })?;
    check_numbers(id, "makespan_ns", &[*makespan_ns])?;
    check_sum(id, "end_ns", end_ns.iter().copied())?;
    let lanes: HashSet<u32> = worker.iter().copied().collect();
    ensure(lanes.iter().all(|&lane| (lane as usize) < lanes.len()), id, || {
        "has a timeline whose workers are not numbered from 0".into()
    })?;
    let whole = (lanes.len().max(cell.workers) as u64).checked_mul(*makespan_ns);
    ensure(whole.is_some_and(|whole| whole <= limits::SUM), id, || {
        format!("has a makespan_ns of {makespan_ns}")
    })
}

fn check_numbers(place: &impl ToString, field: &str, numbers: &[u64]) -> Sound {
    let large = numbers.iter().find(|&&number| number > limits::NUMBER);
    large.map_or(Ok(()), |number| Err(Contradiction::new(place, format!("has {number} in {field}"))))
}

fn check_sum(place: &impl ToString, field: &str, mut numbers: impl Iterator<Item = u64>) -> Sound {
    let sum = numbers.try_fold(0_u64, u64::checked_add);
    let fits = sum.is_some_and(|sum| sum <= limits::SUM);
    ensure(fits, place, || format!("has numbers in {field} that add up to more than {}", limits::SUM))
}

/// The entries by what they are called, each once.
fn unique<K: Copy + Eq + Hash + ToString, T>(
    entries: impl Iterator<Item = (K, T)>,
) -> Result<HashMap<K, T>, Contradiction> {
    let mut seen = HashMap::new();
    for (name, value) in entries {
        if seen.insert(name, value).is_some() {
            return Err(Contradiction::new(&name, "is there twice"));
        }
    }
    Ok(seen)
}

fn distinct<K: Copy + Eq + Hash + ToString>(
    names: impl Iterator<Item = K>,
) -> Result<HashSet<K>, Contradiction> {
    Ok(unique(names.map(|name| (name, name)))?.into_keys().collect())
}

fn ensure(holds: bool, place: &impl ToString, what: impl FnOnce() -> String) -> Sound {
    if holds { Ok(()) } else { Err(Contradiction::new(place, what())) }
}

impl Contradiction {
    fn new(place: &impl ToString, what: impl Into<String>) -> Self {
        Self { place: place.to_string(), what: what.into() }
    }
}
