//! Reading and writing the text of a record.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::hash::Hash;

use serde::Deserialize;
use serde_json::Value;

use crate::{Cell, CellId, GraphEntry, Record, RecordError, SCHEMA, WorkloadEntry};

/// Reads only the version, so that a file of another version is called that and not malformed.
#[derive(Deserialize)]
struct Version {
    schema: Option<u64>,
}

/// The version a text says it is of.
pub(crate) fn schema(text: &str) -> Option<u64> {
    serde_json::from_str::<Version>(text).ok()?.schema
}

pub(crate) fn parse(text: &str, origin: &str) -> Result<Record, RecordError> {
    let malformed = |line, reason: String| RecordError::Malformed { origin: origin.into(), line, reason };
    let from_json = |error: serde_json::Error| {
        let reason = match error.classify() {
            serde_json::error::Category::Eof => "the file is cut short".into(),
            _ => error.to_string(),
        };
        malformed(error.line(), reason)
    };
    let version: Version = serde_json::from_str(text).map_err(from_json)?;
    let schema = version.schema.ok_or_else(|| malformed(1, "this is not a Centurion record".into()))?;
    if schema != u64::from(SCHEMA) {
        return Err(RecordError::Schema { origin: origin.into(), found: schema, known: SCHEMA });
    }
    let mut record: Record = serde_json::from_str(text).map_err(from_json)?;
    check(&record).map_err(|(place, contradiction)| RecordError::Inconsistent {
        origin: origin.into(),
        place,
        contradiction,
    })?;
    sort(&mut record);
    Ok(record)
}

/// Finds the first place where the record contradicts itself, as `(place, contradiction)`.
fn check(record: &Record) -> Result<(), (String, String)> {
    let workloads: HashMap<&str, usize> =
        unique(record.workloads.iter().map(|workload| (workload.name.as_str(), workload.agents)))?;
    let graphs = unique(record.graphs.iter().map(|graph| (graph.name.as_str(), graph.inputs.len())))?;
    let executors = unique(record.executors.iter().map(|executor| (executor.name.as_str(), executor)))?;
    let rounds: HashSet<u32> = record.rounds.iter().map(|round| round.round).collect();
    let cells: HashMap<&CellId, usize> = unique(
        record.cells.iter().map(|cell| (&cell.id, *workloads.get(cell.workload.as_str()).unwrap_or(&0))),
    )?;
    for workload in &record.workloads {
        for length in [workload.agent_names.len(), workload.costs_ns.len(), workload.work.len()] {
            ensure(length == 0 || length == workload.agents, &workload.name, || {
                format!("has {} agents but {length} entries for them", workload.agents)
            })?;
        }
        check_graph(workload, &graphs)?;
    }
    record.graphs.iter().try_for_each(check_inputs)?;
    for cell in &record.cells {
        ensure(workloads.contains_key(cell.workload.as_str()), &cell.id, || {
            format!("refers to the workload {:?}, which is not there", cell.workload)
        })?;
        ensure(executors.contains_key(cell.executor.as_str()), &cell.id, || {
            format!("refers to the executor {:?}, which is not there", cell.executor)
        })?;
        check_series(cell, &rounds)?;
    }
    for timeline in &record.timelines {
        let agents = cells.get(&timeline.cell);
        ensure(agents.is_some(), &timeline.cell, || "has a timeline but is not there".into())?;
        let lengths =
            [timeline.start_ns.len(), timeline.end_ns.len(), timeline.worker.len(), timeline.answers.len()];
        ensure(lengths.iter().all(|length| Some(length) == agents), &timeline.cell, || {
            format!("has a timeline with series of lengths {lengths:?}")
        })?;
    }
    Ok(())
}

fn check_graph(workload: &WorkloadEntry, graphs: &HashMap<&str, usize>) -> Result<(), (String, String)> {
    let Some(name) = &workload.graph else { return Ok(()) };
    let contradiction = match graphs.get(name.as_str()) {
        Some(&agents) if agents == workload.agents => return Ok(()),
        Some(agents) => format!("has {} agents but its graph {name:?} has {agents}", workload.agents),
        None => format!("refers to the graph {name:?}, which is not there"),
    };
    Err((workload.name.clone(), contradiction))
}

/// Inputs that always have smaller numbers leave no room for a circle.
fn check_inputs(graph: &GraphEntry) -> Result<(), (String, String)> {
    let late = graph.inputs.iter().enumerate().find_map(|(agent, inputs)| {
        let input = inputs.iter().find(|&&input| input as usize >= agent)?;
        Some(format!("has an agent {agent} that needs the answer of {input}, which is not before it"))
    });
    late.map_or(Ok(()), |contradiction| Err((graph.name.clone(), contradiction)))
}

fn check_series(cell: &Cell, rounds: &HashSet<u32>) -> Result<(), (String, String)> {
    let samples = cell.round.len();
    let always = [&cell.wall_ns, &cell.cpu_ns, &cell.startup_ns, &cell.switches];
    let optional = [&cell.pace_ns, &cell.memory_bytes].into_iter().filter(|series| !series.is_empty());
    for length in always.into_iter().chain(optional).map(Vec::len) {
        ensure(length == samples, &cell.id, || format!("has {samples} rounds but a series of {length}"))?;
    }
    ensure(cell.batch > 0 && cell.workers > 0 && cell.cores > 0, &cell.id, || {
        "has a batch, workers or cores of 0".into()
    })?;
    ensure(cell.failure.is_none() || samples == 0, &cell.id, || {
        "failed and has samples all the same".into()
    })?;
    ensure(!cell.wall_ns.contains(&0), &cell.id, || "has a sample of 0 ns".into())?;
    ensure(!cell.pace_ns.contains(&0), &cell.id, || "has a pace of 0 ns".into())?;
    ensure(cell.round.is_sorted_by(|a, b| a < b), &cell.id, || "has rounds out of order".into())?;
    match cell.round.iter().find(|round| !rounds.contains(round)) {
        Some(round) => {
            Err((cell.id.to_string(), format!("has a sample of round {round}, which is not there")))
        }
        None => Ok(()),
    }
}

fn unique<K: Copy + Eq + Hash + ToString, T>(
    entries: impl Iterator<Item = (K, T)>,
) -> Result<HashMap<K, T>, (String, String)> {
    let mut seen = HashMap::new();
    for (name, value) in entries {
        if seen.insert(name, value).is_some() {
            return Err((name.to_string(), "is there twice".into()));
        }
    }
    Ok(seen)
}

fn ensure(
    holds: bool,
    place: &impl ToString,
    contradiction: impl FnOnce() -> String,
) -> Result<(), (String, String)> {
    if holds { Ok(()) } else { Err((place.to_string(), contradiction())) }
}

/// Puts cells and timelines in the order of the workloads and executors they refer to.
pub(crate) fn sort(record: &mut Record) {
    let position = |names: Vec<&str>| -> HashMap<String, usize> {
        names.into_iter().map(str::to_owned).zip(0..).collect()
    };
    let workloads = position(record.workloads.iter().map(|workload| workload.name.as_str()).collect());
    let executors = position(record.executors.iter().map(|executor| executor.name.as_str()).collect());
    record.cells.sort_by_cached_key(|cell| {
        let place = (workloads.get(&cell.workload).copied(), executors.get(&cell.executor).copied());
        (place, cell.role, cell.cores, cell.workers, cell.id.clone())
    });
    let cells: HashMap<&CellId, usize> = record.cells.iter().map(|cell| &cell.id).zip(0..).collect();
    record.timelines.sort_by_key(|timeline| cells.get(&timeline.cell).copied());
    record.rounds.sort_by_key(|round| round.round);
}

pub(crate) fn write(record: &Record) -> String {
    let value =
        serde_json::to_value(record.canonical()).expect("a record has string keys and finite numbers");
    let mut text = String::new();
    write_value(&value, 0, &mut text);
    text.push('\n');
    text
}

/// Pretty JSON in which an array without objects stays on one line, so that a diff shows one line per series.
fn write_value(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let fields: Vec<_> = fields.iter().collect();
            write_block(('{', '}'), &fields, depth, text, |(name, value), text| {
                write!(text, "{}: ", Value::from(name.as_str())).expect("writing to a string succeeds");
                write_value(value, depth + 1, text);
            });
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            write_block(('[', ']'), items, depth, text, |item, text| write_value(item, depth + 1, text));
        }
        scalar => write!(text, "{scalar}").expect("writing to a string succeeds"),
    }
}

fn write_block<T>(
    (open, close): (char, char),
    items: &[T],
    depth: usize,
    text: &mut String,
    mut write_item: impl FnMut(&T, &mut String),
) {
    text.push(open);
    for (index, item) in items.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        write_item(item, text);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(close);
}
