//! The JSON Schema says what records are like.

use centurion_record::{JSON_SCHEMA, SCHEMA};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::canned::{self, FULL};

fn schema() -> Validator {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).expect("it is JSON");
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("not a schema: {error}"));
    jsonschema::validator_for(&schema).expect("it is a schema")
}

fn value(record: &centurion_record::Record) -> Value {
    serde_json::from_str(&record.to_text()).expect("a record is JSON")
}

#[test]
fn records_are_valid() {
    let schema = schema();
    for record in [FULL.record(), canned::failures(), canned::stopped(), canned::hostile()] {
        if let Err(error) = schema.validate(&value(&record)) {
            panic!("{error} at {}", error.instance_path());
        }
    }
}

#[test]
fn executions_are_valid() {
    let schema = schema_of_executions();
    let (_, executions) = FULL.record().to_texts();
    let executions = executions.expect("it has timelines");
    let mut executions: Value = serde_json::from_str(&executions).expect("it is JSON");
    assert!(schema.is_valid(&executions));
    executions["host"] = json!("name");
    assert!(!schema.is_valid(&executions));
}

fn schema_of_executions() -> Validator {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).expect("it is JSON");
    let executions = json!({ "$ref": "#/$defs/executions", "$defs": schema["$defs"] });
    jsonschema::validator_for(&executions).expect("it is a schema")
}

#[test]
fn committed_records_are_valid_and_as_small_as_a_review_shows() {
    for (name, schema) in [("results.json", schema()), ("executions.json", schema_of_executions())] {
        for text in committed(name) {
            let file: Value = serde_json::from_str(&text).expect("a committed record is JSON");
            assert!(schema.is_valid(&file) && text.len() < 500_000, "{name}");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the test reads what is committed")]
/// The text of a file of every committed report.
pub(crate) fn committed(name: &str) -> Vec<String> {
    let reports = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports");
    std::fs::read_dir(reports)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|folder| std::fs::read_to_string(folder.path().join(name)).ok())
        .collect()
}

#[test]
fn it_describes_the_version_that_is_written() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).expect("it is JSON");
    assert_eq!(schema["properties"]["schema"]["const"], json!(SCHEMA));
}

#[test]
fn what_is_no_record_is_not_valid() {
    type SchemaChange = fn(&mut Value);
    let schema = schema();
    let changes: [(&str, SchemaChange); 6] = [
        ("another schema", |record| record["schema"] = json!(1)),
        ("no cells", |record| record["cells"] = Value::Null),
        ("a negative time", |record| record["cells"][0]["wall_ns"][0] = json!(-1)),
        ("a fraction of a nanosecond", |record| record["timelines"][0]["start_ns"][0] = json!(0.5)),
        ("an unknown field", |record| record["run"]["host"] = json!("name")),
        ("an unknown role", |record| record["cells"][0]["role"] = json!("boss")),
    ];
    for (what, change) in changes {
        let mut record = value(&FULL.record());
        assert!(schema.is_valid(&record));
        change(&mut record);
        assert!(!schema.is_valid(&record), "{what}");
    }
}

#[test]
fn every_field_that_is_written_is_described() {
    let described: Value = serde_json::from_str(JSON_SCHEMA).expect("it is JSON");
    let record = value(&FULL.record());
    for (list, name) in
        [("cells", "cell"), ("workloads", "workload"), ("rounds", "round"), ("timelines", "timeline")]
    {
        let fields = record[list][0].as_object().expect("there is one");
        let known = described["$defs"][name]["properties"].as_object().expect("it is described");
        let unknown: Vec<_> = fields.keys().filter(|field| !known.contains_key(*field)).collect();
        assert!(unknown.is_empty(), "{list}: {unknown:?}");
    }
}
