//! Reading and writing the text of a record.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::{Contradiction, check};
use crate::condense::{complete, condense};
use crate::{CellId, Footprint, Record, RecordError, SCHEMA, SCHEMAS, Timeline};

/// Reads only the version, so that a file of another version is called that and not malformed.
#[derive(Deserialize)]
struct Version {
    schema: Option<u64>,
}

/// The version a text says it is of.
pub(crate) fn schema(text: &str) -> Option<u64> {
    serde_json::from_str::<Version>(text).ok()?.schema
}

/// What was taken after the timed rounds, where it is a file of its own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExecutionsFile {
    schema: u32,
    /// When the run that it is of was started.
    started: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    timelines: Vec<Timeline>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    footprints: Vec<Footprint>,
}

pub(crate) fn parse(text: &str, origin: &str) -> Result<Record, RecordError> {
    let record: Record = read(text, origin)?;
    finish(record, origin)
}

pub(crate) fn join(record: Record, text: &str, origin: &str) -> Result<Record, RecordError> {
    let ExecutionsFile { started, timelines, footprints, .. } = read(text, origin)?;
    if started != record.run.started {
        return Err(RecordError::OtherRun {
            origin: origin.into(),
            found: beginning(&started),
            wanted: beginning(&record.run.started),
        });
    }
    finish(Record { timelines, footprints, ..record }, origin)
}

/// The form of a text, if it is of a schema that this version knows.
fn read<T: DeserializeOwned>(text: &str, origin: &str) -> Result<T, RecordError> {
    if let Some(error) = disguise(text, origin) {
        return Err(error);
    }
    let malformed = |line, reason: String| RecordError::Malformed { origin: origin.into(), line, reason };
    let from_json = |error: serde_json::Error| malformed(error.line(), reason::<T>(&error, text));
    let version: Version = serde_json::from_str(text).map_err(from_json)?;
    let schema = version.schema.ok_or_else(|| malformed(1, NO_RECORD.into()))?;
    if !SCHEMAS.contains(&schema) {
        return Err(RecordError::Schema { origin: origin.into(), found: schema, known: SCHEMA });
    }
    serde_json::from_str(text).map_err(from_json)
}

/// A record as readers want it, whatever schema and order its file had.
fn finish(mut record: Record, origin: &str) -> Result<Record, RecordError> {
    complete(&mut record);
    check(&record).map_err(|Contradiction { place, what }| RecordError::Inconsistent {
        origin: origin.into(),
        place: beginning(&place),
        contradiction: beginning(&what),
    })?;
    sort(&mut record);
    record.schema = SCHEMA;
    Ok(record)
}

const NO_RECORD: &str = "this is not a Centurion record";

/// What a text is, where that can be told, that holds no record but may stand for one.
fn disguise(text: &str, origin: &str) -> Option<RecordError> {
    let origin = origin.to_owned();
    if text.trim().is_empty() {
        return Some(RecordError::Empty { origin });
    }
    if text.starts_with('\u{feff}') {
        return Some(RecordError::ByteOrderMark { origin });
    }
    if text.starts_with("version https://git-lfs.github.com/spec/") {
        return Some(RecordError::Pointer { origin });
    }
    let is_marker = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
    if let Some(line) = text.lines().position(is_marker) {
        return Some(RecordError::Conflict { origin, line: line + 1 });
    }
    let is_object = text.trim_start().starts_with('{');
    (!is_object).then(|| RecordError::Malformed { origin, line: 1, reason: NO_RECORD.into() })
}

/// Characters of what an error quotes.
const LONGEST_QUOTE: usize = 400;

fn reason<T: DeserializeOwned>(error: &serde_json::Error, text: &str) -> String {
    let error_text = beginning(&error.to_string());
    match (error.classify(), wrong_field::<T>(text)) {
        (serde_json::error::Category::Eof, _) => "the file is cut short".into(),
        (_, Some(field)) => format!("{}: {error_text}", beginning(&field)),
        (_, None) => error_text,
    }
}

/// The beginning of what quotes a file, which may quote all of a long text.
fn beginning(words: &str) -> String {
    let end = words.char_indices().nth(LONGEST_QUOTE).map_or(words.len(), |(end, _)| end);
    let dots = if end < words.len() { "…" } else { "" };
    format!("{}{dots}", &words[..end])
}

/// Where in the record reading stops, such as `cells[2].wall_ns[0]`: read once more, for keeping track costs time.
fn wrong_field<T: DeserializeOwned>(text: &str) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
    Some(error.path().to_string()).filter(|path| path != ".")
}

/// Puts cells, timelines and footprints in the order of the workloads and executors they refer to.
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
    record.footprints.sort_by_cached_key(|footprint| {
        let place =
            (workloads.get(&footprint.workload).copied(), executors.get(&footprint.executor).copied());
        (place, footprint.agents, footprint.cores, footprint.workers, footprint.bound_ns)
    });
    let cells: HashMap<&CellId, usize> = record.cells.iter().map(|cell| &cell.id).zip(0..).collect();
    record.timelines.sort_by_key(|timeline| cells.get(&timeline.cell).copied());
    record.rounds.sort_by_key(|round| round.round);
}

pub(crate) fn write(record: &Record) -> String {
    text(&condensed(record))
}

/// A record in two files: what was measured in rounds, and what was taken after them, if there is any.
pub(crate) fn write_apart(record: &Record) -> (String, Option<String>) {
    let mut rounds = condensed(record);
    let executions = ExecutionsFile {
        schema: SCHEMA,
        started: rounds.run.started.clone(),
        timelines: std::mem::take(&mut rounds.timelines),
        footprints: std::mem::take(&mut rounds.footprints),
    };
    let is_empty = executions.timelines.is_empty() && executions.footprints.is_empty();
    (text(&rounds), (!is_empty).then(|| text(&executions)))
}

fn condensed(record: &Record) -> Record {
    let mut record = record.canonical();
    condense(&mut record);
    record
}

fn text(file: &impl Serialize) -> String {
    let value = serde_json::to_value(file).expect("a record has string keys and finite numbers");
    let mut text = String::new();
    write_value(&value, 0, &mut text);
    text.push('\n');
    text
}

/// JSON in which an object is as many lines as it has fields, and an entry of a list as many as it has series.
fn write_value(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let indent = "  ".repeat(depth + 1);
            for (index, (name, value)) in fields.iter().enumerate() {
                text.push_str(if index == 0 { "{\n" } else { ",\n" });
                write!(text, "{indent}{}: ", Value::from(name.as_str())).expect(WRITTEN);
                write_value(value, depth + 1, text);
            }
            write!(text, "\n{}}}", "  ".repeat(depth)).expect(WRITTEN);
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "[\n" } else { ",\n" });
                write_entry(item, text);
            }
            write!(text, "\n{}]", "  ".repeat(depth)).expect(WRITTEN);
        }
        scalar => write!(text, "{scalar}").expect(WRITTEN),
    }
}

const WRITTEN: &str = "writing to a string succeeds";

/// An entry of a list: each series on a line of its own, so that a diff shows one line per series. It is not indented, as
/// there are thousands of lines.
fn write_entry(entry: &Value, text: &mut String) {
    let fields = entry.as_object().into_iter().flatten();
    let mut after_series = false;
    text.push('{');
    for (index, (name, value)) in fields.enumerate() {
        let separator = match (index, after_series || value.is_array()) {
            (0, _) => "",
            (_, true) => ",\n",
            (_, false) => ",",
        };
        write!(text, "{separator}{}:{value}", Value::from(name.as_str())).expect(WRITTEN);
        after_series = value.is_array();
    }
    text.push('}');
}
