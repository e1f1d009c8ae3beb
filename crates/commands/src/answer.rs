//! Answers: what a line says, and whether it is right.

use serde_json::Value;

use crate::Scenario;
use crate::scenario::text;

/// The answer in the last line that an agent printed: JSON if it is, otherwise text. An object with the id of the
/// scenario holds it as its `answer`, as that of a persistent worker does, so that one program can be run as both.
pub(crate) fn answer(line: &str, scenario: &Scenario) -> Value {
    let value = serde_json::from_str(line).unwrap_or_else(|_| line.into());
    echoed(&value, scenario).cloned().unwrap_or(value)
}

/// The answer in an object that echoes the scenario's id.
pub(crate) fn echoed<'a>(value: &'a Value, scenario: &Scenario) -> Option<&'a Value> {
    value.get("id").filter(|id| text(id) == scenario.name)?;
    value.get("answer")
}

/// Whether two values are the same answer: numbers by value, and where one of them is text, by how they are written.
pub(crate) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::String(_), _) | (_, Value::String(_)) => text(one) == text(other),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_json_if_it_can_be() {
        let scenario = Scenario::with_number(7);
        assert_eq!(answer("42", &scenario), json!(42));
        assert_eq!(answer("Paris, France", &scenario), json!("Paris, France"));
        assert_eq!(answer(r#"{"id": 7, "answer": [1]}"#, &scenario), json!([1]));
        assert_eq!(answer(r#"{"id": 8, "answer": 1}"#, &scenario), json!({"id": 8, "answer": 1}));
        assert_eq!(answer(r#"{"id": 7}"#, &scenario), json!({"id": 7}));
    }

    #[test]
    fn answers_are_the_same_by_value_not_by_type() {
        assert!(is_same(&json!(42), &json!(42.0)) && is_same(&json!("42"), &json!(42)));
        assert!(is_same(&json!([1, "a"]), &json!([1, "a"])) && is_same(&json!(null), &json!(null)));
        assert!(!is_same(&json!(42), &json!(43)) && !is_same(&json!("a"), &json!("b")));
        assert!(!is_same(&json!([1]), &json!([2])) && !is_same(&json!(u64::MAX), &json!(1)));
    }
}
