//! Reading and writing the text of a record.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use crate::check::{Contradiction, check};
use crate::{CellId, Record, RecordError, SCHEMA};

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
    if let Some(error) = disguise(text, origin) {
        return Err(error);
    }
    let malformed = |line, reason: String| RecordError::Malformed { origin: origin.into(), line, reason };
    let from_json = |error: serde_json::Error| malformed(error.line(), reason(&error, text));
    let version: Version = serde_json::from_str(text).map_err(from_json)?;
    let schema = version.schema.ok_or_else(|| malformed(1, "this is not a Centurion record".into()))?;
    if schema != u64::from(SCHEMA) {
        return Err(RecordError::Schema { origin: origin.into(), found: schema, known: SCHEMA });
    }
    let mut record: Record = serde_json::from_str(text).map_err(from_json)?;
    check(&record).map_err(|Contradiction { place, what }| RecordError::Inconsistent {
        origin: origin.into(),
        place: beginning(&place),
        contradiction: beginning(&what),
    })?;
    sort(&mut record);
    Ok(record)
}

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
    let line = text.lines().position(is_marker)? + 1;
    Some(RecordError::Conflict { origin, line })
}

/// Characters of what an error quotes.
const LONGEST_QUOTE: usize = 400;

fn reason(error: &serde_json::Error, text: &str) -> String {
    let error_text = beginning(&error.to_string());
    match (error.classify(), wrong_field(text)) {
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
fn wrong_field(text: &str) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let error = serde_path_to_error::deserialize::<_, Record>(&mut reader).err()?;
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
