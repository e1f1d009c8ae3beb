//! What one agent is given.

use serde_json::{Map, Value};
use thiserror::Error;

/// What one agent is given, and the answer it should give where that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its number among all, from 0.
    pub number: usize,
    /// What results call it.
    pub id: Value,
    /// The same as text.
    pub name: String,
    /// What the agent reads, as one line of JSON: everything but the right answer, which is none of its business.
    pub line: String,
    /// The right answer, if somebody knows it.
    pub expected: Option<Value>,
}

/// Why a text is no scenario.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScenarioError {
    /// It is not JSON.
    #[error("is not JSON ({0})")]
    NotJson(String),
    /// It is JSON, but not an object.
    #[error("is no JSON object, such as {{\"id\": \"a\", \"question\": 6, \"expected\": 42}}")]
    NoObject,
    /// Its id can't stand in a command line.
    #[error("has the id {0}; give a text without zero bytes, or a number")]
    Id(String),
}

impl Scenario {
    /// A scenario that is nothing but its number.
    pub fn with_number(number: usize) -> Self {
        Self::new(number, number.into(), Map::new())
    }

    /// What a line says. Without an `id` the number is its id.
    ///
    /// # Errors
    /// When the line is no JSON object, or its `id` is neither text nor a number.
    pub fn from_line(number: usize, line: &str) -> Result<Self, ScenarioError> {
        Self::parse(number, line).map(|(scenario, _)| scenario)
    }

    /// What a line says, and whether it names its id.
    pub(crate) fn parse(number: usize, line: &str) -> Result<(Self, bool), ScenarioError> {
        let value: Value =
            serde_json::from_str(line.trim_end()).map_err(|error| ScenarioError::NotJson(reason(&error)))?;
        let Value::Object(mut fields) = value else { return Err(ScenarioError::NoObject) };
        let named = fields.shift_remove("id");
        let has_id = named.is_some();
        let id = named.unwrap_or_else(|| number.into());
        let usable = match &id {
            Value::String(text) => !text.contains('\0'),
            id => id.is_number(),
        };
        if !usable {
            return Err(ScenarioError::Id(id.to_string()));
        }
        Ok((Self::new(number, id, fields), has_id))
    }

    fn new(number: usize, id: Value, mut fields: Map<String, Value>) -> Self {
        let expected = fields.shift_remove("expected");
        fields.shift_insert(0, "id".into(), id.clone());
        let line = Value::Object(fields).to_string();
        Self { number, name: text(&id), id, line, expected }
    }
}

/// A value as people write it: text without quotes.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What is wrong at which column: the line, which is always the first of the text, is the caller's to name.
fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace("at line 1 column", "at column")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_reads_everything_but_the_right_answer() {
        let line = r#"{"question": [6, 7], "expected": 42, "id": "a"}"#;
        let scenario = Scenario::from_line(3, line).expect("it is one");
        assert_eq!(scenario.line, r#"{"id":"a","question":[6,7]}"#);
        assert_eq!((scenario.name.as_str(), scenario.expected), ("a", Some(42.into())));
    }

    #[test]
    fn without_an_id_the_number_is_one() {
        let scenario = Scenario::from_line(3, "{}").expect("it is one");
        assert_eq!((scenario.name.as_str(), scenario.line.as_str()), ("3", r#"{"id":3}"#));
        assert_eq!(Scenario::with_number(3), scenario);
    }

    #[test]
    fn what_is_no_scenario_says_why() {
        let reason = |line| Scenario::from_line(0, line).expect_err("it is none").to_string();
        assert!(reason("{").starts_with("is not JSON (EOF"), "{}", reason("{"));
        assert_eq!(reason("{\"id\": 1, \n"), "is not JSON (EOF while parsing a value at column 9)");
        assert!(reason("7").starts_with("is no JSON object"), "{}", reason("7"));
        assert!(reason(r#"{"id": null}"#).starts_with("has the id null"), "{}", reason(r#"{"id": null}"#));
        assert!(reason(r#"{"id": "\u0000"}"#).contains("zero bytes"));
    }
}
