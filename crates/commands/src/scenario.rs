//! What one agent is given.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::distinct::Distinct;
use crate::{long_numbers, seeming};

/// What one agent is given, and the answer it should give where that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its number among all, from 0.
    pub number: usize,
    /// What results call it.
    pub id: Value,
    /// The same as text.
    pub name: String,
    /// What the agent reads, as one line of JSON: everything but the right answer, which is none of its business, and in
    /// place of what it needs the answers of that.
    pub line: String,
    /// The right answer, if somebody knows it.
    pub expected: Option<Value>,
    /// Those whose answers it gets, as text.
    pub needs: Vec<String>,
}

/// The field of those whose answers a scenario gets, and that in which it gets them.
const NEEDS: &str = "needs";
const ANSWERS: &str = "answers";

/// The field of the right answer.
const EXPECTED: &str = "expected";

/// Why a text is no scenario.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScenarioError {
    /// It is not JSON.
    #[error("is not JSON ({reason}){seems}")]
    NotJson {
        /// What is wrong, and at which column.
        reason: String,
        /// What it seems to be, and the way out.
        seems: &'static str,
    },
    /// An object in it has a key twice.
    #[error("has {0}; take one of the two out")]
    Twice(String),
    /// It is JSON, but all scenarios in one line.
    #[error("is a JSON array; `jq -c '.[]' FILE` makes a line of each of its parts")]
    Array,
    /// It is JSON, but not an object.
    #[error("is no JSON object, such as {{\"id\": \"a\", \"question\": 6, \"expected\": 42}}")]
    NoObject,
    /// Its id can't stand in a command line, or names nothing.
    #[error("has the id {0}; give a text that is not blank and has no zero bytes, or a number")]
    Id(String),
    /// What it needs is no list of ids.
    #[error("needs {0}; give a list of ids, such as [\"a\", \"b\"]")]
    Needs(String),
    /// Its agent would read another number.
    #[error("has in {0:?} a whole number of more digits than 64 bits hold; write it as text, in quotes")]
    Long(String),
    /// What it needs has no place.
    #[error(
        "has both `needs` and `answers`, but it gets those that it needs as `answers`; call its own otherwise"
    )]
    Answers,
}

impl Scenario {
    /// A scenario that is nothing but its number.
    pub fn with_number(number: usize) -> Self {
        Self::new(number, number.into(), Map::new())
    }

    /// What a line says. Without an `id` the number is its id.
    ///
    /// # Errors
    /// When the line is no JSON object, or its `id` is neither a number nor a text that names something.
    pub fn from_line(number: usize, line: &str) -> Result<Self, ScenarioError> {
        Self::parse(number, line).map(|(scenario, _)| scenario)
    }

    /// What a line says, and whether it names its id.
    pub(crate) fn parse(number: usize, line: &str) -> Result<(Self, bool), ScenarioError> {
        let line = line.trim_end();
        let exact = long_numbers::as_text(line);
        let mut fields = match serde_json::from_str(&exact) {
            Ok(Distinct(Value::Object(fields))) => fields,
            Ok(Distinct(Value::Array(_))) => return Err(ScenarioError::Array),
            Ok(Distinct(_)) => return Err(ScenarioError::NoObject),
            Err(error) if error.is_data() => return Err(ScenarioError::Twice(reason(&error))),
            Err(error) => {
                let (reason, seems) = (reason(&error), seeming::of_line(line, &error));
                return Err(ScenarioError::NotJson { reason, seems });
            }
        };
        let named = fields.shift_remove("id");
        let has_id = named.is_some();
        let id = named.unwrap_or_else(|| number.into());
        let usable = match &id {
            Value::String(text) => !text.trim().is_empty() && !text.contains('\0'),
            id => id.is_number(),
        };
        if !usable {
            return Err(ScenarioError::Id(id.to_string()));
        }
        let needs = needs(fields.shift_remove(NEEDS))?;
        if !needs.is_empty() && fields.contains_key(ANSWERS) {
            return Err(ScenarioError::Answers);
        }
        if let Cow::Owned(_) = exact {
            ensure_unchanged(&fields, line)?;
        }
        Ok((Self { needs, ..Self::new(number, id, fields) }, has_id))
    }

    fn new(number: usize, id: Value, mut fields: Map<String, Value>) -> Self {
        let expected = fields.shift_remove(EXPECTED);
        fields.shift_insert(0, "id".into(), id.clone());
        let line = Value::Object(fields).to_string();
        Self { number, name: text(&id), id, line, expected, needs: Vec::new() }
    }

    /// The scenario with the answers that it needs, which its agent then reads as `answers`, by id.
    pub(crate) fn with_answers<'a>(mut self, answers: impl IntoIterator<Item = &'a Value>) -> Self {
        let needs = self.needs.iter().cloned();
        let answers = Value::Object(needs.zip(answers.into_iter().cloned()).collect());
        self.line.pop();
        let _ = write!(self.line, r#","{ANSWERS}":{answers}}}"#);
        self
    }
}

/// Refuses a number that became text and that the agent is to read.
fn ensure_unchanged(fields: &Map<String, Value>, line: &str) -> Result<(), ScenarioError> {
    let written: Map<String, Value> = serde_json::from_str(line).unwrap_or_default();
    let changed = |(name, value): &(&String, &Value)| *name != EXPECTED && written.get(*name) != Some(value);
    fields.iter().find(changed).map_or(Ok(()), |(name, _)| Err(ScenarioError::Long(name.clone())))
}

fn needs(field: Option<Value>) -> Result<Vec<String>, ScenarioError> {
    let Some(field) = field else { return Ok(Vec::new()) };
    let ids = field.as_array().filter(|ids| ids.iter().all(|id| id.is_string() || id.is_number()));
    ids.map(|ids| ids.iter().map(text).collect()).ok_or_else(|| ScenarioError::Needs(field.to_string()))
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
    fn no_digit_of_a_long_number_is_lost() {
        let (long, line) =
            ("12345678901234567890123", |field| format!("{{\"{field}\": 12345678901234567890123}}"));
        let scenario = |field| Scenario::from_line(0, &line(field));
        assert_eq!(scenario("expected").expect("it is one").expected, Some(long.into()));
        assert_eq!(scenario("id").expect("it is one").name, long);
        assert_eq!(
            scenario("x").expect_err("its agent would read another").to_string(),
            "has in \"x\" a whole number of more digits than 64 bits hold; write it as text, in quotes"
        );
    }

    #[test]
    fn what_an_agent_needs_it_reads_as_answers_by_id() {
        let line = r#"{"id": "c", "needs": ["b", 7], "x": 1}"#;
        let scenario = Scenario::from_line(3, line).expect("it is one");
        assert_eq!(
            (&*scenario.needs, scenario.line.as_str()),
            (&["b".into(), "7".into()][..], r#"{"id":"c","x":1}"#)
        );
        let answered = scenario.with_answers(&["an \"answer\"".into(), [2].as_slice().into()]);
        assert_eq!(answered.line, r#"{"id":"c","x":1,"answers":{"b":"an \"answer\"","7":[2]}}"#);
    }

    #[test]
    fn what_is_no_scenario_says_why() {
        let reason = |line| Scenario::from_line(0, line).expect_err("it is none").to_string();
        assert!(reason("{").starts_with("is not JSON (EOF"), "{}", reason("{"));
        assert!(
            reason("{\"id\": 1, \n").starts_with("is not JSON (EOF while parsing a value at column 9); ")
        );
        assert_eq!(
            reason(r#"{"id": 1, "id": 2}"#),
            "has the key \"id\" twice at column 14; take one of the two out"
        );
        assert!(reason("[{\"id\": 1}]").starts_with("is a JSON array; `jq -c"));
        assert!(reason("7").starts_with("is no JSON object"), "{}", reason("7"));
        assert!(reason(r#"{"id": null}"#).starts_with("has the id null"), "{}", reason(r#"{"id": null}"#));
        for line in [r#"{"id": "\u0000"}"#, r#"{"id": ""}"#, r#"{"id": " \t\u00a0"}"#] {
            let told = reason(line);
            assert!(
                told.starts_with("has the id \"") && told.contains("give a text that is not blank"),
                "{told}"
            );
        }
        assert!(reason(r#"{"needs": "a"}"#).starts_with("needs \"a\"; give a list of ids"));
        assert!(reason(r#"{"needs": [null]}"#).starts_with("needs [null]; give a list of ids"));
        assert!(reason(r#"{"needs": [1], "answers": 2}"#).starts_with("has both `needs` and `answers`"));
    }
}
